import fc from 'fast-check';
import { DR, LEASE_MS, type Link, LOCATIONS, platform, PRIMARY, WITNESS } from '../support/registers';

/** Primary has renewed once and its functions may write. */
async function running() {
  const world = platform();
  await world.primary.keeper.renew({ verdict: world.verdict() });
  return world;
}

/** dr has begun a claim and not come beyond its own register. */
async function contested() {
  const world = await running();
  const { write } = world.dr.registers;
  const cutOff = jest
    .spyOn(world.dr.registers, 'write')
    .mockImplementation((writes) => write(writes.filter(({ location }) => location === DR)));
  expect(await world.dr.keeper.claim('run-1')).toEqual({ won: false, why: '1 registers took the claim of epoch 2' });
  cutOff.mockRestore();
  return world;
}

/** dr has won the next epoch as a run does; primary's lease still runs. */
async function claimedByDr() {
  const world = await running();
  await world.dr.keeper.renew();
  const claim = await world.dr.keeper.claim('run-1');
  if (!claim.won) throw new Error(claim.why);
  return { ...world, epoch: claim.epoch, openFrom: claim.openFrom };
}

describe('a renewal', () => {
  test('is copied for the functions only after a majority has it, and counts from before the first request', async () => {
    const { primary, records, verdict, clock } = platform();
    const began = clock.at;
    const { read } = primary.registers;
    jest.spyOn(primary.registers, 'read').mockImplementation(() => ((clock.at += 900), read()));
    const result = await primary.keeper.renew({ verdict: verdict() });
    expect(result).toEqual({ kind: 'renewed', epoch: 1, leaseEnd: began + LEASE_MS, local: { kind: 'written' } });
    expect(primary.local.item).toMatchObject({ activeRegion: PRIMARY, epoch: 1, leaseEnd: began + LEASE_MS });
    expect([...records.values()].map(({ leaseEnds }) => leaseEnds[PRIMARY])).toEqual(
      LOCATIONS.map(() => began + LEASE_MS),
    );
  });

  test.each([
    ['with one register lost', { [WITNESS]: 'down' }, 'renewed'],
    ['with two registers lost', { [WITNESS]: 'down', [DR]: 'down' }, 'failed'],
    ['with two writes lost', { [WITNESS]: 'lossy', [DR]: 'lossy' }, 'failed'],
    ['with two answers lost', { [WITNESS]: 'deaf', [DR]: 'deaf' }, 'failed'],
  ] as const)('%s: %j', async (_, links, kind) => {
    const { primary, verdict, clock } = await running();
    const before = primary.local.item;
    Object.assign(primary.links, links);
    clock.at += 10_000;
    expect((await primary.keeper.renew({ verdict: verdict() })).kind).toBe(kind);
    expect(primary.local.item?.leaseEnd).toBe(kind === 'renewed' ? clock.at + LEASE_MS : before?.leaseEnd);
  });

  test('holds although the local item cannot be written, and says so', async () => {
    const { primary, verdict } = await running();
    primary.local.broken = true;
    expect(await primary.keeper.renew({ verdict: verdict() })).toMatchObject({
      kind: 'renewed',
      local: { kind: 'failed', why: 'Error: the lease table does not answer' },
    });
  });

  test('carries the verdict to the other region', async () => {
    const { primary, dr, verdict } = await running();
    await primary.keeper.renew({ verdict: verdict(false) });
    expect((await dr.keeper.view()).view.verdict).toEqual(verdict(false));
  });

  test('opens nothing where the database is not known to take writes', async () => {
    const { primary } = platform();
    expect(await primary.keeper.renew()).toMatchObject({ kind: 'renewed', local: { kind: 'kept' } });
    expect(primary.local.item).toBeUndefined();
  });
});

describe('the region that is not active', () => {
  test('tells its functions who is, with a lease that is over', async () => {
    const { dr } = await running();
    expect(await dr.keeper.renew()).toMatchObject({ kind: 'stand-by', activeRegion: PRIMARY, epoch: 1 });
    expect(dr.local.item).toMatchObject({ activeRegion: PRIMARY, epoch: 1, leaseEnd: 0 });
  });

  test('stops its functions at once when it learns that it has lost the epoch', async () => {
    const { primary, epoch } = await claimedByDr();
    await primary.keeper.renew();
    expect(primary.local.item).toMatchObject({ activeRegion: DR, epoch, leaseEnd: 0 });
  });

  test('changes nothing while no majority answers', async () => {
    const { primary } = await claimedByDr();
    Object.assign(primary.links, { [DR]: 'down', [WITNESS]: 'down' });
    const before = primary.local.item;
    expect(await primary.keeper.renew()).toMatchObject({ kind: 'failed', why: expect.stringContaining('1 of 3') });
    expect(primary.local.item).toBe(before);
  });

  test('takes a released epoch up when its database takes writes', async () => {
    const { primary, dr, verdict, clock, epoch } = await claimedByDr();
    await dr.keeper.renew();
    expect((await dr.keeper.release(epoch)).kind).toBe('done');
    expect(await primary.keeper.renew({ verdict: verdict(false) })).toMatchObject({ kind: 'stand-by' });
    expect(await primary.keeper.renew({ verdict: verdict() })).toMatchObject({ kind: 'claimed', epoch: epoch + 1 });
    // dr never opened its lease, so nobody waits for it, only for the clocks.
    clock.at += 5_000;
    await primary.keeper.renew({ verdict: verdict() });
    expect(primary.local.item).toMatchObject({ activeRegion: PRIMARY, epoch: epoch + 1 });
  });
});

describe('the second renewer', () => {
  test.each([
    ['leaves a lease alone that runs for long enough', 10_000, 'not-needed'],
    ['renews one that does not', 21_000, 'renewed'],
  ])('%s', async (_, later, kind) => {
    const { primary, clock, verdict } = await running();
    clock.at += later;
    expect((await primary.keeper.renew({ verdict: verdict(), onlyBelowMs: 40_000 })).kind).toBe(kind);
  });

  test('goes by what the functions read: a renewal that was not copied for them is not enough', async () => {
    const { primary, clock, verdict } = await running();
    clock.at += 30_000;
    await primary.keeper.setTraffic(1, 0);
    expect(await primary.keeper.renew({ verdict: verdict(), onlyBelowMs: 40_000 })).toMatchObject({ kind: 'renewed' });
  });

  test('never claims, and does nothing for the other region', async () => {
    const { primary, dr, clock } = await contested();
    clock.dice = 0;
    clock.at += 30_000;
    expect((await dr.keeper.renew({ onlyBelowMs: 40_000 })).kind).toBe('not-needed');
    expect((await primary.keeper.renew({ onlyBelowMs: 40_000 })).kind).toBe('renewed');
    expect((await primary.keeper.renew()).kind).toBe('claimed');
  });
});

describe('a claim', () => {
  test('is won by two majorities, one after the other, and opens after the other lease with the skew of the clocks', async () => {
    const { dr, records, clock } = await running();
    dr.links[PRIMARY] = 'down';
    const claim = await dr.keeper.claim('run-1');
    expect(claim).toEqual({ won: true, epoch: 2, openFrom: clock.at + LEASE_MS + 5_000 });
    expect(dr.calls).toEqual(['read', 'write', 'write']);
    expect([DR, WITNESS].map((location) => records.get(location)?.standing)).toEqual(['won', 'won']);
    expect(dr.local.item).toBeUndefined();
  });

  test('that a crash cut off after its first half is no win: it is claimed again, above', async () => {
    const { dr } = await running();
    const { write } = dr.registers;
    const crash = jest.spyOn(dr.registers, 'write').mockImplementation((writes) => {
      if (writes.every(({ record }) => record.standing === 'claimed')) return write(writes);
      return Promise.resolve(writes.map(() => false));
    });
    expect(await dr.keeper.claim('run-1')).toMatchObject({ won: false, why: expect.stringContaining('not confirmed') });
    crash.mockRestore();
    expect(await dr.keeper.claim('run-1')).toMatchObject({ won: true, epoch: 3 });
  });

  test('that has been won under this id is not claimed again, but confirmed by a majority', async () => {
    const { dr, epoch, openFrom } = await claimedByDr();
    expect(await dr.keeper.claim('run-1')).toEqual({ won: true, epoch, openFrom });
    Object.assign(dr.links, { [PRIMARY]: 'deaf', [WITNESS]: 'down' });
    expect((await dr.keeper.claim('run-1')).won).toBe(false);
    Object.assign(dr.links, { [PRIMARY]: 'up', [WITNESS]: 'up' });
    expect(await dr.keeper.claim('run-1')).toEqual({ won: true, epoch, openFrom });
  });

  test('that has been won and is contested is claimed anew, above both', async () => {
    const { dr, primary, epoch, clock } = await claimedByDr();
    const { write } = primary.registers;
    const cutOff = jest
      .spyOn(primary.registers, 'write')
      .mockImplementation((writes) => write(writes.filter(({ location }) => location === PRIMARY)));
    await primary.keeper.claim('back');
    cutOff.mockRestore();
    clock.at += 1_000;
    expect(await dr.keeper.claim('run-1')).toMatchObject({ won: true, epoch: epoch + 2 });
  });

  test('under another id takes a new epoch, although the region is active', async () => {
    const { dr, epoch } = await claimedByDr();
    expect(await dr.keeper.claim('run-2')).toMatchObject({ won: true, epoch: epoch + 1 });
  });

  test('needs a majority that answers', async () => {
    const { dr } = await running();
    Object.assign(dr.links, { [PRIMARY]: 'down', [WITNESS]: 'down' });
    expect(await dr.keeper.claim('run-1')).toEqual({ won: false, why: '1 of 3 registers answered' });
  });
});

describe('opening', () => {
  test('waits for the last lease of the other region, then lets the functions here write', async () => {
    const { dr, epoch, openFrom, clock } = await claimedByDr();
    expect(await dr.keeper.open(epoch)).toMatchObject({
      kind: 'pending',
      detail: expect.stringContaining('1 min 5 s'),
    });
    expect(dr.local.item).toMatchObject({ activeRegion: PRIMARY });
    clock.at = openFrom;
    expect(await dr.keeper.open(epoch)).toMatchObject({ kind: 'done' });
    expect(dr.local.item).toMatchObject({ activeRegion: DR, epoch, leaseEnd: clock.at + LEASE_MS });
  });

  test('goes on under a higher epoch of the own region, which its heartbeat took because somebody contested', async () => {
    const { dr, primary, epoch, openFrom, clock } = await claimedByDr();
    const { write } = primary.registers;
    jest
      .spyOn(primary.registers, 'write')
      .mockImplementation((writes) => write(writes.filter(({ location }) => location === PRIMARY)));
    expect((await primary.keeper.claim('back')).won).toBe(false);
    clock.dice = 0;
    expect(await dr.keeper.renew()).toMatchObject({ kind: 'claimed', epoch: epoch + 2 });
    clock.at = openFrom;
    expect((await dr.keeper.setTraffic(epoch, 1)).kind).toBe('done');
    expect((await dr.keeper.open(epoch)).kind).toBe('done');
    expect(dr.local.item).toMatchObject({ activeRegion: DR, epoch: epoch + 2 });
    expect((await dr.keeper.view()).view.traffic).toEqual({ failoverActive: 1, epoch: epoch + 2 });
  });

  test('waits while no majority confirms the lease, and while the item cannot be written', async () => {
    const { dr, epoch, openFrom, clock } = await claimedByDr();
    clock.at = openFrom;
    Object.assign(dr.links, { [PRIMARY]: 'deaf', [WITNESS]: 'down' });
    expect((await dr.keeper.open(epoch)).kind).toBe('pending');
    Object.assign(dr.links, { [PRIMARY]: 'up', [WITNESS]: 'up' });
    dr.local.broken = true;
    expect((await dr.keeper.open(epoch)).kind).toBe('pending');
  });

  test('is done where a heartbeat was faster', async () => {
    const { dr, epoch, openFrom, clock, verdict } = await claimedByDr();
    clock.at = openFrom;
    await dr.keeper.renew({ verdict: verdict() });
    clock.at -= 1;
    expect(await dr.keeper.open(epoch)).toMatchObject({ kind: 'pending' });
    clock.at += 1;
    const { put } = dr.lease;
    jest.spyOn(dr.lease, 'put').mockImplementation(async (lease) => {
      await put({ ...lease, leaseEnd: lease.leaseEnd + 1 });
      return put(lease);
    });
    expect(await dr.keeper.open(epoch)).toMatchObject({ kind: 'done', detail: 'open by a heartbeat' });
  });

  test.each([
    [
      'another region has a higher epoch',
      (world: Awaited<ReturnType<typeof claimedByDr>>) => world.primary.keeper.claim('x'),
    ],
    ['it was given back', (world: Awaited<ReturnType<typeof claimedByDr>>) => world.dr.keeper.release(world.epoch)],
  ])('is lost where %s', async (_, lose) => {
    const world = await claimedByDr();
    world.clock.at = world.openFrom;
    await lose(world);
    expect((await world.dr.keeper.open(world.epoch)).kind).toBe('lost');
    expect((await world.dr.keeper.setTraffic(world.epoch, 1)).kind).toBe('lost');
    expect(world.dr.local.item).toMatchObject({ activeRegion: PRIMARY });
  });
});

test('traffic moves by majority, and is carried on by every renewal and claim', async () => {
  const { dr, primary, epoch } = await claimedByDr();
  dr.links[PRIMARY] = 'down';
  expect((await dr.keeper.setTraffic(epoch, 1)).kind).toBe('done');
  await dr.keeper.renew();
  expect((await primary.keeper.view()).view.traffic).toEqual({ failoverActive: 1, epoch });
  await primary.keeper.claim('back');
  expect((await dr.keeper.view()).view.traffic).toEqual({ failoverActive: 1, epoch });
});

describe('a release', () => {
  test('of a lease that was open stops the functions first, and keeps the end that they may still go by', async () => {
    const { primary, dr, clock } = await running();
    const end = clock.at + LEASE_MS;
    clock.at += 10_000;
    primary.calls.length = 0;
    const { close } = primary.lease;
    jest.spyOn(primary.lease, 'close').mockImplementation((...args) => (primary.calls.push('close'), close(...args)));
    expect((await primary.keeper.release(1)).kind).toBe('done');
    expect(primary.calls).toEqual(['read', 'close', 'read', 'write']);
    expect(primary.local.item).toMatchObject({ epoch: 1, leaseEnd: 0, closed: true });
    expect(await dr.keeper.claim('run-1')).toEqual({ won: true, epoch: 2, openFrom: end + 5_000 });
  });

  test('of a lease that never was gives the other region the time back', async () => {
    const { dr, primary, epoch, clock } = await claimedByDr();
    expect((await dr.keeper.release(epoch)).kind).toBe('done');
    expect(await primary.keeper.claim('back')).toMatchObject({ won: true, openFrom: clock.at + 5_000 });
  });

  test('decides the same when it is repeated after a lost answer', async () => {
    const open = await running();
    const end = open.clock.at + LEASE_MS;
    Object.assign(open.primary.links, { [WITNESS]: 'down', [DR]: 'down' });
    expect((await open.primary.keeper.release(1)).kind).toBe('pending');
    Object.assign(open.primary.links, { [WITNESS]: 'up', [DR]: 'up' });
    open.clock.at += 1_000;
    expect((await open.primary.keeper.release(1)).kind).toBe('done');
    expect((await open.primary.keeper.release(1)).detail).toBe('released before');
    expect((await open.dr.keeper.view()).view.leaseEnds[PRIMARY]).toBe(end);

    const neverOpen = await claimedByDr();
    Object.assign(neverOpen.dr.links, { [WITNESS]: 'down', [PRIMARY]: 'down' });
    expect((await neverOpen.dr.keeper.release(2)).kind).toBe('pending');
    Object.assign(neverOpen.dr.links, { [WITNESS]: 'up', [PRIMARY]: 'up' });
    expect((await neverOpen.dr.keeper.release(2)).kind).toBe('done');
    expect((await neverOpen.primary.keeper.view()).view.leaseEnds[DR]).toBe(neverOpen.clock.at);
  });

  test('keeps the end of a lease that a renewal opens at the last moment', async () => {
    const { dr, primary, epoch, openFrom, clock } = await claimedByDr();
    clock.at = openFrom;
    const { close } = dr.lease;
    jest.spyOn(dr.lease, 'close').mockImplementation(async (...args) => {
      await dr.keeper.open(epoch);
      return close(...args);
    });
    expect((await dr.keeper.release(epoch)).kind).toBe('done');
    expect(await primary.keeper.claim('back')).toMatchObject({ won: true, openFrom: openFrom + LEASE_MS + 5_000 });
  });

  test('does not begin while the functions cannot be stopped', async () => {
    const { primary, records } = await running();
    primary.local.broken = true;
    const before = records.get(PRIMARY);
    expect((await primary.keeper.release(1)).kind).toBe('pending');
    expect(records.get(PRIMARY)).toBe(before);
  });

  test('leaves its region to stand by, and its renewals do not open the lease again', async () => {
    const { primary, verdict } = await running();
    await primary.keeper.release(1);
    expect(await primary.keeper.renew({ verdict: verdict() })).toMatchObject({
      kind: 'stand-by',
      local: { kind: 'kept' },
    });
    expect(primary.local.item).toMatchObject({ closed: true });
  });
});

describe('whatever is done in whatever order, over links that fail', () => {
  const link = fc.constantFrom<Link>('up', 'up', 'up', 'down', 'lossy', 'deaf');
  const links = fc.record({ [PRIMARY]: link, [DR]: link, [WITNESS]: link });
  const deed = fc.constantFrom('renew', 'renew', 'second', 'claim', 'open', 'traffic', 'release');
  const step = fc.record({
    who: fc.constantFrom('primary', 'dr'),
    deed,
    links,
    waitMs: fc.nat({ max: 12_000 }),
    dice: fc.nat({ max: 9 }),
  });

  test('at most one region writes, and only on a lease that a majority of the registers holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const { clock, records, primary, dr, verdict } = platform();
        const claimed = { primary: 1, dr: 1 };
        // A transaction that has read its lease may go by it to the end, whatever becomes of the item meanwhile.
        const mayWriteUntil = new Map<string, number>();
        for (const { who, deed: what, links: now, waitMs, dice } of steps) {
          clock.at += waitMs;
          clock.dice = dice / 10;
          const side = { primary, dr }[who];
          Object.assign(side.links, now);
          const { keeper } = side;
          if (what === 'renew') await keeper.renew({ verdict: verdict(dice > 2) });
          if (what === 'second') await keeper.renew({ verdict: verdict(), onlyBelowMs: 40_000 });
          if (what === 'open') await keeper.open(claimed[who]);
          if (what === 'traffic') await keeper.setTraffic(claimed[who], who === 'dr' ? 1 : 0);
          if (what === 'release') await keeper.release(claimed[who]);
          if (what === 'claim') {
            const claim = await keeper.claim(`${who}-${dice}`);
            if (claim.won) claimed[who] = claim.epoch;
          }
          for (const { region, local } of [primary, dr]) {
            const { activeRegion, leaseEnd } = local.item ?? { activeRegion: '', leaseEnd: 0 };
            if (activeRegion !== region || leaseEnd <= (mayWriteUntil.get(region) ?? 0)) continue;
            mayWriteUntil.set(region, leaseEnd);
            const granted = LOCATIONS.filter((at) => (records.get(at)?.leaseEnds[region] ?? 0) >= leaseEnd);
            expect(granted.length).toBeGreaterThanOrEqual(2);
          }
          const writing = [PRIMARY, DR].filter((region) => (mayWriteUntil.get(region) ?? 0) - 5_000 > clock.at);
          expect(writing.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 100 },
    );
  });
});
