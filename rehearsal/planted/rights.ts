import { rewired } from './plant';
import { fewer, withStatements } from './policies';
import type { GraphChange, PlantedFault } from './plant';
import type { Statement } from './policies';

/** Something in one statement of one role's policy taken away. */
function withoutRight(role: string, sid: string, change: (statement: Statement) => Statement): GraphChange {
  return rewired(
    'aws:iam/rolePolicy:RolePolicy',
    ({ name }) => name === role,
    (inputs) => withStatements(inputs, (statement) => (statement.Sid === sid ? change(statement) : statement)),
  );
}

/** Wrong in what a role may do. */
export const RIGHTS_FAULTS: readonly PlantedFault[] = [
  {
    name: 'register-cannot-be-written',
    story: "dr's heartbeat may read the registers and not write them.",
    graph: withoutRight('control-dr-heartbeat-policy', 'Registers', (statement) => {
      const left = fewer(statement.Action, (action) => action === 'dynamodb:PutItem');
      return left ? { ...statement, Action: left } : statement;
    }),
    caughtBy: {
      scenario: 'region-dark',
      seeds: ['2'],
      violation: /denied: heartbeat.* dynamodb:PutItem on .*table\/register/,
    },
  },
  {
    name: 'promotion-not-allowed',
    story: "dr's orchestrator may fail over the global cluster, and not the clusters that are its members.",
    graph: withoutRight('control-dr-orchestrator-policy', 'Promote', (statement) => {
      const left = fewer(statement.Resource, (resource) => resource.includes(':cluster:'));
      return left ? { ...statement, Resource: left } : statement;
    }),
    caughtBy: {
      scenario: 'region-dark',
      seeds: ['2'],
      violation: /denied: failover-orchestrator.* rds:FailoverGlobalCluster on .*:cluster:/,
    },
  },
];
