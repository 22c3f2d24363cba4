import { z } from 'zod';
import { masked } from './support/masked';
import { openStage } from './support/opened';
import { CHANGES, Scene } from './support/scene';

const opened = openStage();
beforeAll(async () => {
  // The guards want a region that has been well for some minutes.
  await opened.healthy.pass(600_000);
});

test('a dry run tells guards, plan and time, exits 0, and changes nothing', async () => {
  const before = opened.healthy.calls.length;
  const typed = await opened.healthy.tap('switchover --dry-run');
  expect(typed.code).toBe(0);
  const lines = masked(typed.out).split('\n');
  expect(lines[0]).toBe('Switchover of stack dev to eu-central-2 (dr)');
  expect(lines.at(-2)).toBe('Dry run: nothing was changed.');
  expect(typed.out).toMatch(/^Estimated time: usually \d+ s, at most \d+ s; until the region writes: usually \d+ s/m);
  const made = opened.healthy.calls.slice(before).filter(({ by }) => /^(terminal|failover-orchestrator)/.test(by));
  expect(made.filter(({ operation }) => CHANGES.has(operation))).toEqual([]);
});

test('a fail-back where primary is active is refused: there is nothing to bring home', async () => {
  const typed = await opened.healthy.tap('failback', { types: ['dev'] });
  expect(typed).toMatchObject({
    code: 3,
    err: 'tap: eu-central-1 (primary) is active already, under epoch 1: there is nothing to do\n',
  });
});

test.each(['switchover', 'failback', 'drill'])('%s --yes is refused before anything is asked', async (verb) => {
  const typed = await opened.healthy.tap(`${verb} --yes`);
  expect(typed).toMatchObject({ code: 2, calls: [] });
  expect(typed.err).toContain(`--yes is refused for ${verb}`);
});

test('there and home again: switchover, and fail-back once its guards say yes', async () => {
  const scene = await Scene.open(opened.stage);
  await scene.pass(600_000);
  const there = await scene.tap('switchover', { types: ['dev'] });
  expect(there.code).toBe(0);
  expect(masked(there.out)).toContain('run ID in eu-central-2, by ann@laptop, TIME: done, after T');
  expect(scene.world.rds.writerRegion()).toBe(scene.dr);

  // At once it is too early, and the text says what is missing.
  const early = await scene.tap('failback', { types: ['dev'] });
  expect(early.code).toBe(3);
  expect(early.out).toContain('A guard says no: cooldown');

  await scene.pass(1_200_000);
  const home = await scene.tap('failback', { types: ['dev'] });
  expect(home.code).toBe(0);
  expect(scene.world.rds.writerRegion()).toBe(scene.primary);
  const status = await scene.tap('status');
  expect(status.out).toContain('active     eu-central-1 (primary), epoch 3');

  // dr waits as it did before it was active: with its consumers on, and nothing that counts as worse than before.
  await scene.pass(60_000);
  const consumers = scene.world.mappings.all.map(({ settings, currentState }) => `${settings.region} ${currentState}`);
  expect([...new Set(consumers)].sort()).toEqual(['eu-central-1 Enabled', 'eu-central-2 Enabled']);
  for (let looks = 0; looks < 3; looks += 1) {
    await scene.pass(300_000);
    const waiting = (await scene.tap('status --region dr')).out;
    expect(waiting).not.toContain('readiness-regressed');
    expect(waiting).not.toContain('consumers-enabled');
  }
});

test('with a region lost it does not begin: a failover is what is needed', async () => {
  const scene = await Scene.open(opened.stage);
  scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
  await scene.pass(10_000);
  const typed = await scene.tap('switchover', { types: ['dev'] });
  expect(typed.code).not.toBe(0);
  expect(scene.calls.filter(({ operation }) => operation === 'SwitchoverGlobalCluster')).toEqual([]);
});

const reportForm = z.object({
  form: z.literal(1),
  stack: z.literal('dev'),
  who: z.literal('ann@laptop'),
  passed: z.boolean(),
  legs: z.array(
    z.object({
      to: z.string(),
      outcome: z.string(),
      tookMs: z.number(),
      steps: z.array(z.object({ name: z.string() })),
    }),
  ),
});

describe('a drill', () => {
  test('goes there and back, waits for the guards in between, and leaves a timed report', async () => {
    const scene = await Scene.open(opened.stage);
    await scene.pass(600_000);
    const typed = await scene.tap('drill --json --confirm dev', { isTerminal: false });
    expect(typed.code).toBe(0);
    const [[file, text]] = [...scene.files] as [[string, string]];
    expect(file).toMatch(/^drill-dev-2026-01-05T\d\d-\d\d-\d\d\.json$/);
    const report = reportForm.parse(JSON.parse(text));
    expect(report.passed).toBe(true);
    expect(report.legs.map(({ to, outcome }) => [to, outcome])).toEqual([
      ['eu-central-2', 'DONE'],
      ['eu-central-1', 'DONE'],
    ]);
    for (const { tookMs } of report.legs) expect(tookMs).toBeGreaterThan(10_000);
    expect(scene.world.rds.writerRegion()).toBe(scene.primary);
    // For programs there is one document, and the story is on stderr.
    expect(reportForm.safeParse(JSON.parse(typed.out)).success).toBe(true);
    expect(typed.err).toContain('not yet: ');
  });

  test('whose terminal dies leaves a platform that works, and switchover brings it home', async () => {
    const scene = await Scene.open(opened.stage);
    await scene.pass(600_000);
    const died = await scene.tap('drill', { types: ['dev'], diesAfterMs: 250_000 });
    expect(died.code).toBeUndefined();
    expect(scene.world.rds.writerRegion()).toBe(scene.dr);
    await scene.pass(1_200_000);
    expect((await scene.tap('switchover', { types: ['dev'] })).code).toBe(0);
    expect(scene.world.rds.writerRegion()).toBe(scene.primary);
  });
});
