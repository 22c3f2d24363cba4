import type { Database } from '../shared/database';
import { within } from '../shared/deadline';
import { VERDICT_FRESH_MS } from '../shared/compose-keeper';
import { ordersWithoutEffect } from '../shared/effects-of-orders';
import { describeError } from '../shared/errors';
import type { LocalItem, LocalItems } from '../shared/local-items';
import type { Telemetry } from '../shared/telemetry';
import { type DeepPorts, readDeep, readState } from './deep';
import { expectsOrdersToMove, judgeSelf, type QueueReading, roleOf } from './judge-self';
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

/** Orders that were received within this time before now must have their effect, in milliseconds. */
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
    remembered.keep(verdict);
    if (verdict.healthy !== last?.healthy) telemetry.info('the verdict about this region has changed', { ...verdict });
    last = verdict;
    await items.put('verdict', verdict);
    // An instance that has lost the writer's role may stay up: only a new connection finds the one that has it now.
    if (database.ok && !database.value.writable && roleOf(lease, region) !== 'not-active') forget(deep.writer);
  };
}

async function readQueue({ orders, deep, now }: WatchPorts, isAsked: boolean): Promise<QueueReading> {
  if (!orders || !isAsked) return { kind: 'not-asked' };
  try {
    return await within(QUEUE_MS, 'the queue', async () => {
      const deadline = now() + QUEUE_MS;
      const received = await orders.receivedBetween(now() - OLDEST_MS, now() - YOUNGEST_MS);
      if (received.length === 0) return { kind: 'looked', looked: 0, waiting: 0 };
      const waiting = await deep.writer.transaction({ deadline, readOnly: true }, (tx) =>
        ordersWithoutEffect(tx, received),
      );
      return { kind: 'looked', looked: received.length, waiting: waiting.length };
    });
  } catch (error) {
    return { kind: 'unknown', why: describeError(error) };
  }
}

/** What the last verdict said, whichever execution environment made it. */
function createMemory(items: LocalItems, telemetry: Telemetry) {
  let last: LocalItem<'verdict'> | undefined;
  let isGuess = true;

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
      return { writableAt: last?.writableAt ?? 0, healthySince };
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
