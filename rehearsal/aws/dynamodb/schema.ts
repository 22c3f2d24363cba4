import type { Graph, GraphResource, Value } from '../../../analysis/graph/graph';
import { text } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';

/** The attributes that make a key. */
export interface KeySchema {
  readonly hash: string;
  readonly range: string | undefined;
}

/** A global secondary index with all attributes in it. */
export interface IndexSchema extends KeySchema {
  readonly name: string;
}

/** What all replicas of a table have in common. */
export interface TableSchema {
  readonly name: string;
  readonly key: KeySchema;
  /** Of the attributes that are part of a key. */
  readonly types: Readonly<Record<string, 'N' | 'S'>>;
  readonly indexes: readonly IndexSchema[];
}

/** A table in one region. */
export interface ReplicaSchema {
  readonly region: string;
  readonly arn: string;
  /** The customer's key that it is encrypted with; without one, no caller needs a right to a key. */
  readonly kmsKeyArn: string | undefined;
  /** Point-in-time recovery. */
  readonly recoverable: boolean;
}

/** A table: in one region, or global with a replica in each of several. */
export interface TablePlan {
  readonly schema: TableSchema;
  readonly replicas: readonly ReplicaSchema[];
}

/** What the graph says about DynamoDB. */
export interface TablesPlan {
  readonly account: string;
  readonly tables: readonly TablePlan[];
  /** Whether a policy asks for the partition key, `dynamodb:LeadingKeys`. */
  readonly leadingKeys: boolean;
}

const TABLE = 'aws:dynamodb/table:Table';
const UNKNOWN_TYPES = [
  'aws:dynamodb/globalTable:GlobalTable',
  'aws:dynamodb/tableReplica:TableReplica',
  'aws:dynamodb/resourcePolicy:ResourcePolicy',
  'aws:dynamodb/globalSecondaryIndex:GlobalSecondaryIndex',
];

/** Condition keys of DynamoDB's own (Service Authorization Reference) that nothing here fills in. */
const UNKNOWN_CONDITIONS =
  /dynamodb:(?:Attributes|EnclosingOperation|FirstPartitionKeyValues|FullTableScan|ReturnConsumedCapacity|ReturnValues|Select)\\?"/;
const LEADING_KEYS = /dynamodb:LeadingKeys\\?"/;

const plans = new WeakMap<Graph, TablesPlan>();

/**
 * Reads the tables of a graph, once: the resources' own regions, keys, indexes, replicas and encryption keys.
 *
 * @throws NotModelledError for what the simulation does not have: strong global tables, local indexes, provisioned capacity.
 */
export function readTables(graph: Graph): TablesPlan {
  const known = plans.get(graph);
  if (known) return known;
  for (const type of UNKNOWN_TYPES) {
    if (graph.all(type).length > 0) throw new NotModelledError(`dynamodb: ${type} is not modelled`);
  }
  const policies = graph.created.flatMap(({ inputs }) =>
    typeof inputs['policy'] === 'string' ? [inputs['policy']] : [],
  );
  const unknown = policies.map((policy) => UNKNOWN_CONDITIONS.exec(policy)?.[0]).find((found) => found !== undefined);
  if (unknown !== undefined) throw new NotModelledError(`dynamodb: the condition key ${unknown} is not modelled`);
  const tables = graph.all(TABLE).map(tablePlan);
  const plan = {
    account: tables[0]?.replicas[0]?.arn.split(':')[4] ?? '',
    tables,
    leadingKeys: policies.some((policy) => LEADING_KEYS.test(policy)),
  };
  plans.set(graph, plan);
  return plan;
}

function tablePlan(resource: GraphResource): TablePlan {
  const { inputs, outputs, region } = resource;
  const fail = (what: string): never => {
    throw new NotModelledError(`dynamodb: ${what} of ${resource.urn} is not modelled`);
  };
  if (inputs['billingMode'] !== 'PAY_PER_REQUEST') fail('provisioned capacity');
  if (listOf(inputs['localSecondaryIndexes']).length > 0) fail('a local secondary index');
  const name = text(outputs, 'name');
  const schema: TableSchema = {
    name,
    key: { hash: text(inputs, 'hashKey'), range: optionalText(inputs['rangeKey']) },
    types: Object.fromEntries(
      listOf(inputs['attributes']).map((attribute) => {
        const type = optionalText(attribute['type']);
        return [optionalText(attribute['name']) ?? '', type === 'S' || type === 'N' ? type : fail('a binary key')];
      }),
    ),
    indexes: listOf(inputs['globalSecondaryIndexes']).map((index) => {
      if (index['projectionType'] !== 'ALL') fail('an index without all attributes');
      return {
        name: optionalText(index['name']) ?? fail('an index without a name'),
        hash: optionalText(index['hashKey']) ?? fail('the key of an index'),
        range: optionalText(index['rangeKey']),
      };
    }),
  };
  const own: ReplicaSchema = {
    region: region ?? text(outputs, 'region'),
    arn: text(outputs, 'arn'),
    kmsKeyArn: optionalText(fieldsOf(inputs['serverSideEncryption'])['kmsKeyArn']),
    recoverable: fieldsOf(inputs['pointInTimeRecovery'])['enabled'] === true,
  };
  const others = listOf(outputs['replicas']).map((replica): ReplicaSchema => {
    if (replica['consistencyMode'] === 'STRONG') fail('a strongly consistent replica');
    const replicaRegion = optionalText(replica['regionName']) ?? fail('a replica without a region');
    return {
      region: replicaRegion,
      arn: optionalText(replica['arn']) ?? own.arn.replace(`:${own.region}:`, `:${replicaRegion}:`),
      kmsKeyArn: optionalText(replica['kmsKeyArn']),
      recoverable: replica['pointInTimeRecovery'] === true,
    };
  });
  return { schema, replicas: [own, ...others] };
}

type Fields = Readonly<Record<string, Value>>;

function listOf(value: Value): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function fieldsOf(value: Value): Fields {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function optionalText(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
