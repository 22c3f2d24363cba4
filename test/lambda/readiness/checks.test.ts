import { checks, checksAt } from '../../../lambda/readiness/checks/checks';
import type { Check } from '../../../lambda/readiness/checks/form';
import type { Facts } from '../../../lambda/readiness/facts';
import { blockersOf, judgeAll, scoreOf, warningsOf } from '../../../lambda/readiness/judge';
import { BREAKAGES } from './support/breakages';
import { gathered, POLICY, READY } from './support/ready';

const judge = (facts: Partial<Facts> = {}) => judgeAll(gathered({ ...READY, ...facts }), POLICY);
const byId = new Map(checks.map((one) => [one.id, one]));

/** Whether a check waits for another one, directly or through others. */
function isBehind(one: Check | undefined, id: string): boolean {
  return one?.dependsOn.some((before) => before === id || isBehind(byId.get(before), id)) === true;
}

test('in a stack and an account in which nothing is wrong every check is ok', () => {
  expect(judge().filter(({ verdict }) => verdict.state !== 'ok')).toEqual([]);
  expect(scoreOf(judge())).toEqual({ ok: checks.length, failed: 0, unknown: 0, percent: 100 });
});

test('every check has a row here, and every row a check', () => {
  expect(Object.keys(BREAKAGES).sort()).toEqual(checks.map(({ id }) => id).sort());
});

describe.each(Object.entries(BREAKAGES))('%s', (id, { facts, says }) => {
  const results = judge(facts);

  test('goes red, and only those that depend on it are no longer judged', () => {
    expect(results.find((one) => one.id === id)?.verdict).toEqual({ state: 'failed', found: says });
    const others = results.filter((one) => one.id !== id);
    const expected = others.map((one) =>
      isBehind(byId.get(one.id), id) ? [one.id, 'unknown', id] : [one.id, 'ok', undefined],
    );
    const found = others.map(({ id: other, verdict }) => [
      other,
      verdict.state,
      verdict.state === 'unknown' ? verdict.behind : undefined,
    ]);
    expect(found).toEqual(expected);
  });

  test('is told once, by its severity', () => {
    const { severity } = byId.get(id) ?? {};
    const warnings = warningsOf(results, gathered({ ...READY, ...facts }));
    expect(blockersOf(results)).toEqual(severity === 'blocker' ? says : []);
    expect(warnings).toEqual(severity === 'warning' ? says : []);
  });
});

describe('the list', () => {
  test('has at least thirty checks, each with its own name and with everything that a person needs', () => {
    expect(checks.length).toBeGreaterThanOrEqual(30);
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    for (const { id, looksAt, why, fix, where } of checks) {
      expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
      expect(looksAt).toMatch(/^\S.{10,}[^.]$/);
      expect(why).toMatch(/^[A-Z].{15,}\.$/);
      expect(fix.length).toBeGreaterThan(10);
      expect(where.length).toBeGreaterThan(0);
    }
  });

  test('names a check before those that depend on it, in every place where they run', () => {
    for (const place of ['graph', 'account', 'live', 'scheduled'] as const) {
      const seen = new Set<string>();
      for (const { id, dependsOn } of checksAt(place)) {
        for (const before of dependsOn)
          expect([place, id, before, seen.has(before)]).toEqual([place, id, before, true]);
        seen.add(id);
      }
    }
  });

  test('what runs by the schedule runs on a deployed stack', () => {
    for (const { id, where } of checksAt('scheduled')) expect([id, where.includes('live')]).toEqual([id, true]);
  });

  test('a blocker depends on blockers alone: a warning must not hide that a region cannot be promoted', () => {
    const hidden = checks
      .filter(({ severity }) => severity === 'blocker')
      .flatMap(({ dependsOn }) => dependsOn.filter((id) => byId.get(id)?.severity !== 'blocker'));
    expect(hidden).toEqual([]);
  });
});
