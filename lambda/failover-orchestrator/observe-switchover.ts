import { VERDICT_FRESH_MS } from '../shared/compose-keeper';
import type { RunHead } from '../shared/current-run';
import type { LocalItem } from '../shared/local-items';
import { type Answered, answered } from './answered';
import type { GlobalDatabaseLook } from './global-database';
import { ANSWER_MS, type ObservePorts } from './observe';
import type { Fact, SwitchoverEvidence } from './switchover-guards';

/** Asks what only a switchover goes by, all of it side by side; who does not answer is evidence too. */
export function createObserveSwitchover({
  database,
  items,
  there,
}: Pick<ObservePorts, 'database' | 'items' | 'there'>): (
  at: number,
  lastChangeAt: number | undefined,
) => Promise<SwitchoverEvidence> {
  return async (at, lastChangeAt) => {
    const [here, beyond, run, sweep, verdict] = await Promise.all([
      answered(ANSWER_MS, 'RDS', () => database.look()),
      answered(ANSWER_MS, 'RDS there', () => there.database.look()),
      answered(ANSWER_MS, 'the journal there', () => there.run.read()),
      answered(ANSWER_MS, 'the local item sweep there', () => there.items.get('sweep')),
      answered(ANSWER_MS, 'the local item verdict', () => items.get('verdict')),
    ]);
    return {
      here: factOf(here, hereOf),
      there: factOf(beyond, ({ isWriter, cluster }) => ({ isWriter, clusterStatus: cluster?.status ?? 'not found' })),
      otherRun: factOf(run, runOf),
      ...(lastChangeAt !== undefined && { lastChangeAt }),
      swept: factOf(sweep, (item) => ({
        ...(item?.orders !== undefined && { orders: item.orders }),
        ...(item?.payments !== undefined && { payments: item.payments }),
      })),
      healthySince: factOf(verdict, (item) => healthyOf(item, at)),
    };
  };
}

function factOf<T, V>(heard: Answered<T>, read: (value: T) => V): Fact<V> {
  return heard.ok ? { known: true, value: read(heard.value) } : { known: false, why: heard.why };
}

function hereOf({ isMember, isWriter, isConnected = false, globalStatus, cluster, inProgress }: GlobalDatabaseLook) {
  return {
    globalStatus: globalStatus ?? 'not found',
    isMember,
    isWriter,
    clusterStatus: cluster?.status ?? 'not found',
    isConnected,
    ...(inProgress && { inProgress: `${inProgress.status}, towards ${inProgress.towards}` }),
  };
}

function runOf(head: RunHead | undefined): { readonly standing?: string; readonly lastChangeAt?: number } {
  if (!head) return {};
  const { runId, phase, lastChangeAt } = head;
  return {
    ...(phase !== 'ended' && { standing: `run ${runId} is ${phase}` }),
    ...(lastChangeAt !== undefined && { lastChangeAt }),
  };
}

/** A verdict that is old says nothing of now. */
function healthyOf(item: LocalItem<'verdict'> | undefined, at: number): { readonly since?: number } {
  if (!item?.healthy || item.healthySince === undefined || at - item.at > VERDICT_FRESH_MS) return {};
  return { since: item.healthySince };
}
