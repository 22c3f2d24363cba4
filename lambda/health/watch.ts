import type { Database } from '../shared/database';
import { within } from '../shared/deadline';
import { VERDICT_FRESH_MS } from '../shared/compose-keeper';
import { findEffects } from '../shared/effects';
import { describeError } from '../shared/errors';
import type { LocalItem, LocalItems } from '../shared/local-items';
import type { Telemetry } from '../shared/telemetry';
import { type DeepPorts, readDeep, readState } from './deep';
import { expectsOrdersToMove, judgeSelf, type QueueReading, roleOf } from './judge-self';
import { hasMoved } from './progress';
import type { RecentOrders } from './recent-orders';

/** What the region's verdict about itself is made with. */
export interface WatchPorts {
  readonly deep: DeepPorts;
  /** A region that follows has nobody behind its writer's name, and says by its reader whether its database answers. */
  readonly reader: Database;
  /** Left out without the trading workload. */
  readonly orders?: RecentOrders;
  readonly items: LocalItems;
  readonly telemetry: Telemetry;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The longest that the look at the queue may take, in milliseconds: with the deep readings before it 3 s of a tick's 10. */
const QUEUE_MS = 1_500;
/** After this much of it no further page of orders is asked for: the rest is for what the database says of them. */
const PAGES_MS = 700;

/** Orders that were received within this time before now must have their effect while none is executed, in milliseconds. */
const OLDEST_MS = 90_000;
const YOUNGEST_MS = 30_000;

/** Makes one verdict per call and writes it for the heartbeat. A database that hangs costs its time and not the verdict. */
export function createWatch(ports: WatchPorts): () => Promise<void> {
  const { deep, items, telemetry, region, now } = ports;
  const remembered = createMemory(items, telemetry);
  let last: LocalItem<'verdict'> | undefined;

  return async () => {
    const [readings, before] = await Promise.all([readDeep(deep), remembered.read(now())]);
    const { lease } = readings;
    const follows = !readings.database.ok && roleOf(lease, region) === 'not-active';
    const database = follows ? await readState(ports.reader, now) : readings.database;
    const queue = await readQueue(ports, expectsOrdersToMove(readings, region));
    const { writableAt: lastWritableAt, healthySince } = before;
    const verdict = judgeSelf({ database, lease, queue, region, now: now(), lastWritableAt, healthySince });
    if (verdict === undefined) {
      // The queue is looked at only where the database takes writes.
      remembered.tookWrites(now());
      telemetry.warn('there is no verdict: the queue cannot be seen', { ...queue });
      return;
    }
    remembered.keep(verdict);
    if (verdict.healthy !== last?.healthy) telemetry.info('the verdict about this region has changed', { ...verdict });
    last = verdict;
    await items.put('verdict', verdict);
    // An instance that has lost the writer's role may stay up: only a new connection finds the one that has it now.
    if (database.ok && !database.value.writable && roleOf(lease, region) !== 'not-active') forget(deep.writer);
  };
}

async function readQueue(ports: WatchPorts, isAsked: boolean): Promise<QueueReading> {
  const { orders } = ports;
  if (!orders || !isAsked) return { kind: 'not-asked' };
  try {
    return await within(QUEUE_MS, 'the queue', () => lookAtQueue(ports, orders));
  } catch (error) {
    return { kind: 'unknown', why: describeError(error) };
  }
}

/** Asks first whether anything moves: then nobody has to be asked about single orders, and the busier the cheaper. */
async function lookAtQueue({ deep, region, now }: WatchPorts, orders: RecentOrders): Promise<QueueReading> {
  const at = now();
  const limits = { deadline: at + QUEUE_MS, readOnly: true };
  if (await deep.writer.transaction(limits, (tx) => hasMoved(tx, region))) return { kind: 'moves' };
  const { ids, isEnough } = await orders.receivedBetween(at - OLDEST_MS, at - YOUNGEST_MS, at + PAGES_MS);
  const waiting =
    ids.length === 0 ? 0 : (await deep.writer.transaction(limits, (tx) => findEffects(tx, 'orders', ids))).ids.length;
  if (waiting === 0 && !isEnough) {
    return {
      kind: 'unknown',
      why: 'so many orders of the other region that those of this one were not all seen in time',
    };
  }
  return { kind: 'looked', looked: ids.length, waiting };
}

/** What the last verdict said, whichever execution environment made it. */
function createMemory(items: LocalItems, telemetry: Telemetry) {
  let last: LocalItem<'verdict'> | undefined;
  let isGuess = true;
  let writesAt = 0;

  return {
    /**
     * When the database last took writes, and since when every verdict has been healthy. One that is old leaves a gap in which
     * nobody knows; where this environment has rested, another one may have filled it.
     */
    async read(at: number): Promise<{ readonly writableAt: number; readonly healthySince: number | undefined }> {
      if (isGuess || (last && at - last.at > VERDICT_FRESH_MS)) {
        try {
          last = (await items.get('verdict')) ?? last;
          isGuess = false;
        } catch (error) {
          telemetry.error('the last verdict cannot be read', error);
        }
      }
      const healthySince = last && at - last.at <= VERDICT_FRESH_MS ? last.healthySince : undefined;
      return { writableAt: Math.max(last?.writableAt ?? 0, writesAt), healthySince };
    },
    /** Of a look that made no verdict: a database that stops afterwards gets its patience from then on. */
    tookWrites(at: number): void {
      writesAt = at;
    },
    keep(verdict: LocalItem<'verdict'>): void {
      // Nothing is kept of a guess: the next tick asks again.
      if (!isGuess || verdict.writableAt > 0) last = verdict;
      isGuess &&= verdict.writableAt === 0;
    },
  };
}

/** Nobody waits for the end of a connection that may hang. */
function forget(database: Database): void {
  database.close().catch(() => undefined);
}
