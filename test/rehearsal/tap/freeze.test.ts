import { masked } from './support/masked';
import { openStage } from './support/opened';
import { Scene } from './support/scene';

const opened = openStage();

const FREEZE = 'freeze --for 30m --reason "Aurora 17.7 to 17.8"';

test('a freeze is held back for real before the command ends, shows in status, and ends by itself', async () => {
  const scene = await Scene.open(opened.stage);
  const typed = await scene.tap(FREEZE);
  expect(typed.code).toBe(0);
  expect(masked(typed.out)).toBe(
    [
      'Announced until TIME by ann@laptop: Aurora 17.7 to 17.8. Waiting for the alarm...',
      'Frozen: no failover starts by itself. When you are done: npx tap unfreeze',
      '',
    ].join('\n'),
  );
  expect(scene.world.cloudwatch.state(scene.dr, 'maintenance-dev')).toBe('ALARM');
  const shown = masked((await scene.tap('status')).out);
  expect(shown.match(/^ {2}frozen {5}for another T, until TIME, by ann@laptop: Aurora 17\.7 to 17\.8$/gm)).toHaveLength(
    2,
  );

  // The terminal is long gone, and primary is lost: nothing starts by itself until the end that was named.
  scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
  await scene.pass(1_500_000);
  expect(scene.world.rds.writerRegion()).toBe(scene.primary);
  await scene.pass(900_000);
  expect(scene.world.rds.writerRegion()).toBe(scene.dr);
});

test('unfreeze lets failovers start again, and a freeze does not hold back a person', async () => {
  const scene = await Scene.open(opened.stage);
  await scene.tap(FREEZE);
  scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
  await scene.pass(300_000);
  expect((await scene.tap('failover --dry-run --accept-loss unknown')).code).toBe(0);
  const ended = await scene.tap('unfreeze');
  expect(ended.code).toBe(0);
  expect(ended.out).toContain('eu-central-1 (primary): no answer (no connection); dr alone decides');
  expect(ended.out).toContain('No longer frozen');
  await scene.pass(400_000);
  expect(scene.world.rds.writerRegion()).toBe(scene.dr);
});

test('while a run stands it is refused: what has begun is not held back', async () => {
  const scene = await Scene.open(opened.stage);
  await scene.tap('failover', { types: ['dev'], diesAfterMs: 30_000 });
  const typed = await scene.tap(FREEZE);
  expect(typed.code).toBe(3);
  expect(masked(typed.err)).toBe('tap: run ID stands in eu-central-2: what has begun is not held back by a freeze\n');
});

test.each([
  ['freeze --for 2d --reason work', '--for 2d is not allowed: minutes or hours such as 30m or 2h, from 5m to 24h'],
  ['freeze --for 25h --reason work', '--for 25h is not allowed: minutes or hours such as 30m or 2h, from 5m to 24h'],
  ['freeze --for 1m --reason work', '--for 1m is not allowed: minutes or hours such as 30m or 2h, from 5m to 24h'],
  ['freeze --for 1h --reason x', '--reason x is not allowed: a reason, of 3 to 200 characters'],
  ['freeze --reason work', "required option '--for <length>' not specified"],
])('%s is refused with what is allowed', async (line, told) => {
  const typed = await opened.healthy.tap(line);
  expect(typed).toMatchObject({ code: 2, calls: [] });
  expect(typed.err).toContain(told);
});

test('with dr lost nothing is certain, and it says so', async () => {
  const scene = await Scene.open(opened.stage);
  scene.break({ kind: 'region-lost', region: 'dr', how: 'dark' });
  const typed = await scene.tap(FREEZE);
  expect(typed.code).toBe(4);
  expect(typed.err).toBe('tap: eu-central-2 (dr): no answer (no connection); nothing is certain there\n');
});
