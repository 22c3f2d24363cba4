import type { FoundEntry, Journal, JournalEntry, Wishes } from '../../../../lambda/failover-orchestrator/journal';
import type { JournalItem, JournalItems } from '../../../../lambda/failover-orchestrator/journal-items';

/** The journal in memory, with the promise of the real one (journal.test.ts), in the open. */
export function memoryJournal() {
  const kept: JournalEntry[] = [];
  const wished = new Map<string, Wishes>();
  const current = (): JournalEntry | undefined => kept.at(-1);
  const journal: Journal = {
    read: async () => found(current()),
    write: async (entry, replacing) => {
      const standing = current();
      if (standing?.owner !== replacing?.owner || standing?.revision !== replacing?.revision) return 'refused';
      kept.push(structuredClone(entry));
      return 'written';
    },
    history: async () => [],
    wishes: async (runId) => wished.get(runId) ?? {},
    wish: async (runId, wishes) => void wished.set(runId, { ...wished.get(runId), ...wishes }),
  };
  return { journal, current, revisions: kept };
}

function found(entry: JournalEntry | undefined): FoundEntry | undefined {
  return entry && { ...structuredClone(entry), runId: entry.state.runId, ended: entry.state.phase === 'ended' };
}

/** Put-once items in memory. */
export function memoryJournalItems() {
  const all = new Map<string, JournalItem>();
  const items: JournalItems = {
    get: async (pk, sk) => all.get(`${pk}|${sk}`),
    putOnce: async (item) => {
      const key = `${item.pk}|${item.sk}`;
      if (all.has(key)) return false;
      all.set(key, item);
      return true;
    },
    listBefore: async (pk, sk) => [...all.values()].filter((item) => item.pk === pk && item.sk < sk),
  };
  return { items, all };
}
