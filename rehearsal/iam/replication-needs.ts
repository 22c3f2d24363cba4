import { text, type Graph, type GraphResource, type Values } from '../../analysis/graph/graph';
import { NotModelledError, type Caller, type Need } from '../aws/service';
import { keyOfBucket, objectOf, objectsOf, regionIn, regionOf } from './read';
import { assumption, type ServiceAction } from './service-action';

const LIVE = 'S3 user guide, "Setting up permissions for live replication"';
const ENCRYPTED = 'S3 user guide, "Replicating encrypted objects", with S3 Bucket Keys';

/**
 * What S3 does with the role of one bucket's replication, for an object under the prefix of each rule: reads the configuration
 * and the version with its tags, decrypts it, and writes, tags, deletes and encrypts the copy.
 *
 * @param config an `aws:s3/bucketReplicationConfig:BucketReplicationConfig`.
 */
export function replicationNeeds(graph: Graph, config: GraphResource): readonly ServiceAction[] {
  const from = regionOf(config);
  const role = text(config.inputs, 'role');
  const caller: Caller = { principal: role, from, name: 's3' };
  const needs = rulesOf(config).flatMap((rule) => ruleNeeds(graph, text(config.inputs, 'bucket'), rule));
  return [
    assumption('s3.amazonaws.com', role, from, LIVE),
    ...needs.map(({ need, region, source }) => ({ caller, need, call: { region: region ?? from }, source })),
  ];
}

interface RegionalNeed {
  readonly need: Need;
  readonly region?: string;
  readonly source: string;
}

function ruleNeeds(graph: Graph, bucket: string, rule: Values): readonly RegionalNeed[] {
  const source = `arn:aws:s3:::${bucket}`;
  const destination = objectOf(rule['destination']);
  if (destination === undefined) throw new NotModelledError(`iam: a replication rule of ${bucket} has no destination`);
  const target = text(destination, 'bucket');
  const filter = objectOf(rule['filter']);
  const object = `${filter ? text(filter, 'prefix') : ''}object`;
  const encryption = objectOf(destination['encryptionConfiguration']);
  const targetKey = encryption && text(encryption, 'replicaKmsKeyId');
  const region = targetKey && regionIn(targetKey);
  const act = (resource: string, ...actions: readonly string[]) =>
    actions.map((action) => ({ need: { action, resource }, source: LIVE, ...(region !== undefined && { region }) }));
  return [
    ...act(source, 's3:GetReplicationConfiguration', 's3:ListBucket'),
    ...act(
      `${source}/${object}`,
      's3:GetObjectVersionForReplication',
      's3:GetObjectVersionAcl',
      's3:GetObjectVersionTagging',
    ),
    ...act(`${target}/${object}`, 's3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'),
    ...keyNeeds(keyOfBucket(graph, source), source, ['kms:Decrypt']),
    // A bucket key of the copies' bucket is made with GenerateDataKey and checked with Decrypt before it is used.
    ...keyNeeds(targetKey, target, ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt']),
  ];
}

function keyNeeds(key: string | undefined, bucketArn: string, actions: readonly string[]): readonly RegionalNeed[] {
  if (key === undefined) return [];
  const region = regionIn(key);
  const context = {
    'kms:ViaService': [`s3.${region}.amazonaws.com`],
    'kms:EncryptionContext:aws:s3:arn': [bucketArn],
  };
  return actions.map((action) => ({ need: { action, resource: key, context }, region, source: ENCRYPTED }));
}

function rulesOf({ inputs }: GraphResource): readonly Values[] {
  return objectsOf(inputs['rules']).filter(({ status }) => status === 'Enabled');
}
