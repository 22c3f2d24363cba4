import { canaryEndpoints, Canaries } from '../../../lib/detection/canaries';
import { dnsNames } from '../../../lib/routing/dns-names';
import { evaluate } from '../../support/evaluate';
import { ACCOUNT, REGION, keyIn, listed, misplaced, reachBoth, statementsOf, within } from '../services/two-regions';
import type { Graph } from '../../support/evaluate';

const CANARY = 'aws:synthetics/canary:Canary';
const NAMES = dnsNames('example.com', 'test', REGION);
const ROLES = ['primary', 'dr'] as const;

const evaluateCanaries = (environmentSuffix = 'test', canaryIntervalMinutes = 1): Promise<Graph> =>
  evaluate(() => {
    const regions = reachBoth();
    for (const region of [regions.primary, regions.dr]) {
      const { role, provider } = region;
      new Canaries(
        `canaries-${role}`,
        {
          environmentSuffix,
          region,
          accountId: ACCOUNT,
          keyArn: keyIn(role),
          canaryIntervalMinutes,
          logRetentionDays: 731,
          archive: 'dist/canary/canary-0123456789ab.zip',
          auditLogsBucket: { name: `audit-logs-${role}`, arn: `arn:aws:s3:::audit-logs-${role}` },
          endpoints: canaryEndpoints(NAMES, role, true),
        },
        { provider },
      );
    }
  });

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateCanaries();
});

test('each region has two canaries of its own, which run the same archive (M8)', () => {
  expect(misplaced(graph)).toEqual([]);
  const canaries = graph.all(CANARY);
  expect(canaries.map(({ region, inputs }) => [region, inputs['name']])).toEqual([
    ['eu-central-1', 'canary-own-test'],
    ['eu-central-1', 'canary-peer-test'],
    ['eu-central-2', 'canary-own-test'],
    ['eu-central-2', 'canary-peer-test'],
  ]);
  expect(new Set(canaries.map(({ inputs }) => inputs['zipFile']))).toEqual(
    new Set(['dist/canary/canary-0123456789ab.zip']),
  );
});

test.each([
  ['primary', 'own', ['https://api.test.example.com/health', 'https://api-eu-central-1.test.example.com/health']],
  [
    'dr',
    'peer',
    ['https://api-eu-central-1.test.example.com/health', 'https://app-eu-central-1.test.example.com/health/live'],
  ],
])('%s asks as %s by names that say which region answers', (role, view, urls) => {
  const environment = within(
    within(graph.one(CANARY, `canaries-${role}-${view}`).inputs, 'runConfig'),
    'environmentVariables',
  );
  expect(environment).toEqual({ CANARY_URLS: JSON.stringify(urls) });
});

test('without the trading workload nobody asks for an application', () => {
  for (const role of ROLES)
    expect(
      Object.values(canaryEndpoints(NAMES, role, false))
        .flat()
        .join(),
    ).not.toContain('app-');
});

test('runs a current runtime every minute, ends before the next run, and is traced (N15, C6)', () => {
  const { inputs } = graph.one(CANARY, 'canaries-dr-peer');
  expect(inputs).toMatchObject({
    runtimeVersion: 'syn-nodejs-puppeteer-15.0',
    handler: 'index.handler',
    schedule: { expression: 'rate(1 minute)' },
    runConfig: { timeoutInSeconds: 50, memoryInMb: 960, activeTracing: true },
    startCanary: true,
  });
});

test('spells its interval as Synthetics does', async () => {
  const { inputs } = (await evaluateCanaries('test', 5)).one(CANARY, 'canaries-dr-own');
  expect(inputs['schedule']).toEqual({ expression: 'rate(5 minutes)' });
});

test('keeps its artifacts in the region, under its key, no longer than Synthetics can, and leaves no function behind', () => {
  const { inputs } = graph.one(CANARY, 'canaries-dr-peer');
  expect(inputs).toMatchObject({
    artifactS3Location: 's3://audit-logs-dr/canary/canary-peer-test',
    artifactConfig: { s3Encryption: { encryptionMode: 'SSE_KMS', kmsKeyArn: keyIn('dr') } },
    successRetentionPeriod: 455,
    failureRetentionPeriod: 455,
    deleteLambda: true,
  });
});

test('may write its own artifacts, log and results, and nothing else', () => {
  const statements = statementsOf(
    graph.one('aws:iam/rolePolicy:RolePolicy', 'canaries-dr-peer-policy').inputs['policy'],
  );
  expect(statements.map(({ Action, Resource }) => [listed(Action), Resource])).toEqual([
    [['s3:PutObject'], 'arn:aws:s3:::audit-logs-dr/canary/canary-peer-test/*'],
    [['kms:GenerateDataKey', 'kms:Decrypt'], keyIn('dr')],
    [['s3:GetBucketLocation'], 'arn:aws:s3:::audit-logs-dr'],
    [
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      `arn:aws:logs:eu-central-2:${ACCOUNT}:log-group:/aws/lambda/cwsyn-canary-peer-test-*`,
    ],
    [['s3:ListAllMyBuckets', 'xray:PutTraceSegments'], '*'],
    [['cloudwatch:PutMetricData'], '*'],
  ]);
  expect(statements.map(({ Condition }) => Condition).filter(Boolean)).toEqual([
    { StringEquals: { 'kms:ViaService': 's3.eu-central-2.amazonaws.com' } },
    { StringEquals: { 'cloudwatch:namespace': 'CloudWatchSynthetics' } },
  ]);
});

test('has its permissions before its first run', () => {
  const canary = graph.one(CANARY, 'canaries-dr-own');
  expect(graph.dependsOn(canary, graph.one('aws:iam/rolePolicy:RolePolicy', 'canaries-dr-own-policy'))).toBe(true);
});

// Nothing else may make the group: Lambda would, without key and end, and again while a destroy is under way.
test('logs to a group of ours, encrypted, with an end, and gone before the canary is (C6, D8, N8)', () => {
  for (const role of ROLES)
    for (const view of ['own', 'peer']) {
      const canary = graph.one(CANARY, `canaries-${role}-${view}`);
      const log = graph.one('aws:cloudwatch/logGroup:LogGroup', `canaries-${role}-${view}-log`);
      const [engine] = /cwsyn-[^:]+/.exec(String(canary.outputs['engineArn'])) ?? [];
      expect(engine).toMatch(new RegExp(`^cwsyn-canary-${view}-test-[0-9a-f-]{36}$`));
      expect(log.inputs).toEqual({ name: `/aws/lambda/${engine}`, retentionInDays: 731, kmsKeyId: keyIn(role) });
      expect(graph.dependsOn(log, canary)).toBe(true);
      expect(log.region).toBe(canary.region);
    }
  const [policies, log] = [graph.all('aws:iam/rolePolicy:RolePolicy'), 'logs:CreateLogGroup'];
  expect(policies.filter(({ inputs }) => String(inputs['policy']).includes(log))).toEqual([]);
});

test('with the longest suffix the name stays whole, and the log’s is cut where Synthetics cuts it', async () => {
  const longest = await evaluateCanaries('a23-characters-long-one');
  expect(longest.one(CANARY, 'canaries-dr-peer').inputs['name']).toBe('canary-peer-a23-characters-long-one');
  const policy = longest.one('aws:iam/rolePolicy:RolePolicy', 'canaries-dr-peer-policy').inputs['policy'];
  expect(statementsOf(policy).find(({ Sid }) => Sid === 'WriteOwnLog')?.Resource).toBe(
    `arn:aws:logs:eu-central-2:${ACCOUNT}:log-group:/aws/lambda/cwsyn-canary-peer-a23-chara-*`,
  );
});
