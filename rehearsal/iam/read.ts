import { text, type Graph, type GraphResource, type Value, type Values } from '../../analysis/graph/graph';
import { isValues } from '../../analysis/graph/wire';
import { NotModelledError } from '../aws/service';

/** An input that is an object; undefined when it is anything else. */
export function objectOf(value: Value): Values | undefined {
  return value !== undefined && isValues(value) ? value : undefined;
}

/** The objects of an input that is a list. */
export function objectsOf(value: Value): readonly Values[] {
  return Array.isArray(value) ? value.filter((item: Value): item is Values => objectOf(item) !== undefined) : [];
}

/** The texts of an input that is a list. */
export function textsOf(value: Value): readonly string[] {
  return Array.isArray(value) ? value.filter((item: Value): item is string => typeof item === 'string') : [];
}

/** @throws NotModelledError for a resource of no region. */
export function regionOf({ region, type, name }: GraphResource): string {
  if (region === undefined) throw new NotModelledError(`iam: ${type} ${name} is in no region`);
  return region;
}

/** The account in an ARN; empty where the ARN names none. */
export function accountIn(arn: string): string {
  return arn.split(':')[4] ?? '';
}

/** The region in an ARN. */
export function regionIn(arn: string): string {
  let from = 0;
  for (let colons = 0; colons < 3; colons += 1) {
    from = arn.indexOf(':', from) + 1;
    if (from === 0) return '';
  }
  const end = arn.indexOf(':', from);
  return end < 0 ? arn.slice(from) : arn.slice(from, end);
}

/** The account that the graph's roles are in. */
export function accountOfGraph(graph: Graph): string {
  const accounts = new Set(graph.all('aws:iam/role:Role').map(({ outputs }) => accountIn(text(outputs, 'arn'))));
  const [account, ...others] = accounts;
  if (account === undefined || others.length > 0)
    throw new NotModelledError('iam: roles of none or of several accounts');
  return account;
}

/** The key with which a bucket encrypts; undefined when it is none of ours. */
export function keyOfBucket(graph: Graph, bucketArn: string): string | undefined {
  const type = 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration';
  const [rule] = graph
    .all(type)
    .filter(({ inputs }) => `arn:aws:s3:::${text(inputs, 'bucket')}` === bucketArn)
    .flatMap(({ inputs }) => objectsOf(inputs['rules']));
  const key = objectOf(rule?.['applyServerSideEncryptionByDefault'])?.['kmsMasterKeyId'];
  return typeof key === 'string' ? key : undefined;
}
