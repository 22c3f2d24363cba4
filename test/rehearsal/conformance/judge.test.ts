import {
  doubleWritesOf,
  GOOD_WITHIN_MS,
  outcomesOf,
  recoverySeconds,
  unfoundedOf,
  untoldOf,
} from '../../../rehearsal/judge/fates';
import type { CommittedEffect, Facts } from '../../../rehearsal/judge/facts';
import type { Fate } from '../../../rehearsal/judge/result';
import type { Submission } from '../../../rehearsal/traffic/submission';
import { HERE, START, THERE } from './support';

// What a run is judged by. `HERE` is lost at `FAULT`, `THERE` survives.

const FAULT = START + 60_000;

interface Story {
  readonly id: string;
  /** Seconds after the fault. */
  readonly sentAt: number;
  readonly acknowledged?: false;
  /** When it was committed, where, under which epoch, and whether that commit was lost with its writer. */
  readonly commits?: readonly {
    readonly at: number;
    readonly writer: string;
    readonly epoch?: number;
    readonly lost?: true;
  }[];
  /** The verdict in the survivor's database. */
  readonly verdict?: string;
  /** What its result item says there. */
  readonly told?: string;
  /** When its item was written, where, and when the survivor's table had it. */
  readonly item?: { readonly region: string; readonly at: number; readonly reached?: number };
}

const at = (seconds: number): number => FAULT + seconds * 1_000;

function factsOf(...stories: readonly Story[]): Facts {
  const submissions = stories.map(({ id, sentAt, acknowledged }): Submission => ({
    id,
    kind: 'order',
    sentAt: at(sentAt),
    attempts: 1,
    ...(acknowledged !== false && { acknowledgedAt: at(sentAt) + 100 }),
  }));
  const committed = stories
    .flatMap(({ id, commits = [] }) =>
      commits.map((commit): CommittedEffect => ({
        id,
        kind: 'order',
        epoch: commit.epoch ?? 1,
        writer: commit.writer,
        at: at(commit.at),
        lost: commit.lost === true,
      })),
    )
    .sort((one, other) => one.at - other.at);
  const received = stories.flatMap(({ id, item }) => {
    if (!item) return [];
    const reached = new Map(item.reached === undefined ? [] : [[THERE, at(item.reached)]]);
    return [[id, { region: item.region, at: at(item.at), reached }] as const];
  });
  const verdicts = stories.flatMap(({ id, verdict }) => (verdict === undefined ? [] : [[id, verdict] as const]));
  const told = stories.flatMap(({ id, told: says }) => (says === undefined ? [] : [[id, says] as const]));
  return {
    faultAt: FAULT,
    quietFrom: FAULT,
    endAt: at(400),
    submissions,
    committed,
    acknowledged: [],
    received: new Map(received),
    won: [],
    survivor: { region: THERE, isReachable: true, verdicts: new Map(verdicts), told: new Map(told) },
  };
}

describe('what became of an acknowledged submission', () => {
  const fateOf = (story: Omit<Story, 'id'>): Fate | undefined => outcomesOf(factsOf({ id: 'o', ...story })).at(0)?.fate;
  const before = { region: HERE, at: -30, reached: -29 };

  test('has one fate: processed, delayed, expired, redone, late or lost', () => {
    const good = { sentAt: -30, item: before, commits: [{ at: -28, writer: HERE }], verdict: 'PROCESSED' };
    expect(fateOf(good)).toBe('processed');
    expect(fateOf({ ...good, commits: [{ at: 90, writer: THERE }] })).toBe('delayed');
    expect(fateOf({ ...good, commits: [{ at: 90, writer: THERE }], verdict: 'EXPIRED' })).toBe('expired');
    const twice = [
      { at: -1, writer: HERE, lost: true },
      { at: 90, writer: THERE },
    ] as const;
    expect(fateOf({ ...good, commits: twice })).toBe('redone');
    expect(
      fateOf({
        sentAt: -1,
        item: { region: HERE, at: -1 },
        commits: [{ at: 300, writer: THERE }],
        verdict: 'PROCESSED',
      }),
    ).toBe('late');
    expect(fateOf({ sentAt: -1, item: { region: HERE, at: -1 } })).toBe('lost');
  });

  test('is not known where the run ended before its chance was over: the last two minutes prove nothing', () => {
    const end = 400;
    expect(fateOf({ sentAt: end - 120, item: { region: THERE, at: end - 120 } })).toBe('lost');
    expect(fateOf({ sentAt: end - 119, item: { region: THERE, at: end - 119 } })).toBe('waiting');
    const done = { commits: [{ at: end - 10, writer: THERE }], verdict: 'PROCESSED' };
    expect(fateOf({ sentAt: end - 11, item: { region: THERE, at: end - 11 }, ...done })).toBe('processed');
  });

  test('is judged by the survivor’s database, and only where a client was told that it is accepted', () => {
    const commits = [{ at: -28, writer: HERE }];
    expect(fateOf({ sentAt: -30, item: before, commits })).toBe('lost');
    expect(fateOf({ sentAt: -30, item: before, commits, verdict: 'PROCESSED', acknowledged: false })).toBeUndefined();
  });

  test('is good within 15 s of its first sending, whatever time its attempts took', () => {
    expect(GOOD_WITHIN_MS).toBe(15_000);
    const story = (seconds: number) => ({
      sentAt: 200,
      item: { region: THERE, at: 201 },
      commits: [{ at: 200 + seconds, writer: THERE }],
      verdict: 'PROCESSED',
    });
    expect([fateOf(story(15)), fateOf(story(15.001))]).toEqual(['processed', 'delayed']);
  });
});

describe('the RTO', () => {
  /** Orders every ten seconds, of which some have their effect a second later, and the others never. */
  const recovery = (isGood: (seconds: number) => boolean): number | undefined => {
    const stories = Array.from({ length: 50 }, (_, index): Story => {
      const sentAt = index * 10 - 60;
      const done = { commits: [{ at: sentAt + 1, writer: THERE }], verdict: 'PROCESSED' };
      return { id: `o${index}`, sentAt, ...(isGood(sentAt) && done) };
    });
    const facts = factsOf(...stories);
    return recoverySeconds(facts, outcomesOf(facts));
  };

  test('is the time from the fault to the first good effect after the last submission that was not good', () => {
    expect(recovery((seconds) => seconds < 0 || seconds >= 130)).toBe(131);
    // One good order between bad ones is no recovery.
    expect(recovery((seconds) => seconds < 0 || seconds === 50 || seconds >= 130)).toBe(131);
  });

  test('is zero when no submission suffered, and none when none was good again', () => {
    expect(recovery(() => true)).toBe(0);
    expect(recovery((seconds) => seconds < 0)).toBeUndefined();
  });
});

describe('a double write', () => {
  test('is an acknowledged commit under an epoch after the first commit under a higher one', () => {
    const written = (first: number, second: number): Facts => {
      const facts = factsOf(
        { id: 'old', sentAt: 0, commits: [{ at: first, writer: HERE, epoch: 1 }] },
        { id: 'new', sentAt: 0, commits: [{ at: second, writer: THERE, epoch: 2 }] },
      );
      return { ...facts, acknowledged: [{ id: 'old', epoch: 1, region: HERE, at: at(first) }] };
    };
    expect(doubleWritesOf(written(10, 20))).toEqual([]);
    expect(doubleWritesOf(written(20, 10))).toEqual([
      'old was committed under epoch 1 after epoch 2 had begun to write',
    ]);
    // What nobody was told of is no write: it is gone with the writer that made it.
    expect(doubleWritesOf({ ...written(20, 10), acknowledged: [] })).toEqual([]);
  });
});

describe('an effect that its client is not told of', () => {
  const item = { region: HERE, at: -30, reached: -29 };
  const story = { sentAt: -30, item, commits: [{ at: -28, writer: HERE }], verdict: 'PROCESSED' } as const;
  const opened = { id: 'first', sentAt: 100, commits: [{ at: 101, writer: THERE, epoch: 2 }] } as const;
  const untold = (change: Partial<Story>, ...others: readonly Story[]) => {
    const facts = factsOf({ id: 'o', ...story, ...change }, ...others);
    return untoldOf(facts, outcomesOf(facts));
  };

  test('is found where the region that owns writes has had three minutes to tell of it', () => {
    const why = `order o is PROCESSED in ${THERE}, and its client is told RECEIVED`;
    expect(untold({}, opened)).toEqual([why]);
    expect(untold({ told: 'PROCESSED' }, opened)).toEqual([]);
    // The run ends at 400.
    expect(untold({}, { ...opened, commits: [{ at: 221, writer: THERE, epoch: 2 }] })).toEqual([]);
    expect(untold({ commits: [{ at: 221, writer: THERE, epoch: 2 }] }, opened)).toEqual([]);
  });

  test('is found as well where the client is told what was true of a commit that was lost', () => {
    expect(untold({ verdict: 'EXPIRED', told: 'PROCESSED' }, opened)).toEqual([
      `order o is EXPIRED in ${THERE}, and its client is told PROCESSED`,
    ]);
  });

  test('is not looked for where a fault has lasted almost to the end of the run', () => {
    const facts = factsOf({ id: 'o', ...story }, opened);
    expect(untoldOf({ ...facts, quietFrom: at(220) }, outcomesOf(facts))).toHaveLength(1);
    expect(untoldOf({ ...facts, quietFrom: at(221) }, outcomesOf(facts))).toEqual([]);
  });

  test('is not looked for where its item has never arrived: GET says 404 there, until the lost region returns', () => {
    expect(untold({ item: { region: HERE, at: -30 } }, opened)).toEqual([]);
    expect(untold({ item: { region: THERE, at: -30 } }, opened)).toHaveLength(1);
  });

  test('is nobody’s fault who was never promised anything', () => {
    expect(untold({ acknowledged: false }, opened)).toEqual([]);
  });
});

describe('an acknowledgement without a commit', () => {
  const facts = factsOf({ id: 'one', sentAt: 0, commits: [{ at: 10, writer: HERE, epoch: 1 }] });
  const told = (epoch: number, region: string): Facts => ({
    ...facts,
    acknowledged: [{ id: 'one', epoch, region, at: at(11) }],
  });

  test('is found by its region and its epoch: a result must name the commit that it stands for', () => {
    expect(unfoundedOf(told(1, HERE))).toEqual([]);
    expect(unfoundedOf(told(2, HERE))).toEqual([`one has a result of ${HERE} under epoch 2, and no such commit`]);
    expect(unfoundedOf(told(1, THERE))).toEqual([`one has a result of ${THERE} under epoch 1, and no such commit`]);
  });
});
