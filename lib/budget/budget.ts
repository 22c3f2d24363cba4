import { ASSUMPTIONS } from './assumptions';
import { chainsOf, rowOf } from './chains';
import { readFacts } from './facts';
import { lossesOf } from './losses';
import { missesOf } from './misses';
import type { Described } from './resources';
import type { Budget, Targets } from './types';

/** What promotions may take that nobody has assumed, in seconds (design.md section 4). */
const PROMOTIONS = [120, 180, 240, 300];

/**
 * RTO and RPO of a stack from its own resources, before it is deployed (X1): pure, and a few milliseconds.
 *
 * @param resources those that `isRead` knows; others are not looked at.
 * @throws BudgetFactError when the resources do not say what the budget has to know.
 */
export function computeBudget(resources: readonly Described[], targets: Targets): Budget {
  const facts = readFacts(resources);
  const chains = chainsOf(facts, targets);
  const losses = lossesOf(facts);
  const misses = missesOf(chains, losses, { resources, targets });
  return {
    failoverMode: facts.failoverMode,
    targets,
    promotionAssumed: ASSUMPTIONS.promotion.seconds,
    chains,
    losses,
    table: PROMOTIONS.map((promotionSeconds) => rowOf(promotionSeconds, chains)),
    misses,
    allowed: facts.failoverMode === 'alert-only' || misses.length === 0,
  };
}
