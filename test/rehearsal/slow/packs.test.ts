import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { readStack } from '../../../analysis/graph/stack-files';
import { ROOT } from '../../../lib/bundles';
import { parseConfig } from '../../../lib/config';
import { boundsOfStack } from '../../../ops/rehearsal/report';
import { type Campaign, runCampaign } from '../../../rehearsal/campaign';
import { Authorizer } from '../../../rehearsal/iam/authorizer';
import { privilegeReport } from '../../../rehearsal/iam/report';
import type { RunPlan, RunResult } from '../../../rehearsal/judge/result';
import { PACKS } from '../../../rehearsal/packs/packs';
import { planOf, plansOf } from '../../../rehearsal/packs/scenario';
import { scenarioOf } from '../../../rehearsal/packs/packs';
import { compileHandlers, type HandlerCode } from '../../../rehearsal/runtime/code';
import type { Graph } from '../../../analysis/graph/graph';

const STACK = 'dev';

/** Every scenario once, with the real handlers; what is asked of it follows. */
describe('every scenario of every pack', () => {
  let graph: Graph;
  let code: HandlerCode;
  let all: Campaign;
  let bounds: ReturnType<typeof boundsOfStack>['bounds'];

  const play = (plans: readonly RunPlan[]): Promise<Campaign> => runCampaign(plans, { graph, code, bounds });

  beforeAll(async () => {
    const { project, config } = readStack(ROOT, STACK);
    [graph, code] = await Promise.all([evaluateStack(STACK), compileHandlers()]);
    ({ bounds } = boundsOfStack(graph, parseConfig(config, { project, stack: STACK })));
    all = await play(
      plansOf(
        PACKS.flatMap(({ scenarios }) => scenarios),
        STACK,
        ['packs'],
      ),
    );
  }, 900_000);

  const ofPack = (name: string): readonly RunResult[] => {
    const names = PACKS.find((pack) => pack.name === name)?.scenarios.map((scenario) => scenario.name) ?? [];
    return all.results.filter(({ plan }) => names.includes(plan.scenario));
  };
  const wrong = (results: readonly RunResult[]): readonly string[] =>
    results.flatMap(({ plan, violations }) => violations.map((violation) => `${plan.scenario}: ${violation}`));

  it('is simulated to its end: what is not modelled would end it', () => {
    expect(all.failed).toEqual([]);
  });

  it('ends as it must, in time where a time is claimed (F2, X2)', () => {
    expect(wrong(all.results)).toEqual([]);
  });

  it('leaves nothing that must not be left: no epoch claimed, nothing promoted (X3)', () => {
    const results = ofPack('must-not-fail-over');
    expect(results.length).toBeGreaterThanOrEqual(12);
    expect(results.flatMap(({ failovers }) => failovers)).toEqual([]);
  });

  it('has no order with two effects (X4)', () => {
    expect(all.results.map(({ counts }) => counts.doubleWrites)).toEqual(all.results.map(() => 0));
  });

  it('loses nothing where the tables have no lag, and nowhere more than was on its way (F3, X10)', () => {
    const control = all.results.find(({ plan }) => plan.scenario === 'tables-without-lag');
    expect(control?.counts.fates.lost).toBe(0);
    const lost = all.results.flatMap(({ findings }) => findings.filter(({ fate }) => fate === 'lost'));
    expect(lost.filter(({ replicated, ageAtFault }) => ageAtFault >= 0 && (replicated || ageAtFault > 60))).toEqual([]);
  });

  it('needs every right that a role has, and no other (X9, F6)', () => {
    const { unused, denied, staleAllowances } = privilegeReport(new Authorizer(graph).grants, all.usage);
    expect(unused.map(({ id }) => id)).toEqual([]);
    expect(denied).toEqual([]);
    expect(staleAllowances).toEqual([]);
  });

  it('is the same run when it is played again, call by call (X2)', async () => {
    const plans = ['region-cut-off', 'operator-there-and-back'].map((name) => planOf(scenarioOf(name), STACK, 'packs'));
    const again = await play(plans);
    const digests = (results: readonly RunResult[]): readonly string[] =>
      results.map(({ plan, traceDigest }) => `${plan.scenario} ${traceDigest}`);
    expect(digests(again.results)).toEqual(
      digests(plans.flatMap(({ scenario }) => all.results.filter(({ plan }) => plan.scenario === scenario))),
    );
  }, 120_000);
});
