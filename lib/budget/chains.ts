import type { Facts } from './facts';
import { HANDLERS } from './handlers';
import { walk } from './longest-path';
import type { Walked } from './longest-path';
import { LAST_STEP, stepsOf, withPromotion } from './steps';
import type { StepsQuestion } from './steps';
import { assumption, bounded, exactly, plus, term } from './terms';
import type { Chain, Measure, PromotionRow, Range, Step, Target, Targets, Term } from './types';

interface ChainKind extends StepsQuestion {
  readonly id: string;
  readonly says: string;
  readonly key: 'rtoSeconds' | 'databaseRtoSeconds';
}

const KINDS: readonly ChainKind[] = [
  {
    id: 'region-lost',
    says: 'the region is gone',
    fault: 'region',
    key: 'rtoSeconds',
    endpointFails: true,
  },
  {
    id: 'region-half-open',
    says: 'the region is gone, and /health still answers: DNS waits for the run',
    fault: 'half-open',
    key: 'rtoSeconds',
    endpointFails: false,
  },
  {
    id: 'database-alone',
    says: 'the database is gone and its region is not',
    fault: 'database',
    key: 'databaseRtoSeconds',
    endpointFails: false,
  },
];

/** Only where orders are taken: without them nothing stands still. */
const PROCESSING: ChainKind = {
  id: 'processing-alone',
  says: 'nothing is processed, in a region and with a database that are well',
  fault: 'processing',
  key: 'databaseRtoSeconds',
  endpointFails: false,
};

const kindsOf = ({ takesOrders }: Facts): readonly ChainKind[] => (takesOrders ? [...KINDS, PROCESSING] : KINDS);

/** Every way from a fault to the first good order. */
export function chainsOf(facts: Facts, targets: Targets): readonly Chain[] {
  return kindsOf(facts).map((kind) => chainOf(kind, facts, { key: kind.key, seconds: targets[kind.key] }));
}

/** What a promotion of that many seconds makes of every chain. */
export function rowOf(promotionSeconds: number, chains: readonly Chain[]): PromotionRow {
  const cells = chains.map(({ id, steps, target }) => {
    const at = walk(withPromotion(steps, promotionSeconds), ['expected', 'worst']).at(LAST_STEP);
    const worst = tenths(at.worst);
    return { id, expected: tenths(at.expected), worst, meets: worst <= target.seconds };
  });
  return { promotionSeconds, chains: cells };
}

function chainOf(kind: ChainKind, facts: Facts, target: Target): Chain {
  const steps = stepsOf(kind, facts);
  const walked = walk(steps);
  const path = (measure: 'best' | 'expected' | 'worst') => walked.path(LAST_STEP, measure);
  return {
    id: kind.id,
    says: kind.says,
    target,
    seconds: rounded(walked.at(LAST_STEP)),
    critical: { best: path('best'), expected: path('expected'), worst: path('worst') },
    beside: besideOf(kind, facts, walked),
    breakEvenPromotion: breakEven(steps, target),
    steps,
  };
}

function besideOf({ fault }: ChainKind, facts: Facts, walked: Walked<Measure>): Chain['beside'] {
  const after = (step: string, ...terms: readonly Term[]): Range =>
    rounded(terms.reduce((total, { seconds }) => plus(total, seconds), walked.at(step)));
  const { warmUp } = facts;
  const isLost = fault === 'region' || fault === 'half-open';
  return [
    {
      says: isLost ? 'the old lease is over' : 'the old lease, renewed until the claim, is over',
      seconds: after('lease over'),
    },
    { says: 'DNS answers with the other region', seconds: after('answers') },
    { says: 'clients that honour the TTL are there', seconds: after('clients here') },
    ...(warmUp
      ? [
          {
            says: 'the fleet has grown to the floor',
            seconds: after(
              'claimed',
              bounded('raisingFloor', HANDLERS.raiseFloor),
              assumption('instanceLaunch'),
              term('warm-up', exactly(warmUp.value), warmUp),
            ),
          },
        ]
      : []),
    { says: 'one real order has verified the region', seconds: after('open', bounded('verifying', HANDLERS.verify)) },
  ];
}

/** Tenths of a second: sums of decimals are not exact. */
export function rounded({ best, expected, worst }: Range): Range {
  return { best: tenths(best), expected: tenths(expected), worst: tenths(worst) };
}

export function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

/** The worst case of one chain alone, in seconds; Infinity when the stack has no such chain. */
export function worstCaseOf(id: string, facts: Facts): number {
  const kind = [...KINDS, PROCESSING].find((one) => one.id === id);
  return kind ? tenths(walk(stepsOf(kind, facts), ['worst']).at(LAST_STEP).worst) : Infinity;
}

/** With a promotion this long everything else is beside the path, in seconds. */
const ENDLESS = 1e6;

/** The greatest promotion with which the worst case still meets the target. */
function breakEven(steps: readonly Step[], target: Target): number | undefined {
  const worstWith = (promotion: number): number => walk(withPromotion(steps, promotion), ['worst']).at(LAST_STEP).worst;
  if (worstWith(0) > target.seconds) return undefined;
  return tenths(target.seconds - (worstWith(ENDLESS) - ENDLESS));
}
