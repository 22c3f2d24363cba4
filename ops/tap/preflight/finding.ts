import type { Score, Severity, Verdict } from '../../../analysis/readiness/readiness';

/** What one check has said, with everything that a person needs to do something about it. */
export interface Finding {
  readonly id: string;
  /** The region that it is about; absent where it is about all of them. */
  readonly region?: string;
  readonly looksAt: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  readonly why: string;
  readonly fix: string;
}

/** Everything that preflight has to say. */
export interface Report {
  readonly stack: string;
  /** Primary first. */
  readonly regions: readonly [primary: string, dr: string];
  /** Number of the account, and who has asked; absent where STS does not tell. */
  readonly account?: string;
  readonly caller?: string;
  readonly findings: readonly Finding[];
  readonly score: Score;
  readonly outcome: Outcome;
  /** Milliseconds. */
  readonly tookMs: number;
}

/** `refused`: a blocker is certain. `unknown`: none is, but one could not be looked at. */
export type Outcome = 'ready' | 'refused' | 'unknown';

/** Warnings, failed or unanswered, keep nobody from deploying. */
export function outcomeOf(findings: readonly Finding[]): Outcome {
  const blockers = findings.filter(({ severity }) => severity === 'blocker');
  if (blockers.some(({ verdict }) => verdict.state === 'failed')) return 'refused';
  return blockers.some(({ verdict }) => verdict.state === 'unknown') ? 'unknown' : 'ready';
}
