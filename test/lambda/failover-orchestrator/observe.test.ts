import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { createObserve, type ObservePorts } from '../../../lambda/failover-orchestrator/observe';
import { type AlarmState, createAlarms } from '../../../lambda/shared/alarm-states';
import type { LocalItemName } from '../../../lambda/shared/local-items';
import { checksAt } from '../../../lambda/readiness/checks/checks';
import { NO_INSTANCE, STORED_BLOCKERS } from '../../../lambda/shared/stored-blockers';
import { fakeAws } from '../support/fake-aws';
import { platform, PRIMARY, WITNESS } from '../support/registers';
import { DR, NOW } from './support/run';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] }));
afterEach(() => jest.useRealTimers());

const gone = () => Promise.reject(new Error('gone'));
const never = () => new Promise<never>(() => undefined);
const red: AlarmState = { says: 'red', since: NOW - 10_000 };

interface Change {
  readonly alarms?: ObservePorts['alarms']['read'];
  readonly vantage?: ObservePorts['vantage']['read'];
  readonly items?: Partial<Record<LocalItemName, () => Promise<unknown>>>;
  readonly look?: ObservePorts['database']['look'];
  readonly sample?: () => Promise<unknown>;
  readonly witness?: string | undefined;
  readonly lost?: readonly string[];
}

async function observe(change: Change = {}, lastFailoverAt?: number) {
  const world = platform(NOW - 40_000);
  await world.primary.keeper.renew({ verdict: world.verdict() });
  for (const location of change.lost ?? []) world.dr.links[location] = 'down';
  const item = (name: LocalItemName) => change.items?.[name]?.() ?? Promise.resolve(undefined);
  const ports = {
    registers: world.dr.keeper,
    alarms: { read: change.alarms ?? (async () => () => red) },
    vantage: { read: change.vantage ?? (async () => 'down' as const) },
    items: { get: item, put: gone },
    database: {
      look:
        change.look ??
        (async () => ({
          isMember: true,
          isWriter: false,
          cluster: { status: 'available', instances: 1, engineVersion: '17.5' },
        })),
    },
    calls: { ask: change.sample ?? (async () => ({ kind: 'follows', calculatedAt: NOW - 41_000, lagMs: 300 })) },
    now: () => NOW,
  } as unknown as ObservePorts;
  const asking = createObserve(ports, {
    otherRegion: PRIMARY,
    triggerAlarm: 'failover-trigger-dev',
    maintenanceAlarm: 'maintenance-dev',
    unhealthyAlarm: 'heartbeat-unhealthy-dev',
    monitorFunction: 'replication-monitor-dev',
    ...('witness' in change ? change.witness !== undefined && { witness: change.witness } : { witness: WITNESS }),
  })({ kind: 'failover', ...(lastFailoverAt !== undefined && { lastFailoverAt }) });
  await new Promise((resolve) => setImmediate(resolve));
  jest.advanceTimersByTime(4_000);
  return asking;
}

const onlyTrigger: Change = {
  alarms: async () => (name) => (name === 'failover-trigger-dev' ? red : { says: 'not-red' }),
};

test('what is known of a lost primary', async () => {
  const probe = async () => ({ at: NOW, lastGoodAt: NOW - 55_000, firstFailedAt: NOW - 45_000, why: '' });
  expect(await observe({ ...onlyTrigger, items: { probe } }, NOW - 5_000_000)).toEqual({
    at: NOW,
    alarm: 'red',
    episode: 'red since 2026-11-26T02:59:50.000Z',
    maintenance: false,
    unhealthyForLong: false,
    witnessAnswers: true,
    vantage: 'down',
    register: {
      known: true,
      activeRegion: PRIMARY,
      epoch: 1,
      released: false,
      lastRenewal: NOW - 40_000,
      otherLeaseEnd: NOW + 20_000,
      verdict: expect.objectContaining({ healthy: true }),
    },
    firstFailedProbe: NOW - 45_000,
    lag: { known: true, sample: { calculatedAt: NOW - 41_000, lagMs: 300 } },
    readiness: { known: true, blockers: [] },
    lastFailoverAt: NOW - 5_000_000,
  });
});

test('a region that has long reported itself unwell', async () => {
  const alarms: Change['alarms'] = async () => (name) =>
    name === 'failover-trigger-dev' || name === 'heartbeat-unhealthy-dev' ? red : { says: 'not-red' };
  expect(await observe({ alarms })).toMatchObject({ alarm: 'red', unhealthyForLong: true });
});

test.each([
  [
    'do not answer',
    {
      alarms: gone,
      vantage: never,
      items: { probe: gone, readiness: gone },
      look: gone,
      sample: gone,
      lost: [PRIMARY, DR, WITNESS],
    },
  ],
  [
    'take too long',
    {
      alarms: never,
      vantage: never,
      items: { probe: never, readiness: never },
      look: never,
      sample: never,
      lost: [PRIMARY, DR, WITNESS],
    },
  ],
] satisfies [string, Change][])(
  'sources that %s are evidence too: nothing is taken for good, nothing for bad',
  async (_, change) => {
    const found = await observe(change);
    expect(found).toMatchObject({
      alarm: 'unknown',
      maintenance: false,
      unhealthyForLong: false,
      witnessAnswers: false,
      vantage: 'unknown',
      register: { known: false, why: expect.stringContaining('registers answered') },
      lag: { known: false },
      readiness: { known: false },
    });
    expect(found).not.toHaveProperty('firstFailedProbe');
    // Told again in the next hour, and not for ever the same.
    expect(found.episode).toBe('unknown in 2026-11-26T03');
  },
);

test.each([
  ['answers', {}, true],
  ['does not answer', { lost: [WITNESS] }, false],
  ['is none: nobody to ask', { witness: undefined, lost: [WITNESS] }, true],
] satisfies [string, Change, boolean][])('the witness %s', async (_, change, expected) => {
  expect((await observe(change)).witnessAnswers).toBe(expected);
});

describe('readiness', () => {
  const checked = (ageMs: number, blockers: string[]) => ({
    readiness: async () => ({ at: NOW - ageMs, blockers, warnings: ['w'] }),
  });
  const stopped = async () => ({
    isMember: true,
    isWriter: false,
    cluster: { status: 'stopped', instances: 1, engineVersion: '17.5' },
  });

  test.each([
    [
      'is what the checks found',
      { items: checked(60_000, ['no secret']) },
      { known: true, blockers: ['no secret'], checkedAt: NOW - 60_000 },
    ],
    [
      'is also known without RDS while the checks are fresh',
      { items: checked(900_000, []), look: gone },
      { known: true, blockers: [], checkedAt: NOW - 900_000 },
    ],
    [
      'is what RDS says once the checks are old',
      { items: checked(900_001, ['no secret']) },
      { known: true, blockers: [] },
    ],
    [
      'is not known when the checks are old and RDS is silent',
      { items: checked(900_001, []), look: gone },
      { known: false, why: 'Error: gone' },
    ],
    [
      'has what RDS has just found',
      { items: checked(60_000, []), look: stopped },
      { known: true, blockers: ['the database cluster here is stopped'], checkedAt: NOW - 60_000 },
    ],
  ] satisfies [string, Change, object][])('%s', async (_, change, expected) => {
    expect((await observe(change)).readiness).toEqual(expected);
  });
});

describe('what the checks stored minutes ago', () => {
  const stored = (id: string, found: string) => ({
    readiness: async () => ({ at: NOW - 200_000, blockers: [found], failed: [{ id, found: [found] }], warnings: [] }),
  });
  const OLD_WORD = 'it was so minutes ago';

  test.each([
    ['never refuses what the registers are asked now', 'registers-majority', false, false],
    ['does not refuse what RDS has just shown to be well', 'cluster-promotable', false, true],
    ['refuses what nobody else is asked', 'instance-promotable', true, true],
    ['refuses what is not known to be seen by anybody else', 'a-check-of-tomorrow', true, true],
  ])('%s', async (_, id, whileRdsAnswers, whileRdsIsSilent) => {
    const items = stored(id, OLD_WORD);
    const blockers = (isRefused: boolean) => ({ known: true, blockers: isRefused ? [OLD_WORD] : [] });
    expect((await observe({ items })).readiness).toMatchObject(blockers(whileRdsAnswers));
    expect((await observe({ items, look: gone })).readiness).toMatchObject(blockers(whileRdsIsSilent));
  });

  test('an instance that was missing and is there now refuses nothing', async () => {
    const items = stored('instance-promotable', NO_INSTANCE);
    expect((await observe({ items })).readiness).toMatchObject({ blockers: [] });
    expect((await observe({ items, look: gone })).readiness).toMatchObject({ blockers: [NO_INSTANCE] });
  });
});

test('every scheduled check that blocks says whether its word of minutes ago may refuse a failover, and why', () => {
  const blockers = checksAt('scheduled').filter(({ severity }) => severity === 'blocker');
  expect(Object.keys(STORED_BLOCKERS).sort()).toEqual(blockers.map(({ id }) => id).sort());
});

test.each([
  ['the database here writes already', { kind: 'writes' }, 'the database here is the writer already'],
  ['the database cannot tell', { kind: 'unknown', why: 'no row' }, 'no row'],
])('the lag is not known when %s', async (_, answer, why) => {
  expect((await observe({ sample: async () => answer })).lag).toEqual({ known: false, why });
});

describe('alarms', () => {
  test('are read by one call, composite and metric alarms alike', async () => {
    const { options, sent } = fakeAws(() => ({
      body: {
        CompositeAlarms: [{ AlarmName: 'trigger', StateValue: 'ALARM', StateTransitionedTimestamp: NOW / 1_000 }],
        MetricAlarms: [
          { AlarmName: 'maintenance', StateValue: 'OK', StateUpdatedTimestamp: (NOW - 5_000) / 1_000 },
          { AlarmName: 'fresh', StateValue: 'INSUFFICIENT_DATA' },
        ],
      },
    }));
    const says = await createAlarms(new CloudWatchClient(options)).read(['trigger', 'maintenance', 'fresh', 'none']);
    expect(['trigger', 'maintenance', 'fresh', 'none'].map(says)).toEqual([
      { says: 'red', since: NOW },
      { says: 'not-red', since: NOW - 5_000 },
      { says: 'unknown' },
      { says: 'unknown' },
    ]);
    expect(sent).toHaveLength(1);
  });
});
