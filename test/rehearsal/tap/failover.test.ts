import { masked } from './support/masked';
import { openStage } from './support/opened';
import { CHANGES, Scene } from './support/scene';

const opened = openStage();

const plan = [
  'Plan:',
  "  stop-consumers  Stops the other region's consumers, if it can be reached (at once)",
  '  start-consumers Starts the consumers here, which an earlier run may have stopped (at once)',
  "  promote         Makes this region's database cluster the writer (at once)",
  '  shift-traffic   Sends clients here (at once)',
  '  raise-floor     Raises the floor of the fleet here (at once)',
  "  open            Installs the epoch in the database and opens the lease, once the other region's is over (after promote)",
  '  reconcile       Has every order since the fault looked for (after open)',
  '  verify          Sends one real order through this region (after open, start-consumers)',
  '  announce        Tells people (after open, shift-traffic)',
  '  record-change   Writes the informational record active.<zone> (after open, shift-traffic)',
  '  report          Writes the report of the run (after stop-consumers, raise-floor, reconcile, verify, announce, record-change)',
];

const guards = (...over: readonly string[]): readonly string[] => [
  'Guards:',
  '  mode        yes            ann@laptop asks for it',
  '  maintenance yes            none announced',
  '  alarm       yes            not asked: an operator has decided',
  '  register    yes            eu-central-1 is active under epoch 1',
  '  cooldown    yes            no failover shortly before',
  '  isolation   yes            not asked: an operator has decided',
  '  readiness   yes            nothing stands in the way of a promotion',
  ...(over.length > 0 ? over : ['  loss        yes            about T would be lost']),
];

const STEPS_AT_HOME = [
  '  +T the plan is carried out',
  '  +T stop-consumers  done: 1 consumers stopped',
  '  +T start-consumers done: 1 consumer started',
];

describe('on a healthy stack', () => {
  test('a dry run tells guards, plan and time, exits 0, and changes nothing anywhere', async () => {
    const scene = await Scene.open(opened.stage);
    const before = scene.calls.length;
    const typed = await scene.tap('failover --dry-run');
    expect(typed.code).toBe(0);
    const lines = masked(typed.out).split('\n');
    expect(lines[0]).toBe('Failover of stack dev to eu-central-2 (dr)');
    for (const line of [...guards(), ...plan]) expect(lines).toContain(line);
    expect(lines.slice(-2)).toEqual(['Dry run: nothing was changed.', '']);
    // What the command and the orchestrator called meanwhile, from the operation's name to its reach.
    const made = scene.calls.slice(before).filter(({ by }) => /^(terminal|failover-orchestrator)/.test(by));
    expect(made.length).toBeGreaterThan(10);
    expect(made.filter(({ operation }) => CHANGES.has(operation))).toEqual([]);
    expect(scene.world.rds.writerRegion()).toBe(scene.primary);
  });

  test('a failover asks for the stack’s name, shows every step and ends with the other region active', async () => {
    const scene = await Scene.open(opened.stage);
    const typed = await scene.tap('failover', { types: ['dev'] });
    expect(typed).toMatchObject({
      code: 0,
      err: "Failover: eu-central-2 (dr) becomes active.\nType the stack's name, dev, to go on: dev\n",
    });
    const lines = masked(typed.out).split('\n');
    for (const line of STEPS_AT_HOME) expect(lines).toContain(line);
    expect(lines).toContain('  +T promote         done: this region has the writer, and it is available');
    expect(lines).toContain('run ID in eu-central-2, by ann@laptop, TIME: done, after T (eu-central-2 is active)');
    expect(scene.world.rds.writerRegion()).toBe(scene.dr);
    // The report names who did it.
    const evidence = await scene.tap('evidence --region dr');
    expect(masked(evidence.out)).toMatch(/^ {2}1 {2}TIME {2}run ID by ann@laptop: DONE after T/m);
  });

  test.each([
    ['typed wrongly', 'failover', { types: ['prod'] }, 'tap: not confirmed: nothing was changed\n'],
    ['ended by Ctrl-D', 'failover', {}, 'tap: not confirmed: nothing was changed\n'],
    [
      'a pipeline without --confirm',
      'failover',
      { isTerminal: false },
      'tap: Failover: eu-central-2 (dr) becomes active: is not confirmed; without a terminal it takes --confirm dev\n',
    ],
    [
      'a pipeline that means another stack',
      'failover --confirm prod',
      { isTerminal: false },
      "tap: Failover: eu-central-2 (dr) becomes active: --confirm prod is not the stack's name; without a terminal it takes --confirm dev\n",
    ],
    // A line that is brought back from the shell's history must not do it again.
    ['--confirm on a terminal', 'failover --confirm dev', {}, 'tap: not confirmed: nothing was changed\n'],
  ])('nothing is begun when the name is %s', async (_, line, keyboard, told) => {
    const typed = await opened.healthy.tap(line, keyboard);
    expect(typed.code).toBe(3);
    expect(typed.err.endsWith(told)).toBe(true);
    expect((await opened.healthy.tap('resume')).out).toBe('No run stands: there is nothing to go on with.\n');
    expect(opened.healthy.world.rds.writerRegion()).toBe(opened.healthy.primary);
  });

  test('--yes is refused before anything is asked of AWS', async () => {
    const typed = await opened.healthy.tap('failover --yes', { types: ['dev'] });
    expect(typed).toMatchObject({ code: 2, calls: [], out: '' });
    expect(typed.err).toBe(
      "tap: --yes is refused for failover: on a terminal the stack's name is typed, in a pipeline it takes --confirm STACK\n",
    );
  });

  test.each([
    ['--accept-loss soon', 'tap: --accept-loss soon is not allowed: a whole number of seconds, or unknown\n'],
    ['--accept-loss -5', 'tap: --accept-loss -5 is not allowed: a whole number of seconds, or unknown\n'],
    [
      '--to us-east-1',
      "tap: --to us-east-1 is not allowed: the stack's regions are eu-central-1 (primary) and eu-central-2 (dr)\n",
    ],
    ['--fast', "error: unknown option '--fast'\n(npx tap VERB --help explains a verb)\n"],
  ])('%s is named, with what is allowed, and nothing is asked of AWS', async (options, told) => {
    expect(await opened.healthy.tap(`failover ${options}`)).toMatchObject({ code: 2, calls: [], out: '', err: told });
  });

  test('the region that is active already is refused', async () => {
    const typed = await opened.healthy.tap('failover --to primary');
    expect(typed).toMatchObject({
      code: 3,
      err: 'tap: eu-central-1 (primary) is active already, under epoch 1: there is nothing to do\n',
    });
  });
});

describe('with primary lost', () => {
  /** Beyond the RPO of 60 s: nothing starts by itself without a person. */
  async function farBehind(): Promise<Scene> {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'aurora-lag', ms: 90_000 });
    await scene.pass(200_000);
    scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
    return scene;
  }

  test('a loss above the RPO has to be accepted, and the text says how', async () => {
    const scene = await farBehind();
    await scene.pass(15_000);
    const typed = await scene.tap('failover', { types: ['dev'] });
    expect(typed.code).toBe(5);
    const lines = masked(typed.out).split('\n');
    expect(lines).toContain('  loss        needs a person about T would be lost, more than T');
    expect(lines.slice(-3)).toEqual([
      'The loss has to be accepted: add --accept-loss SECONDS, or --accept-loss unknown.',
      'Nothing was changed.',
      '',
    ]);
    const accepted = await scene.tap('failover --accept-loss 120 --who ann', { types: ['dev'] });
    expect(accepted.code).toBe(0);
    expect(masked(accepted.out)).toContain(
      'epoch 2; estimated loss T; writes again T after the first sign of the fault',
    );
  });

  test('a terminal that dies in the middle loses nothing: the run goes on, and resume finds it', async () => {
    const scene = await farBehind();
    await scene.pass(15_000);
    const died = await scene.tap('failover --accept-loss unknown', { types: ['dev'], diesAfterMs: 45_000 });
    expect(died.code).toBeUndefined();
    expect(died.out).toContain('promote         started');

    // A second one is not begun, in neither direction, although the first owner of the epoch is not active yet.
    const second = await scene.tap('failover --accept-loss unknown', { types: ['dev'] });
    expect(second.code).toBe(3);
    expect(masked(second.err)).toBe(
      'tap: run ID stands in eu-central-2, started by ann@laptop. Go on with it: npx tap resume. Give it up: npx tap abort\n',
    );

    // Nobody has asked for a loss: who types one is not left in the belief that it was accepted.
    const notAsked = await scene.tap('resume --accept-loss 120');
    expect(notAsked).toMatchObject({
      code: 3,
      err: expect.stringMatching(
        /run .* in eu-central-2 does not wait for a person: --accept-loss 120 has nothing to accept, and nothing was changed/,
      ) as unknown,
    });
    const resumed = await scene.tap('resume');
    expect(resumed.code).toBe(0);
    const [silent, found] = masked(resumed.out).split('\n');
    expect(silent).toBe('not known of eu-central-1: no answer (no connection)');
    expect(found).toBe('run ID in eu-central-2, by ann@laptop, TIME: carries out its plan, for T');
    expect(masked(resumed.out)).toContain('run ID in eu-central-2, by ann@laptop, TIME: done, after T');
    expect(scene.world.rds.writerRegion()).toBe(scene.dr);
  });

  test('a loss that is accepted where no run stands is refused', async () => {
    expect(await opened.healthy.tap('resume --accept-loss unknown')).toMatchObject({
      code: 3,
      err: 'tap: no run stands: --accept-loss unknown has nothing to accept, and nothing was changed\n',
    });
  });

  test('a run that waits for a person is answered by resume', async () => {
    const scene = await farBehind();
    // The alarm has offered it, and the guard wants somebody to accept the loss.
    await scene.pass(120_000);
    const asked = await scene.tap('resume');
    expect(asked.code).toBe(5);
    expect(masked(asked.out)).toContain('by the alarm, TIME: waits for a person');
    expect(asked.out).toContain('To accept the loss:  npx tap resume --accept-loss SECONDS  (or: unknown)');
    // A failover that accepts nothing changes nothing, and the run goes on waiting.
    const other = await scene.tap('failover', { types: ['dev'] });
    expect([other.code, other.err]).toEqual([5, '']);
    const answered = await scene.tap('resume --accept-loss 120');
    expect(answered.code).toBe(0);
    expect(scene.world.rds.writerRegion()).toBe(scene.dr);
  });

  test('one that waits can be aborted, after a question', async () => {
    const scene = await farBehind();
    await scene.pass(120_000);
    expect((await scene.tap('abort', { types: ['n'] })).code).toBe(3);
    const typed = await scene.tap('abort', { types: ['y'] });
    expect(typed.code).toBe(0);
    expect(masked(typed.err)).toBe('Abort run ID in eu-central-2. Go on? [y/N] y\n');
    expect(masked(typed.out)).toContain(
      'run ID in eu-central-2, by the alarm, TIME: refused: nothing was changed, after T (aborted by ann@laptop)',
    );
    expect(scene.world.rds.writerRegion()).toBe(scene.primary);
  });

  test('a failover that accepts the loss takes the place of the run that waits', async () => {
    const scene = await farBehind();
    await scene.pass(120_000);
    const typed = await scene.tap('failover --accept-loss 120', { types: ['dev'] });
    expect(typed.code).toBe(0);
    const lines = masked(typed.out).split('\n');
    expect(lines[0]).toBe('run ID in eu-central-2, by the alarm, TIME: waits for a person, for T');
    expect(lines[1]).toBe('It has claimed nothing yet: your failover takes its place.');
    expect(scene.world.rds.writerRegion()).toBe(scene.dr);
  });

  test('an abort after RDS has the order is refused', async () => {
    const scene = await farBehind();
    await scene.pass(15_000);
    await scene.tap('failover --accept-loss unknown', { types: ['dev'], diesAfterMs: 45_000 });
    const typed = await scene.tap('abort --yes');
    expect(typed.code).toBe(3);
    expect(typed.out).toContain('Refused: RDS has accepted the failover already: there is no way back.');
  });

  test('a failover back to the lost region says which one is meant and why it does not go', async () => {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
    await scene.pass(400_000);
    const typed = await scene.tap('failover', { types: ['dev'] });
    expect(typed).toMatchObject({
      code: 4,
      err: 'tap: eu-central-1 (primary) is the region to make active, and its orchestrator cannot be asked (eu-central-2 (dr) stays as it is): no answer (no connection)\n',
    });
  });
});

describe("with the alarm's run in doubt whether primary is lost", () => {
  test('one command takes its place, with its invocation at work, and both are in the reports', async () => {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'partition', between: ['primary', 'dr'] }, 900);
    await scene.pass(100_000);
    const looked = await scene.tap('failover --dry-run');
    expect(masked(looked.out).split('\n').slice(0, 2)).toEqual([
      'run ID in eu-central-2, by the alarm, TIME: asks whether it may begin, for T',
      'It has claimed nothing yet: your failover takes its place.',
    ]);
    // A dry run replaces nobody.
    expect(masked((await scene.tap('status --region dr')).out)).toMatch(
      /by the alarm, TIME:\s+asks whether it may begin/,
    );

    const typed = await scene.tap('failover --accept-loss 300', { types: ['dev'] });
    expect(typed.code).toBe(0);
    expect(masked(typed.out)).toContain('run ID in eu-central-2, by ann@laptop, TIME: done, after T');
    expect(scene.world.rds.writerRegion()).toBe(scene.dr);
    // One failover, however many asked for it.
    const orders = scene.calls.filter(
      ({ operation, result }) => operation === 'FailoverGlobalCluster' && result === 'ok',
    );
    expect(orders).toHaveLength(1);
    const evidence = masked((await scene.tap('evidence --region dr')).out);
    expect(evidence).toMatch(/run ID by the alarm: REFUSED after T.*\n.*run ID by ann@laptop: DONE after T/);
    expect(evidence).toContain('the chain holds');
  });
});

describe('what cannot be asked', () => {
  test('expired credentials give one line that says what to do, in every verb', async () => {
    const scene = await Scene.open(opened.stage);
    scene.credentials = 'expired';
    for (const line of ['failover', 'resume', 'abort']) {
      expect(await scene.tap(line, { types: ['dev'] })).toMatchObject({
        code: 4,
        out: '',
        err: 'tap: the AWS credentials have expired: log in again (aws sso login), or take the role again\n',
      });
    }
  });

  test('a role without the rights is named', async () => {
    const scene = await Scene.open(opened.stage);
    const typed = await scene.tap('resume', { role: 'arn:aws:iam::123456789012:role/nobody' });
    expect(typed.code).toBe(4);
    expect(typed.err).toContain(
      'not allowed: arn:aws:iam::123456789012:role/nobody is not authorized to perform lambda:InvokeFunction',
    );
    expect(typed.err).toContain("take the operator's role (output operatorRoleArn)");
  });

  test('throttling is tried again by the SDK, a bounded number of times, and then told', async () => {
    const scene = await Scene.open(opened.stage);
    for (const region of ['primary', 'dr'] as const) {
      scene.break({ kind: 'service', region, service: 'lambda', operations: ['Invoke'], effect: 'throttled' }, 120);
    }
    const typed = await scene.tap('failover', { types: ['dev'] });
    expect(typed.code).toBe(4);
    expect(typed.err).toContain('AWS answers "too many requests", also after several attempts: wait a minute');
    const tries = typed.calls.filter((call) => call === 'lambda.Invoke eu-central-2 ThrottlingException');
    expect(tries).toHaveLength(3);
    // And it works once that is over.
    await scene.pass(120_000);
    expect((await scene.tap('failover --dry-run')).code).toBe(0);
  });

  test('without a majority of the registers a dry run ends with 4, because they do not answer, and not with 5', async () => {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'region-lost', region: 'witness', how: 'dark' });
    scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
    await scene.pass(30_000);
    const typed = await scene.tap('failover --dry-run --to dr');
    expect(typed.code).toBe(4);
    expect(typed.out).toContain('Not known yet: register.');
    expect(typed.out).toContain('The loss has to be accepted: add --accept-loss SECONDS, or --accept-loss unknown.');
  });

  test('without outputs it says where they come from, and asks nothing of AWS', async () => {
    const scene = await Scene.open(opened.stage);
    const typed = await scene.tap('failover', {
      outputs: {
        file: () => Promise.resolve({ environmentSuffix: 'dev' }),
        pulumi: () => Promise.reject(new Error('not asked')),
        write: () => Promise.reject(new Error('not asked')),
      },
    });
    expect(typed).toMatchObject({ code: 2, calls: [] });
    expect(typed.err).toContain(
      'tap: there are no outputs to go by: cfn-outputs/flat-outputs.json does not hold the outputs',
    );
    expect(typed.err).toContain('Run "npx tap outputs"');
  });
});
