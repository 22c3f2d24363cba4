import { ORDERS } from '../../../../lambda/reconciler/kinds';
import type { ReceivedIndex } from '../../../../lambda/reconciler/received-index';
import { ASKED_AT_ONCE, createSweep, type SweepPorts } from '../../../../lambda/reconciler/sweep';
import type { Swept } from '../../../../lambda/reconciler/sweep-store';
import type { FoundEffects } from '../../../../lambda/shared/effects';
import type { ReceivedOrder } from '../../../../lambda/shared/order';
import { recordedTelemetry } from '../../support/fakes';

export const NOW = Date.UTC(2026, 10, 26, 3, 0);
export const SECOND = 1_000;
export const MINUTE = 60_000;

export function order(orderId: string, receivedAt: number): ReceivedOrder {
  return {
    orderId,
    symbol: 'ACME',
    side: 'BUY',
    quantity: 1,
    limitPrice: '100',
    account: 'a',
    receivedAt: new Date(receivedAt).toISOString(),
    validUntil: new Date(receivedAt + 15 * MINUTE).toISOString(),
    region: 'eu-central-1',
  };
}

/** What the ledger says of these, of which some have their row. */
export function effectsAmong(ids: readonly string[], settled: ReadonlySet<string>): FoundEffects {
  return {
    ids: ids.filter((id) => !settled.has(id)),
    settled: ids.filter((id) => settled.has(id)).map((id) => ({ id, epoch: 1, region: 'eu-central-1' })),
  };
}

/** A table of orders, in which one of no quantity is of another form; a database, a queue and the local item, with a clock. */
export function sweepWorld(orders: readonly ReceivedOrder[] = [], change: Partial<SweepPorts<ReceivedOrder>> = {}) {
  const table = [...orders];
  const settled = new Set<string>();
  const queued: string[] = [];
  const asked: string[] = [];
  const loaded: string[] = [];
  /** Those whose result item is not in this region's table. */
  const untold = new Set<string>();
  const resultsAsked: string[] = [];
  const state: { item: Swept; now: number; pageMs: number; epoch: number } = {
    item: { setBackAt: undefined, sweptThrough: undefined },
    now: NOW,
    pageMs: 0,
    epoch: 1,
  };
  const times = new Map<ReceivedOrder, number>();
  const timeOf = (some: ReceivedOrder): number => {
    const time = times.get(some) ?? Date.parse(some.receivedAt);
    times.set(some, time);
    return time;
  };
  const seen = (some: readonly ReceivedOrder[]) => some.map(({ orderId: id, receivedAt }) => ({ id, receivedAt }));
  const index: { -readonly [K in keyof ReceivedIndex<ReceivedOrder>]: ReceivedIndex<ReceivedOrder>[K] } = {
    read: async (from, until, wanted) => {
      state.now += state.pageMs;
      const found = table
        .filter((some) => timeOf(some) >= from && timeOf(some) < until)
        .sort((one, other) => timeOf(one) - timeOf(other));
      const last = found[wanted - 1];
      if (!last || found.length === wanted || timeOf(last) === from) return { found: seen(found), readThrough: until };
      return { found: seen(found.slice(0, wanted)), readThrough: timeOf(last) };
    },
    withoutResult: async (effects) => {
      resultsAsked.push(...effects.map(({ id }) => id));
      return effects.map(({ id }) => id).filter((id) => untold.has(id));
    },
    load: async (found) => {
      const ids = new Set(found.map(({ id }) => id));
      const whole = table.filter(({ orderId }) => ids.has(orderId));
      loaded.push(...ids);
      return {
        received: whole.filter(({ quantity }) => quantity > 0),
        unreadable: whole.filter(({ quantity }) => quantity <= 0).map(({ orderId }) => orderId),
      };
    },
  };
  const telemetry = recordedTelemetry();
  const ports: SweepPorts<ReceivedOrder> = {
    kind: ORDERS,
    index,
    withoutEffect: async (ids) => {
      expect(ids.length).toBeLessThanOrEqual(ASKED_AT_ONCE);
      asked.push(...ids);
      return effectsAmong(ids, settled);
    },
    tryAgain: async (some) => some.map(({ orderId }) => (queued.push(orderId), orderId)),
    store: {
      advance: async (from, sweptThrough) => {
        const { item } = state;
        if (from.setBackAt !== item.setBackAt || from.sweptThrough !== item.sweptThrough) return 'refused';
        state.item = { ...item, sweptThrough };
        return 'written';
      },
    },
    telemetry,
    now: () => state.now,
    ...change,
  };
  const sweep = createSweep(ports);
  return {
    state,
    table,
    settled,
    queued,
    asked,
    loaded,
    index,
    untold,
    resultsAsked,
    telemetry,
    sweep: () => sweep(state.epoch, state.item),
    /** Sweeps every ten seconds. */
    sweepFor: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 10 * SECOND) {
        await sweep(state.epoch, state.item);
        state.now += 10 * SECOND;
      }
    },
  };
}
