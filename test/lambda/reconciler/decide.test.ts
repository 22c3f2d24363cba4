import { decideCall, type Seen } from '../../../lambda/reconciler/decide';
import type { RunHead } from '../../../lambda/shared/current-run';
import { leaseOf } from '../support/fakes';

const NOW = Date.UTC(2026, 10, 26, 3, 0);
const DR = 'eu-central-2';
const PRIMARY = 'eu-central-1';

const run = (change: Partial<RunHead> = {}): RunHead => ({
  runId: 'run-1',
  phase: 'acting',
  startedAt: NOW - 100_000,
  ownedUntil: NOW - 1,
  closed: false,
  ...change,
});
const ended = (change: Partial<RunHead> = {}): RunHead =>
  run({ phase: 'ended', outcome: 'DONE', closed: true, ...change });
const resume = { action: 'resume', runId: 'run-1' };
const offer = { action: 'offer' };
const active = { lease: { known: true, lease: leaseOf(DR, 2, NOW) } } as const;

/** `none`: no alarm starts a failover here, or it cannot be read. */
type Change = Partial<Omit<Seen, 'trigger'>> & { readonly trigger?: Seen['trigger'] | 'none' };

const CASES: readonly (readonly [string, Change, object | undefined])[] = [
  ['a red alarm that no run has taken up is offered again', {}, offer],
  ['one that is not red is not', { trigger: 'not-red' }, undefined],
  ['one that cannot be read is not: the orchestrator would ask the same', { trigger: 'unknown' }, undefined],
  ['nor is any where no alarm starts a failover', { trigger: 'none' }, undefined],
  ['announced work holds the offer back', { maintenance: 'red' }, undefined],
  ['not knowing of any work does not', { maintenance: 'unknown' }, offer],
  ['after a refusal it is offered again, because a refusal is no run', { run: ended({ outcome: 'REFUSED' }) }, offer],
  ['after a failover the alarm about the other region may stay red', { run: ended(), ...active }, undefined],
  ['a lease that ran out is still this region’s own', { lease: { known: true, lease: leaseOf(DR, 2, 0) } }, undefined],
  ['a lease that cannot be read leaves it to the guards', { lease: { known: false, why: 'x' } }, offer],
  ['a run that somebody works on is left alone', { run: run({ ownedUntil: NOW + 1 }) }, undefined],
  ['a run whose owner died is resumed', { run: run() }, resume],
  ['also while the alarm cannot be read', { run: run(), trigger: 'none' }, resume],
  ['also while work is announced', { run: run(), maintenance: 'red' }, resume],
  [
    'a run that waits for a person is not offered a second time',
    { run: run({ phase: 'waiting-for-person' }) },
    undefined,
  ],
  [
    'and is looked at again after a minute',
    { run: run({ phase: 'waiting-for-person', ownedUntil: NOW - 60_001 }) },
    resume,
  ],
  [
    'an end that not everybody knows of is looked at again after a minute',
    { run: ended({ closed: false, ownedUntil: NOW - 60_001 }) },
    resume,
  ],
  ['and not before, nor is the alarm offered over it', { run: ended({ closed: false }) }, undefined],
  [
    'but a refusal that is not reported never holds an offer back',
    { run: ended({ outcome: 'REFUSED', closed: false, ownedUntil: 0 }) },
    offer,
  ],
  [
    'it is reported when nothing is red',
    { trigger: 'not-red', run: ended({ outcome: 'REFUSED', closed: false, ownedUntil: 0 }) },
    resume,
  ],
];

test.each(CASES)('%s', (_, change, expected) => {
  const { trigger = 'red', ...rest } = change;
  const seen: Seen = {
    now: NOW,
    region: DR,
    maintenance: 'not-red',
    lease: { known: true, lease: leaseOf(PRIMARY, 1, NOW) },
    run: undefined,
    ...rest,
    ...(trigger !== 'none' && { trigger }),
  };
  expect(decideCall(seen)).toEqual(expected);
});
