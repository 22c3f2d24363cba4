import { explore, type Model, type Recovery } from '../../../analysis/model/explorer';

/** Two counters, each of which goes from 0 to 3, one step at a time. */
interface State {
  readonly a: number;
  readonly b: number;
}

const TO = 3;

const counters: Model<State> = {
  initial: [{ a: 0, b: 0 }],
  moves({ a, b }, emit) {
    if (a < TO) emit({ a: a + 1, b }, () => `a is ${a + 1}`);
    if (b < TO) emit({ a, b: b + 1 }, () => (b === 0 ? '' : `b is ${b + 1}\nand was ${b}`));
  },
  key: ({ a, b }) => `${a} ${b}`,
  breach: () => undefined,
  rest: (state) => state,
  recoveries: [],
};

const growing: Recovery<State> = {
  name: 'only a goes on',
  invariant: 'every run ends',
  limit: 3,
  applies: () => true,
  round: ({ a, b }, say) => {
    say(() => `a goes to ${a + 1}`);
    return { a: a + 1, b };
  },
  isGood: ({ a, b }) => a >= b,
};

describe('exploring', () => {
  test('reaches every state once, however many ways lead there', () => {
    expect(explore(counters, { clock: () => 0 })).toEqual({ states: 16, transitions: 24, depth: 6, seconds: 0 });
  });

  test('counts states with one key as one', () => {
    const alike = { ...counters, key: ({ a, b }: State) => [a, b].sort().join(' ') };
    expect(explore(alike).states).toBe(10);
  });

  test('ends at a breach with the shortest way there; a step without words is none of its lines', () => {
    const broken: Model<State> = {
      ...counters,
      breach: ({ a, b }) => (a + b === 3 && b === 2 ? { invariant: 'no double write', detail: 'b is 2' } : undefined),
    };
    expect(explore(broken).counterexample).toEqual({
      invariant: 'no double write',
      detail: 'b is 2',
      story: ['a is 1', 'b is 2', 'and was 1'],
    });
  });

  test('follows what has to come after each state, and tells where it does not', () => {
    expect(explore({ ...counters, recoveries: [growing] }).counterexample).toBeUndefined();
    const tooSlow = explore({ ...counters, recoveries: [{ ...growing, limit: 2 }] });
    expect(tooSlow.counterexample).toEqual({
      invariant: 'every run ends',
      detail: '2 rounds later it is not so yet (only a goes on)',
      story: [
        'b is 2',
        'and was 1',
        'b is 3',
        'and was 2',
        'from here on nothing else goes wrong (only a goes on):',
        'a goes to 1',
        'a goes to 2',
      ],
    });
  });

  test('promises nothing where a recovery does not apply, or where only safety is asked for', () => {
    const tooSlow = { ...growing, limit: 2 };
    expect(
      explore({ ...counters, recoveries: [{ ...tooSlow, applies: ({ b }) => b < TO }] }).counterexample,
    ).toBeUndefined();
    expect(explore({ ...counters, recoveries: [tooSlow] }, { onlySafety: true }).counterexample).toBeUndefined();
  });

  test('a good end that was found from one state counts for the next one with all its rounds', () => {
    // From (0, 3) three rounds lead through (1, 3) and (2, 3), which are explored later, each with its own limit.
    const { counterexample } = explore({
      ...counters,
      initial: [
        { a: 1, b: 3 },
        { a: 0, b: 3 },
      ],
      recoveries: [{ ...growing, limit: 2 }],
    });
    expect(counterexample?.story).toEqual([
      'from here on nothing else goes wrong (only a goes on):',
      'a goes to 1',
      'a goes to 2',
    ]);
  });
});
