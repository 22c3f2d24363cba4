import type { Item, ItemStore } from '../../../lambda/shared/item-store';
import type { LeasePort } from '../../../lambda/shared/lease-store';
import type { Lease, LeaseReading } from '../../../lambda/shared/may-write';
import type { SignalName } from '../../../lambda/shared/signals';
import type { Telemetry } from '../../../lambda/shared/telemetry';

/** What a handler said, to be asserted. */
export interface RecordedTelemetry extends Telemetry {
  readonly counts: Record<string, number>;
  readonly errors: { readonly message: string; readonly error: unknown }[];
  readonly warnings: string[];
  readonly gauges: Record<string, number>;
  readonly signals: { readonly name: SignalName; readonly value: number; readonly at: number }[];
}

/** Telemetry that keeps what it is told. */
export function recordedTelemetry(): RecordedTelemetry {
  const counts: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const errors: { message: string; error: unknown }[] = [];
  const warnings: string[] = [];
  const signals: { name: SignalName; value: number; at: number }[] = [];
  return {
    counts,
    errors,
    gauges,
    signals,
    warnings,
    info: () => undefined,
    warn: (message) => void warnings.push(message),
    error: (message, error) => void errors.push({ message, error }),
    count: (metric, value = 1) => void (counts[metric] = (counts[metric] ?? 0) + value),
    seconds: (metric, value) => void (gauges[metric] = value),
    signal: (name, value, at) => void signals.push({ name, value, at }),
    traced: (_, work) => work(),
  };
}

/** A table in memory, its items in the open, with a failure on demand. */
export interface MemoryItems extends ItemStore {
  readonly all: Map<string, Item>;
  failNextPut(): void;
}

/** A table in memory with the same promise as the real one: an item is written once. */
export function memoryItems(): MemoryItems {
  const all = new Map<string, Item>();
  let failing = false;
  return {
    all,
    failNextPut: () => void (failing = true),
    async get(pk, sk) {
      return all.get(`${pk} ${sk}`);
    },
    async list(pk) {
      return [...all.values()].filter((item) => item.pk === pk).sort((a, b) => (a.sk < b.sk ? -1 : 1));
    },
    async putOnce(item) {
      if (failing) {
        failing = false;
        throw new Error('the table does not answer');
      }
      const existing = all.get(`${item.pk} ${item.sk}`);
      if (existing) return { written: false, existing };
      // Stored as the real table stores: text and numbers, nothing shared with the caller.
      const stored: Item = JSON.parse(JSON.stringify(item));
      all.set(`${item.pk} ${item.sk}`, stored);
      return { written: true };
    },
  };
}

/** A lease that a test can change while a handler runs; each reading is taken when it is asked for. */
export function changeableLease(first: Lease | string): LeasePort & { set(next: Lease | string): void; reads: number } {
  let current = first;
  const port = {
    reads: 0,
    set: (next: Lease | string) => void (current = next),
    async read(): Promise<LeaseReading> {
      port.reads += 1;
      return typeof current === 'string' ? { known: false, why: current } : { known: true, lease: current };
    },
  };
  return port;
}

/** A lease that runs for another minute. */
export function leaseOf(activeRegion: string, epoch = 1, leaseEnd = Date.now() + 60_000): Lease {
  return { activeRegion, epoch, leaseEnd };
}

/** Resolves from outside, to hold work at a known place. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
