import type { Graph } from '../../../analysis/graph/graph';
import {
  type Check,
  checksAt,
  type Facts,
  type Gathered,
  graphPolicy,
  graphReadiness,
  judgeAll,
  type QuotaName,
  QUOTAS,
  type Result,
} from '../../../analysis/readiness/readiness';
import type { Finding } from './finding';
import { fixFor } from './fixes';
import type { Partly } from './partly';
import type { PartlyGathered } from './region-facts';
import type { Subject } from './subject';

/** Everything that was asked of the account. */
export interface Asked {
  readonly facts: PartlyGathered;
  /** Quotas that not every place told, and why. */
  readonly quotaGaps: Readonly<Partial<Record<QuotaName, string>>>;
}

/** What the list says of the account: each check once, but what is about one region's own for both. */
export function accountFindings(graph: Graph, subject: Subject, asked: Asked): readonly Finding[] {
  const [primary, dr] = subject.regions;
  const views = [
    { region: primary, results: judgedFrom(graph, subject, primary, asked) },
    { region: dr, results: judgedFrom(graph, subject, dr, asked) },
  ];
  return checksAt('account').flatMap((check): Finding[] => {
    const found = views.flatMap(({ region, results }) => {
      const result = results.find(({ id }) => id === check.id);
      return result ? [{ region, ...finding(check, result, subject, asked) }] : [];
    });
    const about = aboutOf(check);
    if (about === 'region') return found;
    // Seen from either side: a failure that it is behind may be in either region.
    const chosen = found.find(({ verdict }) => about === 'pair' && 'behind' in verdict) ?? found.at(-1);
    if (!chosen) return [];
    const { region: _, ...rest } = chosen;
    return [rest];
  });
}

/** What the program alone says, of both regions. */
export function graphFindings(graph: Graph): readonly Finding[] {
  return graphReadiness(graph).flatMap(({ region, results }) =>
    checksAt('graph').flatMap((check): Finding[] => {
      const result = results.find(({ id }) => id === check.id);
      return result ? [{ region, ...rowOf(check), verdict: result.verdict }] : [];
    }),
  );
}

/**
 * Judges twice: by what came, and by what came from everybody. A failure, and what is behind it, is certain by the first; that
 * all is well only by the second.
 */
function judgedFrom(graph: Graph, { policy }: Subject, here: string, { facts }: Asked): readonly Result[] {
  const of = graphPolicy(graph, here, policy.now);
  const gather = (kind: keyof Partly<unknown>): Gathered =>
    turned(
      Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, fact[kind]])),
      here !== policy.here.region,
    );
  const seen = judgeAll(gather('seen'), of, checksAt('account'));
  const sure = judgeAll(gather('sure'), of, checksAt('account'));
  return seen.map((result, index) => (isCertain(result) ? result : (sure[index] ?? result)));
}

function isCertain({ verdict }: Result): boolean {
  return verdict.state === 'failed' || (verdict.state === 'unknown' && verdict.behind !== undefined);
}

/** Facts are gathered as dr sees them; for primary here and there change places. */
function turned(gathered: Gathered, isOtherSide: boolean): Gathered {
  if (!isOtherSide) return gathered;
  const { secretHere, secretThere, ...rest } = gathered;
  return { ...rest, ...(secretThere && { secretHere: secretThere }), ...(secretHere && { secretThere: secretHere }) };
}

type About = 'all' | 'region' | 'pair';

/** What a check is about, by the names of the facts that it reads. */
function aboutOf({ reads }: Check): About {
  const has = (end: 'Here' | 'There'): boolean => reads.some((name: keyof Facts) => name.endsWith(end));
  if (!has('Here') && !has('There')) return 'all';
  return has('Here') && has('There') ? 'pair' : 'region';
}

function finding(check: Check, { verdict }: Result, subject: Subject, { facts, quotaGaps }: Asked): Finding {
  const quota = QUOTAS.find((name) => check.id === `quota-${name}`);
  const gap = quota && quotaGaps[quota];
  const quotas = facts.quotas?.seen;
  const row = { ...rowOf(check), fix: check.fix };
  const isOpen = verdict.state === 'unknown' && verdict.behind === undefined;
  const told = gap !== undefined && isOpen ? ({ state: 'unknown', why: gap } as const) : verdict;
  const fix = fixFor(check.id, subject, quotas?.known === true ? quotas.value : {});
  return { ...row, verdict: told, ...(fix !== undefined && { fix }) };
}

function rowOf({ id, looksAt, severity, why, fix }: Check): Omit<Finding, 'verdict'> {
  return { id, looksAt, severity, why, fix };
}
