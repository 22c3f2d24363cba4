import { createHash } from 'node:crypto';

/**
 * The longest name AWS takes for each kind of thing that we name, in characters. A kind missing here has no limit that a
 * name of ours could reach. Sources: the API reference of each service (botocore shapes).
 */
export const NAME_LIMITS = {
  'API Gateway REST API': 1024,
  'API Gateway stage': 128,
  'Auto Scaling group': 255,
  'CloudWatch alarm': 255,
  'CloudWatch dashboard': 255,
  'CloudWatch namespace': 255,
  'DynamoDB table': 255,
  'EC2 launch template': 128,
  'ElastiCache or RDS identifier': 63,
  'EventBridge rule': 64,
  'IAM role': 64,
  'KMS alias': 256,
  'Lambda function': 64,
  'load balancer': 32,
  'load balancer target group': 32,
  'log group': 512,
  'S3 bucket': 63,
  'security group': 255,
  'SNS topic': 256,
  'SQS queue': 80,
  'SSM parameter': 1011,
  'Synthetics canary': 255,
  tag: 256,
} as const;

export type NamedKind = keyof typeof NAME_LIMITS;

/** The least that must be left of the resource part once the suffix and the region have their place: `abc-1a2b`. */
const SHORTEST_RESOURCE_PART = 8;
const HASH_LENGTH = 4;

/** A name that does not fit, said in the operator's words. */
export class NameTooLongError extends Error {
  override readonly name = 'NameTooLongError';
}

/**
 * The physical name of a resource: `resource-suffix`, for names that are unique beyond a region `resource-qualifier-suffix`
 * (N5). Where AWS's limit binds, the resource part is shortened with a stable hash; the suffix and the qualifier never are.
 *
 * @param qualifier what makes a globally unique name regional: the region's name, for a bucket `account-region`.
 * @throws NameTooLongError when not even a shortened resource part fits, naming the resource.
 */
export function physicalName(kind: NamedKind, resource: string, environmentSuffix: string, qualifier = ''): string {
  const tail = `${qualifier && `-${qualifier}`}-${environmentSuffix}`;
  const room = NAME_LIMITS[kind] - tail.length;
  if (resource.length <= room) return resource + tail;
  if (room < SHORTEST_RESOURCE_PART) {
    throw new NameTooLongError(
      `environmentSuffix "${environmentSuffix}" (${environmentSuffix.length} characters) leaves ${Math.max(room, 0)} characters ` +
        `for the name of the ${kind} "${resource}"; at most ${longestSuffix(kind, qualifier)} characters fit`,
    );
  }
  const hash = createHash('sha256').update(resource).digest('hex').slice(0, HASH_LENGTH);
  return `${resource.slice(0, room - HASH_LENGTH - 1).replace(/-+$/, '')}-${hash}${tail}`;
}

/** How long a suffix may be for a kind of name, in characters. */
export function longestSuffix(kind: NamedKind, qualifier = ''): number {
  return NAME_LIMITS[kind] - SHORTEST_RESOURCE_PART - 1 - (qualifier && `-${qualifier}`).length;
}
