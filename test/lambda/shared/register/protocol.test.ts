import fc from 'fast-check';
import {
  CLOCK_SKEW_MS,
  openFrom,
  planClaim,
  planRelease,
  planRenewal,
  viewAfterClaim,
  viewOf,
} from '../../../../lambda/shared/register/protocol';
import {
  absentRecord,
  quorumOf,
  type RegisterReading,
  type RegisterRecord,
} from '../../../../lambda/shared/register/record';

const PRIMARY = 'eu-central-1';
const DR = 'eu-central-2';
const QUORUM = quorumOf(PRIMARY, DR, 'eu-west-1');
const LEASE_MS = 60_000;

const region = fc.constantFrom(PRIMARY, DR);
const time = fc.integer({ min: 1_000_000, max: 1_200_000 });

/** One region per epoch, as the protocol itself sees to it. */
const ownerOfEpoch = (epoch: number): string => (epoch % 2 === 1 ? PRIMARY : DR);

const wonEpoch = fc
  .record({ epoch: fc.integer({ min: 1, max: 2 }), released: fc.boolean(), renewedAt: time })
  .map((won) => ({ ...won, activeRegion: ownerOfEpoch(won.epoch) }));

const record: fc.Arbitrary<RegisterRecord> = fc
  .record({
    won: wonEpoch,
    claimedAbove: fc.integer({ min: 0, max: 3 }),
    leaseEnds: fc.dictionary(region, time),
    version: fc.integer({ min: 1, max: 9 }),
    claimant: region,
  })
  .map(({ won, claimedAbove, leaseEnds, version, claimant }): RegisterRecord => {
    const rest = { claimId: 'some', leaseEnds, version, traffic: { failoverActive: 0, epoch: 1 } as const };
    if (claimedAbove > 0) {
      const epoch = won.epoch + claimedAbove;
      return { ...rest, activeRegion: claimant, epoch, standing: 'claimed', renewedAt: 0, lastWon: won };
    }
    const { activeRegion, epoch, renewedAt } = won;
    return { ...rest, activeRegion, epoch, standing: won.released ? 'released' : 'won', renewedAt };
  });

const reading = (location: string): fc.Arbitrary<RegisterReading> =>
  fc.oneof(
    { weight: 4, arbitrary: record.map((found): RegisterReading => ({ location, known: true, record: found })) },
    { weight: 1, arbitrary: fc.constant<RegisterReading>({ location, known: false, why: 'time-out' }) },
    {
      weight: 1,
      arbitrary: fc.constant<RegisterReading>({ location, known: true, record: absentRecord(PRIMARY) }),
    },
  );

const readings = fc.tuple(...QUORUM.locations.map(reading));
const claimant = { region: DR, otherRegion: PRIMARY, claimId: 'run', now: 1_100_000, leaseMs: LEASE_MS };

const leaseEndsOf = (all: readonly RegisterReading[], of: string): readonly number[] =>
  all.flatMap((one) => (one.known ? (one.record.leaseEnds[of] ?? []) : []));

describe('what the registers say together', () => {
  test('is nothing while less than a majority answers, whatever that one says', () => {
    fc.assert(
      fc.property(readings, (all) => {
        const known = all.filter((one) => one.known).length;
        const { kind } = viewOf(all, QUORUM).ownership;
        expect(kind === 'owned').toBe(known >= QUORUM.majority);
      }),
    );
  });

  test('is never less with one more answer: no epoch, owner, release or lease end is lost', () => {
    fc.assert(
      fc.property(readings, fc.nat({ max: 2 }), (all, silenced) => {
        const more = viewOf(all, QUORUM);
        const less = viewOf(
          all.map((one, i) => (i === silenced ? { location: one.location, known: false, why: 'time-out' } : one)),
          QUORUM,
        );
        expect(more.highestEpoch).toBeGreaterThanOrEqual(less.highestEpoch);
        for (const of of [PRIMARY, DR]) expect(more.leaseEnds[of] ?? 0).toBeGreaterThanOrEqual(less.leaseEnds[of] ?? 0);
        if (less.ownership.kind === 'unknown' || more.ownership.kind === 'unknown') return;
        expect(more.ownership.epoch).toBeGreaterThanOrEqual(less.ownership.epoch);
        if (more.ownership.epoch > less.ownership.epoch) return;
        expect(more.ownership.activeRegion).toBe(less.ownership.activeRegion);
        expect(more.ownership.released || !less.ownership.released).toBe(true);
        expect(more.lastRenewal).toBeGreaterThanOrEqual(less.lastRenewal);
      }),
    );
  });
});

describe('a claim', () => {
  test('takes an epoch above all that it has read, and lowers no lease end', () => {
    fc.assert(
      fc.property(readings, (all) => {
        const plan = planClaim(viewOf(all, QUORUM), QUORUM, claimant);
        if (!plan.ok) return;
        const known = all.flatMap((one) => (one.known ? [one.record] : []));
        expect(plan.epoch).toBeGreaterThan(Math.max(...known.map(({ epoch }) => epoch)));
        for (const { record: written } of plan.writes) {
          for (const of of [PRIMARY, DR]) {
            expect(written.leaseEnds[of] ?? 0).toBeGreaterThanOrEqual(Math.max(0, ...leaseEndsOf(all, of)));
          }
        }
      }),
    );
  });

  test('hides neither who has won before nor when they renewed, should it die half-way', () => {
    fc.assert(
      fc.property(readings, (all) => {
        const before = viewOf(all, QUORUM);
        const plan = planClaim(before, QUORUM, claimant);
        if (!plan.ok || before.ownership.kind === 'unknown') return;
        const after = viewAfterClaim(plan, [true, true, true], QUORUM);
        const { activeRegion, epoch, released } = before.ownership;
        expect(after.ownership).toEqual({ kind: 'owned', activeRegion, epoch, released, contestedBy: plan.epoch });
        expect(after.lastRenewal).toBe(before.lastRenewal);
      }),
    );
  });

  test('that finds no lease end waits a full one, but for the owner that claims back: nobody else has had one', () => {
    const untouched = viewOf(
      QUORUM.locations.map((location) => ({ location, known: true, record: absentRecord(PRIMARY) })),
      QUORUM,
    );
    const opensFrom = (plan: ReturnType<typeof planClaim>, other: string) =>
      plan.ok ? openFrom(plan.writes[0]?.record.leaseEnds ?? {}, other) : undefined;
    expect(opensFrom(planClaim(untouched, QUORUM, claimant), PRIMARY)).toBe(1_165_000);
    const back = { ...claimant, region: PRIMARY, otherRegion: DR };
    expect(opensFrom(planClaim(untouched, QUORUM, back), DR)).toBe(0);
  });
});

describe('a renewal', () => {
  test('leaves registers with a higher epoch alone, and lowers no lease end', () => {
    fc.assert(
      fc.property(readings, fc.integer({ min: 1, max: 7 }), (all, epoch) => {
        const now = 1_100_000;
        const view = viewOf(all, QUORUM);
        const writes = planRenewal(view, epoch, { region: ownerOfEpoch(epoch), now, leaseMs: LEASE_MS });
        const below = all.filter((one) => one.known && one.record.epoch <= epoch).map(({ location }) => location);
        expect(writes.map(({ location }) => location)).toEqual(below);
        for (const { record: written } of writes) {
          for (const of of [PRIMARY, DR]) {
            expect(written.leaseEnds[of] ?? 0).toBeGreaterThanOrEqual(Math.max(0, ...leaseEndsOf(all, of)));
          }
          expect(written.leaseEnds[ownerOfEpoch(epoch)]).toBeGreaterThanOrEqual(now + LEASE_MS);
        }
      }),
    );
  });
});

describe('a release', () => {
  test('lowers the lease end of its own region alone', () => {
    fc.assert(
      fc.property(readings, (all) => {
        const view = viewOf(all, QUORUM);
        for (const { record: written } of planRelease(view, 7, { region: PRIMARY, leaseEnd: 5 })) {
          expect(written).toMatchObject({ activeRegion: PRIMARY, epoch: 7, standing: 'released' });
          expect(written.leaseEnds).toEqual({ ...view.leaseEnds, [PRIMARY]: 5 });
          expect(written).not.toHaveProperty('lastWon');
        }
      }),
    );
  });

  test('of an epoch that was never open still waits for functions that go by a lease of an older one', () => {
    const all = [true, true, true];
    const dr = { leaseEnd: 1_090_000, claims: { ...claimant, now: 1_050_000 } };
    const before = viewOf(
      QUORUM.locations.map((location) => ({
        location,
        known: true,
        record: { ...absentRecord(PRIMARY), epoch: 3, leaseEnds: { [DR]: dr.leaseEnd }, version: 7 },
      })),
      QUORUM,
    );
    const plan = planClaim(before, QUORUM, dr.claims);
    if (!plan.ok) throw new Error(plan.why);
    const renewal = { region: DR, now: 1_050_000, leaseMs: LEASE_MS };
    const won = planRenewal(viewAfterClaim(plan, all, QUORUM), plan.epoch, renewal);
    const view = viewOf(
      won.map(({ location, record: written }) => ({ location, known: true, record: written })),
      QUORUM,
    );
    expect(view.leaseEnds[DR]).toBe(1_110_000);
    const [released] = planRelease(view, plan.epoch, { region: DR, leaseEnd: 1_060_000 });
    expect(released?.record.leaseEnds[DR]).toBe(dr.leaseEnd);
  });
});

test("a region may commit once the other one's last lease is over on every clock", () => {
  fc.assert(
    fc.property(readings, (all) => {
      const from = openFrom(viewOf(all, QUORUM).leaseEnds, PRIMARY);
      for (const end of leaseEndsOf(all, PRIMARY)) expect(from).toBeGreaterThanOrEqual(end + CLOCK_SKEW_MS);
    }),
  );
});
