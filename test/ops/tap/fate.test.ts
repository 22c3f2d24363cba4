import fc from 'fast-check';
import { fateOf, type Result } from '../../../ops/tap/reconcile/fate';

const settled = (epoch: number): Result => ({ epoch, verdict: 'PROCESSED' });
const rejected = (epoch: number): Result => ({ epoch, verdict: 'REJECTED' });
const expired = (epoch: number): Result => ({ epoch, verdict: 'EXPIRED' });

const NOTHING = { expired: false, redone: false, settledBefore: false };

test.each<[string, readonly Result[], Partial<typeof NOTHING>]>([
  ['an order without a result has no fate yet', [], {}],
  ['one that was settled once is nothing to tell of', [settled(1)], {}],
  ['settled under two epochs: the first commit went with the lost writer', [settled(1), settled(2)], { redone: true }],
  ['a rejection is settled as well as an execution', [rejected(1), settled(2)], { redone: true }],
  ['two results of one epoch are a repetition, and no second commit', [settled(2), settled(2)], {}],
  ['found after its time', [expired(2)], { expired: true }],
  [
    'settled by the lost writer and then EXPIRED: it was not redone, and its client may have been told otherwise',
    [settled(1), expired(2)],
    { expired: true, settledBefore: true },
  ],
  ['EXPIRED in both regions: nobody has executed it', [expired(1), expired(2)], { expired: true }],
])('%s', (_, results, fate) => {
  expect(fateOf(results)).toEqual({ ...NOTHING, ...fate });
});

test('reports of expiry alone, however many, are never counted as redone', () => {
  const reports = fc.array(fc.nat(5).map(expired));
  const one = fc.option(fc.nat(5).map(settled), { nil: undefined });
  fc.assert(
    fc.property(reports, one, (late, done) => {
      expect(fateOf([...late, ...(done ? [done] : [])]).redone).toBe(false);
    }),
  );
});
