import { EC2_US_EAST_1, EC2_SOURCE } from './price-lines/ec2';
import { DATA_PRICES } from './price-lines/data';
import { PRICED_REGIONS } from './price-lines/line';
import { SERVICE_PRICES } from './price-lines/services';
import { WATCHING_PRICES } from './price-lines/watching';
import type { PriceBasis, PricedRegion, PriceLine } from './price-lines/line';

export { PRICED_REGIONS };
export type { PriceBasis, PricedRegion };

/** USD for one unit, list price, on demand, before tax, discounts and free tiers. */
export interface Price {
  readonly usd: number;
  readonly per: string;
  readonly basis: PriceBasis;
  readonly source: string;
}

/** What the table cannot price; the message names what it knows. */
export class PriceError extends Error {
  override readonly name = 'PriceError';
}

/** Every price that the estimate uses but EC2's types (price-lines/ec2.ts). */
const LINES = { ...DATA_PRICES, ...SERVICE_PRICES, ...WATCHING_PRICES };

/** A line of the table. */
export type PriceId = keyof typeof LINES;

/** All lines, for the documentation and for tests. */
export const PRICE_IDS: readonly PriceId[] = Object.keys(LINES).filter(isPriceId);

export function isPriceId(id: string): id is PriceId {
  return Object.hasOwn(LINES, id);
}

/** @throws PriceError for a region that the table does not have. */
export function priceOf(id: PriceId, region: string): Price {
  const index = indexOf(region);
  const line: PriceLine = LINES[id];
  const usd = line.usd[index];
  const [basis, source] = line.except?.[PRICED_REGIONS[index] ?? 'us-east-1'] ?? [line.basis, line.source];
  if (usd === undefined) throw new PriceError(`${id} has no price in ${region}`);
  return { usd, per: line.per, basis, source };
}

/** How much larger than `large` a size is; AWS prices the sizes of a family in proportion. */
const SIZES: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
};

/** @throws PriceError for a size that is none. */
export function sizeFactor(size: string, of: string): number {
  const many = /^([1-9]\d?)xlarge$/.exec(size)?.[1];
  const factor = many === undefined ? SIZES[size] : Number(many) * 2;
  if (factor === undefined) throw new PriceError(`${of} has the size ${size}, which is none that has a price`);
  return factor;
}

/** An hour of an Aurora instance class, `db.r7g.2xlarge`. @throws PriceError for a family that the table does not have. */
export function auroraPrice(instanceClass: string, region: string): Price {
  const [, family = '', size = ''] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  const id = `aurora.${family}.large`;
  if (!isPriceId(id)) {
    const known = PRICE_IDS.flatMap((one) => /^aurora\.(.+)\.large$/.exec(one)?.[1] ?? []);
    throw new PriceError(`no price for the Aurora class ${instanceClass}; families with one: ${known.join(', ')}`);
  }
  const price = priceOf(id, region);
  return { ...price, usd: price.usd * sizeFactor(size, instanceClass) };
}

/** An hour of an EC2 type, Linux, `t4g.small`. @throws PriceError for a family that the table does not have. */
export function instancePrice(type: string, region: string): Price {
  const [family = '', size = ''] = type.split('.');
  const large = EC2_US_EAST_1[family];
  if (large === undefined) {
    throw new PriceError(
      `no price for the EC2 type ${type}; families with one: ${Object.keys(EC2_US_EAST_1).join(', ')}`,
    );
  }
  const ratio = priceOf('alb.hour', region).usd / priceOf('alb.hour', 'us-east-1').usd;
  const isListed = region === 'us-east-1';
  return {
    usd: large * sizeFactor(size, type) * ratio,
    per: 'instance-hour',
    basis: isListed ? 'listed' : 'derived',
    source: isListed ? EC2_SOURCE : `${EC2_SOURCE}, times the region's ratio of load-balancer hours`,
  };
}

function indexOf(region: string): number {
  const index = PRICED_REGIONS.findIndex((one) => one === region);
  if (index >= 0) return index;
  throw new PriceError(
    `there are no prices for the region ${region}; regions with prices: ${PRICED_REGIONS.join(', ')} (analysis/cost/prices.ts)`,
  );
}
