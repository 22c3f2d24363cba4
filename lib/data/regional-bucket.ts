import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';
import { policyDocument, tlsOnly, type PolicyStatement } from '../policy';
import type { Region } from '../regions';

/** What the bucket is for, and whose it is. */
export interface RegionalBucketArgs {
  readonly environmentSuffix: string;
  /** `receipts`: what is kept here. */
  readonly purpose: string;
  readonly accountId: pulumi.Input<string>;
  readonly region: Region;
  readonly keyArn: pulumi.Input<string>;
  /** Takes deliveries of CloudWatch's log service (flow logs). @default false */
  readonly takesLogDeliveries?: boolean;
  /** A prefix whose objects nobody else deletes, and for how long they are of use, in days. @default none */
  readonly expires?: { readonly prefix: string; readonly days: number };
}

const NONCURRENT_DAYS = 30;
const UNFINISHED_UPLOAD_DAYS = 7;

/** One encrypted, versioned, private bucket, which a destroy empties (D5, D8, N8). */
export class RegionalBucket extends pulumi.ComponentResource {
  /** Name and ARN as the bucket's own settings refer to it. */
  readonly bucket: s3.Bucket;
  /** Replication wants it on at both ends. */
  readonly versioning: s3.BucketVersioning;
  /** For everyone else: known once the bucket is safe to use, with encryption, versioning and policy in place. */
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: RegionalBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:data:RegionalBucket', name, {}, opts);
    const inBucket = { parent: this };

    const bucket = new s3.Bucket(`${name}-bucket`, { bucket: bucketName(args), forceDestroy: true }, inBucket);
    const access = new s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      inBucket,
    );
    const ownership = new s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.id, rule: { objectOwnership: 'BucketOwnerEnforced' } },
      inBucket,
    );
    const encryption = createEncryption(name, bucket, args.keyArn, inBucket);
    const versioning = new s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.id, versioningConfiguration: { status: 'Enabled' } },
      inBucket,
    );
    createLifecycle(name, bucket, args.expires, { ...inBucket, dependsOn: [versioning] });
    const policy = new s3.BucketPolicy(
      `${name}-policy`,
      { bucket: bucket.id, policy: bucketPolicy(bucket, args) },
      // S3 takes one change of a bucket's access settings at a time and answers OperationAborted to the other.
      { ...inBucket, dependsOn: [access, ownership] },
    );

    const ready = pulumi.all([encryption.id, versioning.id, policy.id]);
    this.bucket = bucket;
    this.versioning = versioning;
    this.name = pulumi.all([bucket.bucket, ready]).apply(([its]) => its);
    this.arn = pulumi.all([bucket.arn, ready]).apply(([its]) => its);
    this.registerOutputs({ name: this.name });
  }
}

/** Bucket names are global: they carry account and region. */
function bucketName({ accountId, environmentSuffix, purpose, region }: RegionalBucketArgs): pulumi.Output<string> {
  return pulumi
    .output(accountId)
    .apply((account) => physicalName('S3 bucket', purpose, environmentSuffix, `${account}-${region.name}`));
}

/** A bucket key spares a KMS call per object; it makes the bucket's ARN the encryption context. */
function createEncryption(
  name: string,
  bucket: s3.Bucket,
  kmsMasterKeyId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): s3.BucketServerSideEncryptionConfiguration {
  return new s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket: bucket.id,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId },
          bucketKeyEnabled: true,
        },
      ],
    },
    opts,
  );
}

/** Each bucket cleans up for itself: lifecycle actions are not replicated. */
function createLifecycle(
  name: string,
  bucket: s3.Bucket,
  expires: RegionalBucketArgs['expires'],
  opts: pulumi.CustomResourceOptions,
): void {
  new s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    {
      bucket: bucket.id,
      rules: [
        {
          id: 'clean-up',
          status: 'Enabled',
          filter: { prefix: '' },
          noncurrentVersionExpiration: { noncurrentDays: NONCURRENT_DAYS },
          abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_UPLOAD_DAYS },
        },
        ...(expires
          ? [
              {
                id: 'expire',
                status: 'Enabled',
                filter: { prefix: expires.prefix },
                expiration: { days: expires.days },
              },
            ]
          : []),
      ],
    },
    opts,
  );
}

function bucketPolicy(bucket: s3.Bucket, args: RegionalBucketArgs): pulumi.Output<string> {
  const contents = pulumi.interpolate`${bucket.arn}/*`;
  return policyDocument([
    tlsOnly('s3:*', [bucket.arn, contents]),
    ...(args.takesLogDeliveries ? logDelivery(bucket, args) : []),
  ]);
}

/**
 * What CreateFlowLogs would otherwise write into the policy itself, in its own words (VPC guide, "Publish flow logs to Amazon
 * S3"): it leaves a policy alone that says so already, and the next `up` has nothing to undo.
 */
function logDelivery(bucket: s3.Bucket, { accountId, region }: RegionalBucketArgs): readonly PolicyStatement[] {
  const fromHere = {
    StringEquals: { 'aws:SourceAccount': accountId },
    ArnLike: { 'aws:SourceArn': pulumi.interpolate`arn:aws:logs:${region.name}:${accountId}:*` },
  };
  const Principal = { Service: 'delivery.logs.amazonaws.com' };
  return [
    {
      Sid: 'AWSLogDeliveryWrite',
      Principal,
      Action: 's3:PutObject',
      Resource: pulumi.interpolate`${bucket.arn}/AWSLogs/${accountId}/*`,
      Condition: {
        ...fromHere,
        StringEquals: { ...fromHere.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' },
      },
    },
    {
      Sid: 'AWSLogDeliveryAclCheck',
      Principal,
      Action: 's3:GetBucketAcl',
      Resource: bucket.arn,
      Condition: fromHere,
    },
  ];
}
