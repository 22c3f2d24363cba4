import type { Graph } from '../../../analysis/graph/graph';
import type { Clock } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { Answer, Call, Need, Reply, Service } from '../service';
import { notModelled, refused } from '../service';
import { batchGetItem, readBatch, tablesOf } from './batch';
import { describeBackups, describeTable } from './describe';
import { InvalidRequestError } from './invalid-request';
import type { DynamoDbNature } from './nature';
import { needsOf } from './needs';
import { getItem, query } from './reads';
import type { View } from './reads';
import { HISTORY_MS, Replica } from './replica';
import type { Version } from './replica';
import { Replication } from './replication';
import type { Shipment } from './replication';
import { requireModelled, requiredText } from './request';
import { readTables } from './schema';
import type { TablesPlan } from './schema';
import type { Item } from './value';
import { decideDelete, decidePut, decideUpdate } from './writes';
import type { Decision } from './writes';

/** A write that DynamoDB accepted. Times are true times, milliseconds since 1970. */
export interface ItemWritten {
  readonly table: string;
  readonly region: string;
  /** Before and after; undefined: not there. */
  readonly before: Item | undefined;
  readonly item: Item | undefined;
  readonly at: number;
}

/** A write of a global table that reached another region. */
export interface ItemReplicated {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  readonly item: Item | undefined;
  readonly writtenAt: number;
  readonly at: number;
  /** False when a later write was there already. */
  readonly applied: boolean;
}

/** A write that has not reached another region yet. */
export interface ItemPending extends Shipment {
  readonly table: string;
  readonly item: Item | undefined;
}

/**
 * DynamoDB in all regions: the graph's tables, regional or global (version 2019.11.21, eventually consistent between regions).
 * Whether a call arrives, is allowed or is throttled is decided before it comes here.
 */
export class DynamoDb implements Service {
  readonly name = 'dynamodb';
  private readonly plan: TablesPlan;
  private readonly replicas = new Map<string, Map<string, Replica>>();
  /** The other replicas of a table, where it has any. */
  private readonly others = new Map<Replica, readonly Replica[]>();
  private readonly replication: Replication<ItemPending>;
  private readonly reading: Random;
  private readonly stale = new Map<string, Range>();
  private readonly skews = new Map<string, number>();
  private readonly writeListeners: ((written: ItemWritten) => void)[] = [];
  private readonly replicationListeners: ((replicated: ItemReplicated) => void)[] = [];

  /** @throws NotModelledError for tables that the simulation does not have. */
  constructor(
    graph: Graph,
    private readonly clock: Clock,
    random: Random,
    private readonly nature: DynamoDbNature,
  ) {
    this.plan = readTables(graph);
    this.replication = new Replication(clock, random.stream('replication'), nature);
    this.reading = random.stream('reads');
    for (const { schema, replicas } of this.plan.tables) {
      const made = replicas.map((place) => new Replica(schema, place));
      for (const replica of made) {
        this.regionTables(replica.place.region).set(schema.name, replica);
        if (made.length > 1)
          this.others.set(
            replica,
            made.filter((other) => other !== replica),
          );
      }
    }
  }

  needs(call: Call): readonly Need[] {
    const [name = ''] = tablesOf(call);
    const replica = this.replicas.get(call.region)?.get(name);
    if (replica) return needsOf(call, replica, this.plan.account, this.plan.leadingKeys);
    const resource = `arn:aws:dynamodb:${call.region}:${this.plan.account}:table/${name}`;
    return [{ action: `dynamodb:${call.operation}`, resource }];
  }

  handle(call: Call, reply: Reply): void {
    reply(this.answer(call));
  }

  /**
   * A fault: from now on, a write takes this long from one region to the other. Those on their way keep their time.
   *
   * @param lag milliseconds, or a range that each write draws from.
   */
  setLag(from: string, to: string, lag: number | Range): void {
    this.replication.setLag(from, to, typeof lag === 'number' ? { least: lag, most: lag } : lag);
  }

  /** A fault: nothing arrives in one direction; writes wait at their source, those on their way too. */
  freezeReplication(from: string, to: string): void {
    this.replication.freeze(from, to);
  }

  /** What waited follows, in the order of writing. */
  thaw(from: string, to: string): void {
    this.replication.thaw(from, to);
  }

  /**
   * A fault: replication from and to a region stops, as when the region is lost. Its tables still answer whoever reaches them.
   * No write is ever lost: those that waited appear when the region rejoins, later writes of the same items win.
   */
  isolate(region: string): void {
    this.replication.isolate(region);
  }

  rejoin(region: string): void {
    this.replication.rejoin(region);
  }

  /**
   * A fault: eventually consistent reads in a region, with all queries of indexes, see the past. Zero ends it.
   *
   * @param ms how far back a read looks at most, drawn per read from zero on; or a range to draw from.
   * @throws RangeError beyond `HISTORY_MS`, one minute.
   */
  staleReads(region: string, ms: number | Range): void {
    const range = typeof ms === 'number' ? { least: 0, most: ms } : ms;
    if (range.most > HISTORY_MS) throw new RangeError(`reads look back ${HISTORY_MS} ms at most, not ${range.most} ms`);
    if (range.most <= 0) this.stale.delete(region);
    else this.stale.set(region, range);
  }

  /** A fault: a region's clock, which stamps its items, is wrong by this, milliseconds; positive is ahead. */
  setSkew(region: string, ms: number): void {
    this.skews.set(region, ms);
  }

  /**
   * The items of a table in a region, now, for the judge: no call.
   *
   * @throws Error when there is no such table.
   */
  items(region: string, table: string): Iterable<Item> {
    const replica = this.replicas.get(region)?.get(table);
    if (!replica) throw new Error(`there is no table ${table} in ${region}`);
    return replica.items();
  }

  /** Writes accepted in one region that have not reached the other, in the order of writing. */
  pending(from: string, to: string): Iterable<ItemPending> {
    return this.replication.pending(from, to);
  }

  /** Tells of every accepted write, when it is accepted. */
  onWrite(listener: (written: ItemWritten) => void): void {
    this.writeListeners.push(listener);
  }

  /** Tells of every write that reaches another region, when it does. */
  onReplicated(listener: (replicated: ItemReplicated) => void): void {
    this.replicationListeners.push(listener);
  }

  private answer(call: Call): Answer {
    requireModelled(call);
    try {
      const table = call.operation === 'BatchGetItem' ? readBatch(call).table : requiredText(call.input, 'TableName');
      if (table.startsWith('arn:')) notModelled(call, 'a table by its ARN');
      const replica = this.replicas.get(call.region)?.get(table);
      if (!replica) return refused('ResourceNotFoundException', 'Requested resource not found');
      return this.operate(call, replica);
    } catch (error) {
      if (error instanceof InvalidRequestError) return refused('ValidationException', error.message);
      throw error;
    }
  }

  private operate(call: Call, replica: Replica): Answer {
    const { schema } = replica;
    const current = (key: string): Item | undefined => replica.get(key);
    switch (call.operation) {
      case 'DescribeContinuousBackups':
        return describeBackups(replica);
      case 'DescribeTable':
        return describeTable(replica, this.others.get(replica) ?? []);
      case 'BatchGetItem':
        return batchGetItem(replica, readBatch(call), this.view(call.region));
      case 'GetItem':
        return getItem(replica, call.input, this.view(call.region));
      case 'Query':
        return query(replica, call.input, this.view(call.region));
      case 'PutItem':
        return this.write(replica, decidePut(schema, call.input, current));
      case 'UpdateItem':
        return this.write(replica, decideUpdate(schema, call.input, current));
      case 'DeleteItem':
        return this.write(replica, decideDelete(schema, call.input, current));
      default:
        return notModelled(call);
    }
  }

  private view(region: string): View {
    return (consistent) => {
      const now = this.clock.now();
      if (consistent) return now;
      const range = this.stale.get(region) ?? this.nature.readLagMs;
      return now - this.reading.between(range);
    };
  }

  private write(replica: Replica, { answer, write }: Decision): Answer {
    if (!write) return answer;
    const { region } = replica.place;
    const [table, at, before] = [replica.schema.name, this.clock.now(), replica.get(write.key)];
    const version = replica.write(write.key, write.item, at, at + (this.skews.get(region) ?? 0));
    for (const listener of this.writeListeners) listener({ table, region, before, item: write.item, at });
    for (const other of this.others.get(replica) ?? []) this.ship(replica, other, write.key, version);
    return answer;
  }

  private ship(source: Replica, target: Replica, key: string, version: Version): void {
    const [from, to, table] = [source.place.region, target.place.region, source.schema.name];
    const { item, appliedAt: writtenAt } = version;
    const arrive = (): void => {
      const at = this.clock.now();
      const applied = target.merge(key, version, at);
      for (const listener of this.replicationListeners) listener({ table, from, to, item, writtenAt, at, applied });
    };
    this.replication.send({ table, from, to, item, writtenAt, arrive });
  }

  private regionTables(region: string): Map<string, Replica> {
    let tables = this.replicas.get(region);
    if (!tables) {
      tables = new Map();
      this.replicas.set(region, tables);
    }
    return tables;
  }
}
