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
  why: z.string(),
  next: z.string().optional(),
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

  const reportOf = (scene: Scene) => reportForm.parse(JSON.parse([...scene.files.values()].join('')));
  const isThere = { kind: 'service', region: 'primary', service: 'lambda', operations: ['Invoke'] } as const;

  /** Lets nobody ask primary's functions, once the platform has left it. */
  function silence(scene: Scene, effect: 'silent' | 'throttled', seconds?: number): void {
    scene.world.clock.after(200_000, () => scene.break({ ...isThere, effect }, seconds));
  }

  test('goes on when its questions are not answered for ten minutes: it asks again, and comes home (X6)', async () => {
    const scene = await Scene.open(opened.stage);
    await scene.pass(600_000);
    silence(scene, 'silent', 600);
    const typed = await scene.tap('drill', { types: ['dev'] });
    expect(typed.out).toMatch(/not yet: eu-central-1 .* cannot be asked .*no answer in time/);
    expect(typed.code).toBe(0);
    expect(scene.world.rds.writerRegion()).toBe(scene.primary);
    expect(reportOf(scene)).toMatchObject({ passed: true, why: 'there and back' });
  });

  // More than an hour of the platform's time.
  test('that does not come home within an hour ends with a report that says why, and what to type next', async () => {
    const scene = await Scene.open(opened.stage);
    await scene.pass(600_000);
    silence(scene, 'throttled');
    const typed = await scene.tap('drill', { types: ['dev'] });
    expect(typed.code).toBe(1);
    expect(scene.world.rds.writerRegion()).toBe(scene.dr);
    const report = reportOf(scene);
    expect(report).toMatchObject({ passed: false, next: 'mend what is named, then npx tap switchover' });
    expect(report.why).toMatch(/^the way back was not open for an hour, .* cannot be asked .* "too many requests"/);
    expect(report.legs.map(({ to, outcome }) => [to, outcome])).toEqual([['eu-central-2', 'DONE']]);
    expect(typed.out).toContain('eu-central-2 (dr) is active and stays so.\nMend what is named above, then: npx tap');
    expect(typed.out).toContain(`  next: ${report.next ?? ''}\n`);
  }, 300_000);

  test('whose first way fails says so in its report', async () => {
    const scene = await Scene.open(opened.stage);
    await scene.pass(600_000);
    const operations = ['SwitchoverGlobalCluster'];
    scene.break({ kind: 'service', region: 'primary', service: 'rds', effect: 'throttled', operations });
    const typed = await scene.tap('drill --json --confirm dev', { isTerminal: false });
    expect(typed.code).toBe(1);
    expect(reportOf(scene)).toMatchObject({
      passed: false,
      why: expect.stringContaining('in eu-central-2: ABORTED') as unknown,
      next: 'npx tap status says who may write now',
      legs: [{ outcome: 'ABORTED' }],
    });
    expect(reportForm.parse(JSON.parse(typed.out)).passed).toBe(false);
  });

  test('does not begin when its report cannot be written', async () => {
    const scene = opened.healthy;
    const save = () => Promise.reject(new Error("ENOENT: no such file or directory, open '/none/report.json'"));
    const typed = await scene.tap('drill --report /none/report.json', { types: ['dev'], save });
    expect(typed.code).toBe(3);
    expect(typed.err).toContain('the report cannot be written to /none/report.json: ');
    expect(typed.err).toContain('ENOENT');
    expect(typed.err).toContain('Name another file: --report FILE. Nothing was changed\n');
    expect((await scene.tap('resume')).out).toBe('No run stands: there is nothing to go on with.\n');
    expect(scene.world.rds.writerRegion()).toBe(scene.primary);
    // Nor is a file left by a drill that is not confirmed, or only looked at.
    await scene.tap('drill --dry-run');
    expect((await scene.tap('drill', { types: ['prod'] })).code).toBe(3);
    expect([...scene.files]).toEqual([]);
  });

  test('whose terminal dies leaves a platform that works, and switchover brings it home', async () => {
    const scene = await Scene.open(opened.stage);
    await scene.pass(600_000);
    const died = await scene.tap('drill', { types: ['dev'], diesAfterMs: 250_000 });
    expect(died.code).toBeUndefined();
    expect(scene.world.rds.writerRegion()).toBe(scene.dr);
    // Its report is there already, and says how far it had come.
    const report = reportOf(scene);
    expect(report).toMatchObject({ passed: false, legs: [{ to: 'eu-central-2', outcome: 'DONE' }] });
    expect(report.why).toMatch(/^eu-central-2 is active, and the way back has not ended; /);
    expect(report.next).toContain('npx tap switchover');
    await scene.pass(1_200_000);
    expect((await scene.tap('switchover', { types: ['dev'] })).code).toBe(0);
    expect(scene.world.rds.writerRegion()).toBe(scene.primary);
  });
});
