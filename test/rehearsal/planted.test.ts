import { readFileSync } from 'node:fs';
import path from 'node:path';
import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { ROOT } from '../../lib/bundles';
import { PACKS } from '../../rehearsal/packs/packs';
import { plansFor, playPlanted } from '../../rehearsal/planted/play';
import { PLANTED } from '../../rehearsal/planted/planted';
import { SECOND_LINES } from '../../rehearsal/planted/second-lines';
import type { Graph } from '../../analysis/graph/graph';
import type { RunPlan } from '../../rehearsal/judge/result';
import type { Planted } from '../../rehearsal/planted/play';

// Whole runs, two at a time: all of them take two to three minutes.
const STACK = 'dev';
const SCENARIOS = PACKS.flatMap(({ scenarios }) => scenarios);
const AT_ONCE = 2;

/** The promises of the stack (Pulumi.yaml); the budget's own bounds are tested with the budget. */
const ANY = { target: Infinity, best: 0, worst: Infinity };
const BOUNDS = {
  'A region': { ...ANY, target: 300 },
  'A database': { ...ANY, target: 360 },
  'B region': ANY,
  'C region': ANY,
  'C database': ANY,
};

interface Job {
  readonly key: string;
  readonly planted: Planted;
  readonly plans: readonly RunPlan[];
}

const plans = (scenario: string, seeds: readonly string[]) => plansFor(scenario, seeds, STACK, SCENARIOS);
const controlOf = (scenario: string, seed: string) => ({ key: `control ${scenario} ${seed}`, scenario, seed });

const controls = [
  ...new Map(
    PLANTED.flatMap(({ caughtBy: { scenario, seeds } }) => seeds.map((seed) => controlOf(scenario, seed))).map(
      (control) => [control.key, control] as const,
    ),
  ).values(),
];
const jobs: readonly Job[] = [
  ...PLANTED.map(({ name, caughtBy: { scenario, seeds }, ...planted }) => ({
    key: name,
    planted,
    plans: plans(scenario, seeds),
  })),
  ...SECOND_LINES.map(({ name, scenario, seed, ...planted }) => ({
    key: name,
    planted,
    plans: plans(scenario, [seed]),
  })),
];

let graph: Graph;
const seen = new Map<string, readonly string[]>();

/** What is wrong with the runs of one job. */
function seenIn(key: string): readonly string[] {
  const violations = seen.get(key);
  if (!violations) throw new Error(`${key} was not played`);
  return violations;
}

async function work(waiting: Iterator<Job>): Promise<void> {
  for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
    const { key, planted, plans } = next.value;
    const violations = await playPlanted(planted, plans, { graph, bounds: BOUNDS }).catch((error: unknown) => [
      [`it could not be played: ${String(error)}`],
    ]);
    seen.set(key, violations.flat());
  }
}

beforeAll(async () => {
  graph = await evaluateStack(STACK);
  const controlPlans = controls.flatMap(({ scenario, seed }) => plans(scenario, [seed]));
  const wrong = await playPlanted({}, controlPlans, { graph, bounds: BOUNDS }, AT_ONCE);
  for (const [index, { key }] of controls.entries()) seen.set(key, wrong[index] ?? ['it was not played']);
  const waiting = jobs[Symbol.iterator]();
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(waiting)));
}, 600_000);

describe('without a fault nothing is wrong, so what is seen below is seen because of the fault', () => {
  test.each(controls)('in $scenario, seed $seed', ({ key }) => {
    expect(seenIn(key)).toEqual([]);
  });
});

describe('a planted fault is seen', () => {
  test.each(PLANTED)('$name, by $caughtBy.scenario: $story', ({ name, caughtBy }) => {
    expect(seenIn(name)).toContainEqual(expect.stringMatching(caughtBy.violation));
  });
});

describe('one line of two may be missing', () => {
  test.each(SECOND_LINES)('$name: $story $because', ({ name }) => {
    expect(seenIn(name)).toEqual([]);
  });
});

describe('planted faults', () => {
  const all = [...PLANTED, ...SECOND_LINES];

  test('have names of their own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  test('change each source by one change: of two, only the first would be applied', () => {
    for (const { sources = [] } of all) expect(new Set(sources.map(({ file }) => file)).size).toBe(sources.length);
  });

  test('change something, and know when their place is gone', () => {
    for (const { sources = [], graph: change } of all) {
      expect(sources.length > 0 || change !== undefined).toBe(true);
      for (const { file, change: plant } of sources) {
        const source = readFileSync(path.join(ROOT, file), 'utf8');
        expect(plant(source)).not.toBe(source);
        expect(() => plant('')).toThrow('what a planted fault replaces');
      }
      if (change) expect(change(graph).resources).not.toEqual(graph.resources);
    }
  });
});
