import { LEASE_MS, platform, PRIMARY, WITNESS } from '../support/registers';

describe("the end of the other region's lease", () => {
  test('is written by majority, and never later than it was known', async () => {
    const world = platform();
    const { at } = world.clock;
    await world.primary.keeper.renew({ verdict: world.verdict() });
    await world.dr.keeper.claim('run');
    world.clock.at += 2_000;
    expect(await world.dr.keeper.endOtherLease(2)).toMatchObject({ kind: 'done' });
    const ends = () => [...world.records.values()].map(({ leaseEnds }) => leaseEnds[PRIMARY]);
    expect(ends()).toEqual([at + 2_000, at + 2_000, at + 2_000]);
    world.clock.at += 10_000;
    expect(await world.dr.keeper.endOtherLease(2)).toMatchObject({ kind: 'done' });
    expect(ends()).toEqual([at + 2_000, at + 2_000, at + 2_000]);
  });

  test('is not said by a region that does not own the epoch', async () => {
    const world = platform();
    await world.primary.keeper.renew({ verdict: world.verdict() });
    expect(await world.dr.keeper.endOtherLease(1)).toMatchObject({ kind: 'lost' });
    expect(world.records.get(PRIMARY)?.leaseEnds[PRIMARY]).toBe(world.clock.at + LEASE_MS);
  });

  test('where a register has not heard of it, the old end comes back and is waited for', async () => {
    const world = platform();
    const { at } = world.clock;
    await world.primary.keeper.renew({ verdict: world.verdict() });
    await world.dr.keeper.claim('run');
    world.dr.links[WITNESS] = 'lossy';
    await world.dr.keeper.endOtherLease(2);
    world.dr.links[WITNESS] = 'up';
    expect(await world.dr.keeper.open(2)).toMatchObject({ kind: 'pending' });
    world.clock.at = at + LEASE_MS + 5_000;
    expect(await world.dr.keeper.open(2)).toMatchObject({ kind: 'done' });
  });
});
