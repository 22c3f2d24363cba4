/** The regions that the table covers: every region of a stack file, and the neighbours that are chosen in their place. */
export const PRICED_REGIONS = [
  'eu-central-1',
  'eu-central-2',
  'eu-west-1',
  'us-east-1',
  'us-east-2',
  'us-west-2',
] as const;

export type PricedRegion = (typeof PRICED_REGIONS)[number];

/**
 * `listed`: AWS's own figure for that region; `derived`: calculated from listed figures by the rule that the source states;
 * `assumed`: no figure could be read, and the source says where the number is from.
 */
export type PriceBasis = 'listed' | 'derived' | 'assumed';

/** USD in the order of `PRICED_REGIONS`. */
type PerRegion = readonly [number, number, number, number, number, number];

/** One line of the table: list prices on demand, before tax, discounts and free tiers. */
export interface PriceLine {
  readonly per: string;
  readonly usd: PerRegion;
  readonly basis: PriceBasis;
  readonly source: string;
  /** Where a region's figure has another origin than the line's. */
  readonly except?: Readonly<Partial<Record<PricedRegion, readonly [PriceBasis, string]>>>;
}

/** When a source was looked at. */
export const READ = 'read 2026-11-26';

/** The data behind AWS's pricing pages (b0.p.awsstatic.com/pricing/2.0/meteredUnitMaps), as a public repository keeps it. */
export function aws(file: string, commit: string, name: string): string {
  return `"${name}" of AWS's price data ${file}, kept in github.com/QuinnyPig/aws-price-watcher at ${commit} (2025), ${READ}`;
}

export const same = (usd: number): PerRegion => [usd, usd, usd, usd, usd, usd];

/** The three regions of the United States are priced alike in everything that we use. */
export const usd = (frankfurt: number, zurich: number, ireland: number, unitedStates: number): PerRegion => [
  frankfurt,
  zurich,
  ireland,
  unitedStates,
  unitedStates,
  unitedStates,
];

/** How Zurich is derived where it has no line. */
export const ZURICH_IS =
  "Frankfurt's price times 1.1, the ratio of both regions in the load balancer's and Lambda's lines";
