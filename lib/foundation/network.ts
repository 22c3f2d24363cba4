import * as ec2 from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';

import type { Region } from '../regions';
import { inEachZone, planAddresses, type PerZone } from './address-plan';
import { createEndpoints } from './endpoints';
import { createNat, createPrivateRouting, createPublicRouting, type NatStrategy } from './routing';
import { createFunctionGroup, createGuardedGroups } from './security-groups';
import { createPrivateSubnets, createPublicSubnets, lookUpZones } from './subnets';
import { nameTag, type VpcPart } from './vpc-part';

/** Where the VPC is, which addresses it has, and how it reaches the internet. */
export interface NetworkArgs {
  readonly environmentSuffix: string;
  /** The VPC's addresses: a whole /16 to /20. */
  readonly cidr: string;
  /** The other region's VPC, which must not overlap: its private subnets hold the other database. */
  readonly peerCidr: string;
  readonly natStrategy: NatStrategy;
  readonly region: Region;
  /** The region's audit-logs bucket, ready to take deliveries. */
  readonly flowLogsBucketArn: pulumi.Input<string>;
}

/** One region's VPC: three zones, public and private subnets, endpoints, security groups, flow logs (W1, W2, W4, W5). IPv4 only. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** All addresses of the VPC. */
  readonly cidr: string;
  /** The part of them that all private subnets are in: what the other region's rules let in. */
  readonly privateRange: string;
  /** For load balancers; known once the way to the internet stands, and gone before it. */
  readonly publicSubnetIds: PerZone<pulumi.Output<string>>;
  /** For databases, functions and instances. */
  readonly privateSubnetIds: PerZone<pulumi.Output<string>>;
  readonly publicRouteTableId: pulumi.Output<string>;
  readonly privateRouteTableIds: PerZone<pulumi.Output<string>>;
  /** What every function in the VPC runs in: it reaches the database, S3, DynamoDB and Secrets Manager, nothing else. */
  readonly functionSecurityGroupId: pulumi.Output<string>;
  /** What the database runs in. */
  readonly databaseSecurityGroupId: pulumi.Output<string>;
  /** Guards the interface endpoint of Secrets Manager: whoever else needs it adds a rule here. */
  readonly endpointSecurityGroupId: pulumi.Output<string>;
  /** S3's addresses as a destination of egress rules. */
  readonly s3PrefixListId: pulumi.Output<string>;
  /** DynamoDB's addresses as a destination of egress rules. */
  readonly dynamodbPrefixListId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:foundation:Network', name, {}, opts);
    const { environmentSuffix, cidr, peerCidr, natStrategy, region, flowLogsBucketArn } = args;
    const plan = planAddresses(cidr);
    const part = createVpc(this, name, environmentSuffix, cidr);

    const zones = lookUpZones(this, region.name);
    const publicSubnets = createPublicSubnets(part, zones, plan.publicSubnets);
    const privateSubnets = createPrivateSubnets(part, zones, plan.privateSubnets);
    const publicRouting = createPublicRouting(part, publicSubnets);
    const privateTables = createPrivateRouting(part, privateSubnets);
    createNat(part, natStrategy, publicSubnets, publicRouting.internetRoute, privateTables);

    this.cidr = cidr;
    this.privateRange = plan.privateRange;
    this.vpcId = part.vpcId;
    this.publicSubnetIds = publicRouting.connectedSubnetIds;
    this.privateSubnetIds = inEachZone(privateSubnets, (subnet) => subnet.id);
    this.publicRouteTableId = publicRouting.table.id;
    this.privateRouteTableIds = inEachZone(privateTables, (table) => table.id);

    const groups = createGuardedGroups(part);
    const gateways = createEndpoints(part, {
      regionName: region.name,
      routeTableIds: [this.publicRouteTableId, ...this.privateRouteTableIds],
      privateSubnetIds: this.privateSubnetIds,
      endpointSecurityGroupId: groups.endpoints.id,
    });
    this.s3PrefixListId = gateways.s3.prefixListId;
    this.dynamodbPrefixListId = gateways.dynamodb.prefixListId;
    const { s3PrefixListId, dynamodbPrefixListId } = this;
    const peerPrivateRange = planAddresses(peerCidr).privateRange;
    const functions = createFunctionGroup(part, groups, { s3PrefixListId, dynamodbPrefixListId, peerPrivateRange });
    createFlowLog(part, flowLogsBucketArn);

    this.functionSecurityGroupId = functions.id;
    this.databaseSecurityGroupId = groups.database.id;
    this.endpointSecurityGroupId = groups.endpoints.id;
    this.registerOutputs({ vpcId: this.vpcId });
  }
}

/** Both DNS switches: private endpoint names and the peering's name resolution need them. */
function createVpc(parent: pulumi.Resource, name: string, environmentSuffix: string, cidrBlock: string): VpcPart {
  const tags = nameTag({ environmentSuffix }, 'vpc');
  const vpc = new ec2.Vpc(
    `${name}-vpc`,
    { cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags },
    { parent },
  );
  return { parent, name, environmentSuffix, vpcId: vpc.id };
}

/** Accepted and rejected traffic goes to the audit-logs bucket; deliveries to S3 need no role. */
function createFlowLog(part: VpcPart, bucketArn: pulumi.Input<string>): void {
  new ec2.FlowLog(
    `${part.name}-flow-log`,
    {
      vpcId: part.vpcId,
      trafficType: 'ALL',
      logDestinationType: 's3',
      logDestination: bucketArn,
      maxAggregationInterval: 600,
      tags: nameTag(part, 'flow-log'),
    },
    { parent: part.parent },
  );
}
