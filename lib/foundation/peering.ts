import * as ec2 from '@pulumi/aws/ec2';
import * as vpc from '@pulumi/aws/vpc';
import * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';
import { otherRole, type PerRegion, type RegionRole, type Regions } from '../regions';
import { validateApart } from './address-plan';
import type { Network } from './network';
import { DATABASE_PORT } from './security-groups';

/** The two VPCs to connect. */
export interface PeeringArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  readonly networks: PerRegion<Network>;
}

/** Where each side's children are made. */
type Places = PerRegion<pulumi.CustomResourceOptions>;

/**
 * Connects the two VPCs: routes in every table, names of either side resolved to private addresses in the other, functions
 * let through to the other region's database (W3).
 *
 * Nothing that recovers a lost region goes through here. The rules name address ranges, because a security group of another
 * region cannot be referenced.
 */
export class Peering extends pulumi.ComponentResource {
  /** The connection, once dr has accepted it. */
  readonly connectionId: pulumi.Output<string>;

  constructor(name: string, args: PeeringArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:foundation:Peering', name, {}, opts);
    const { environmentSuffix, regions, networks } = args;
    const inPrimary = { parent: this, provider: regions.primary.provider };
    const inDr = { parent: this, provider: regions.dr.provider };
    const places = { primary: inPrimary, dr: inDr };
    validateApart(networks.primary.cidr, networks.dr.cidr);

    const tags = { Name: physicalName('tag', 'peering', environmentSuffix) };
    const request = new ec2.VpcPeeringConnection(
      `${name}-request`,
      {
        vpcId: networks.primary.vpcId,
        peerVpcId: networks.dr.vpcId,
        peerRegion: regions.dr.name,
        autoAccept: false,
        tags,
      },
      inPrimary,
    );
    const accepted = new ec2.VpcPeeringConnectionAccepter(
      `${name}-accepter`,
      { vpcPeeringConnectionId: request.id, autoAccept: true, tags },
      inDr,
    );
    // The accepter's id is the connection's: whoever uses it waits until the connection is active.
    this.connectionId = accepted.id;

    const resolved = { allowRemoteVpcDnsResolution: true };
    new ec2.PeeringConnectionOptions(
      `${name}-requester-dns`,
      { vpcPeeringConnectionId: this.connectionId, requester: resolved },
      inPrimary,
    );
    new ec2.PeeringConnectionOptions(
      `${name}-accepter-dns`,
      { vpcPeeringConnectionId: this.connectionId, accepter: resolved },
      inDr,
    );
    for (const role of ['primary', 'dr'] as const) {
      createRoutes(name, role, networks, this.connectionId, places);
      createDatabaseRule(name, role, networks, places);
    }
    this.registerOutputs({ connectionId: this.connectionId });
  }
}

/** The other VPC's addresses, in every table of this one. */
function createRoutes(
  name: string,
  role: RegionRole,
  networks: PerRegion<Network>,
  connectionId: pulumi.Output<string>,
  places: Places,
): void {
  const { publicRouteTableId, privateRouteTableIds } = networks[role];
  const destinationCidrBlock = networks[otherRole(role)].cidr;
  const create = (table: string, routeTableId: pulumi.Input<string>) =>
    new ec2.Route(
      `${name}-${role}-${table}`,
      { routeTableId, destinationCidrBlock, vpcPeeringConnectionId: connectionId },
      places[role],
    );
  create('public', publicRouteTableId);
  privateRouteTableIds.forEach((id, index) => create(`private-${index + 1}`, id));
}

/** While the two roles are apart (a planned switchover, a region half lost), functions reach the writer on the other side. */
function createDatabaseRule(name: string, role: RegionRole, networks: PerRegion<Network>, places: Places): void {
  new vpc.SecurityGroupIngressRule(
    `${name}-${role}-database`,
    {
      securityGroupId: networks[role].databaseSecurityGroupId,
      description: 'Private subnets of the other region query the Aurora cluster.',
      ipProtocol: 'tcp',
      fromPort: DATABASE_PORT,
      toPort: DATABASE_PORT,
      cidrIpv4: networks[otherRole(role)].privateRange,
    },
    places[role],
  );
}
