import type { ModelledBehaviour } from '../fidelity';

/** What of DynamoDB the rehearsal models. */
export const DYNAMODB_BEHAVIOURS: readonly ModelledBehaviour[] = [
  {
    behaviour:
      'GetItem, PutItem, UpdateItem and DeleteItem read and write one item; a failed condition writes nothing.',
    model: 'exact',
    how: 'The tables, keys and indexes of the graph. Batches of writes, transactions, Scan, PartiQL, legacy parameters and consumed capacity end the run; time to live deletes nothing within a run.',
    source: 'DynamoDB API reference, GetItem, PutItem, UpdateItem, DeleteItem; compared with moto and MiniStack',
    test: 'a failed condition writes nothing, and brings the item along only when asked',
  },
  {
    behaviour: 'BatchGetItem reads up to 100 items by their keys, and leaves out those that are not there.',
    model: 'simplified',
    how: 'Of one table, consistent where that table’s part says so, in the order of the keys, where DynamoDB promises none; nothing is left unprocessed, and 16 MB are never reached.',
    source: 'DynamoDB API reference, BatchGetItem; messages as in moto',
    test: 'a batch reads what is there, of up to a hundred keys, each once',
  },
  {
    behaviour: 'Condition, filter, update and projection expressions are evaluated by DynamoDB’s grammar.',
    model: 'simplified',
    how: 'Parsed once per text. DELETE, ADD to sets, list elements as targets and projections into documents end the run; so do begins_with() and size() of types that the guide says nothing about.',
    source:
      'DynamoDB developer guide, "Condition and filter expressions, operators, and functions", "Using update expressions", "Reserved words"',
    test: 'AND, OR, NOT and parentheses agree with logic',
  },
  {
    behaviour:
      'Numbers are compared by value with 38 digits, strings by their UTF-8 bytes, other types only for equality.',
    model: 'exact',
    how: 'Decimals without rounding. A comparison with an absent attribute is false, <> is true (compared with moto and MiniStack). Numbers are answered without exponent and without zeros at the end.',
    source: 'DynamoDB developer guide, "Supported data types and naming rules"',
    test: 'every comparison of attributes agrees with an independent oracle',
  },
  {
    behaviour: 'Requests that break a rule are refused with ValidationException, before anything is read or written.',
    model: 'simplified',
    how: 'The rules that our requests could break, with the messages that users report; of two broken rules, another one may be named first. A syntax error quotes less of the text.',
    source: 'DynamoDB API reference, "Common Errors"; messages as in moto',
    test: 'BETWEEN with its bounds the wrong way round is refused before an item is looked at',
  },
  {
    behaviour: 'Query reads one partition of a table or an index in order, in pages, and filters after the limit.',
    model: 'exact',
    how: 'Pages of 1 MB; a page that is full to the limit has a LastEvaluatedKey even when nothing follows. Items of one index key are in the order of their primary key, where DynamoDB promises none.',
    source: 'DynamoDB API reference, Query; developer guide, "Other aspects of working with the Query operation"',
    test: 'a limit counts what is read, before the filter; the last key read tells where to go on',
  },
  {
    behaviour: 'A write of a global table is propagated to the other replicas, usually within a second.',
    model: 'assumed',
    how: 'A run’s typical lag is drawn from 0.1 to 0.8 s, each write takes half to twice of it, and one may overtake another. Faults set any other lag or stop a direction.',
    source: 'DynamoDB developer guide, "Global tables: how it works", version 2019.11.21',
    test: 'a write is in the other region after its lag, and not before, however consistent the read',
  },
  {
    behaviour: 'Between concurrent writes of one item, the last writer wins and all replicas agree.',
    model: 'assumed',
    how: 'By the writing region’s clock, true time plus its skew, ties by the region’s name. A write is always later than what its own region has of the item: documented is only a best effort.',
    source: 'DynamoDB developer guide, "Global tables: how it works", "Consistency and conflict resolution"',
    test: 'both regions end with the same content, the last write of each item, whatever the order and the faults',
  },
  {
    behaviour:
      'When a region is isolated, its pending writes are kept and propagated when it is back, in both directions.',
    model: 'simplified',
    how: 'What is on its way when a region is lost has not arrived. Held writes follow together, in the order of writing, 0.1 to 5 s after replication is possible again; that time is assumed.',
    source: 'DynamoDB developer guide, "Global tables: how it works", "Availability and durability"',
    test: 'an isolated region loses nothing: what it had not sent appears when it is back, in order, and late',
  },
  {
    behaviour:
      'A strongly consistent read sees every earlier write of its own region, and none of another region’s on its way.',
    model: 'exact',
    how: 'The state of the region’s replica now.',
    source: 'DynamoDB developer guide, "DynamoDB read consistency"; "Global tables: how it works"',
    test: 'such a read may see the past, a strongly consistent one never does',
  },
  {
    behaviour: 'An eventually consistent read, as every query of an index is, may not see the latest writes.',
    model: 'assumed',
    how: 'The replica’s whole state as it was up to 50 ms ago, drawn per read; up to a minute ago in the fault of stale reads. Table and index are equally far behind.',
    source: 'DynamoDB developer guide, "DynamoDB read consistency"; how far behind is not documented',
    test: 'a query of an index sees all of the past: what is listed, where, and what was deleted since',
  },
  {
    behaviour:
      'A call needs its action on the table, or on the index that it queries; policies can ask for the partition key.',
    model: 'simplified',
    how: 'dynamodb:LeadingKeys is given when a policy of the graph asks for it, for an index its own partition key (assumed). Policies that ask for other keys of DynamoDB end the run.',
    source:
      'Service Authorization Reference, DynamoDB; developer guide, "Using IAM policy conditions for fine-grained access control"',
    test: 'a query of an index needs the index, not the table',
  },
  {
    behaviour: 'Whoever accesses a table under a customer’s key needs kms:Decrypt on that key, through DynamoDB.',
    model: 'simplified',
    how: 'Every call needs it, with kms:ViaService and the encryption context; DynamoDB remembers a table’s key for five minutes per connection. Tables under the key that AWS manages need nothing.',
    source:
      'DynamoDB developer guide, "DynamoDB encryption at rest usage notes" (table key caching; Decrypt by "the principal ... who is accessing the table")',
    test: 'a replica is encrypted with the key of its own region',
  },
  {
    behaviour: 'ReplicationLatency is measured in the source region, by table and receiving region, for writes only.',
    model: 'assumed',
    how: 'One value per write when it arrives; whether AWS shows a write that cannot arrive earlier is not documented.',
    source: 'DynamoDB developer guide, "DynamoDB metrics and dimensions"',
    test: 'in the source region, by table and receiving region, and only for writes',
  },
  {
    behaviour:
      'DescribeTable tells a table’s status, key and replicas; DescribeContinuousBackups whether it can be recovered.',
    model: 'simplified',
    how: 'Status and replicas are always ACTIVE, also of a region that is lost; no key is ever inaccessible. No key is needed.',
    source: 'DynamoDB API reference, DescribeTable and DescribeContinuousBackups',
    test: 'describes a table with its replicas elsewhere and its backups, to whoever may see the table',
  },
];
