import type { OutgoingCall } from './call-log';
import type { Decision } from './decide';
import { type Alert, type Journal, type JournalEntry, ReplacedError, type Version } from './journal';
import type { RunState } from './run';

/** How long an invocation may be silent before another one takes its run over, in milliseconds: longer than any attempt. */
export const OWNED_MS = 30_000;

/** One invocation's hold on the run that stands; every write goes through the compare-and-set of the journal. */
export interface Hold {
  readonly entry: JournalEntry;
  /** Writes a decision down, before anything of it is done. @throws ReplacedError when the run is another invocation's. */
  save(decision: Decision): Promise<void>;
  /** Notes that an alert was sent; written with the next save. */
  told(key: string): void;
  /** Lets go of the run, so that the next invocation need not wait. @throws ReplacedError */
  letGo(): Promise<void>;
  /** Lets go of a run that has ended and that everybody knows of. @throws ReplacedError */
  close(): Promise<void>;
}

/** What holding touches. */
export interface HoldPorts {
  readonly journal: Pick<Journal, 'write'>;
  /** Takes the calls that have been made since the last write. */
  readonly drainCalls: () => readonly OutgoingCall[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a hold begins with. */
export interface HoldStart {
  readonly owner: string;
  readonly decision: Decision;
  /** What stands and is replaced. */
  readonly replacing?: Version & Pick<JournalEntry, 'lastFailoverAt' | 'lastChangeAt'>;
  /** What an invocation before this one has left untold. */
  readonly alerts?: readonly Alert[];
}

/** Takes the run; undefined when somebody else was faster. */
export async function takeHold(ports: HoldPorts, start: HoldStart): Promise<Hold | undefined> {
  const { owner, decision, replacing, alerts = [] } = start;
  const { journal, drainCalls, now } = ports;
  const { lastFailoverAt, lastChangeAt } = replacing ?? {};
  let entry: JournalEntry = {
    owner,
    ownedUntil: now() + OWNED_MS,
    revision: (replacing?.revision ?? 0) + 1,
    state: decision.state,
    alerts: withAlerts(alerts, decision),
    closed: false,
    ...(lastFailoverAt !== undefined && { lastFailoverAt }),
    ...(lastChangeAt !== undefined && { lastChangeAt }),
  };
  if ((await journal.write(entry, replacing, drainCalls())) === 'refused') return undefined;

  async function write(change: Partial<JournalEntry>): Promise<void> {
    const next: JournalEntry = { ...entry, ...change, revision: entry.revision + 1 };
    if ((await journal.write(next, entry, drainCalls())) === 'refused') {
      throw new ReplacedError(`run ${entry.state.runId} is another invocation's by now`);
    }
    entry = next;
  }

  return {
    get entry() {
      return entry;
    },
    save: (next) =>
      write({
        state: next.state,
        alerts: withAlerts(entry.alerts, next),
        ownedUntil: now() + OWNED_MS,
        ...changedAt(next.state),
      }),
    told(key) {
      entry = { ...entry, alerts: entry.alerts.filter((alert) => alert.key !== key) };
    },
    letGo: () => write({ ownedUntil: now() }),
    close: () => write({ ownedUntil: now(), closed: true }),
  };
}

function withAlerts(standing: readonly Alert[], { commands }: Decision): readonly Alert[] {
  const asked = commands.flatMap((command): Alert[] => {
    if (command.do !== 'alert') return [];
    const { key, subject, text } = command;
    return [{ key, subject, text }];
  });
  const keys = new Set(asked.map(({ key }) => key));
  return [...standing.filter(({ key }) => !keys.has(key)), ...asked];
}

/** A switchover begins no cooldown: after a drill the alarm must still be able to leave a region that is lost. */
function changedAt({ kind, outcome, endedAt }: RunState): Pick<JournalEntry, 'lastFailoverAt' | 'lastChangeAt'> {
  if (outcome !== 'DONE' || endedAt === undefined) return {};
  return { lastChangeAt: endedAt, ...(kind === 'failover' && { lastFailoverAt: endedAt }) };
}
