import { budgetOf } from '../../analysis/budget/budget';
import { OWNED_MS } from '../../lambda/failover-orchestrator/hold';
import { ASSUMPTIONS } from '../../lib/budget/assumptions';
import { ALL_BEHAVIOURS } from '../../rehearsal/fidelity';
import { Authorizer } from '../../rehearsal/iam/authorizer';
import { ALLOWED_UNUSED } from '../../rehearsal/iam/allowed-unused';
import { privilegeReport } from '../../rehearsal/iam/report';
import { PACKS } from '../../rehearsal/packs/packs';
import { boundsOf } from '../../rehearsal/report/report';
import { topologyOf } from '../../rehearsal/report/topology';
import { settingOf } from '../../rehearsal/world/setting';
import type { Graph } from '../../analysis/graph/graph';
import type { TapConfig } from '../../lib/config';
import type { Budget } from '../../lib/budget/types';
import type { Campaign } from '../../rehearsal/campaign';
import type { Expectation, RunResult } from '../../rehearsal/judge/result';
import type { PackDefinition } from '../../rehearsal/packs/packs';
import type { ClassBound, Measured, Pack, RehearsalReport } from '../../rehearsal/report/report';

/** What a crash of the orchestrator adds at most besides its hold: a tick of the reconciler with its seam and its lateness, and the call. */
const RESUMED_AFTER_SECONDS = 10 + 5 + 2 + 5;

/** What the budget of a stack says about runs. */
export function boundsOfStack(
  graph: Graph,
  config: TapConfig,
): { readonly budget: Budget; readonly bounds: readonly ClassBound[] } {
  const budget = budgetOf(graph, config);
  return { budget, bounds: boundsOf(budget, OWNED_MS / 1_000 + RESUMED_AFTER_SECONDS) };
}

/** Everything that a report is made of. */
export interface ReportParts {
  readonly graph: Graph;
  readonly budget: Budget;
  readonly bounds: readonly ClassBound[];
  readonly campaign: Campaign;
  readonly narrated: RunResult;
  /** Whether every pack was played, so that an unused right means something. */
  readonly isComplete: boolean;
  readonly measured: Measured;
}

export function reportOf({
  graph,
  budget,
  bounds,
  campaign,
  narrated,
  isComplete,
  measured,
}: ReportParts): RehearsalReport {
  const { primary, dr, witness } = settingOf(graph).regions;
  return {
    project: graph.project,
    stack: graph.stack,
    regions: { primary, dr, witness },
    budget,
    bounds,
    narrated,
    results: campaign.results,
    packs: PACKS.flatMap(byExpectation),
    ...(isComplete && { privileges: privilegeReport(new Authorizer(graph).grants, campaign.usage) }),
    allowances: ALLOWED_UNUSED,
    assumptions: Object.entries(ASSUMPTIONS).map(([id, assumption]) => ({ id, ...assumption })),
    fidelity: ALL_BEHAVIOURS.flatMap(({ behaviours }) => behaviours),
    topology: topologyOf(graph, { primary, dr }),
    measured,
  };
}

const EXPECTATIONS: Readonly<Record<Expectation, string>> = {
  'fails-over': 'fails over',
  stays: 'stays',
  survives: 'survives',
  'comes-home': 'comes home',
};

/** A pack as the report has it: one for each thing that is expected of its scenarios. */
function byExpectation({ name, says, scenarios }: PackDefinition): readonly Pack[] {
  const expectations = [...new Set(scenarios.map(({ expectation }) => expectation))];
  return expectations.map((expectation) => ({
    name: expectations.length === 1 ? name : `${name}, ${EXPECTATIONS[expectation]}`,
    says,
    expectation,
    scenarios: scenarios.filter((one) => one.expectation === expectation).map((one) => one.name),
  }));
}
