import type { ModelledBehaviour } from '../fidelity';

const REPLICATION = 'S3 guide, "Replicating objects within and across Regions"';

export const S3_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'PutObject stores a whole object as a new version.',
    model: 'simplified',
    how: 'No checksums, no multipart uploads; objects that the stack itself puts are left out.',
    source: 'S3 API reference, PutObject',
    test: 'stores the object, encrypted as the bucket says, as a version of its own',
  },
  {
    behaviour:
      'GetObject answers 404 for a key that is not there to who may list the bucket, and 403 to everybody else.',
    model: 'assumed',
    how: 'That a condition on s3:prefix sees the key that was asked for is assumed; HeadObject is left out.',
    source: 'S3 API reference, GetObject, "Permissions"; the condition: github.com/ceph/ceph, pull request 68577',
    test: 'of a key that is not there is 404 for who may list the bucket, and 403 for everybody else',
  },
  {
    behaviour: 'If-None-Match: * refuses to overwrite with 412.',
    model: 'simplified',
    how: '409 for a write at the same moment is left out: here one is always first.',
    source: 'S3 guide, "How to prevent object overwrites with conditional writes"',
    test: 'with If-None-Match: * does not overwrite',
  },
  {
    behaviour:
      'A writer to a bucket under a customer key needs kms:GenerateDataKey; with a bucket key the bucket is the context.',
    model: 'exact',
    how: 'Asked at every call; that a bucket key saves calls of KMS is left out.',
    source:
      'S3 guide, "Using server-side encryption with AWS KMS keys" and "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys"',
    test: 'needs s3:PutObject on the object and a data key of the bucket’s key',
  },
  {
    behaviour: 'Objects are copied by the rule of the highest priority, and copies are not copied again.',
    model: 'assumed',
    how: 'With time control after 1 to 30 s, otherwise 5 s to 15 min; every 10 to 60 s while the other region is out of reach.',
    source: `${REPLICATION} and "Meeting compliance requirements using S3 Replication Time Control"; the times inside are assumed`,
    test: 'copies by the rule of the highest priority: with time control soon, without it later',
  },
  {
    behaviour: 'What is encrypted with KMS is copied only where the rule selects it.',
    model: 'exact',
    how: 'SseKmsEncryptedObjects of the rule.',
    source: 'S3 guide, "Replicating encrypted objects"',
    test: 'does not copy what is encrypted with KMS unless the rule selects it',
  },
  {
    behaviour: 'Copies are made with the rights of the replication role.',
    model: 'simplified',
    how: 'For each object; s3:ReplicateDelete is not used, since nothing here deletes.',
    source: 'S3 guide, "Setting up permissions for live replication" and "Replicating encrypted objects"',
    test: 'is done with the rights of its role, and fails without them',
  },
  {
    behaviour: 'Replication metrics are published each minute, the lag in the region of the copies.',
    model: 'simplified',
    how: 'ReplicationLatency, OperationsPendingReplication, OperationsFailedReplication; nothing while nothing is copied.',
    source: 'S3 guide, "Using S3 Replication metrics"',
    test: 'publishes each minute how far behind the copies are, while there is something to copy',
  },
  {
    behaviour: 'GetBucketReplication tells the rules by which a bucket is copied.',
    model: 'simplified',
    how: 'Rules that copy something, with destination and time control; rules that are switched off are left out.',
    source: 'S3 API reference, GetBucketReplication',
    test: 'describes the rules by which a bucket is copied, where the bucket is',
  },
];
