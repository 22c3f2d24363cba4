import type { Call, Need, Wire } from '../service';
import { compileCondition } from './expressions/compile';
import { readPlaceholders } from './expressions/scope';
import { InvalidRequestError } from './invalid-request';
import { readKeyCondition } from './key-condition';
import { isFields } from './read-value';
import type { Replica } from './replica';

/**
 * What a call needs of its caller: the operation on the table or on the index, and, where the table is encrypted with a
 * customer's key, `kms:Decrypt` on that key through DynamoDB: "when you access an encrypted table, DynamoDB ... sends a Decrypt
 * request to AWS KMS ... the user is the principal in your account who is accessing the table" (DynamoDB developer guide,
 * "DynamoDB encryption at rest usage notes"). DynamoDB remembers the table key for five minutes: here every call needs it.
 *
 * @param leadingKeys whether a policy asks for the partition key.
 */
export function needsOf(call: Call, replica: Replica, account: string, leadingKeys: boolean): readonly Need[] {
  const { place, schema } = replica;
  if (DESCRIBING.has(call.operation)) return [{ action: `dynamodb:${call.operation}`, resource: place.arn }];
  const index = call.input['IndexName'];
  const resource = typeof index === 'string' ? `${place.arn}/index/${index}` : place.arn;
  const keys = leadingKeys ? partitionKeys(call, replica) : [];
  const need: Need = {
    action: `dynamodb:${call.operation}`,
    resource,
    ...(keys.length > 0 && { context: { 'dynamodb:LeadingKeys': keys } }),
  };
  if (place.kmsKeyArn === undefined) return [need];
  const context = {
    'kms:ViaService': [`dynamodb.${place.region}.amazonaws.com`],
    'kms:EncryptionContext:aws:dynamodb:tableName': [schema.name],
    'kms:EncryptionContext:aws:dynamodb:subscriberId': [account],
  };
  return [need, { action: 'kms:Decrypt', resource: place.kmsKeyArn, context }];
}

/** They read no item, so that they need neither a key nor know a partition key (Service Authorization Reference). */
const DESCRIBING = new Set(['DescribeContinuousBackups', 'DescribeTable']);

/** The partition keys that a request names; of an index, when it queries one. None in a request that will be refused. */
function partitionKeys({ operation, input }: Call, replica: Replica): readonly string[] {
  if (operation === 'BatchGetItem') return batchKeys(input, replica);
  const key =
    operation === 'Query'
      ? queriedKey(input, replica)
      : keyIn(input[operation === 'PutItem' ? 'Item' : 'Key'], replica);
  return key === undefined ? [] : [key];
}

function batchKeys({ RequestItems: tables }: Call['input'], replica: Replica): readonly string[] {
  const asked = isFields(tables) ? tables[replica.schema.name] : undefined;
  const given: Wire = isFields(asked) ? asked['Keys'] : undefined;
  const keys: readonly Wire[] = Array.isArray(given) ? given : [];
  return [...new Set(keys.flatMap((key) => keyIn(key, replica) ?? []))];
}

function keyIn(attributes: Wire, replica: Replica): string | undefined {
  const value = isFields(attributes) ? attributes[replica.schema.key.hash] : undefined;
  if (!isFields(value)) return undefined;
  const text = value['S'] ?? value['N'];
  return typeof text === 'string' ? text : undefined;
}

function queriedKey(input: Call['input'], replica: Replica): string | undefined {
  const [text, index] = [input['KeyConditionExpression'], input['IndexName']];
  const key = typeof index === 'string' ? replica.index(index) : replica.schema.key;
  if (typeof text !== 'string' || key === undefined) return undefined;
  try {
    const condition = compileCondition('KeyConditionExpression', text);
    return readKeyCondition(condition, key, replica.schema.types, readPlaceholders(input)).hash;
  } catch (error) {
    if (error instanceof InvalidRequestError) return undefined;
    throw error;
  }
}
