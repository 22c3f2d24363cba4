import { DR, platform } from '../support/registers';

/** dr has won an epoch while primary's lease still runs. */
async function claimedByDr() {
  const world = platform();
  await world.primary.keeper.renew({ verdict: world.verdict() });
  await world.dr.keeper.renew();
  const claim = await world.dr.keeper.claim('run-1');
  if (!claim.won) throw new Error(claim.why);
  return { ...world, epoch: claim.epoch, openFrom: claim.openFrom };
}

// Ended as lost, the run would have nobody look for the orders since the fault (analysis/model, "an opening").
describe('an opening that the heartbeat of the same region overtakes', () => {
  test.each([
    ['is done where it was faster with an epoch of its own above a contested one', 60_000, 'done'],
    ['waits where that lease is over already: the registers tell under which epoch to go on', -1, 'pending'],
  ])('%s', async (_, leftMs, kind) => {
    const { dr, epoch, openFrom, clock } = await claimedByDr();
    clock.at = openFrom;
    const { put } = dr.lease;
    jest.spyOn(dr.lease, 'put').mockImplementationOnce(async (lease) => {
      // Between the renewal and the copy: the heartbeat here has claimed, and copied its lease for the functions.
      await put({ activeRegion: DR, epoch: epoch + 1, leaseEnd: clock.at + leftMs });
      return put(lease);
    });
    expect(await dr.keeper.open(epoch)).toMatchObject({ kind });
  });
});
