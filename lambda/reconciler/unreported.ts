import type { SettledEffect } from '../shared/effects';
import type { Telemetry } from '../shared/telemetry';
import type { Received } from './kinds';
import type { Found, ReceivedIndex } from './received-index';

/** What looking after missing results touches. */
export interface UnreportedPorts<R extends Received> {
  readonly kind: { readonly name: string };
  readonly index: Pick<ReceivedIndex<R>, 'withoutResult' | 'load'>;
  /** As the sweep's: whoever executes one that has its row writes the missing result, and nothing else. */
  readonly tryAgain: (some: readonly R[], until: number) => Promise<readonly string[]>;
  readonly telemetry: Pick<Telemetry, 'info' | 'warn' | 'error' | 'count'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Those that have their row, and of whose result the client is told nothing, because the item is missing. */
export interface Unreported {
  /**
   * Looks whether results are there of some that have their row. What is not there is looked at again.
   *
   * @param until when no question is begun any more: what is not asked counts as not there.
   * @returns the ids that need no further look of the sweep's; the others have to come again.
   */
  note(found: readonly Found[], settled: readonly SettledEffect[], until: number): Promise<readonly string[]>;
  /** Has some of those whose results stay away tried again: about as many as one question holds. Never rejects. */
  repair(until: number): Promise<void>;
}

interface Entry {
  readonly found: Found;
  readonly effect: SettledEffect;
  /** When it is looked at next, in milliseconds since 1970. */
  dueAt: number;
  tries: number;
}

/**
 * How long a result may take before it is missing, in milliseconds: its writer puts it right after the commit, and the tables of
 * the regions follow each other "usually within a second" (DynamoDB guide, global tables). An outage between them takes longer, and
 * a result that comes after all is the same item.
 */
export const RESULT_PATIENCE_MS = 60_000;
/** What was tried again is given this long, in milliseconds; what five tries have not brought, no sixth one brings. */
const TRY_AGAIN_MS = 60_000;
const MOST_TRIES = 5;
/** How many are kept in mind, and how many one sweep looks at: received within one slice, so that they are read in few queries. */
const MOST_UNREPORTED = 20_000;
const MOST_AT_ONCE = 500;
const SLICE_MS = 120_000;

/** Remembers for one epoch: whoever begins anew finds them anew, because the sweep looks at everything once. */
export function createUnreported<R extends Received>(ports: UnreportedPorts<R>): Unreported {
  const { kind, index, telemetry, now } = ports;
  const entries = new Map<string, Entry>();

  /** Those whose results are not there; undefined when nobody can say so now. */
  async function missing(settled: readonly SettledEffect[]): Promise<ReadonlySet<string> | undefined> {
    try {
      return new Set(await index.withoutResult(settled));
    } catch (error) {
      telemetry.warn(`the results of ${kind.name} cannot be looked for`, { error: String(error) });
      return undefined;
    }
  }

  function due(at: number): readonly Entry[] {
    const ready = [...entries.values()].filter(({ dueAt }) => dueAt <= at);
    const time = ({ found }: Entry): number => Date.parse(found.receivedAt);
    const first = Math.min(...ready.map(time));
    return ready.filter((entry) => time(entry) <= first + SLICE_MS).slice(0, MOST_AT_ONCE);
  }

  function giveUp(entry: Entry): void {
    entries.delete(entry.found.id);
    telemetry.count('NeedsPerson');
    telemetry.error(
      `${kind.name}: one has its row, and after ${MOST_TRIES} tries no result that its client could be told`,
      new Error(`result of ${entry.found.id} under epoch ${entry.effect.epoch} in ${entry.effect.region}`),
      { ...entry.effect },
    );
  }

  async function tryAgain(without: readonly Entry[], at: number, until: number): Promise<void> {
    const { received, unreadable } = await index.load(without.map(({ found }) => found));
    for (const id of unreadable) entries.delete(id);
    if (received.length === 0) return;
    const taken = new Set(await ports.tryAgain(received, until));
    for (const entry of without) {
      // Also of what was not taken: others have their turn first.
      entry.dueAt = at + TRY_AGAIN_MS;
      if (taken.has(entry.found.id)) entry.tries += 1;
    }
    telemetry.info(`${kind.name} without a result were tried again`, { taken: taken.size, of: without.length });
  }

  return {
    async note(found, settled, until) {
      const at = now();
      const absent = at < until ? await missing(settled) : undefined;
      const byId = new Map(found.map((one) => [one.id, one]));
      const noted: string[] = [];
      for (const effect of settled) {
        const one = byId.get(effect.id);
        const isThere = absent !== undefined && !absent.has(effect.id);
        if (!one || (!isThere && entries.size >= MOST_UNREPORTED)) continue;
        if (!isThere) entries.set(effect.id, { found: one, effect, dueAt: at + RESULT_PATIENCE_MS, tries: 0 });
        noted.push(effect.id);
      }
      return noted;
    },
    async repair(until) {
      const at = now();
      if (at >= until) return;
      const some = due(at);
      const absent = some.length === 0 ? undefined : await missing(some.map(({ effect }) => effect));
      if (!absent) return;
      const without: Entry[] = [];
      for (const entry of some) {
        if (!absent.has(entry.found.id)) entries.delete(entry.found.id);
        else if (entry.tries >= MOST_TRIES) giveUp(entry);
        else without.push(entry);
      }
      if (without.length === 0) return;
      await tryAgain(without, at, until).catch((error: unknown) =>
        telemetry.warn(`${kind.name} without a result cannot be tried again now`, { error: String(error) }),
      );
    },
  };
}
