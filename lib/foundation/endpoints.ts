import * as ec2 from '@pulumi/aws/ec2';
import type * as pulumi from '@pulumi/pulumi';

import { nameTag, type VpcPart } from './vpc-part';

/** What the endpoints connect. */
export interface EndpointArgs {
  readonly regionName: string;
  /** Every table of the VPC, the public one too: what is bound for S3 leaves a public subnet over the free endpoint as well. */
  readonly routeTableIds: readonly pulumi.Input<string>[];
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  readonly endpointSecurityGroupId: pulumi.Input<string>;
}

/** The gateway endpoints, whose prefix lists are the destinations of egress rules. */
export interface Endpoints {
  readonly s3: ec2.VpcEndpoint;
  readonly dynamodb: ec2.VpcEndpoint;
}

/**
 * Everything that functions in the VPC call besides PostgreSQL, without NAT: S3 and DynamoDB through gateway endpoints
 * (free, W4), Secrets Manager through an interface endpoint (about 0.012 USD an hour and zone) that answers under the
 * service's ordinary name.
 */
export function createEndpoints(part: VpcPart, args: EndpointArgs): Endpoints {
  const { parent, name, vpcId } = part;
  const serviceName = (service: string) => `com.amazonaws.${args.regionName}.${service}`;
  const gateway = (service: 's3' | 'dynamodb') =>
    new ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId,
        vpcEndpointType: 'Gateway',
        serviceName: serviceName(service),
        routeTableIds: [...args.routeTableIds],
        tags: nameTag(part, service),
      },
      { parent },
    );

  new ec2.VpcEndpoint(
    `${name}-secretsmanager`,
    {
      vpcId,
      vpcEndpointType: 'Interface',
      serviceName: serviceName('secretsmanager'),
      privateDnsEnabled: true,
      subnetIds: [...args.privateSubnetIds],
      securityGroupIds: [args.endpointSecurityGroupId],
      tags: nameTag(part, 'secretsmanager'),
    },
    { parent },
  );
  return { s3: gateway('s3'), dynamodb: gateway('dynamodb') };
}
