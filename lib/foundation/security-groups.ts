import * as ec2 from '@pulumi/aws/ec2';
import * as vpc from '@pulumi/aws/vpc';
import type * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';
import { nameTag, OUTLIVES_FUNCTIONS, type VpcPart } from './vpc-part';

/** PostgreSQL's port, in both regions. */
export const DATABASE_PORT = 5432;
const HTTPS_PORT = 443;

/** One way out of a security group, as the group's own list holds it. */
export interface WayOut extends Destination {
  readonly protocol: 'tcp';
  readonly fromPort: number;
  readonly toPort: number;
  readonly description: string;
}

/** Where a way out leads: exactly one of the three. */
interface Destination {
  readonly securityGroups?: pulumi.Input<string>[];
  readonly cidrBlocks?: string[];
  readonly prefixListIds?: pulumi.Input<string>[];
}

/** What functions talk to inside the VPC. Neither lets anything in until a rule says so, or anything out at all. */
export interface GuardedGroups {
  readonly database: ec2.SecurityGroup;
  readonly endpoints: ec2.SecurityGroup;
}

/** Where functions may go besides the database and the interface endpoint. */
export interface FunctionDestinations {
  readonly s3PrefixListId: pulumi.Input<string>;
  readonly dynamodbPrefixListId: pulumi.Input<string>;
  /** The private subnets of the other region, where its database is. */
  readonly peerPrivateRange: string;
}

/** The groups that the database and the interface endpoint run in (W5). */
export function createGuardedGroups(part: VpcPart): GuardedGroups {
  emptyDefaultGroup(part);
  return {
    database: createGroup(part, 'database', 'The Aurora cluster.'),
    endpoints: createGroup(part, 'endpoints', 'The interface endpoint of Secrets Manager.'),
  };
}

/**
 * The group that functions run in, and the rules that let them in where they may go.
 *
 * Its ways out are one list inside the group and not rules of their own: the list is complete, so that a way out added by
 * hand is gone after the next `up`. Ways in are rules of their own, because two components add them.
 */
export function createFunctionGroup(
  part: VpcPart,
  { database, endpoints }: GuardedGroups,
  { s3PrefixListId, dynamodbPrefixListId, peerPrivateRange }: FunctionDestinations,
): ec2.SecurityGroup {
  const egress = [
    wayOut(DATABASE_PORT, 'Functions query the Aurora cluster.', { securityGroups: [database.id] }),
    wayOut(DATABASE_PORT, 'Functions query the Aurora cluster of the other region.', {
      cidrBlocks: [peerPrivateRange],
    }),
    wayOut(HTTPS_PORT, 'Functions read the database secret through the interface endpoint.', {
      securityGroups: [endpoints.id],
    }),
    wayOut(HTTPS_PORT, 'Functions read and write S3 through the gateway endpoint.', {
      prefixListIds: [s3PrefixListId],
    }),
    wayOut(HTTPS_PORT, 'Functions read and write DynamoDB through the gateway endpoint.', {
      prefixListIds: [dynamodbPrefixListId],
    }),
  ];
  const functions = createGroup(part, 'functions', 'Functions that run in the VPC.', { egress }, OUTLIVES_FUNCTIONS);
  letIn(part, 'database-from-functions', database, functions, DATABASE_PORT, 'Functions query the Aurora cluster.');
  const secrets = 'Functions read the database secret through the interface endpoint.';
  letIn(part, 'endpoints-from-functions', endpoints, functions, HTTPS_PORT, secrets);
  return functions;
}

function createGroup(
  part: VpcPart,
  resource: string,
  description: string,
  rules: Pick<ec2.SecurityGroupArgs, 'egress'> = {},
  opts: pulumi.CustomResourceOptions = {},
): ec2.SecurityGroup {
  const name = physicalName('security group', resource, part.environmentSuffix);
  return new ec2.SecurityGroup(
    `${part.name}-${resource}`,
    { vpcId: part.vpcId, name, description, tags: nameTag(part, resource), ...rules },
    { parent: part.parent, ...opts },
  );
}

/** The group that AWS gives every VPC lets its members talk to each other and to everywhere: adopted, and left empty. */
function emptyDefaultGroup(part: VpcPart): void {
  new ec2.DefaultSecurityGroup(
    `${part.name}-default`,
    { vpcId: part.vpcId, ingress: [], egress: [], tags: nameTag(part, 'default-unused') },
    { parent: part.parent },
  );
}

/** One TCP port towards one destination, with the sentence that AWS shows beside it. */
export function wayOut(port: number, description: string, to: Destination): WayOut {
  return { protocol: 'tcp', fromPort: port, toPort: port, description, ...to };
}

function letIn(
  part: VpcPart,
  name: string,
  group: ec2.SecurityGroup,
  from: ec2.SecurityGroup,
  port: number,
  description: string,
): void {
  new vpc.SecurityGroupIngressRule(
    `${part.name}-${name}`,
    {
      securityGroupId: group.id,
      referencedSecurityGroupId: from.id,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description,
    },
    { parent: part.parent },
  );
}
