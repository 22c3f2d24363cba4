import * as fc from 'fast-check';

import { formatCidr, overlap, parseCidr, type Cidr } from '../../../lib/config/cidr';
import { planAddresses, validateApart } from '../../../lib/foundation/address-plan';

const SIXTEEN = {
  publicSubnets: ['10.10.128.0/24', '10.10.129.0/24', '10.10.130.0/24'],
  privateSubnets: ['10.10.0.0/19', '10.10.32.0/19', '10.10.64.0/19'],
  privateRange: '10.10.0.0/17',
};
const TWENTY = {
  publicSubnets: ['172.16.24.0/24', '172.16.25.0/24', '172.16.26.0/24'],
  privateSubnets: ['172.16.16.0/23', '172.16.18.0/23', '172.16.20.0/23'],
  privateRange: '172.16.16.0/21',
};

test.each([
  ['the default VPC', '10.10.0.0/16', SIXTEEN],
  ['the smallest VPC that still holds public subnets a load balancer accepts', '172.16.16.0/20', TWENTY],
])('plans %s', (_, cidr, plan) => {
  expect(planAddresses(cidr)).toEqual(plan);
});

test('every subnet lies in the VPC and none shares an address with another, whatever the VPC', () => {
  const anyVpc = fc
    .record({ prefix: fc.integer({ min: 16, max: 20 }), index: fc.nat(2 ** 16 - 1) })
    .map(({ prefix, index }) => formatCidr({ network: index * 2 ** (32 - prefix), prefix }))
    .filter((cidr) => parseCidr(cidr) !== undefined);
  fc.assert(
    fc.property(anyVpc, (cidr) => {
      const { publicSubnets, privateSubnets, privateRange } = planAddresses(cidr);
      const subnets = [...publicSubnets, ...privateSubnets].map(range);
      for (const subnet of subnets) expect(inside(subnet, range(cidr))).toBe(true);
      for (const subnet of privateSubnets.map(range)) expect(inside(subnet, range(privateRange))).toBe(true);
      for (const subnet of publicSubnets.map(range)) expect(overlap(subnet, range(privateRange))).toBe(false);
      const clashes = subnets.flatMap((one, i) => subnets.slice(i + 1).filter((other) => overlap(one, other)));
      expect(clashes).toEqual([]);
    }),
  );
});

test.each([
  ['too large for AWS', '10.0.0.0/15'],
  ['too small for three public subnets', '10.0.0.0/21'],
  ['not on a boundary of its own size', '10.10.1.0/16'],
  ['not a range', '10.10.0.0'],
])('refuses a VPC that is %s: %s', (_, cidr) => {
  expect(() => planAddresses(cidr)).toThrow(`a VPC needs a whole /16 to /20 such as 10.10.0.0/16, got "${cidr}"`);
});

test('refuses to peer VPCs whose addresses overlap, because AWS cannot route between them', () => {
  expect(() => validateApart('10.10.0.0/16', '10.10.16.0/20')).toThrow(
    'VPCs with overlapping addresses cannot be peered: primary 10.10.0.0/16, dr 10.10.16.0/20',
  );
  expect(() => validateApart('10.10.0.0/16', '10.20.0.0/16')).not.toThrow();
});

function range(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(`not a range: ${text}`);
  return parsed;
}

function inside(inner: Cidr, outer: Cidr): boolean {
  return inner.prefix >= outer.prefix && overlap(inner, outer);
}
