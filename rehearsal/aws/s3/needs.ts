import { keyNeeds } from '../sqs/access';
import type { Need } from '../service';
import type { BucketSettings, ReplicationRule } from './settings';

/** With a bucket key the encryption context is the bucket, otherwise the object (S3 guide, "S3 Bucket Keys"). */
function contextOf({ arn, bucketKey }: BucketSettings, key: string): readonly [string, string] {
  return ['aws:s3:arn', bucketKey ? arn : `${arn}/${key}`];
}

/** S3 guide, "Using server-side encryption with AWS KMS keys": a single upload needs a data key, and no decryption. */
export function putNeeds(bucket: BucketSettings, key: string, ifNoneMatch: string | undefined): readonly Need[] {
  const put: Need = {
    action: 's3:PutObject',
    resource: `${bucket.arn}/${key}`,
    ...(ifNoneMatch !== undefined && { context: { 's3:if-none-match': [ifNoneMatch] } }),
  };
  if (bucket.keyArn === undefined) return [put];
  const data = keyNeeds(['kms:GenerateDataKey'], bucket.keyArn, `s3.${bucket.region}`, contextOf(bucket, key));
  return [put, ...data];
}

/** S3 guide, "Using server-side encryption with AWS KMS keys": reading needs the object's data key opened. */
export function getNeeds(bucket: BucketSettings, key: string): readonly Need[] {
  const get: Need = { action: 's3:GetObject', resource: `${bucket.arn}/${key}` };
  if (bucket.keyArn === undefined) return [get];
  return [get, ...keyNeeds(['kms:Decrypt'], bucket.keyArn, `s3.${bucket.region}`, contextOf(bucket, key))];
}

/**
 * What S3 asks besides when the object is not there. AWS does not write down what a condition on `s3:prefix` sees then; that it
 * is the key is assumed, from what Ceph has copied of AWS's behaviour (github.com/ceph/ceph, pull request 68577).
 */
export function listNeeds(bucket: BucketSettings, key: string): readonly Need[] {
  return [{ action: 's3:ListBucket', resource: bucket.arn, context: { 's3:prefix': [key] } }];
}

/**
 * What the replication role needs for one object (S3 guide, "Setting up permissions for live replication" and "Replicating
 * encrypted objects"; a destination with bucket keys asks for kms:Decrypt too).
 */
export function replicationNeeds(
  from: BucketSettings,
  to: BucketSettings,
  rule: ReplicationRule,
  key: string,
): readonly Need[] {
  const at = (actions: readonly string[], resource: string): Need[] => actions.map((action) => ({ action, resource }));
  const read = ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'];
  const needs = [
    ...at(['s3:GetReplicationConfiguration', 's3:ListBucket'], from.arn),
    ...at(read, `${from.arn}/${key}`),
    ...at(['s3:ReplicateObject', 's3:ReplicateTags'], `${to.arn}/${key}`),
  ];
  if (from.keyArn !== undefined)
    needs.push(...keyNeeds(['kms:Decrypt'], from.keyArn, `s3.${from.region}`, contextOf(from, key)));
  if (rule.replicaKeyArn !== undefined) {
    const actions = [
      'kms:Encrypt',
      ...(to.bucketKey ? (['kms:GenerateDataKey', 'kms:Decrypt'] as const) : []),
    ] as const;
    needs.push(...keyNeeds(actions, rule.replicaKeyArn, `s3.${to.region}`, contextOf(to, key)));
  }
  return needs;
}
