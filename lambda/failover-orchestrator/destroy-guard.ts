import type { RunHead } from '../shared/current-run';
import type { Answered } from './answered';
import type { GlobalDatabaseLook } from './global-database';

/** What is known when a stack is to be destroyed. The region is primary: dr's word is only its journal's. */
export interface DestroyEvidence {
  readonly region: string;
  readonly otherRegion: string;
  /** By RDS in this region; that there is none is an answer. */
  readonly database: Answered<GlobalDatabaseLook>;
  /** Both regions' journals; a journal that is gone has no run. */
  readonly runs: readonly { readonly region: string; readonly run: Answered<RunHead | undefined> }[];
}

/** Where a person reads on; a name in the project, because whoever sees it stands in there. */
const RUNBOOK = 'docs/runbooks/destroy.md';

/**
 * Why a destroy would stop half way, in a person's words with the command that comes first; undefined when nothing is
 * in its way. Whatever is gone already, as a destroy before this one has left it, is in nobody's way. What cannot be
 * known is: the destroy needs both regions and RDS itself, and half a stack is worse than a question asked again.
 */
export function destroyRefusal({ region, otherRegion, database, runs }: DestroyEvidence): string | undefined {
  const reasons = [...runs.flatMap((one) => aboutRun(one)), ...aboutDatabase(region, otherRegion, database)];
  if (reasons.length === 0) return undefined;
  return ['Nothing was deleted.', ...reasons, 'Then again: pulumi destroy'].join(' ');
}

/**
 * A run that looks, or waits for a person, has changed nothing, and goes with the stack: the alarm of a platform that nobody
 * could bring to life must not keep it.
 */
const CHANGES_NOTHING: readonly RunHead['phase'][] = ['observing', 'waiting-for-person', 'ended'];

function aboutRun({ region, run }: DestroyEvidence['runs'][number]): readonly string[] {
  if (!run.ok) return [unknown(`whether a run of the failover orchestrator stands in ${region}`, run.why)];
  if (!run.value || CHANGES_NOTHING.includes(run.value.phase)) return [];
  const { runId, phase, startedAt } = run.value;
  const since = new Date(startedAt).toISOString();
  return [
    `Run ${runId} of the failover orchestrator in ${region} is ${phase}, since ${since}. First: wait until it has ended ` +
      '(npx tap status), or end it (npx tap abort).',
  ];
}

function aboutDatabase(region: string, otherRegion: string, database: DestroyEvidence['database']): readonly string[] {
  if (!database.ok) return [unknown('which region has the writer of the database', database.why)];
  const { isMember, isWriter, inProgress } = database.value;
  if (inProgress) {
    return [
      `The database’s roles are just changing (${inProgress.status}). First: wait until that is over (npx tap status).`,
    ];
  }
  // A cluster that has left the global database, or that is alone in it, is deleted like any other.
  if (!isMember || isWriter) return [];
  return [
    `The writer of the database is in ${otherRegion}, not at home in ${region}: the destroy would stop half way, because AWS ` +
      'does not delete a writer that another cluster follows. First: npx tap pre-destroy.',
  ];
}

function unknown(what: string, why: string): string {
  return `It is not known ${what}: ${why}. First: see whether both regions work; ${RUNBOOK} says what else there is.`;
}
