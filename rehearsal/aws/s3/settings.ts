import { z } from 'zod';
import { text } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';
import { oncePerGraph, regionOf } from '../sqs/input';
import type { GraphResource } from '../../../analysis/graph/graph';

/** One rule of a bucket's replication. */
export interface ReplicationRule {
  readonly id: string;
  readonly priority: number;
  readonly prefix: string;
  readonly destination: string;
  readonly timed: boolean;
  readonly metrics: boolean;
  readonly replicaKeyArn: string | undefined;
}

/** One bucket as the stack describes it. */
export interface BucketSettings {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly versioned: boolean;
  /** The key of the default encryption; undefined: S3's own. */
  readonly keyArn: string | undefined;
  readonly bucketKey: boolean;
  readonly replication: { readonly role: string; readonly rules: readonly ReplicationRule[] } | undefined;
}

const switched = z.object({ status: z.enum(['Enabled', 'Disabled']) });

// Tag filters are refused: what is selected by a prefix is known from the key alone.
const rule = z.object({
  id: z.string(),
  priority: z.number().default(0),
  status: z.enum(['Enabled', 'Disabled']),
  filter: z.strictObject({ prefix: z.string().default('') }),
  destination: z.object({
    bucket: z.string(),
    encryptionConfiguration: z.object({ replicaKmsKeyId: z.string() }).optional(),
    metrics: switched.optional(),
    replicationTime: switched.optional(),
  }),
  sourceSelectionCriteria: z.object({ sseKmsEncryptedObjects: switched.optional() }).optional(),
});
const replicationForm = z.object({ role: z.string(), rules: z.array(rule) });
const encryptionForm = z.object({
  rules: z.tuple([
    z.object({
      applyServerSideEncryptionByDefault: z.object({ sseAlgorithm: z.string(), kmsMasterKeyId: z.string().optional() }),
      bucketKeyEnabled: z.boolean().default(false),
    }),
  ]),
});
const versioningForm = z.object({ versioningConfiguration: switched });

/** @throws NotModelledError for settings of another form. */
export const bucketsOf = oncePerGraph((graph): readonly BucketSettings[] => {
  const about = (type: string): ReadonlyMap<string, GraphResource> =>
    new Map(graph.all(type).map((resource) => [text(resource.inputs, 'bucket'), resource]));
  const replications = about('aws:s3/bucketReplicationConfig:BucketReplicationConfig');
  const encryptions = about('aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration');
  const versionings = about('aws:s3/bucketVersioning:BucketVersioning');
  return graph.all('aws:s3/bucket:Bucket').map((bucket) => {
    const name = text(bucket.outputs, 'bucket');
    const encryption = read(encryptionForm, encryptions.get(name))?.rules[0];
    const replication = read(replicationForm, replications.get(name));
    const byDefault = encryption?.applyServerSideEncryptionByDefault;
    const keyArn = byDefault?.sseAlgorithm === 'aws:kms' ? byDefault.kmsMasterKeyId : undefined;
    return {
      name,
      arn: text(bucket.outputs, 'arn'),
      region: regionOf(bucket),
      versioned: read(versioningForm, versionings.get(name))?.versioningConfiguration.status === 'Enabled',
      keyArn,
      bucketKey: encryption?.bucketKeyEnabled ?? false,
      replication: replication && { role: replication.role, rules: rulesOf(replication.rules, keyArn !== undefined) },
    };
  });
});

/** Highest priority first; what is encrypted with KMS is replicated only where a rule selects it. */
function rulesOf(rules: readonly z.output<typeof rule>[], encrypted: boolean): readonly ReplicationRule[] {
  return rules
    .filter(({ status, sourceSelectionCriteria: criteria }) => {
      return status === 'Enabled' && (!encrypted || criteria?.sseKmsEncryptedObjects?.status === 'Enabled');
    })
    .map(({ id, priority, filter, destination }) => ({
      id,
      priority,
      prefix: filter.prefix,
      destination: destination.bucket.slice(destination.bucket.lastIndexOf(':') + 1),
      timed: destination.replicationTime?.status === 'Enabled',
      metrics: destination.metrics?.status === 'Enabled',
      replicaKeyArn: destination.encryptionConfiguration?.replicaKmsKeyId,
    }))
    .sort((one, other) => other.priority - one.priority);
}

function read<S extends z.ZodType>(form: S, resource: GraphResource | undefined): z.output<S> | undefined {
  if (resource === undefined) return undefined;
  const parsed = form.safeParse(resource.inputs);
  if (!parsed.success) throw new NotModelledError(`${resource.urn}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
