import type { Budget } from '../../lib/budget/types';
import type { RunPlan, RunResult } from '../judge/result';
import { ERROR_BUDGET_HONESTY, errorBudgetOf } from './error-budget';
import type { ErrorBudget } from './error-budget';
import { HONESTY, replayCommand } from './report';
import type { Measured, RehearsalReport, Replay } from './report';
import { summarise } from './summary';
import type { Failure, GroupSummary, Summary } from './summary';
import { verdictOf } from './verdict';
import type { Verdict } from './verdict';

/** Raised by one when a field changes its meaning or goes away; a new field does not raise it. */
export const DOCUMENT_VERSION = 1;

/**
 * The report for machines. Keys are in alphabetical order and nothing depends on when or where it was made, except `measured`
 * and what is in it: without that, one seed gives one document, byte for byte. Seconds are after the first fault.
 */
export interface RehearsalDocument {
  readonly schema: 'rehearsal-report';
  readonly version: number;
  readonly verdict: Verdict;
  readonly project: string;
  readonly stack: string;
  readonly regions: RehearsalReport['regions'];
  readonly honesty: string;
  readonly budget: Budget;
  readonly bounds: RehearsalReport['bounds'];
  /** Sums, groups by class and chain, the must-not score, packs, every loss; `rtos` of the groups are left to `runs`. */
  readonly summary: Omit<Summary, 'groups' | 'failures' | 'totals'> & {
    readonly groups: readonly Omit<GroupSummary, 'rtos'>[];
    readonly totals: Omit<Summary['totals'], 'busyMs'>;
  };
  /** Every run with a violation, and the command that makes it happen again. */
  readonly failures: readonly (Failure & { readonly replay: string })[];
  readonly errorBudget: ErrorBudget & { readonly honesty: string };
  readonly privileges: RehearsalReport['privileges'];
  readonly allowances: RehearsalReport['allowances'];
  readonly assumptions: RehearsalReport['assumptions'];
  readonly fidelity: RehearsalReport['fidelity'];
  readonly topology: RehearsalReport['topology'];
  readonly narrated: RunDocument & Pick<RunResult, 'timeline'>;
  /** Every run in the order in which it was planned, without its timeline and the grants that it used. */
  readonly runs: readonly RunDocument[];
  readonly measured?: Measured & { readonly runsPerSecond: number; readonly busyMsPerRun: number };
}

/** One run without what another machine would see otherwise. */
export type RunDocument = Omit<RunResult, 'busyMs' | 'timeline'> & { readonly plan: RunPlan };

/** Pure. */
export function documentOf(
  report: RehearsalReport,
  { replay = replayCommand }: { readonly replay?: Replay } = {},
): RehearsalDocument {
  const { groups, failures, totals, ...summary } = summarise(report);
  const { busyMs, ...sums } = totals;
  const { measured, narrated, results } = report;
  return {
    schema: 'rehearsal-report',
    version: DOCUMENT_VERSION,
    verdict: verdictOf(report, { groups, failures, totals, ...summary }),
    project: report.project,
    stack: report.stack,
    regions: report.regions,
    honesty: HONESTY,
    budget: report.budget,
    bounds: report.bounds,
    summary: { ...summary, totals: sums, groups: groups.map(({ rtos: _, ...group }) => group) },
    failures: failures.map((failure) => ({ ...failure, replay: replay(failure.plan) })),
    errorBudget: { ...errorBudgetOf(groups, report.budget), honesty: ERROR_BUDGET_HONESTY },
    privileges: report.privileges,
    allowances: report.allowances,
    assumptions: report.assumptions,
    fidelity: report.fidelity,
    topology: report.topology,
    narrated: { ...runDocument(narrated), timeline: narrated.timeline },
    runs: results.map(runDocument),
    ...(measured && {
      measured: {
        ...measured,
        runsPerSecond: totals.runs / Math.max(measured.wallSeconds, 0.001),
        busyMsPerRun: totals.runs === 0 ? 0 : busyMs / totals.runs,
      },
    }),
  };
}

function runDocument({ busyMs: _busy, timeline: _timeline, ...run }: RunResult): RunDocument {
  return run;
}

/** The document as text; keys sorted, two blanks of indentation for everything but the runs, which have one line each. */
export function renderJson(report: RehearsalReport, options: { readonly replay?: Replay } = {}): string {
  const { runs, ...rest } = documentOf(report, options);
  const head = JSON.stringify(rest, sortKeys, 2);
  const lines = runs.map((run) => `    ${JSON.stringify(run, sortKeys)}`).join(',\n');
  return `${head.slice(0, -2)},\n  "runs": [${lines === '' ? '' : `\n${lines}\n  `}]\n}\n`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
