import { formatCidr, overlap, parseCidr, type Cidr } from '../config/cidr';

/** One of something per availability zone: always three (W1). */
export type PerZone<T> = readonly [T, T, T];

/** How a VPC's addresses are divided. All ranges in AWS's notation, `10.10.0.0/16`. */
export interface AddressPlan {
  /** For load balancers and NAT gateways, a /24 each: a load balancer wants at least a /27. */
  readonly publicSubnets: PerZone<string>;
  /** For databases, functions and instances, an eighth of the VPC each: every function and scaled-out instance takes an address. */
  readonly privateSubnets: PerZone<string>;
  /** The lower half of the VPC. One range that holds all private subnets, so that one rule lets them through a peering. */
  readonly privateRange: string;
}

/** The largest VPC that AWS makes; the smallest whose upper half still holds three /24s. */
const LARGEST_VPC = 16;
const SMALLEST_VPC = 20;
const PUBLIC_SUBNET = 24;
const ZONES: PerZone<number> = [0, 1, 2];

/**
 * Divides a VPC: the lower half is private (three of its quarters, one left for later), the upper half starts with three
 * public subnets. Pure.
 *
 * @throws RangeError when the range is not a whole /16 to /20.
 */
export function planAddresses(vpcCidr: string): AddressPlan {
  const { network, prefix } = wholeVpcRange(vpcCidr);
  const privateSubnet = prefix + 3;
  const upperHalf = network + size(prefix + 1);
  return {
    publicSubnets: inEachZone(ZONES, (zone) => subnet(upperHalf, PUBLIC_SUBNET, zone)),
    privateSubnets: inEachZone(ZONES, (zone) => subnet(network, privateSubnet, zone)),
    privateRange: subnet(network, prefix + 1, 0),
  };
}

/**
 * Refuses two VPCs whose addresses overlap, because no peering connects them.
 *
 * @throws RangeError naming both ranges.
 */
export function validateApart(primaryCidr: string, drCidr: string): void {
  if (overlap(wholeVpcRange(primaryCidr), wholeVpcRange(drCidr))) {
    throw new RangeError(`VPCs with overlapping addresses cannot be peered: primary ${primaryCidr}, dr ${drCidr}`);
  }
}

/** Makes one of something in each of the three availability zones from what is there already; the index starts at 0. */
export function inEachZone<T, U>(zones: PerZone<T>, make: (of: T, index: number) => U): PerZone<U> {
  return [make(zones[0], 0), make(zones[1], 1), make(zones[2], 2)];
}

function wholeVpcRange(vpcCidr: string): Cidr {
  const range = parseCidr(vpcCidr);
  if (!range || range.address !== range.network || range.prefix < LARGEST_VPC || range.prefix > SMALLEST_VPC) {
    throw new RangeError(
      `a VPC needs a whole /${LARGEST_VPC} to /${SMALLEST_VPC} such as 10.10.0.0/16, got "${vpcCidr}"`,
    );
  }
  return range;
}

function subnet(start: number, prefix: number, index: number): string {
  return formatCidr({ network: start + index * size(prefix), prefix });
}

function size(prefix: number): number {
  return 2 ** (32 - prefix);
}
