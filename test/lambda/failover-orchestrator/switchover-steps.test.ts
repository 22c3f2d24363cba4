import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { createGlobalDatabase } from '../../../lambda/failover-orchestrator/global-database';
import type { RunEvent, RunState } from '../../../lambda/failover-orchestrator/run';
import { createEndWrites } from '../../../lambda/failover-orchestrator/steps/end-writes';
import { createLowerFloor } from '../../../lambda/failover-orchestrator/steps/lower-floor';
import { createFleet } from '../../../lambda/failover-orchestrator/steps/raise-floor';
import { createReconcile } from '../../../lambda/failover-orchestrator/steps/reconcile';
import type { StepAttempt } from '../../../lambda/failover-orchestrator/steps/step';
import { createSwitchOver } from '../../../lambda/failover-orchestrator/steps/switch-over';
import { createFunctionCalls } from '../../../lambda/shared/invoke';
import type { LocalItem } from '../../../lambda/shared/local-items';
import { LEASE_MS, platform, WITNESS } from '../support/registers';
import { fakeHttp, type HttpAnswer, queryAnswer, queryError } from './support/fake-http';
import { after, DR, NOW, OPERATOR, PRIMARY, wellEvidence, won } from './support/run';

const OWN = 'arn:aws:rds:eu-central-2:123456789012:cluster:aurora-dev-dr';
const OTHER = 'arn:aws:rds:eu-central-1:123456789012:cluster:aurora-dev-primary';
const LEDGER = 'arn:aws:lambda:eu-central-1:123456789012:function:ledger-dev';

const BEGUN: readonly RunEvent[] = [{ type: 'observed', now: NOW, evidence: wellEvidence() }, won()];
const ACTING = after(BEGUN, { kind: 'switchover', trigger: OPERATOR }).state;

const attempt = (step: StepAttempt, change: Partial<RunState> = {}) =>
  step({ state: { ...ACTING, ...change }, epoch: 2, signal: new AbortController().signal });

describe("the end of the other region's writes", () => {
  async function setUp(ledger: HttpAnswer) {
    const world = platform(NOW);
    await world.primary.keeper.renew({ verdict: world.verdict() });
    await world.dr.keeper.claim('run-1');
    const { options, sent } = fakeHttp(() => ledger, PRIMARY);
    const step = createEndWrites({
      registers: world.dr.keeper,
      calls: createFunctionCalls(new LambdaClient(options)),
      ledgerFunction: LEDGER,
      region: DR,
      otherRegion: PRIMARY,
      now: () => world.clock.at,
    });
    return { world, step, sent };
  }
  const ends = ({ records }: ReturnType<typeof platform>) =>
    [...records.values()].map(({ leaseEnds }) => leaseEnds[PRIMARY] ?? NaN);

  test('is the new epoch in its database, and after that the end of its lease in the registers', async () => {
    const { world, step, sent } = await setUp({ body: '{"epoch":2}' });
    world.clock.at += 700;
    expect(await attempt(step)).toMatchObject({ kind: 'done' });
    expect(sent.map(({ host, path, fields }) => [host, decodeURIComponent(path), fields])).toEqual([
      [
        'lambda.eu-central-1.amazonaws.com',
        `/2015-03-31/functions/${LEDGER}/invocations`,
        { action: 'install-epoch', epoch: 2 },
      ],
    ]);
    expect(ends(world)).toEqual([NOW + 700, NOW + 700, NOW + 700]);
    // This region opens after the skew of the clocks, and not after a minute.
    world.clock.at += 5_000;
    expect(await world.dr.keeper.open(2)).toMatchObject({ kind: 'done' });
  });

  test.each([
    ['the ledger is silent', 'silence'],
    [
      'the ledger fails',
      { headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorType":"DatabaseUnavailableError"}' },
    ],
    ['the database keeps an older epoch', { body: '{"epoch":1}' }],
  ] as const)('is waited for, and nothing is said of its lease, while %s', async (_, ledger) => {
    const { world, step } = await setUp(ledger);
    expect(await attempt(step)).toMatchObject({ kind: 'pending' });
    expect(ends(world)).toEqual([NOW + LEASE_MS, NOW + LEASE_MS, NOW + LEASE_MS]);
    expect(await world.dr.keeper.open(2)).toMatchObject({ kind: 'pending' });
  });

  test('is there without the ledger once the lease is over on every clock', async () => {
    const { world, step, sent } = await setUp('silence');
    world.clock.at += LEASE_MS + 4_999;
    expect(await attempt(step)).toMatchObject({ kind: 'pending' });
    world.clock.at += 1;
    expect(await attempt(step)).toMatchObject({ kind: 'done', detail: 'the lease of eu-central-1 is over' });
    expect(sent).toHaveLength(1);
  });

  test('is not ours to say once somebody else owns the epoch, or nobody knows', async () => {
    const { world, step, sent } = await setUp({ body: '{"epoch":2}' });
    await world.primary.keeper.claim('other');
    expect(await attempt(step)).toMatchObject({ kind: 'lost-epoch' });
    for (const location of [PRIMARY, WITNESS]) world.dr.links[location] = 'down';
    expect(await attempt(step)).toMatchObject({ kind: 'pending' });
    expect(sent).toEqual([]);
  });

  test('needs a majority: a lease that only one register knows to be over is waited for', async () => {
    const { world, step } = await setUp({ body: '{"epoch":2}' });
    for (const location of [PRIMARY, WITNESS]) world.dr.links[location] = 'lossy';
    expect(await attempt(step)).toMatchObject({ kind: 'pending' });
    expect(await world.dr.keeper.open(2)).toMatchObject({ kind: 'pending' });
  });
});

describe('the order to switch over', () => {
  const member = (arn: string, isWriter: boolean) =>
    `<GlobalClusterMember><DBClusterArn>${arn}</DBClusterArn><IsWriter>${isWriter}</IsWriter></GlobalClusterMember>`;
  const globalCluster = (writer: string, state = '') =>
    queryAnswer(
      'DescribeGlobalClusters',
      `<GlobalClusters><GlobalClusterMember><Status>available</Status><GlobalClusterMembers>${member(OWN, writer === OWN)}${member(OTHER, writer === OTHER)}</GlobalClusterMembers>${state}</GlobalClusterMember></GlobalClusters>`,
    );
  const changing = (towards: string) =>
    `<FailoverState><Status>switching-over</Status><ToDbClusterArn>${towards}</ToDbClusterArn></FailoverState>`;

  async function switchOver(
    here: HttpAnswer = globalCluster(OTHER),
    order: HttpAnswer = queryAnswer('SwitchoverGlobalCluster', '<GlobalCluster></GlobalCluster>'),
    change: Partial<RunState> = {},
  ) {
    const world = platform();
    await world.dr.keeper.claim('run-1');
    const own = fakeHttp(({ fields }) =>
      fields['Action'] === 'DescribeGlobalClusters'
        ? here
        : queryAnswer(
            'DescribeDBClusters',
            '<DBClusters><DBCluster><Status>available</Status></DBCluster></DBClusters>',
          ),
    );
    const there = fakeHttp(() => order, PRIMARY);
    const database = (options: typeof own.options, ownClusterArn: string) => {
      const client = new RDSClient(options);
      return createGlobalDatabase({ look: client, order: client }, { globalClusterId: 'global-dev', ownClusterArn });
    };
    const step = createSwitchOver({
      registers: world.dr.keeper,
      here: database(own.options, OWN),
      there: database(there.options, OTHER),
      region: DR,
      ownClusterArn: OWN,
    });
    const result = await attempt(step, change).catch((error: unknown) => error);
    return { result, own: own.sent, there: there.sent };
  }

  test("goes to RDS in the writer's region and names the cluster here; looks go to this region's own", async () => {
    const { result, own, there } = await switchOver();
    expect(result).toEqual({ kind: 'pending', accepted: true, detail: 'RDS has accepted the switchover' });
    expect(there.map(({ host, fields }) => [host, fields])).toEqual([
      [
        'rds.eu-central-1.amazonaws.com',
        {
          Action: 'SwitchoverGlobalCluster',
          Version: '2014-10-31',
          GlobalClusterIdentifier: 'global-dev',
          TargetDbClusterIdentifier: OWN,
        },
      ],
    ]);
    expect([...new Set(own.map(({ host }) => host))]).toEqual(['rds.eu-central-2.amazonaws.com']);
  });

  test.each([
    ['this region has the writer', globalCluster(OWN), {}, { kind: 'done' }],
    [
      'it is under way',
      globalCluster(OTHER, changing(OWN)),
      {},
      { accepted: true, detail: 'the switchover is switching-over' },
    ],
    [
      'another change is',
      globalCluster(OTHER, changing(OTHER)),
      {},
      { detail: `another change of the writer is switching-over, towards ${OTHER}` },
    ],
    [
      'it was taken before, and nothing of it is to be seen',
      globalCluster(OTHER),
      { promotionAccepted: true },
      { accepted: true, quiet: true },
    ],
    [
      'an operator wants to stop',
      globalCluster(OTHER),
      { abortBy: 'ada' },
      { detail: 'ada aborts: RDS was not asked' },
    ],
  ] as const)('is not sent when %s', async (_, here, change, expected) => {
    const { result, there } = await switchOver(here, undefined, change);
    expect(result).toMatchObject(expected);
    expect(there).toEqual([]);
  });

  test.each([
    [
      'has not been taken when RDS says that it cannot be now',
      queryError('InvalidGlobalClusterStateFault'),
      { kind: 'pending' },
    ],
    ['may have been taken when nobody answers', 'silence', { kind: 'pending', unanswered: true }],
    ['may have been taken when RDS fails', queryError('InternalFailure', 500), { kind: 'pending', unanswered: true }],
    ['has not been taken when it is refused', queryError('AccessDenied', 403), { name: 'AccessDenied' }],
  ] as const)('%s', async (_, order, expected) => {
    const { result } = await switchOver(undefined, order);
    expect(result).toMatchObject(expected);
    if (!('accepted' in expected)) expect(result).not.toHaveProperty('accepted');
  });
});

describe("the floor of the other region's fleet", () => {
  const lower = async (min: number, floor: number) => {
    const { options, sent } = fakeHttp(
      ({ fields }) =>
        fields['Action'] === 'DescribeAutoScalingGroups'
          ? queryAnswer(
              'DescribeAutoScalingGroups',
              `<AutoScalingGroups><member><MinSize>${min}</MinSize><DesiredCapacity>4</DesiredCapacity><MaxSize>8</MaxSize></member></AutoScalingGroups>`,
            )
          : queryAnswer('UpdateAutoScalingGroup', ''),
      PRIMARY,
    );
    const result = await attempt(createLowerFloor(createFleet(new AutoScalingClient(options), 'fleet-dev'), floor));
    return { result, updates: sent.filter(({ fields }) => fields['Action'] === 'UpdateAutoScalingGroup') };
  };

  test('is lowered alone: the instances stay until scaling takes them away', async () => {
    const { result, updates } = await lower(4, 1);
    expect(result).toEqual({ kind: 'done', detail: 'the floor there was lowered from 4 to 1' });
    expect(updates.map(({ host, fields }) => [host, fields])).toEqual([
      [
        'autoscaling.eu-central-1.amazonaws.com',
        { Action: 'UpdateAutoScalingGroup', Version: '2011-01-01', AutoScalingGroupName: 'fleet-dev', MinSize: '1' },
      ],
    ]);
  });

  test.each([
    [1, 1],
    [1, 2],
  ])('is left alone at %i where %i is wanted: nothing is ever raised there', async (min, floor) => {
    expect((await lower(min, floor)).updates).toEqual([]);
  });

  test('is nothing without a fleet', async () => {
    expect(await attempt(createLowerFloor(undefined, 1))).toEqual({ kind: 'done', detail: 'there is no fleet' });
  });
});

test("orders are looked for from where the other region had come, not from this one's last time", async () => {
  const written: LocalItem<'sweep'>[] = [];
  const step = createReconcile({
    now: () => NOW + 100_000,
    window: {
      read: async () => ({ orders: NOW - 7_200_000, payments: NOW - 7_200_000 }),
      put: async (item) => void written.push(item),
    },
  });
  await attempt(step);
  // A minute before, because the two regions' clocks and tables are not one.
  expect(written).toEqual([{ setBackAt: NOW + 100_000, orders: NOW - 85_000, payments: NOW - 90_000 }]);
});

test('of a kind that the other region has not swept, a day is looked through', async () => {
  const written: LocalItem<'sweep'>[] = [];
  const step = createReconcile({
    now: () => NOW,
    window: { read: async () => undefined, put: async (item) => void written.push(item) },
  });
  const evidence = wellEvidence({}, { swept: { known: true, value: { payments: NOW - 30_000 } } });
  await attempt(step, { evidence });
  expect(written).toEqual([{ setBackAt: NOW, orders: NOW - 86_400_000, payments: NOW - 90_000 }]);
});
