import { RDSClient } from '@aws-sdk/client-rds';
import { blockersOf } from '../../../lambda/failover-orchestrator/blockers';
import { createGlobalDatabase } from '../../../lambda/failover-orchestrator/global-database';
import type { RunState } from '../../../lambda/failover-orchestrator/run';
import { createPromote } from '../../../lambda/failover-orchestrator/steps/promote';
import { platform, WITNESS } from '../support/registers';
import { fakeHttp, type HttpAnswer, queryAnswer, queryError } from './support/fake-http';
import { accepted, after, DR, NOW, observed, PRIMARY, won } from './support/run';

const OWN = 'arn:aws:rds:eu-central-2:123456789012:cluster:aurora-dev-dr';
const OTHER = 'arn:aws:rds:eu-central-1:123456789012:cluster:aurora-dev-primary';

const member = (arn: string, isWriter: boolean) =>
  `<GlobalClusterMember><DBClusterArn>${arn}</DBClusterArn><IsWriter>${isWriter}</IsWriter></GlobalClusterMember>`;
const globalCluster = (writer: string, state = '') =>
  queryAnswer(
    'DescribeGlobalClusters',
    `<GlobalClusters><GlobalClusterMember><EngineVersion>17.5</EngineVersion><GlobalClusterMembers>${[OWN, OTHER]
      .map((arn) => member(arn, arn === writer))
      .join('')}</GlobalClusterMembers>${state}</GlobalClusterMember></GlobalClusters>`,
  );
const cluster = (status = 'available') =>
  queryAnswer(
    'DescribeDBClusters',
    `<DBClusters><DBCluster><Status>${status}</Status><EngineVersion>17.5</EngineVersion><DBClusterMembers><DBClusterMember><DBInstanceIdentifier>i</DBInstanceIdentifier></DBClusterMember></DBClusterMembers></DBCluster></DBClusters>`,
  );
const failing = (towards: string, status = 'failing-over') =>
  `<FailoverState><Status>${status}</Status><ToDbClusterArn>${towards}</ToDbClusterArn></FailoverState>`;

type World = ReturnType<typeof platform>;

interface Rds {
  readonly globalClusters?: HttpAnswer;
  readonly clusters?: HttpAnswer;
  readonly failover?: HttpAnswer;
}

/** Promotes once, with a region that has won epoch 2 and RDS as described. */
async function promote(
  rds: Rds,
  change: Partial<RunState> = {},
  spoil?: (world: World) => unknown,
  signal = new AbortController().signal,
) {
  const { options, sent } = fakeHttp(({ fields }) => {
    if (fields['Action'] === 'DescribeGlobalClusters') return rds.globalClusters ?? globalCluster(OTHER);
    if (fields['Action'] === 'DescribeDBClusters') return rds.clusters ?? cluster();
    return rds.failover ?? queryAnswer('FailoverGlobalCluster', '<GlobalCluster></GlobalCluster>');
  });
  const world = platform();
  await world.dr.keeper.claim('run-1');
  await spoil?.(world);
  const step = createPromote({
    registers: world.dr.keeper,
    database: databaseOf(options),
    region: DR,
    ownClusterArn: OWN,
  });
  const state = { ...after([observed(), won()]).state, ...change };
  const result = await step({ state, epoch: 2, signal }).catch((error: unknown) => error);
  return { result, sent, orders: sent.filter(({ fields }) => fields['Action'] === 'FailoverGlobalCluster') };
}

function databaseOf(options: ReturnType<typeof fakeHttp>['options']) {
  const client = new RDSClient(options);
  return createGlobalDatabase({ look: client, order: client }, { globalClusterId: 'global-dev', ownClusterArn: OWN });
}

test('the order goes to the own region, names the own cluster, and says that data may be lost', async () => {
  const { result, orders, sent } = await promote({});
  expect(result).toEqual({ kind: 'pending', accepted: true, detail: 'RDS has accepted the failover' });
  expect(orders.map(({ fields }) => fields)).toEqual([
    {
      Action: 'FailoverGlobalCluster',
      Version: '2014-10-31',
      GlobalClusterIdentifier: 'global-dev',
      TargetDbClusterIdentifier: OWN,
      AllowDataLoss: 'true',
    },
  ]);
  expect([...new Set(sent.map(({ host }) => host))]).toEqual(['rds.eu-central-2.amazonaws.com']);
  expect(sent.filter(({ fields }) => fields['DBClusterIdentifier'] === OWN)).toHaveLength(1);
});

describe('RDS is not asked to fail over', () => {
  const detail = expect.any(String);
  test.each([
    ['when this region has the writer', { globalClusters: globalCluster(OWN) }, { kind: 'done', detail }],
    [
      'while its new writer comes up',
      { globalClusters: globalCluster(OWN), clusters: cluster('promoting') },
      { kind: 'pending', accepted: true, detail },
    ],
    [
      'while the failover is under way',
      { globalClusters: globalCluster(OTHER, failing(OWN)) },
      { kind: 'pending', accepted: true, detail: 'the failover is failing-over' },
    ],
    [
      'while it leads somewhere else, which is not ours',
      { globalClusters: globalCluster(OTHER, failing(OTHER, 'switching-over')) },
      { kind: 'pending', detail: `another failover is switching-over, towards ${OTHER}` },
    ],
  ])('%s', async (_, rds, expected) => {
    const { result, orders } = await promote(rds);
    expect(result).toEqual(expected);
    expect(orders).toEqual([]);
  });

  test.each([
    [
      'when the registers name another owner',
      ({ primary }: World) => primary.keeper.claim('other'),
      { kind: 'lost-epoch', detail: `${PRIMARY} owns epoch 3` },
    ],
    [
      'while no majority of the registers answers: that is no reason to give up either',
      ({ dr }: World) => Object.assign(dr.links, { [WITNESS]: 'down', [PRIMARY]: 'down' }),
      { kind: 'pending', detail: expect.stringContaining('1 of 3 registers answered') },
    ],
  ])('%s', async (_, spoil, expected) => {
    const { result, orders } = await promote({}, {}, spoil);
    expect(result).toEqual(expected);
    expect(orders).toEqual([]);
  });

  test('once somebody aborts', async () => {
    const { result, orders } = await promote({}, { abortBy: 'ada' });
    expect(result).toEqual({ kind: 'pending', quiet: true, detail: 'ada aborts: RDS was not asked' });
    expect(orders).toEqual([]);
  });

  test('once the run is to be given up: what may have been taken has to come to light first', async () => {
    const { result, orders } = await promote({}, { unansweredAt: NOW, givesUp: 'ten minutes are over' });
    expect(result).toEqual({ kind: 'pending', quiet: true, detail: 'ten minutes are over: RDS was not asked' });
    expect(orders).toEqual([]);
  });

  test('by an attempt whose time is over: the run may have begun another one, or have been given up', async () => {
    const { result, orders } = await promote({}, {}, undefined, AbortSignal.abort());
    expect(result).toEqual({ kind: 'pending', detail: 'the look took too long: RDS was not asked' });
    expect(orders).toEqual([]);
  });

  test('when it cannot be seen first whether it is under way', async () => {
    const { result, orders } = await promote({ globalClusters: queryError('ServiceUnavailable', 503) });
    expect(result).toMatchObject({ name: 'ServiceUnavailable' });
    expect(orders).toEqual([]);
  });
});

describe('an order that RDS', () => {
  test.each([
    ['does not take in this state is asked for again', queryError('InvalidGlobalClusterStateFault'), {}],
    ['does not take because of the cluster, too', queryError('InvalidDBClusterStateFault'), {}],
    ['does not answer may have been taken, or not', 'silence', { unanswered: true }],
    ['fails to answer may have been taken as well', queryError('InternalFailure', 500), { unanswered: true }],
  ] as const)('%s', async (_, failover, rest) => {
    const { result, orders } = await promote({ failover });
    expect(result).toEqual({ kind: 'pending', detail: expect.stringContaining('RDS'), ...rest });
    expect(orders).toHaveLength(1);
  });

  test('refuses for good is a failed attempt', async () => {
    const { result } = await promote({ failover: queryError('AccessDenied', 403) });
    expect(result).toMatchObject({ name: 'AccessDenied' });
  });
});

test('a promotion that the journal knows as accepted stays so, whatever a later look says', () => {
  expect(after([observed(), won(), accepted()]).state.promotionAccepted).toBe(true);
});

describe('what RDS says would make a promotion impossible', () => {
  const fine = {
    isMember: true,
    isWriter: false,
    cluster: { status: 'available', instances: 1, engineVersion: '17.5' },
  };
  test.each([
    ['nothing', fine, []],
    ['a patch level apart', { ...fine, engineVersion: '17.5.1' }, []],
    ['a doubt', { ...fine, cluster: { ...fine.cluster, status: 'modifying' } }, []],
    ['no cluster', { isMember: true, isWriter: false }, ['the database cluster here does not exist']],
    [
      'a stopped one',
      { ...fine, cluster: { ...fine.cluster, status: 'stopped' } },
      ['the database cluster here is stopped'],
    ],
    [
      'no instance',
      { ...fine, cluster: { ...fine.cluster, instances: 0 } },
      ['the database cluster here has no instance'],
    ],
    [
      'no global database',
      { ...fine, isMember: false },
      ['the database cluster here does not belong to the global database'],
    ],
    [
      'another release',
      { ...fine, engineVersion: '16.6' },
      ['the database cluster here has 17.5, the global database 16.6'],
    ],
  ])('%s', (_, look, blockers) => {
    expect(blockersOf(look)).toEqual(blockers);
  });

  test('what does not exist is an answer of RDS, and no failure', async () => {
    const { options } = fakeHttp(({ fields }) =>
      queryError(
        fields['Action'] === 'DescribeGlobalClusters' ? 'GlobalClusterNotFoundFault' : 'DBClusterNotFoundFault',
        404,
      ),
    );
    expect(await databaseOf(options).look()).toEqual({ isMember: false, isWriter: false, isConnected: false });
  });
});
