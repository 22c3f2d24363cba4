import { createObserveSwitchover } from '../../../lambda/failover-orchestrator/observe-switchover';
import type { ObservePorts } from '../../../lambda/failover-orchestrator/observe';
import type { GlobalDatabaseLook } from '../../../lambda/failover-orchestrator/global-database';
import type { RunHead } from '../../../lambda/shared/current-run';
import type { LocalItem, LocalItemName } from '../../../lambda/shared/local-items';
import { NOW } from './support/run';

const gone = () => Promise.reject(new Error('gone'));
const follows: GlobalDatabaseLook = {
  isMember: true,
  isWriter: false,
  isConnected: true,
  globalStatus: 'available',
  cluster: { status: 'available', instances: 1, engineVersion: '17.5' },
};
const head: RunHead = {
  runId: 'run-7',
  phase: 'ended',
  outcome: 'DONE',
  startedAt: NOW - 900_000,
  ownedUntil: NOW - 600_000,
  closed: true,
  lastChangeAt: NOW - 600_000,
};
const verdict: LocalItem<'verdict'> = {
  healthy: true,
  at: NOW - 10_000,
  writableAt: 0,
  why: 'nothing',
  healthySince: NOW - 400_000,
};

interface Answers {
  readonly here?: () => Promise<GlobalDatabaseLook>;
  readonly there?: () => Promise<GlobalDatabaseLook>;
  readonly run?: () => Promise<RunHead | undefined>;
  readonly sweep?: () => Promise<LocalItem<'sweep'> | undefined>;
  readonly verdict?: () => Promise<LocalItem<'verdict'> | undefined>;
}

function observe({ here, there, run, sweep, verdict: own }: Answers = {}, lastChangeAt?: number) {
  const items = (asked: LocalItemName, answer: () => Promise<unknown>) => ({
    get: (name: LocalItemName) => (name === asked ? answer() : gone()),
    put: gone,
  });
  const ports = {
    database: { look: here ?? (async () => follows) },
    items: items('verdict', own ?? (async () => verdict)),
    there: {
      database: { look: there ?? (async () => ({ ...follows, isWriter: true })) },
      run: { read: run ?? (async () => head) },
      items: items('sweep', sweep ?? (async () => ({ orders: NOW - 30_000, payments: NOW - 40_000 }))),
    },
  } as unknown as Pick<ObservePorts, 'database' | 'items' | 'there'>;
  return createObserveSwitchover(ports)(NOW, lastChangeAt);
}

test('what is known of two regions that are well', async () => {
  expect(await observe({}, NOW - 5_000_000)).toEqual({
    here: {
      known: true,
      value: {
        globalStatus: 'available',
        isMember: true,
        isWriter: false,
        clusterStatus: 'available',
        isConnected: true,
      },
    },
    there: { known: true, value: { isWriter: true, clusterStatus: 'available' } },
    otherRun: { known: true, value: { lastChangeAt: NOW - 600_000 } },
    lastChangeAt: NOW - 5_000_000,
    swept: { known: true, value: { orders: NOW - 30_000, payments: NOW - 40_000 } },
    healthySince: { known: true, value: { since: NOW - 400_000 } },
  });
});

test('whoever does not answer is named, and holds up nobody else', async () => {
  const silent = { known: false, why: 'Error: gone' };
  expect(await observe({ here: gone, there: gone, run: gone, sweep: gone, verdict: gone })).toEqual({
    here: silent,
    there: silent,
    otherRun: silent,
    swept: silent,
    healthySince: silent,
  });
});

test('a run in the other region is told with its phase; one that there never was is none', async () => {
  const acting = await observe({ run: async () => ({ ...head, phase: 'acting' }) });
  expect(acting.otherRun).toMatchObject({ value: { standing: 'run run-7 is acting' } });
  expect((await observe({ run: async () => undefined })).otherRun).toEqual({ known: true, value: {} });
});

test('a change of the writer that is under way is told with where it leads', async () => {
  const inProgress = { status: 'pending', towards: 'arn' };
  expect((await observe({ here: async () => ({ ...follows, inProgress }) })).here).toMatchObject({
    value: { inProgress: 'pending, towards arn' },
  });
});

test.each([
  ['an old verdict', { ...verdict, at: NOW - 30_001 }],
  ['a bad one', { ...verdict, healthy: false }],
  ['one of a release that did not say since when', { healthy: true, at: NOW, writableAt: 0, why: '' }],
  ['none', undefined],
])('%s says nothing of health', async (_, item) => {
  expect((await observe({ verdict: async () => item })).healthySince).toEqual({ known: true, value: {} });
});
