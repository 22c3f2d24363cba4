import { CONFIGURATIONS, FAULTS, INVARIANTS, type InvariantName, LIVENESS, renderStory } from '../../../analysis/model';
import { main } from '../../../scripts/model-check';

/** Fewer states than this, and a configuration has lost what it is there for. `npm run model-check` prints how many there are. */
const LEAST_STATES: Readonly<Record<string, number>> = {
  'a claim': 15_000,
  'a bad network': 15_000,
  stalls: 12_000,
  claimants: 800,
  'a release': 35_000,
  'no witness': 2_500,
  writers: 15_000,
  'writes that are ended': 20_000,
  'a run': 10_000,
  "an operator's run": 15_000,
  'a switchover': 20_000,
  'runs and their journal': 3_000,
  'an abort': 2_000,
  'an order without an answer': 30_000,
  'an opening': 2_000,
  'a run that gives way': 3_000,
  'primary is lost': 1_500,
  'runs in both regions': 8_000,
  'switchovers and their journal': 4_000,
};

const explored = (name: string) => CONFIGURATIONS.find((one) => one.name === name);

describe('every invariant holds, whatever happens in which order', () => {
  const total = { states: 0, transitions: 0 };
  // The count belongs to the result: "no counterexample" means little without it.
  afterAll(() => {
    const [states, transitions] = [total.states, total.transitions].map((count) => count.toLocaleString('en-US'));
    process.stdout.write(`model check: ${states} states, ${transitions} transitions, every invariant holds\n`);
  });

  test.each(CONFIGURATIONS.map(({ name, about, explore }) => [name, about, explore] as const))(
    '%s: %s',
    (name, _, explore) => {
      const { counterexample, states, transitions } = explore(undefined, 'small');
      total.states += states;
      total.transitions += transitions;
      expect(counterexample && renderStory(counterexample)).toBeUndefined();
      expect(states).toBeGreaterThan(LEAST_STATES[name] ?? Infinity);
    },
  );
});

describe('a mistake that is planted is found', () => {
  test.each(FAULTS.map((fault) => [fault.name, fault.about, fault] as const))('%s: %s', (_, __, fault) => {
    const onlySafety = !LIVENESS.has(fault.breaks);
    const found = explored(fault.foundIn)?.explore(fault.protocol, 'small', { onlySafety });
    expect(found?.counterexample?.invariant).toBe(fault.breaks);
    expect(found?.counterexample?.story).not.toHaveLength(0);
  });

  test('every invariant is broken by one of them, or nobody would know that it can be', () => {
    const broken = new Set<InvariantName>(FAULTS.map(({ breaks }) => breaks));
    expect(Object.keys(INVARIANTS).filter((name) => !broken.has(name as InvariantName))).toEqual([]);
  });
});

test('a counterexample reads as a story: who does what and when, what is broken by it, and why that matters', () => {
  const fault = FAULTS.find(({ name }) => name === 'lease-from-confirmation');
  const found = explored('stalls')?.explore(fault?.protocol, 'small', { onlySafety: true });
  expect(found?.counterexample && renderStory(found.counterexample).split('\n')).toEqual([
    expect.stringMatching(/^ {3}1\. t=5 s primary's heartbeat has read primary: primary 1 won, .*; it renews epoch 1$/),
    "   2. t=5 s primary's heartbeat: renew of epoch 1 in primary is confirmed",
    expect.stringContaining("primary's heartbeat: renew of epoch 1 in dr is confirmed"),
    "   4. t=5 s primary's heartbeat stalls",
    expect.stringContaining('it claims epoch 2'),
    expect.stringContaining("dr's orchestrator: claim of epoch 2 in"),
    expect.stringContaining("dr's orchestrator: claim of epoch 2 in"),
    "   8. t=5 s dr's orchestrator has claimed epoch 2 and has to confirm it",
    expect.stringContaining("dr's orchestrator: confirm of epoch 2 in"),
    expect.stringContaining("dr's orchestrator: confirm of epoch 2 in"),
    "  11. t=5 s dr's orchestrator has won epoch 2",
    "  12. t=15 s primary's heartbeat has renewed epoch 1",
    "  13. t=15 s primary's functions may write under epoch 1 until t=25 s by its clock",
    '',
    'broken: a new owner waits for the old lease',
    '  at t=15 s dr may open epoch 2, which it has won; at t=20 s a function of primary may still acknowledge a commit under epoch 1',
    expect.stringMatching(/^why it matters: /),
  ]);
});

describe('npm run model-check', () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  test('prints how many states were explored', () => {
    main(['--bound', 'small', '--only', 'no witness']);
    expect(lines.join('\n')).toMatch(/no witness +3,\d{3} +\d,\d{3} +\d+ +\d+\.\d/);
    expect(lines.join('\n')).toMatch(/every invariant holds in all 3,\d{3} states/);
  });

  test('ends with an error and the story when an invariant breaks', () => {
    expect(() => main(['--fault', 'hidden-owner'])).toThrow('broken in the configuration "a claim": writing goes on');
    expect(lines.join('\n')).toContain('nothing else goes wrong (primary is lost)');
  });

  test.each([
    [['--bound', 'huge'], '--bound must be small or large, got "huge"'],
    [['--fault', 'none'], /^--fault must be one of "claim-by-one-register", .*, got "none"$/],
    [['--only', 'all'], /^--only must be one of "a claim", .*, got "all"$/],
    [['--seed', '1'], /Unknown option '--seed'[^]*usage: npm run model-check/],
  ])('refuses %j with a word on what is allowed', (argv, message) => {
    expect(() => main(argv)).toThrow(message);
  });
});
