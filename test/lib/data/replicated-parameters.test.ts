import { parameterReplicatorEnv } from '../../../lambda/parameter-replicator/env';
import { readEnv } from '../../../lambda/shared/env';
import { ReplicatedParameters } from '../../../lib/data/replicated-parameters';
import { evaluate, text } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';
import {
  ACCOUNT,
  REGION,
  keyIn,
  leaseTableIn,
  listed,
  misplaced,
  reachBoth,
  statementsOf,
  variablesOf,
} from '../services/two-regions';

type Role = keyof typeof REGION;
const ROLES: readonly Role[] = ['primary', 'dr'];
const otherThan = (role: Role): Role => (role === 'primary' ? 'dr' : 'primary');

const evaluateParameters = (trading: boolean): Promise<Graph> =>
  evaluate(() => {
    new ReplicatedParameters('parameters', {
      environmentSuffix: 'test',
      regions: reachBoth(),
      accountId: ACCOUNT,
      keys: { primary: { keyArn: keyIn('primary') }, dr: { keyArn: keyIn('dr') } },
      leaseTables: { primary: leaseTableIn('primary'), dr: leaseTableIn('dr') },
      logRetentionDays: 30,
      trading,
    });
  });

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateParameters(true);
});

const parameter = (role: Role) => graph.one('aws:ssm/parameter:Parameter', `parameters-order-limits-${role}`);
const replicator = (role: Role) => graph.one('aws:lambda/function:Function', `parameters-replicator-${role}-function`);
const statements = (role: Role) =>
  statementsOf(graph.one('aws:iam/rolePolicy:RolePolicy', `parameters-replicator-${role}-policy`).inputs['policy']);

test('each end is created in its own region', () => {
  expect(misplaced(graph)).toEqual([]);
});

test.each(ROLES)(
  'the parameter stands in %s too, encrypted with that region’s key, so that destroy leaves no orphan',
  (role) => {
    const { value, ...rest } = parameter(role).inputs;
    expect(rest).toMatchObject({
      name: '/parameters-test/order-limits',
      type: 'SecureString',
      keyId: keyIn(role),
      overwrite: true,
    });
    expect(value).toBe(parameter(otherThan(role)).inputs['value']);
    expect(JSON.parse(text(parameter(role).inputs, 'value'))).toEqual({
      maxQuantity: 1_000_000,
      maxNotional: 10_000_000,
    });
  },
);

test.each(ROLES)('what an operator sets at run time stays, also in %s', (role) => {
  expect(parameter(role).options.ignoreChanges).toEqual(['value']);
});

test.each(ROLES)(
  'rules, targets and permissions of both regions exist before the parameter in %s and outlive it',
  (role) => {
    for (const part of ['changes', 'reconciliation']) {
      for (const [type, kind] of [
        ['aws:cloudwatch/eventRule:EventRule', 'rule'],
        ['aws:cloudwatch/eventTarget:EventTarget', 'target'],
        ['aws:lambda/permission:Permission', 'permission'],
      ] as const) {
        for (const end of ROLES) {
          const trigger = graph.one(type, `parameters-${part}-${end}-${kind}`);
          expect([trigger.name, graph.dependsOn(parameter(role), trigger)]).toEqual([trigger.name, true]);
        }
      }
    }
  },
);

test.each(ROLES)('the function in %s reads there and writes to the other region', (role) => {
  const variables = variablesOf(replicator(role));
  expect(variables).toMatchObject({
    ENVIRONMENT_SUFFIX: 'test',
    LEASE_TABLE: 'lease-test',
    PARAMETER_PATH: '/parameters-test',
    TARGET_REGION: REGION[otherThan(role)],
    TARGET_KEY_ARN: keyIn(otherThan(role)),
  });
  expect(() => readEnv(parameterReplicatorEnv, { ...variables, AWS_REGION: REGION[role] })).not.toThrow();
});

test.each(ROLES)('the function in %s may write only below the stack’s path, and only in the other region', (role) => {
  const writes = statements(role).filter(({ Action }) =>
    listed(Action).some((action) => /^ssm:(Put|Delete|Add)/.test(action)),
  );
  const parametersThere = `arn:aws:ssm:${REGION[otherThan(role)]}:${ACCOUNT}:parameter`;
  expect(writes).toEqual([
    {
      Sid: 'WriteParametersThere',
      Effect: 'Allow',
      Action: ['ssm:DeleteParameter', 'ssm:ListTagsForResource', 'ssm:PutParameter'],
      Resource: `${parametersThere}/parameters-test/*`,
    },
    {
      Sid: 'TagParametersThere',
      Effect: 'Allow',
      Action: 'ssm:AddTagsToResource',
      // With tags SSM asks for the right on the name behind one more slash.
      Resource: [`${parametersThere}/parameters-test/*`, `${parametersThere}//parameters-test/*`],
    },
  ]);
});

test.each(ROLES)('the function in %s encrypts with the other region’s key through its parameter store only', (role) => {
  const there = otherThan(role);
  expect(statements(role).find(({ Sid }) => Sid === 'KeyThroughSsmThere')).toEqual({
    Sid: 'KeyThroughSsmThere',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
    Resource: keyIn(there),
    Condition: { StringEquals: { 'kms:ViaService': `ssm.${REGION[there]}.amazonaws.com` } },
  });
});

test.each(ROLES)(
  'in %s changes below the path are carried at once, and every 5 minutes what the events missed',
  (role) => {
    const rule = (part: string) =>
      graph.one('aws:cloudwatch/eventRule:EventRule', `parameters-${part}-${role}-rule`).inputs;
    expect(JSON.parse(text(rule('changes'), 'eventPattern'))).toEqual({
      source: ['aws.ssm'],
      'detail-type': ['Parameter Store Change'],
      detail: { name: [{ prefix: '/parameters-test/' }], operation: ['Create', 'Update', 'Delete'] },
    });
    expect(rule('reconciliation')['scheduleExpression']).toBe('rate(5 minutes)');
    const target = graph.one('aws:cloudwatch/eventTarget:EventTarget', `parameters-reconciliation-${role}-target`);
    expect(target.inputs['input']).toBe('{"source":"schedule"}');
  },
);

test('without trading there are no order limits, and operators’ own parameters are replicated all the same', async () => {
  const withoutTrading = await evaluateParameters(false);
  expect(withoutTrading.all('aws:ssm/parameter:Parameter')).toEqual([]);
  expect(withoutTrading.all('aws:lambda/function:Function')).toHaveLength(2);
});
