import { failoverOrchestratorEnv } from '../../lambda/failover-orchestrator/env';
import { heartbeatEnv } from '../../lambda/heartbeat/env';
import { ledgerEnv } from '../../lambda/ledger/env';
import { primaryProbeEnv } from '../../lambda/primary-probe/env';
import { readinessEnv } from '../../lambda/readiness/env';
import { reconcilerEnv } from '../../lambda/reconciler/env';
import { replicationMonitorEnv } from '../../lambda/replication-monitor/env';
import { readEnv } from '../../lambda/shared/env';
import type { Graph, GraphResource } from '../../analysis/graph/graph';
import { type Statement, statementsOf } from './services/two-regions';

type Source = Readonly<Record<string, string>>;

/** Every function that notices, decides or takes over, with what reads its environment. */
export const CONTROL: Readonly<Record<string, (source: Source) => unknown>> = {
  heartbeat: (source) => readEnv(heartbeatEnv, source),
  'replication-monitor': (source) => readEnv(replicationMonitorEnv, source),
  ledger: (source) => readEnv(ledgerEnv, source),
  'failover-orchestrator': (source) => readEnv(failoverOrchestratorEnv, source),
  reconciler: (source) => readEnv(reconcilerEnv, source),
  readiness: (source) => readEnv(readinessEnv, source),
  'primary-probe': (source) => readEnv(primaryProbeEnv, source),
};

/** A function of one region; primary has no probe. */
export function functionIn(graph: Graph, name: string, region: string): GraphResource | undefined {
  return graph
    .all('aws:lambda/function:Function')
    .find((one) => one.region === region && one.inputs['name'] === `${name}-dev`);
}

/** Every policy of a function's role in one region, with the name that the function has. */
export function policiesIn(graph: Graph, region: string): readonly (readonly [string, readonly Statement[]])[] {
  return graph
    .all('aws:iam/rolePolicy:RolePolicy')
    .filter((one) => one.region === region)
    .map(({ inputs }) => [
      String(inputs['name']).replace(`-${region}-dev`, ''),
      statementsOf(inputs['policy'] ?? null),
    ]);
}

/** One value or several, as a list. */
export const listed = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;
