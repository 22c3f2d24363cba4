import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { destroyRefusal, type DestroyEvidence } from '../../../lambda/failover-orchestrator/destroy-guard';
import type { GlobalDatabaseLook } from '../../../lambda/failover-orchestrator/global-database';
import {
  createMayDestroy,
  DestroyRefusedError,
  type MayDestroyPorts,
} from '../../../lambda/failover-orchestrator/may-destroy';
import type { RunHead } from '../../../lambda/shared/current-run';
import { recordedTelemetry } from '../support/fakes';
import { DR, NOW, PRIMARY } from './support/run';

const HOME: GlobalDatabaseLook = { isMember: true, isWriter: true, globalStatus: 'available' };
const SWAPPED: GlobalDatabaseLook = { isMember: true, isWriter: false, globalStatus: 'available' };

const run = (phase: RunHead['phase']): RunHead => ({
  runId: 'run-7',
  phase,
  startedAt: NOW,
  ownedUntil: NOW,
  closed: phase === 'ended',
});

const ok = <T>(value: T) => ({ ok: true, value }) as const;
const silent = (why: string) => ({ ok: false, why }) as const;

function evidence({
  database = ok(HOME),
  here = ok(undefined),
  there = ok(undefined),
}: {
  readonly database?: DestroyEvidence['database'];
  readonly here?: DestroyEvidence['runs'][number]['run'];
  readonly there?: DestroyEvidence['runs'][number]['run'];
} = {}): DestroyEvidence {
  return {
    region: PRIMARY,
    otherRegion: DR,
    database,
    runs: [
      { region: PRIMARY, run: here },
      { region: DR, run: there },
    ],
  };
}

describe('what a destroy may begin with', () => {
  test.each<[string, Parameters<typeof evidence>[0]]>([
    ['a fresh stack', {}],
    ['runs that have ended, in either way', { here: ok(run('ended')), there: ok(run('ended')) }],
    [
      'a global database that is gone: a destroy before this one came that far',
      { database: ok({ isMember: false, isWriter: false }) },
    ],
    [
      'clusters that pre-destroy has taken apart',
      { database: ok({ isMember: false, isWriter: false, globalStatus: 'available' }) },
    ],
  ])('%s is in nobody’s way', (_, found) => {
    expect(destroyRefusal(evidence(found))).toBeUndefined();
  });

  test('swapped roles are, and the command that comes first is named', () => {
    expect(destroyRefusal(evidence({ database: ok(SWAPPED) }))).toBe(
      `Nothing was deleted. The writer of the database is in ${DR}, not at home in ${PRIMARY}: the destroy would stop half ` +
        'way, because AWS does not delete a writer that another cluster follows. First: npx tap pre-destroy. Then again: ' +
        'pulumi destroy',
    );
  });

  test('a change of roles that goes on is waited for: who is the writer afterwards is not known', () => {
    const inProgress = { status: 'failing-over', towards: 'arn' };
    const refusal = destroyRefusal(evidence({ database: ok({ ...HOME, inProgress }) }));
    expect(refusal).toContain('just changing (failing-over). First: wait until that is over (npx tap status)');
    expect(refusal).not.toContain('pre-destroy');
  });

  test.each(['observing', 'waiting-for-person', 'ended'] as const)(
    'a run that is %s has changed nothing, or nothing more to change: it goes with the stack',
    (phase) => {
      expect(destroyRefusal(evidence({ here: ok(run(phase)), there: ok(run(phase)) }))).toBeUndefined();
    },
  );

  test.each(['claiming', 'acting', 'releasing'] as const)(
    'a run that is %s stands in the way, in whichever region; it is said which, and since when (X12)',
    (phase) => {
      for (const [found, region] of [
        [{ here: ok(run(phase)) }, PRIMARY],
        [{ there: ok(run(phase)) }, DR],
      ] as const) {
        expect(destroyRefusal(evidence(found))).toContain(
          `Run run-7 of the failover orchestrator in ${region} is ${phase}, since ${new Date(NOW).toISOString()}. First: wait`,
        );
      }
    },
  );

  test('what cannot be known is refused, with its reason and where to read on', () => {
    expect(destroyRefusal(evidence({ database: silent('AccessDenied: no') }))).toContain(
      'It is not known which region has the writer of the database: AccessDenied: no. First: see whether both regions work; ' +
        'docs/runbooks/destroy.md says what else there is.',
    );
    expect(destroyRefusal(evidence({ there: silent('DeadlineError: late') }))).toContain(
      `It is not known whether a run of the failover orchestrator stands in ${DR}: DeadlineError: late.`,
    );
  });

  test('everything that comes first is said at once', () => {
    const refusal = destroyRefusal(evidence({ database: ok(SWAPPED), there: ok(run('acting')), here: silent('no') }));
    expect(refusal?.match(/First: /g)).toHaveLength(3);
    expect(refusal).toMatch(/^Nothing was deleted\. .*Then again: pulumi destroy$/);
  });
});

interface Asked {
  readonly look?: () => Promise<GlobalDatabaseLook>;
  readonly here?: () => Promise<RunHead | undefined>;
  readonly there?: () => Promise<RunHead | undefined>;
}

function guard({ look, here, there }: Asked = {}) {
  const sleeps: number[] = [];
  const asks = { look: 0, here: 0, there: 0 };
  const counted =
    <T>(name: keyof typeof asks, ask: () => Promise<T>) =>
    () => {
      asks[name] += 1;
      return ask();
    };
  const nothing = (): Promise<undefined> => Promise.resolve(undefined);
  const ports: MayDestroyPorts = {
    region: PRIMARY,
    otherRegion: DR,
    database: { look: counted('look', look ?? (() => Promise.resolve(HOME))) },
    runs: { here: { read: counted('here', here ?? nothing) }, there: { read: counted('there', there ?? nothing) } },
    sleep: (ms) => Promise.resolve(void sleeps.push(ms)),
    telemetry: recordedTelemetry(),
  };
  const mayDestroy = createMayDestroy(ports);
  return {
    asks,
    sleeps,
    when: (action: 'create' | 'update' | 'delete') => mayDestroy({ action: 'may-destroy', tf: { action } }),
  };
}

const gone = new ResourceNotFoundException({ message: 'Requested resource not found', $metadata: {} });
const swapped = () => Promise.resolve(SWAPPED);

describe('the answer to the guard', () => {
  test.each(['create', 'update'] as const)(
    '%s is answered at once, whatever the stack is like: an `up` waits for nobody (X5)',
    async (action) => {
      const { asks, when } = guard({ look: swapped });
      expect(await when(action)).toEqual({ kind: 'standing' });
      expect(asks).toEqual({ look: 0, here: 0, there: 0 });
    },
  );

  test('a destroy that comes to its end is let pass', async () => {
    expect(await guard().when('delete')).toEqual({ kind: 'may-destroy' });
  });

  test('one that would not is an error, because only that keeps the guard; without a trace, which would bury its message', async () => {
    const refused = guard({ look: swapped }).when('delete');
    await expect(refused).rejects.toThrow(DestroyRefusedError);
    await expect(refused).rejects.toMatchObject({ name: 'DestroyRefusedError', stack: '' });
  });

  test('tables that are gone have no run: a destroy before this one has come that far', async () => {
    const half = guard({
      look: () => Promise.resolve({ isMember: false, isWriter: false }),
      here: () => Promise.reject(gone),
      there: () => Promise.reject(gone),
    });
    expect(await half.when('delete')).toEqual({ kind: 'may-destroy' });
    expect(half.sleeps).toEqual([]);
  });

  test('a throttled question is asked again, and does not refuse a destroy', async () => {
    let throttled = 2;
    const busy = guard({
      look: () => ((throttled -= 1) >= 0 ? Promise.reject(new Error('Throttling')) : Promise.resolve(HOME)),
    });
    expect(await busy.when('delete')).toEqual({ kind: 'may-destroy' });
    expect(busy.asks).toEqual({ look: 3, here: 1, there: 1 });
    expect(busy.sleeps).toEqual([2_000, 2_000]);
  });

  test('a region that stays silent is given up after three questions', async () => {
    const dark = guard({ there: () => Promise.reject(new Error('connect ETIMEDOUT')) });
    await expect(dark.when('delete')).rejects.toThrow(
      `whether a run of the failover orchestrator stands in ${DR}: Error: connect ETIMEDOUT`,
    );
    expect(dark.asks.there).toBe(3);
  });
});
