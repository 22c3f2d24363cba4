import fc from 'fast-check';
import { type Lease, mayWrite, SKEW_MS, writerState } from '../../../lambda/shared/may-write';

const OWN = 'eu-central-1';
const NOW = 1_000_000;
const held = (leaseEnd: number): { known: true; lease: Lease } => ({
  known: true,
  lease: { activeRegion: OWN, epoch: 7, leaseEnd },
});

describe('a region may write', () => {
  test('while its transaction ends 5 s before its lease, because two clocks may be that far apart', () => {
    expect(mayWrite({ reading: held(NOW + 6_000), region: OWN, now: NOW, deadline: NOW + 1_000 })).toEqual({
      ok: true,
      epoch: 7,
      latestCommit: NOW + 1_000,
    });
  });

  test.each([
    ['the deadline lies 1 ms too late', held(NOW + 5_999), NOW + 1_000, 'LEASE_ENDING'],
    ['the lease is over, although the deadline is wrongly in the past', held(NOW), NOW - 60_000, 'LEASE_ENDING'],
    ['the deadline is not a number', held(NOW + 60_000), Number.NaN, 'LEASE_ENDING'],
    [
      'the other region is active',
      { known: true, lease: { activeRegion: 'eu-central-2', epoch: 8, leaseEnd: NOW + 60_000 } },
      NOW,
      'NOT_ACTIVE',
    ],
    ['the lease cannot be read', { known: false, why: 'time-out' }, NOW, 'UNKNOWN'],
  ] as const)('not when %s', (_, reading, deadline, reason) => {
    expect(mayWrite({ reading, region: OWN, now: NOW, deadline })).toMatchObject({ ok: false, reason });
  });

  test('never past leaseEnd - 5 s and never for another region, whatever the times are', () => {
    fc.assert(
      fc.property(
        fc.record({ activeRegion: fc.constantFrom(OWN, 'eu-central-2'), epoch: fc.nat(), leaseEnd: fc.integer() }),
        fc.integer(),
        fc.integer(),
        (lease, now, deadline) => {
          const permit = mayWrite({ reading: { known: true, lease }, region: OWN, now, deadline });
          const allowed =
            lease.activeRegion === OWN && deadline <= lease.leaseEnd - SKEW_MS && now <= lease.leaseEnd - 5_000;
          expect(permit.ok).toBe(allowed);
        },
      ),
    );
  });
});

test.each([
  [
    { ok: true, epoch: 3, latestCommit: 0 },
    { state: 'ACTIVE', epoch: 3 },
  ],
  [
    { ok: false, reason: 'NOT_ACTIVE', why: '', epoch: 4 },
    { state: 'NOT_ACTIVE', epoch: 4 },
  ],
  [
    { ok: false, reason: 'LEASE_ENDING', why: '', epoch: 5 },
    { state: 'UNKNOWN', epoch: 5 },
  ],
  [{ ok: false, reason: 'UNKNOWN', why: '' }, { state: 'UNKNOWN' }],
] as const)('a client hears of %j as %j', (permit, state) => {
  expect(writerState(permit)).toEqual(state);
});
