import { checks } from './checks/checks';
import type { Check, Severity, Verdict } from './checks/form';
import type { StoredBlocker } from '../shared/stored-blockers';
import { FACT_NAMES, FACT_WORDS, type FactName, type Gathered, type Policy } from './facts';

/** What one check has said. */
export interface Result {
  readonly id: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
}

/**
 * Judges facts by the list, or by those of it that can run in one place. A check behind a failed one is not judged: what it found
 * would have the same cause. Never throws: what is not known is a verdict.
 *
 * @param selection in the order of the list.
 */
export function judgeAll(gathered: Gathered, policy: Policy, selection: readonly Check[] = checks): readonly Result[] {
  const verdicts = new Map<string, Verdict>();
  for (const one of selection) verdicts.set(one.id, verdictOf(one, verdicts, gathered, policy));
  return selection.map(({ id, severity }) => ({ id, severity, verdict: verdicts.get(id) ?? NEVER_JUDGED }));
}

const NEVER_JUDGED: Verdict = { state: 'unknown', why: 'it was not judged' };

function verdictOf(
  { dependsOn, judge }: Check,
  before: ReadonlyMap<string, Verdict>,
  gathered: Gathered,
  policy: Policy,
): Verdict {
  for (const id of dependsOn) {
    const verdict = before.get(id);
    const behind = verdict?.state === 'failed' ? id : behindOf(verdict);
    if (behind !== undefined) return { state: 'unknown', why: `it is behind ${behind}`, behind };
  }
  return judge(gathered, policy);
}

function behindOf(verdict: Verdict | undefined): string | undefined {
  return verdict?.state === 'unknown' ? verdict.behind : undefined;
}

/** How many checks said what. `percent`: of those that were answered; absent when none was. */
export interface Score {
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
  readonly percent?: number;
}

/** Counts what is not known apart: it is neither good nor bad. */
export function scoreOf(results: readonly Result[]): Score {
  const count = (state: Verdict['state']): number => results.filter(({ verdict }) => verdict.state === state).length;
  const [ok, failed, unknown] = [count('ok'), count('failed'), count('unknown')];
  const percent = ok + failed === 0 ? {} : { percent: Math.round((1_000 * ok) / (ok + failed)) / 10 };
  return { ok, failed, unknown, ...percent };
}

/** What certainly stands in the way. */
export function blockersOf(results: readonly Result[]): readonly string[] {
  return foundBy(results, 'blocker');
}

/** The same, by check. */
export function failedBlockers(results: readonly Result[]): readonly StoredBlocker[] {
  return results.flatMap(({ id, severity, verdict }) =>
    severity === 'blocker' && verdict.state === 'failed' ? [{ id, found: verdict.found }] : [],
  );
}

/** What else is wrong, and what is not known: each unanswered question once, however many checks wait for its answer. */
export function warningsOf(results: readonly Result[], gathered: Gathered): readonly string[] {
  const notSaid = results.flatMap(({ verdict }) =>
    verdict.state === 'unknown' && verdict.behind === undefined ? [verdict.why] : [],
  );
  const silent = FACT_NAMES.flatMap((name) => silenceOf(gathered, name));
  // A check that lacks a fact repeats what is said of the fact.
  const others = notSaid.filter((why) => !silent.some(({ said }) => why.includes(said)));
  return [...foundBy(results, 'warning'), ...silent.map(({ sentence }) => sentence), ...new Set(others)];
}

function foundBy(results: readonly Result[], wanted: Severity): readonly string[] {
  return results.flatMap(({ severity, verdict }) =>
    severity === wanted && verdict.state === 'failed' ? verdict.found : [],
  );
}

function silenceOf(
  gathered: Gathered,
  name: FactName,
): readonly { readonly said: string; readonly sentence: string }[] {
  const fact = gathered[name];
  if (fact === undefined || fact.known) return [];
  return [{ said: `${FACT_WORDS[name]}: ${fact.why}`, sentence: `${FACT_WORDS[name]} is not known: ${fact.why}` }];
}
