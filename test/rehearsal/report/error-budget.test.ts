import { errorBudgetOf } from '../../../rehearsal/report/error-budget';
import { INCIDENTS } from '../../../rehearsal/report/incidents';
import type { Incident } from '../../../rehearsal/report/incidents';
import { summarise } from '../../../rehearsal/report/summary';
import { BUDGET, report, run } from './fixture';

const REGION: Incident = {
  id: 'region-lost',
  says: 'gone',
  perYear: 2,
  rateSource: 'planted',
  rateConfidence: 'assumed',
  lasts: { kind: 'measured', chain: 'region' },
};
const STATED: Incident = {
  ...REGION,
  id: 'stated',
  perYear: 1,
  lasts: { kind: 'stated', seconds: 156, source: 'planted', confidence: 'assumed' },
};

/** Ninety-nine runs of 120 s and two of 240 s: p50 is 120, p99 is 240. */
const groups = summarise(
  report({
    results: Array.from({ length: 101 }, (_, index) => run(index, {}, { rtoSeconds: index < 99 ? 120 : 240 })),
  }),
).groups;

describe('the error budget (F8): stated rates times measured times', () => {
  test('99.99 % of a year is 52.6 minutes', () => {
    expect(errorBudgetOf(groups, BUDGET).minutes).toBeCloseTo(52.596, 3);
  });

  test('minutes used and left, and the rate that would use up everything else that is left', () => {
    const budget = errorBudgetOf(groups, BUDGET, [REGION, STATED]);
    expect(budget.costs[0]).toMatchObject({ p50: 120, p99: 240, minutesP50: 4, minutesP99: 8, measured: true });
    expect(budget.usedP99).toBeCloseTo(10.6, 6);
    expect(budget.leftP99).toBeCloseTo(41.996, 3);
    // (52.596 - 2.6) minutes are left for losses of a region, each of 4 minutes.
    expect(budget.costs[0]?.exhaustedAt).toBeCloseTo(12.499, 3);
  });

  test('at the rate that exhausts it nothing is left', () => {
    const [cost] = errorBudgetOf(groups, BUDGET, [REGION, STATED]).costs;
    const exhausted = errorBudgetOf(groups, BUDGET, [{ ...REGION, perYear: cost?.exhaustedAt ?? 0 }, STATED]);
    expect(exhausted.leftP99).toBeCloseTo(0, 9);
  });

  test('without a run of class A the budget stands in, and the basis says that nobody measured it', () => {
    const [cost] = errorBudgetOf([], BUDGET, [REGION]).costs;
    expect(cost).toMatchObject({ p50: 175, p99: 285, measured: false });
    expect(cost?.basis).toMatch(/^not measured/);
  });
});

test('one fail-back for every failover that is counted with', () => {
  const rate = (id: string): number => INCIDENTS.find((incident) => incident.id === id)?.perYear ?? NaN;
  expect(rate('fail-back')).toBe(rate('region-lost') + rate('database-lost'));
});

test('every incident says where its rate and its length come from', () => {
  for (const { rateSource, lasts } of INCIDENTS) {
    expect(rateSource.length).toBeGreaterThan(20);
    if (lasts.kind === 'stated') expect(lasts.source.length).toBeGreaterThan(20);
  }
});
