import { DOCUMENT_VERSION, renderJson } from '../../../rehearsal/report/json';
import { goodRuns, report, run } from './fixture';

const documentOf = (changes = {}): Record<string, unknown> => JSON.parse(renderJson(report(changes)));

describe('the report for machines', () => {
  test('has a schema and a version, and the keys that are documented', () => {
    expect(DOCUMENT_VERSION).toBe(1);
    expect(documentOf()).toMatchObject({ schema: 'rehearsal-report', version: 1, verdict: { passed: true } });
    expect(Object.keys(documentOf()).sort()).toEqual(
      [
        'allowances assumptions bounds budget errorBudget failures fidelity honesty measured narrated privileges project regions',
        'runs schema stack summary topology verdict version',
      ]
        .join(' ')
        .split(' '),
    );
  });

  test('every run is in it, in order, with what finds it again and without what another machine would measure otherwise', () => {
    const { runs } = JSON.parse(renderJson(report())) as { runs: Record<string, unknown>[] };
    expect(runs.map(({ traceDigest }) => traceDigest)).toEqual(goodRuns().map(({ traceDigest }) => traceDigest));
    expect(Object.keys(runs[0] ?? {})).not.toEqual(expect.arrayContaining(['busyMs']));
  });

  test('is the same text however fast the machine was, but for `measured`', () => {
    const slower = goodRuns().map((result) => ({ ...result, busyMs: result.busyMs * 3 }));
    const withoutMeasured = ({ measured: _, ...rest }: ReturnType<typeof report>) => rest;
    expect(renderJson(withoutMeasured(report({ results: slower })))).toBe(renderJson(withoutMeasured(report())));
  });

  test('does not depend on the order of keys in what it is given', () => {
    const { verdict: _, ...reversed } = { verdict: 0, ...Object.fromEntries(Object.entries(report()).reverse()) };
    expect(renderJson({ ...report(), ...reversed })).toBe(renderJson(report()));
    expect(renderJson(report())).toMatch(/^\{\n {2}"allowances"/);
  });

  test('failures carry their command', () => {
    const results = [run(1, { seed: `it's`, scenario: 'a b' }, { violations: ['planted'] })];
    expect(documentOf({ results })['failures']).toMatchObject([
      { violations: ['planted'], replay: `npm run rehearse -- --stack dev --scenario 'a b' --seed 'it'\\''s'` },
    ]);
  });

  test('no runs are an empty list', () => {
    expect(documentOf({ results: [], narrated: run(0) })).toMatchObject({ runs: [], verdict: { passed: false } });
  });
});
