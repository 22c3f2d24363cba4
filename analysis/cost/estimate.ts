import { CostError } from './charge';
import { FREE } from './free';
import { COMPUTE_RULES } from './rules/compute';
import { DATA_RULES } from './rules/data';
import { NETWORK_RULES } from './rules/network';
import { WATCHING_RULES } from './rules/watching';
import { workloadOf } from './workload';
import type { Graph, GraphResource } from '../graph/graph';
import type { Charge, Context, Places, Rule } from './charge';
import type { PriceBasis } from './prices';
import type { Workload } from './workload';

/** Where a line is charged: `global` is the witness and what belongs to no region. */
export type Place = 'primary' | 'dr' | 'global';

export const PLACES: readonly Place[] = ['primary', 'dr', 'global'];

/** All charges of one kind in one place; USD a month. */
export interface CostLine {
  readonly place: Place;
  /** Undefined for what belongs to no region. */
  readonly region: string | undefined;
  readonly service: string;
  readonly what: string;
  readonly quantity: number;
  readonly per: string;
  readonly usdPerUnit: number;
  readonly usd: number;
  /** The part that is there only because of the second region. */
  readonly standbyUsd: number;
  readonly basis: PriceBasis;
  readonly source: string;
}

/** What a stack costs; USD a month, list prices. */
export interface CostEstimate {
  readonly usd: number;
  readonly places: Readonly<Record<Place, number>>;
  /** All of dr, of the witness and of what watches both, and what primary pays for replication. */
  readonly standbyUsd: number;
  /** Of the total, 0 to 1. */
  readonly standbyShare: number;
  /** USD by how well the price is known. */
  readonly byBasis: Readonly<Record<PriceBasis, number>>;
  /** The dearest first. */
  readonly lines: readonly CostLine[];
  readonly workload: Workload;
}

const RULES: Readonly<Record<string, Rule>> = {
  ...NETWORK_RULES,
  ...COMPUTE_RULES,
  ...DATA_RULES,
  ...WATCHING_RULES,
};

/** Types that are priced. */
export const PRICED_TYPES: readonly string[] = Object.keys(RULES);

/** What the estimate is made of. */
export interface EstimateOptions {
  readonly places: Places;
  /** Changes of the default workload. */
  readonly workload?: Partial<Workload>;
}

/**
 * What a stack costs a month by its evaluated graph (X11); pure.
 * @throws CostError for a resource type that is neither priced nor known to be free, or a property that cannot be read;
 * PriceError for a region, class or type without a price.
 */
export function estimateCost(graph: Graph, { places, workload }: EstimateOptions): CostEstimate {
  const resources = graph.created;
  refuseUnknown(resources);
  const context: Context = { places, workload: workloadOf(workload), all: byType(resources) };
  const charges = resources.flatMap((resource) => RULES[resource.type]?.(resource, context) ?? []);
  return summed(charges, context);
}

function refuseUnknown(resources: readonly GraphResource[]): void {
  const unknown = new Set(
    resources.map(({ type }) => type).filter((type) => !Object.hasOwn(RULES, type) && !Object.hasOwn(FREE, type)),
  );
  if (unknown.size === 0) return;
  throw new CostError(
    `nobody has said what these resources cost: ${[...unknown].sort().join(', ')}; ` +
      'give each a rule in analysis/cost/rules or a reason in analysis/cost/free.ts',
  );
}

function byType(resources: readonly GraphResource[]): Context['all'] {
  const types = new Map<string, GraphResource[]>();
  for (const resource of resources) {
    const same = types.get(resource.type);
    if (same) same.push(resource);
    else types.set(resource.type, [resource]);
  }
  return (type) => types.get(type) ?? [];
}

function placeOf({ region }: Charge, { primary, dr }: Places): Place {
  if (region === primary) return 'primary';
  return region === dr ? 'dr' : 'global';
}

function summed(charges: readonly Charge[], { places, workload }: Context): CostEstimate {
  const lines = new Map<string, CostLine>();
  for (const one of charges) {
    const line = lineOf(one, places);
    const key = [line.region, line.service, line.what, line.per, line.usdPerUnit].join('|');
    const before = lines.get(key);
    lines.set(key, before ? added(before, line) : line);
  }
  const all = [...lines.values()].filter(({ quantity }) => quantity > 0).sort((a, b) => b.usd - a.usd);
  const sum = (of: readonly CostLine[]): number => of.reduce((total, { usd }) => total + usd, 0);
  const at = (place: Place): number => sum(all.filter((line) => line.place === place));
  const by = (basis: PriceBasis): number => sum(all.filter((line) => line.basis === basis));
  const usd = sum(all);
  const standbyUsd = all.reduce((total, line) => total + line.standbyUsd, 0);
  return {
    usd,
    places: { primary: at('primary'), dr: at('dr'), global: at('global') },
    standbyUsd,
    standbyShare: usd === 0 ? 0 : standbyUsd / usd,
    byBasis: { listed: by('listed'), derived: by('derived'), assumed: by('assumed') },
    lines: all,
    workload,
  };
}

function lineOf(one: Charge, places: Places): CostLine {
  const { service, what, region, quantity, price } = one;
  const place = placeOf(one, places);
  const usd = quantity * price.usd;
  // A zone and its queries are needed with one region, too; everything else outside primary is not.
  const isForTwo = one.standby || (place !== 'primary' && region !== undefined);
  return {
    place,
    region,
    service,
    what,
    quantity,
    per: price.per,
    usdPerUnit: price.usd,
    usd,
    standbyUsd: isForTwo ? usd : 0,
    basis: price.basis,
    source: price.source,
  };
}

function added(a: CostLine, b: CostLine): CostLine {
  return {
    ...a,
    quantity: a.quantity + b.quantity,
    usd: a.usd + b.usd,
    standbyUsd: a.standbyUsd + b.standbyUsd,
  };
}
