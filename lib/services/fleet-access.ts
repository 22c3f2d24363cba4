import * as ec2 from '@pulumi/aws/ec2';
import * as iam from '@pulumi/aws/iam';
import * as vpc from '@pulumi/aws/vpc';
import * as pulumi from '@pulumi/pulumi';
import { wayOut } from '../foundation/security-groups';
import { physicalName } from '../naming';
import { assumableBy, policyDocument } from '../policy';
import type { PolicyStatement } from '../policy';
import type { Region } from '../regions';
import type { FleetObjects } from './fleet-artifacts';
import { keyThrough } from './function-policy';
import type { NamedResource } from './named-resource';

/** What an instance may read and write: this region's own buckets, tables and key. */
export interface FleetData {
  readonly artifactsBucket: NamedResource;
  readonly artifacts: FleetObjects;
  readonly staticContentBucket: NamedResource;
  readonly sessionsTable: NamedResource;
  readonly ordersTable: NamedResource;
  readonly keyArn: pulumi.Input<string>;
}

/** Exactly the calls that the boot script and the service make; no ListBucket, no Scan, no write to orders. */
export function fleetStatements(data: FleetData, regionName: string): PolicyStatement[] {
  const { artifactsBucket, artifacts, staticContentBucket, sessionsTable, ordersTable, keyArn } = data;
  return [
    {
      Sid: 'FetchArtifact',
      Action: 's3:GetObject',
      Resource: [artifacts.service, artifacts.runtime].map(
        ({ key }) => pulumi.interpolate`${artifactsBucket.arn}/${key}`,
      ),
    },
    { Sid: 'ReadSite', Action: 's3:GetObject', Resource: pulumi.interpolate`${staticContentBucket.arn}/rtc/site/*` },
    {
      Sid: 'KeepSessions',
      Action: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      Resource: sessionsTable.arn,
    },
    { Sid: 'ReadOrders', Action: 'dynamodb:Query', Resource: ordersTable.arn },
    keyThrough('s3', regionName, keyArn, ['kms:Decrypt']),
    keyThrough('dynamodb', regionName, keyArn, ['kms:Decrypt']),
  ];
}

/** What an instance is to AWS. */
export interface FleetIdentity {
  readonly instanceProfileArn: pulumi.Output<string>;
  /** Must be in place before the first instance boots. */
  readonly policy: pulumi.Resource;
}

/** Role, policy and instance profile; roles and profiles are global, so the region is part of their names. */
export function createIdentity(
  parent: pulumi.Resource,
  name: string,
  environmentSuffix: string,
  region: Region,
  data: FleetData,
): FleetIdentity {
  const globalName = physicalName('IAM role', 'application-fleet', environmentSuffix, region.name);
  const role = new iam.Role(
    `${name}-role`,
    {
      name: globalName,
      description: 'Instances of the application fleet.',
      assumeRolePolicy: assumableBy('ec2.amazonaws.com'),
    },
    { parent },
  );
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    { name: globalName, role: role.name, policy: policyDocument(fleetStatements(data, region.name)) },
    { parent },
  );
  const profile = new iam.InstanceProfile(`${name}-profile`, { name: globalName, role: role.name }, { parent });
  return { instanceProfileArn: profile.arn, policy };
}

/** Between whom the fleet's packets go. */
export interface FleetPaths {
  readonly environmentSuffix: string;
  readonly vpcId: pulumi.Input<string>;
  readonly loadBalancerSecurityGroupId: pulumi.Input<string>;
  readonly s3PrefixListId: pulumi.Input<string>;
  readonly dynamodbPrefixListId: pulumi.Input<string>;
  readonly port: number;
}

/** The instances' group and its rules, which must be in place before the first instance boots. */
export interface FleetSecurity {
  readonly securityGroupId: pulumi.Output<string>;
  readonly rules: readonly pulumi.Resource[];
}

/**
 * In: the load balancer, one port. Out: S3 and DynamoDB through the gateway endpoints, one complete list inside the group, so
 * that a way out added by hand is gone after the next `up`. Nothing else, so NAT `none` is enough.
 */
export function createSecurity(parent: pulumi.Resource, name: string, paths: FleetPaths): FleetSecurity {
  const resource = 'application-fleet';
  const gateways = [paths.s3PrefixListId, paths.dynamodbPrefixListId];
  const group = new ec2.SecurityGroup(
    `${name}-group`,
    {
      name: physicalName('security group', resource, paths.environmentSuffix),
      description: 'Instances of the application fleet.',
      vpcId: paths.vpcId,
      egress: gateways.map((id) => wayOut(443, 'Through the gateway endpoint.', { prefixListIds: [id] })),
      tags: { Name: physicalName('tag', resource, paths.environmentSuffix) },
    },
    { parent },
  );
  const { port, loadBalancerSecurityGroupId } = paths;
  const service = { ipProtocol: 'tcp', fromPort: port, toPort: port };
  const rules = [
    new vpc.SecurityGroupEgressRule(
      `${name}-balancer-to-instances`,
      {
        securityGroupId: loadBalancerSecurityGroupId,
        referencedSecurityGroupId: group.id,
        ...service,
        description: 'The load balancer sends requests and health checks.',
      },
      { parent },
    ),
    new vpc.SecurityGroupIngressRule(
      `${name}-instances-from-balancer`,
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: loadBalancerSecurityGroupId,
        ...service,
        description: 'Requests come from the load balancer only.',
      },
      { parent },
    ),
  ];
  return { securityGroupId: group.id, rules };
}
