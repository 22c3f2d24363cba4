import { getAvailabilityZonesOutput } from '@pulumi/aws/getAvailabilityZones';
import * as ec2 from '@pulumi/aws/ec2';
import type * as pulumi from '@pulumi/pulumi';

import { inEachZone, type PerZone } from './address-plan';
import { nameTag, OUTLIVES_FUNCTIONS, type VpcPart } from './vpc-part';

/** The oldest zone of us-east-1 lacks newer instance types. Zone ids, unlike names, mean the same zone in every account. */
const ZONES_TO_AVOID = ['use1-az3'];

/** The names of the three availability zones to build in, of those that every account has (no local or wavelength zones). */
export function lookUpZones(parent: pulumi.Resource, regionName: string): PerZone<pulumi.Output<string>> {
  const available = getAvailabilityZonesOutput(
    {
      state: 'available',
      excludeZoneIds: ZONES_TO_AVOID,
      filters: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
    },
    { parent },
  );
  const chosen = available.names.apply((names) => chooseZones(names, regionName));
  return [chosen.apply((zones) => zones[0]), chosen.apply((zones) => zones[1]), chosen.apply((zones) => zones[2])];
}

/**
 * The first three zones by name, so that every run builds in the same ones. Pure.
 *
 * @throws Error when there are fewer, naming them. That is known only once AWS has answered.
 */
export function chooseZones(names: readonly string[], regionName: string): PerZone<string> {
  const [first, second, third] = [...names].sort();
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error(
      `${regionName} offers ${names.length} availability zones (${names.join(', ') || 'none'}), but three are needed: choose another region`,
    );
  }
  return [first, second, third];
}

/** Subnets for load balancers and NAT gateways. Instances in them get no public address by themselves. */
export function createPublicSubnets(
  part: VpcPart,
  zones: PerZone<pulumi.Output<string>>,
  cidrs: PerZone<string>,
): PerZone<ec2.Subnet> {
  return createSubnets(part, 'public', zones, cidrs, { parent: part.parent });
}

/** Subnets for databases, functions and instances. */
export function createPrivateSubnets(
  part: VpcPart,
  zones: PerZone<pulumi.Output<string>>,
  cidrs: PerZone<string>,
): PerZone<ec2.Subnet> {
  return createSubnets(part, 'private', zones, cidrs, { parent: part.parent, ...OUTLIVES_FUNCTIONS });
}

function createSubnets(
  part: VpcPart,
  kind: 'public' | 'private',
  zones: PerZone<pulumi.Output<string>>,
  cidrs: PerZone<string>,
  opts: pulumi.CustomResourceOptions,
): PerZone<ec2.Subnet> {
  return inEachZone(pairs(zones, cidrs), ([availabilityZone, cidrBlock], index) => {
    const resource = `${kind}-${index + 1}`;
    return new ec2.Subnet(
      `${part.name}-${resource}`,
      { vpcId: part.vpcId, availabilityZone, cidrBlock, mapPublicIpOnLaunch: false, tags: nameTag(part, resource) },
      opts,
    );
  });
}

function pairs<A, B>(some: PerZone<A>, others: PerZone<B>): PerZone<readonly [A, B]> {
  return [
    [some[0], others[0]],
    [some[1], others[1]],
    [some[2], others[2]],
  ];
}
