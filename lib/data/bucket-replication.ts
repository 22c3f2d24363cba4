import * as iam from '@pulumi/aws/iam';
import * as s3 from '@pulumi/aws/s3';
import type * as pulumi from '@pulumi/pulumi';
import { interpolate } from '@pulumi/pulumi';

import { physicalName } from '../naming';
import { assumableBy, policyDocument } from '../policy';
import type { PerRegion, Region } from '../regions';
import type { RegionalBucket } from './regional-bucket';

/** What writers put here is copied within 15 minutes by contract, mostly seconds. At most 128 MB per object: they see to it. */
export const RTC_PREFIX = 'rtc/';
/** The rule under Replication Time Control; a dimension of its metrics. */
export const RTC_RULE_ID = 'rtc';

/** The only value that Replication Time Control takes, in minutes. */
const RTC_MINUTES = 15;

/** The buckets of one purpose: one per region, each the other's copy. */
export interface Namesakes {
  readonly purpose: string;
  readonly buckets: PerRegion<RegionalBucket>;
}

/** One direction: from every bucket of one region to its namesake in the other. */
export interface DirectionArgs {
  readonly environmentSuffix: string;
  readonly from: Region;
  readonly to: Region;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  readonly namesakes: readonly Namesakes[];
}

/**
 * Copies every bucket of one region to the other (D5, D6). The other direction exists from the start as well: making it in a
 * failover would need a control plane that may be down, and nothing is lost at fail-back.
 *
 * What is written before it stands is never copied, nor what comes before S3 keeps versions, up to 15 minutes after it was told
 * to (S3 guide, "Enabling versioning on buckets"): whatever must be in both regions at once is put into both.
 */
export function createDirection(name: string, args: DirectionArgs, opts: pulumi.CustomResourceOptions): void {
  const { from, to, keys, namesakes } = args;
  const { role, policy } = createRole(name, args, opts);
  for (const { purpose, buckets } of namesakes) {
    const source = buckets[from.role];
    const destination = buckets[to.role];
    new s3.BucketReplicationConfig(
      `${name}-${purpose}`,
      {
        bucket: source.bucket.id,
        role: role.arn,
        rules: replicationRules(destination.arn, keys[to.role].keyArn),
      },
      // S3 refuses the configuration unless both ends keep versions; without the policy the first copies would fail.
      { ...opts, dependsOn: [source.versioning, destination.versioning, policy] },
    );
  }
}

/** S3 cannot choose by size, so the prefix does: `rtc/` under Replication Time Control, everything else without. */
function replicationRules(
  bucket: pulumi.Input<string>,
  replicaKmsKeyId: pulumi.Input<string>,
): s3.BucketReplicationConfigArgs['rules'] {
  const destination = { bucket, encryptionConfiguration: { replicaKmsKeyId } };
  const always = {
    status: 'Enabled',
    deleteMarkerReplication: { status: 'Enabled' },
    sourceSelectionCriteria: {
      sseKmsEncryptedObjects: { status: 'Enabled' },
      // Changes of a copy's metadata find their way back.
      replicaModifications: { status: 'Enabled' },
    },
  };
  return [
    {
      ...always,
      id: RTC_RULE_ID,
      priority: 10,
      filter: { prefix: RTC_PREFIX },
      destination: {
        ...destination,
        replicationTime: { status: 'Enabled', time: { minutes: RTC_MINUTES } },
        metrics: { status: 'Enabled', eventThreshold: { minutes: RTC_MINUTES } },
      },
    },
    { ...always, id: 'catch-all', priority: 1, filter: { prefix: '' }, destination },
  ];
}

/** One role per direction; role names are global, so it carries the region it reads. */
function createRole(name: string, args: DirectionArgs, opts: pulumi.CustomResourceOptions) {
  const { environmentSuffix, from, to } = args;
  const globalName = physicalName('IAM role', 'bucket-replication', environmentSuffix, from.name);
  const role = new iam.Role(
    `${name}-role`,
    {
      name: globalName,
      description: `Copies the buckets of ${from.name} to ${to.name}`,
      assumeRolePolicy: assumableBy('s3.amazonaws.com'),
    },
    opts,
  );
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    { name: globalName, role: role.id, policy: rolePolicy(args) },
    opts,
  );
  return { role, policy };
}

/** Reads here, writes there; each key only through S3 and only for these buckets, whose ARNs are the bucket keys' context. */
function rolePolicy({ from, to, keys, namesakes }: DirectionArgs): pulumi.Output<string> {
  const sources = namesakes.map(({ buckets }) => buckets[from.role].bucket.arn);
  const destinations = namesakes.map(({ buckets }) => buckets[to.role].bucket.arn);
  return policyDocument([
    { Sid: 'ReadConfiguration', Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'], Resource: sources },
    {
      Sid: 'ReadObjects',
      Action: ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'],
      Resource: inside(sources),
    },
    {
      Sid: 'WriteCopies',
      Action: ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'],
      Resource: inside(destinations),
    },
    {
      Sid: 'DecryptHere',
      Action: 'kms:Decrypt',
      Resource: keys[from.role].keyArn,
      Condition: throughS3(from, sources),
    },
    {
      Sid: 'EncryptThere',
      // With bucket keys the destination's key is also asked to decrypt (S3 guide, "Replicating encrypted objects").
      Action: ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: keys[to.role].keyArn,
      Condition: throughS3(to, destinations),
    },
  ]);
}

function throughS3(region: Region, bucketArns: readonly pulumi.Input<string>[]) {
  return {
    StringEquals: {
      'kms:ViaService': `s3.${region.name}.amazonaws.com`,
      'kms:EncryptionContext:aws:s3:arn': bucketArns,
    },
  };
}

function inside(bucketArns: readonly pulumi.Input<string>[]): readonly pulumi.Output<string>[] {
  return bucketArns.map((arn) => interpolate`${arn}/*`);
}
