import * as fc from 'fast-check';
import { walk } from '../../../lib/budget/longest-path';
import { MEASURES } from '../../../lib/budget/types';
import type { Measure, Range, Step, Term } from '../../../lib/budget/types';

const range = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
  .map(([best, more, most]): Range => ({ best, expected: best + more, worst: best + more + most }));
const terms = fc.array(
  range.map((seconds): Term => ({ says: 'a term', seconds, origins: [] })),
  { maxLength: 3 },
);

/** DAGs of up to eight steps, each after some of those before it. */
const dag = fc
  .array(fc.record({ terms, picks: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), first: fc.boolean() }), {
    minLength: 1,
    maxLength: 7,
  })
  .map((raw): readonly Step[] => [
    { id: '0', says: '', after: [], terms: [] },
    ...raw.map(({ terms: delays, picks, first }, index): Step => ({
      id: String(index + 1),
      says: '',
      after: [...new Set(picks.map((pick) => String(pick % (index + 1))))],
      join: first ? 'first' : 'all',
      terms: delays,
    })),
  ]);

const last = (steps: readonly Step[]): string => steps.at(-1)?.id ?? '0';
const sumOf = ({ terms: delays }: Step, measure: Measure): number =>
  delays.reduce((total, { seconds }) => total + seconds[measure], 0);

/** Every path from the fault to a step, as its length. */
function pathLengths(steps: readonly Step[], id: string, measure: Measure): readonly number[] {
  const step = steps.find((one) => one.id === id);
  if (!step) throw new Error(`no step ${id}`);
  const before = step.after.length === 0 ? [0] : step.after.flatMap((one) => pathLengths(steps, one, measure));
  return before.map((length) => length + sumOf(step, measure));
}

/** Every way to take one of several at each step that joins the first. */
function choices(steps: readonly Step[]): readonly (readonly Step[])[] {
  return steps.reduce<readonly (readonly Step[])[]>(
    (made, step) =>
      made.flatMap((so) =>
        step.join === 'first' && step.after.length > 1
          ? step.after.map((one) => [...so, { ...step, after: [one], join: 'all' as const }])
          : [[...so, step]],
      ),
    [[]],
  );
}

describe('the longest path', () => {
  test('is the longest of all paths, enumerated; where the first of several counts, the shortest over every choice', () => {
    fc.assert(
      fc.property(dag, fc.constantFrom(...MEASURES), (steps, measure) => {
        const brute = Math.min(
          ...choices(steps).map((chosen) => Math.max(...pathLengths(chosen, last(steps), measure))),
        );
        expect(walk(steps).at(last(steps))[measure]).toBe(brute);
      }),
    );
  });

  test('adds up: the terms of the critical path are the figure', () => {
    fc.assert(
      fc.property(dag, fc.constantFrom(...MEASURES), (steps, measure) => {
        const walked = walk(steps);
        const path = walked.path(last(steps), measure);
        expect(path.reduce((total, { seconds }) => total + seconds[measure], 0)).toBe(walked.at(last(steps))[measure]);
      }),
    );
  });

  test('best <= expected <= worst, when it holds for every term', () => {
    fc.assert(
      fc.property(dag, (steps) => {
        const { best, expected, worst } = walk(steps).at(last(steps));
        expect(best).toBeLessThanOrEqual(expected);
        expect(expected).toBeLessThanOrEqual(worst);
      }),
    );
  });

  test('a longer term never makes anything happen sooner', () => {
    fc.assert(
      fc.property(dag, fc.nat(), fc.integer({ min: 1, max: 100 }), (steps, pick, more) => {
        const chosen = pick % steps.length;
        const longer: Term = { says: 'more', seconds: { best: more, expected: more, worst: more }, origins: [] };
        const changed = steps.map((step, index) =>
          index === chosen ? { ...step, terms: [...step.terms, longer] } : step,
        );
        for (const { id } of steps) {
          for (const measure of MEASURES) {
            expect(walk(changed).at(id)[measure]).toBeGreaterThanOrEqual(walk(steps).at(id)[measure]);
          }
        }
      }),
    );
  });

  test('what may help counts in the best case alone, so that no promise rests on it', () => {
    const delay = (seconds: number): readonly Term[] => [
      { says: '', seconds: { best: seconds, expected: seconds, worst: seconds }, origins: [] },
    ];
    const steps: readonly Step[] = [
      { id: 'fault', says: '', after: [], terms: [] },
      { id: 'sure', says: '', after: ['fault'], terms: delay(90) },
      { id: 'perhaps', says: '', after: ['fault'], terms: delay(60), onlyBest: true },
      { id: 'seen', says: '', after: ['sure', 'perhaps'], join: 'first', terms: [] },
      { id: 'both', says: '', after: ['sure', 'perhaps'], terms: [] },
    ];
    expect(walk(steps).at('seen')).toEqual({ best: 60, expected: 90, worst: 90 });
    expect(() => walk(steps).at('both')).toThrow('the budget has no step both');
    expect(() => walk([{ id: 'a', says: '', after: ['b'], terms: [] }])).toThrow('a comes after b');
  });
});
