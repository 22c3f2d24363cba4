import { NOT_COUNTED } from '../../analysis/cost/free';
import { changesText } from '../../analysis/cost/search';
import { WORKLOAD_SAYS } from '../../analysis/cost/workload';
import { PLACES } from '../../analysis/cost/estimate';
import type { CostSection, CostSectionCheapest, CostSectionTrade } from '../../rehearsal/report/html-cost';
import type { CostEstimate } from '../../analysis/cost/estimate';
import type { CostSearch } from '../../analysis/cost/search';

/** A search, only the estimate, or neither. */
export type Costed =
  CostSearch | { readonly estimate: CostEstimate; readonly trades?: undefined } | { readonly estimate?: undefined };

/** What the page shows of a cost, as plain data; undefined without an estimate. */
export function costSection(costed: Costed): CostSection | undefined {
  const { estimate } = costed;
  if (!estimate) return undefined;
  const { usd, standbyUsd, standbyShare, places, lines, workload } = estimate;
  const cheapest = costed.trades && cheapestOf(costed);
  return {
    usd,
    standbyUsd,
    standbyShare,
    places: PLACES.map((place) => ({ place, usd: places[place] })),
    lines: lines.map(({ place, region, service, what, usd: value, quantity, per, usdPerUnit, basis, source }) => ({
      place: region === undefined ? place : `${place} ${region}`,
      what: `${service}, ${what}`,
      usd: value,
      quantity,
      per,
      usdPerUnit,
      basis,
      source,
    })),
    ...(costed.trades && { trades: costed.trades.map(tradeOf) }),
    ...(cheapest && { cheapest }),
    supposed: Object.entries(WORKLOAD_SAYS).map(([key, says]) => ({ says, value: valueOf(workload, key) })),
    notCounted: NOT_COUNTED,
  };
}

function tradeOf({ change, usd, seconds, usdPerSecond, meets }: CostSearch['trades'][number]): CostSectionTrade {
  return { change: changesText([change]), usd, ...seconds, usdPerSecond, meets };
}

function cheapestOf({ given, cheapest }: CostSearch): CostSectionCheapest | undefined {
  if (!cheapest) return undefined;
  return {
    usd: cheapest.usd,
    savedUsd: given.usd - cheapest.usd,
    keys: cheapest.changes.map(({ key, to }) => `${key}: ${to}`),
  };
}

const valueOf = (workload: CostEstimate['workload'], key: string): number =>
  Object.entries(workload).find(([name]) => name === key)?.[1] ?? 0;
