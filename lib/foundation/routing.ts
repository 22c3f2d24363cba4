import * as ec2 from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';

import { inEachZone, type PerZone } from './address-plan';
import { nameTag, type VpcPart } from './vpc-part';

/** How private subnets reach the internet: not at all, through one NAT gateway for all, or through one per zone (W2). */
export type NatStrategy = 'none' | 'single' | 'per-az';

const EVERYWHERE = '0.0.0.0/0';

/** The public subnets' table, with its way out. Routes are resources of their own, so that others can add theirs. */
export function createPublicRouting(part: VpcPart, subnets: PerZone<ec2.Subnet>): PublicRouting {
  const { parent, name, vpcId } = part;
  const gateway = new ec2.InternetGateway(`${name}-internet`, { vpcId, tags: nameTag(part, 'internet') }, { parent });
  const table = new ec2.RouteTable(`${name}-public`, { vpcId, tags: nameTag(part, 'public') }, { parent });
  const internetRoute = new ec2.Route(
    `${name}-public-internet`,
    { routeTableId: table.id, destinationCidrBlock: EVERYWHERE, gatewayId: gateway.id },
    { parent },
  );
  const associations = associate(part, 'public', subnets, [table, table, table]);
  const connectedSubnetIds = inEachZone(subnets, (subnet, index) => {
    const association = associations[index] ?? associations[0];
    return pulumi.all([subnet.id, internetRoute.id, association.id]).apply(([its]) => its);
  });
  return { table, internetRoute, connectedSubnetIds };
}

/** The public route table, and the route without which nothing in it reaches the internet. */
export interface PublicRouting {
  readonly table: ec2.RouteTable;
  readonly internetRoute: ec2.Route;
  /**
   * The public subnets as everyone else must name them: whoever takes an id from here is made after the way to the internet and
   * deleted before it. AWS makes no public load balancer in a VPC without an internet gateway (InvalidSubnet), and detaches none
   * while something behind it has a public address.
   */
  readonly connectedSubnetIds: PerZone<pulumi.Output<string>>;
}

/** One private table per zone, whatever the NAT strategy: changing the strategy then only adds and removes routes. */
export function createPrivateRouting(part: VpcPart, subnets: PerZone<ec2.Subnet>): PerZone<ec2.RouteTable> {
  const { parent, name, vpcId } = part;
  const tables = inEachZone(subnets, (_, index) => {
    const resource = `private-${index + 1}`;
    return new ec2.RouteTable(`${name}-${resource}`, { vpcId, tags: nameTag(part, resource) }, { parent });
  });
  associate(part, 'private', subnets, tables);
  return tables;
}

/** Gives the private tables their way out, if they have one. */
export function createNat(
  part: VpcPart,
  natStrategy: NatStrategy,
  publicSubnets: PerZone<ec2.Subnet>,
  internetRoute: ec2.Route,
  privateTables: PerZone<ec2.RouteTable>,
): void {
  if (natStrategy === 'none') return;
  const gateways = createNatGateways(part, natStrategy, publicSubnets, internetRoute);
  inEachZone(privateTables, (table, index) => {
    const natGateway = gateways[index] ?? gateways[0];
    new ec2.Route(
      `${part.name}-private-${index + 1}-internet`,
      { routeTableId: table.id, destinationCidrBlock: EVERYWHERE, natGatewayId: natGateway.id },
      { parent: part.parent },
    );
  });
}

/** At least one gateway: with `single` the first zone's serves all three. */
function createNatGateways(
  part: VpcPart,
  natStrategy: Exclude<NatStrategy, 'none'>,
  publicSubnets: PerZone<ec2.Subnet>,
  internetRoute: ec2.Route,
): readonly [ec2.NatGateway, ...ec2.NatGateway[]] {
  const [first, ...others] = publicSubnets;
  const create = (subnet: ec2.Subnet, index: number): ec2.NatGateway => {
    const resource = `nat-${index + 1}`;
    const tags = nameTag(part, resource);
    // AWS refuses an address or a gateway in a VPC that the internet cannot reach yet.
    const opts = { parent: part.parent, dependsOn: [internetRoute] };
    const address = new ec2.Eip(`${part.name}-${resource}`, { domain: 'vpc', tags }, opts);
    return new ec2.NatGateway(
      `${part.name}-${resource}`,
      { subnetId: subnet.id, allocationId: address.allocationId, tags },
      opts,
    );
  };
  return [
    create(first, 0),
    ...(natStrategy === 'per-az' ? others.map((subnet, index) => create(subnet, index + 1)) : []),
  ];
}

function associate(
  { parent, name }: VpcPart,
  kind: 'public' | 'private',
  subnets: PerZone<ec2.Subnet>,
  tables: PerZone<ec2.RouteTable>,
): PerZone<ec2.RouteTableAssociation> {
  return inEachZone(subnets, (subnet, index) => {
    const table = tables[index] ?? tables[0];
    return new ec2.RouteTableAssociation(
      `${name}-${kind}-${index + 1}`,
      { subnetId: subnet.id, routeTableId: table.id },
      { parent },
    );
  });
}
