import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { Graph, type GraphResource, type Values } from '../../analysis/graph/graph';
import { demandsOf } from '../../analysis/readiness/policy';
import {
  checksAt,
  graphFacts,
  graphPolicy,
  graphReadiness,
  judgeAll,
  QUOTAS,
  scoreOf,
} from '../../analysis/readiness/readiness';
import { renderReadiness } from '../../analysis/readiness/render';

const PRIMARY = 'eu-central-1';
const DR = 'eu-central-2';

let dev: Graph;
beforeAll(async () => {
  dev = await evaluateStack('dev');
}, 60_000);

type Change = (resource: GraphResource) => Values | 'removed' | undefined;

/** The graph with the inputs of some resources changed, or without them. */
function changed(change: Change): Graph {
  const resources = dev.resources.flatMap((resource) => {
    const inputs = change(resource);
    if (inputs === 'removed') return [];
    return [inputs ? { ...resource, inputs: { ...resource.inputs, ...inputs } } : resource];
  });
  return new Graph(dev.project, dev.stack, resources, dev.invokes, dev.outputs, dev.warnings);
}

const of =
  (type: string, change: Values | 'removed', region = DR, name = /./): Change =>
  (resource) =>
    resource.type === type && resource.region === region && name.test(resource.name) ? change : undefined;

const red = (graph: Graph, region = DR): readonly string[] =>
  graphReadiness(graph)
    .filter((one) => one.region === region)
    .flatMap(({ results }) => results)
    .filter(({ verdict }) => verdict.state === 'failed')
    .map(({ id }) => id);

test.each(['dev', 'us', 'pr', 'local'])(
  '%s: everything that the program alone can answer is answered, and only mail may be missing',
  async (stack) => {
    const graph = await evaluateStack(stack);
    const regions = graphReadiness(graph);
    expect(regions).toHaveLength(2);
    for (const { region, results } of regions) {
      expect([region, scoreOf(results).unknown]).toEqual([region, 0]);
      expect(results).toHaveLength(checksAt('graph').length);
      expect(['alerts-reach-a-person', undefined]).toContain(red(graph, region)[0]);
      expect(red(graph, region).length).toBeLessThanOrEqual(1);
    }
  },
  60_000,
);

describe('a program in which one thing is wrong', () => {
  const REPLICATION = 'aws:s3/bucketReplicationConfig:BucketReplicationConfig';
  test.each<[string, Change, readonly string[]]>([
    [
      'the global cluster is missing',
      of('aws:rds/globalCluster:GlobalCluster', 'removed', PRIMARY),
      ['global-cluster-present'],
    ],
    ['dr has no cluster', of('aws:rds/cluster:Cluster', 'removed'), ['cluster-present']],
    ['dr has no instance', of('aws:rds/clusterInstance:ClusterInstance', 'removed'), ['instance-promotable']],
    [
      'dr has a smaller instance',
      of('aws:rds/clusterInstance:ClusterInstance', { instanceClass: 'db.r7g.medium' }),
      ['instance-class-equal'],
    ],
    ['dr has another engine', of('aws:rds/cluster:Cluster', { engineVersion: '17.4' }), ['engine-version-equal']],
    [
      'dr may grow less',
      of('aws:rds/cluster:Cluster', { serverlessv2ScalingConfiguration: { maxCapacity: 8 } }),
      ['acu-maximum-equal'],
    ],
    [
      'dr’s cluster stands alone',
      of('aws:rds/cluster:Cluster', { globalClusterIdentifier: 'other' }),
      ['global-cluster-member-here'],
    ],
    ['a function is missing', of('aws:lambda/function:Function', 'removed', DR, /ledger/), ['functions-present']],
    [
      'a function has other code',
      of('aws:lambda/function:Function', { code: { path: 'dist/functions/other' } }, DR, /ledger/),
      ['function-code-equal'],
    ],
    [
      'a function lacks a variable',
      of('aws:lambda/function:Function', { environment: { variables: { A: 'b' } } }, DR, /ledger/),
      ['function-settings-equal'],
    ],
    [
      'the consumer is disabled',
      of('aws:lambda/eventSourceMapping:EventSourceMapping', { enabled: false }),
      ['consumers-enabled'],
    ],
    ['the fleet is missing', of('aws:autoscaling/group:Group', 'removed'), ['fleet-present']],
    ['the fleet may not grow', of('aws:autoscaling/group:Group', { maxSize: 1 }), ['fleet-maximum-enough']],
    [
      'the fleet is of another type',
      of('aws:ec2/launchTemplate:LaunchTemplate', { instanceType: 't4g.nano' }),
      ['fleet-type-equal'],
    ],
    [
      'the trigger is missing',
      of('aws:cloudwatch/compositeAlarm:CompositeAlarm', 'removed'),
      ['trigger-alarm-present'],
    ],
    [
      'the trigger is disarmed',
      of('aws:cloudwatch/compositeAlarm:CompositeAlarm', { actionsEnabled: false }),
      ['trigger-alarm-armed'],
    ],
    [
      'the trigger calls nobody',
      of('aws:cloudwatch/compositeAlarm:CompositeAlarm', { alarmActions: [] }),
      ['trigger-alarm-calls-orchestrator'],
    ],
    [
      'the trigger may not call',
      of('aws:lambda/permission:Permission', 'removed', DR, /orchestrator/),
      ['orchestrator-callable'],
    ],
    [
      'a schedule is disabled',
      of('aws:cloudwatch/eventRule:EventRule', { state: 'DISABLED' }, DR, /heartbeat/),
      ['schedules-enabled'],
    ],
    [
      'nobody keeps the alerts',
      of('aws:sns/topicSubscription:TopicSubscription', 'removed', DR, /queues/),
      ['alerts-kept'],
    ],
    [
      'nobody is told by mail',
      of('aws:sns/topicSubscription:TopicSubscription', 'removed', DR, /email/),
      ['alerts-reach-a-person'],
    ],
    [
      'a table has no replica',
      of('aws:dynamodb/table:Table', { replicas: [] }, PRIMARY, /tables-orders/),
      ['tables-present', 'tables-recoverable'],
    ],
    [
      'a replica cannot be recovered',
      of(
        'aws:dynamodb/table:Table',
        { replicas: [{ regionName: DR, pointInTimeRecovery: false }] },
        PRIMARY,
        /tables-orders/,
      ),
      ['tables-recoverable'],
    ],
    ['a bucket is not copied', of(REPLICATION, 'removed', DR, /receipts/), ['buckets-replicated']],
    [
      'no copy is timed',
      of(REPLICATION, { rules: [{ status: 'Enabled', destination: {} }] }, DR, /receipts/),
      ['buckets-replicated-in-time'],
    ],
    ['a parameter differs', of('aws:ssm/parameter:Parameter', { value: 'x' }), ['parameters-equal']],
    [
      'a name leads nowhere',
      of('aws:apigateway/basePathMapping:BasePathMapping', 'removed', DR, /failover/),
      ['domains-mapped'],
    ],
    ['the certificate is missing', of('aws:acm/certificate:Certificate', 'removed'), ['certificate-present']],
  ])('%s', (_, change, expected) => {
    expect(red(changed(change))).toEqual(expected);
  });

  test('is judged from the region that has to take over: what dr lacks, primary does not miss', () => {
    const graph = changed(of('aws:rds/clusterInstance:ClusterInstance', 'removed'));
    expect(red(graph, PRIMARY)).toEqual([]);
  });

  test('is told with its reason and its remedy', () => {
    const lines = renderReadiness(graphReadiness(changed(of('aws:autoscaling/group:Group', { maxSize: 1 }))));
    expect(lines).toEqual([
      'readiness, as far as the program alone tells',
      '  eu-central-1: 30 of 30 checks are ok, 0 not',
      '  eu-central-2: 29 of 30 checks are ok, 1 not',
      '    warning fleet-maximum-enough: the fleet here may grow to 1, and a failover raises it to 2',
      '       why: A failover raises the fleet’s floor; above its maximum that is refused.',
      expect.stringMatching(/^ {7}fix: set fleetMaxSize and `pulumi up`/),
    ]);
  });
});

describe('what a deployment is compared with', () => {
  test('is the stack’s own: its regions, its targets, its trigger', () => {
    const policy = graphPolicy(dev, DR, 1);
    expect(policy).toMatchObject({
      now: 1,
      here: { region: DR },
      there: { region: PRIMARY },
      rpoMs: 60_000,
      fleetFloor: 2,
      requestsPerSecond: 2_500,
      regions: [PRIMARY, DR, 'eu-west-1'],
      setsApiLoggingRole: false,
    });
    expect(policy.trigger?.orchestratorArn).toContain(':function:failover-orchestrator-dev');
    expect(graphPolicy(dev, PRIMARY, 1).trigger).toBeUndefined();
  });

  test('counts what the stack adds to every quota', () => {
    const demands = demandsOf(dev);
    expect(Object.keys(demands).sort()).toEqual([...QUOTAS].sort());
    expect(demands).toMatchObject({
      vpcs: { [PRIMARY]: 1, [DR]: 1 },
      'elastic-ips': { [PRIMARY]: 1, [DR]: 1 },
      's3-buckets': { global: 12 },
      'health-checks': { global: 11 },
      'api-domains': { [PRIMARY]: 2, [DR]: 2 },
    });
    const full = { quotas: { known: true, value: { vpcs: [{ region: DR, limit: 5, used: 5 }] } } } as const;
    const [vpcs] = judgeAll(full, graphPolicy(dev, DR, 0), checksAt('account')).filter(({ id }) => id === 'quota-vpcs');
    expect(vpcs?.verdict).toEqual({ state: 'failed', found: [`${DR}: 5 vpcs and 1 more are over the quota of 5`] });
  });

  test('a region without the function has nothing to look at', () => {
    expect(() => graphFacts(dev, 'eu-west-1')).toThrow('eu-west-1 has no function readiness');
    const none = new Graph('p', 's', [], [], {}, []);
    expect(graphReadiness(none)).toEqual([]);
  });
});

test('the environment of the function fits into what Lambda takes, also with the longest names (4 kB)', async () => {
  const graph = await evaluateStack('dev', { overrides: { environmentSuffix: 'a-very-long-suffix' } });
  const sizes = graph
    .all('aws:lambda/function:Function')
    .filter(({ name }) => name.endsWith('readiness-function'))
    .map(({ inputs }) => JSON.stringify(inputs['environment']).length);
  expect(sizes).toHaveLength(2);
  expect(Math.max(...sizes)).toBeLessThan(4_096);
}, 60_000);
