import { checksAt } from '../../lambda/readiness/checks/checks';
import type { Gathered } from '../../lambda/readiness/facts';
import { judgeAll, type Result } from '../../lambda/readiness/judge';
import type { Graph } from '../graph/graph';
import { databaseFacts } from './database-facts';
import { graphPolicy } from './policy';
import { serviceFacts } from './service-facts';
import { controlFacts, storeFacts } from './store-facts';
import { activeRegions, subjectsOf } from './subjects';

// The check list as other programs use it: gather facts (those of the graph are below), judge them by the list or by a part of it.
export { checks, checksAt } from '../../lambda/readiness/checks/checks';
export type { Check, Place, Severity, Verdict } from '../../lambda/readiness/checks/form';
export { FACT_NAMES, FACT_WORDS, QUOTAS } from '../../lambda/readiness/facts';
export type { Fact, FactName, Facts, Gathered, Policy, QuotaLook, QuotaName } from '../../lambda/readiness/facts';
export { blockersOf, judgeAll, scoreOf, warningsOf } from '../../lambda/readiness/judge';
export type { Result, Score } from '../../lambda/readiness/judge';
export { graphPolicy } from './policy';
export { activeRegions } from './subjects';

/**
 * Everything that the program alone says about one region; the other one is the one that it would take over from.
 * @throws Error for a region that has no readiness function.
 */
export function graphFacts(graph: Graph, here: string): Gathered {
  const subjects = subjectsOf(graph, here);
  return {
    ...databaseFacts(graph, subjects),
    ...serviceFacts(graph, subjects),
    ...controlFacts(graph, subjects),
    ...storeFacts(graph, subjects),
  };
}

/** What the checks that need nothing but the program say, of both regions, primary first. */
export function graphReadiness(
  graph: Graph,
): readonly { readonly region: string; readonly results: readonly Result[] }[] {
  return activeRegions(graph).map((region) => ({
    region,
    // No check of the graph looks at a time.
    results: judgeAll(graphFacts(graph, region), graphPolicy(graph, region, 0), checksAt('graph')),
  }));
}
