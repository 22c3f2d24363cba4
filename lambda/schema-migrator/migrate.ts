import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Database, Transaction } from '../shared/database';
import { DatabaseUnavailableError, MigrationHistoryError } from '../shared/errors';
import { parseStored } from '../shared/stored';
import type { Telemetry } from '../shared/telemetry';
import type { Migration } from './migrations';
import { type KnownStep, planMigrations } from './plan';

/** What a run did. `from` and `to` are schema versions; 0 is a database without a schema. */
export interface MigrationResult {
  readonly status: 'MIGRATED' | 'UP_TO_DATE' | 'READ_ONLY' | 'NO_WRITER';
  readonly from: number;
  readonly to: number;
  readonly applied: readonly number[];
}

/** What a run touches. */
export interface MigratorPorts {
  readonly database: Database;
  readonly telemetry: Pick<Telemetry, 'info'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Any number that nobody else in this database locks: "schema" in ASCII. */
const LOCK = 0x736368656d61;

/** The longest that one step takes, the wait for another run included, in milliseconds. */
const STEP_MS = 30_000;

const recordedRow = z.object({ version: z.number(), name: z.string(), checksum: z.string() });

/** The schema version that a transaction found, and the version that it applied or why it applied none. */
interface Step {
  readonly found: number;
  readonly outcome: number | 'READ_ONLY' | 'UP_TO_DATE';
}

/**
 * Brings the schema to the program's version: one transaction for each step, under an advisory lock, so that two runs at
 * once apply each step once and a crash leaves whole steps. Where the database is in recovery it does nothing and says so:
 * the writer's schema arrives by replication. The same where the writer's name leads nowhere: that of a cluster which follows
 * another region is inactive (aws-facts.md 1.3), and a schedule that fails in one region every five minutes would be noise.
 *
 * @throws MigrationHistoryError naming the version whose text differs from the one that was applied.
 * @throws DatabaseUnavailableError, DeadlineError: the next run goes on.
 */
export async function migrate(ports: MigratorPorts, migrations: readonly Migration[]): Promise<MigrationResult> {
  try {
    return await migrateAll(ports, migrations);
  } catch (error) {
    if (!leadsNowhere(error)) throw error;
    ports.telemetry.info('no writer has its name here: the schema is the business of the other region');
    return { status: 'NO_WRITER', from: 0, to: 0, applied: [] };
  }
}

/** Whether there is no such host: a name server has said so, which is not the same as one that does not answer. */
function leadsNowhere(error: unknown): boolean {
  if (!(error instanceof DatabaseUnavailableError)) return false;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND';
}

async function migrateAll(ports: MigratorPorts, migrations: readonly Migration[]): Promise<MigrationResult> {
  const applied: number[] = [];
  let from: number | undefined;
  for (;;) {
    const { found, outcome } = await ports.database.transaction({ deadline: ports.now() + STEP_MS }, (tx) =>
      applyNext(tx, migrations),
    );
    from ??= found;
    if (outcome === 'READ_ONLY') return { status: outcome, from, to: found, applied };
    if (outcome === 'UP_TO_DATE') {
      return { status: applied.length > 0 ? 'MIGRATED' : outcome, from, to: found, applied };
    }
    applied.push(outcome);
    ports.telemetry.info('the schema has a new version', { version: outcome });
  }
}

async function applyNext(tx: Transaction, migrations: readonly Migration[]): Promise<Step> {
  const [recovery] = await tx.query('SELECT pg_is_in_recovery() AS in_recovery');
  if (recovery?.['in_recovery'] === true) return { found: versionOf(await readRecorded(tx)), outcome: 'READ_ONLY' };

  await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  await tx.query(`CREATE TABLE IF NOT EXISTS schema_version (
    version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  const recorded = await readRecorded(tx);
  const plan = planMigrations(migrations.map(knownStep), recorded);
  if (!plan.ok) throw new MigrationHistoryError(`schema version ${plan.version}: ${plan.why}`);
  const next = migrations.find(({ version }) => version === plan.pending[0]);
  if (!next) return { found: versionOf(recorded), outcome: 'UP_TO_DATE' };

  await tx.query(next.sql);
  const { version, name, checksum } = knownStep(next);
  await tx.query('INSERT INTO schema_version (version, name, checksum) VALUES ($1, $2, $3)', [version, name, checksum]);
  return { found: versionOf(recorded), outcome: version };
}

/** The recorded history; empty where the table does not exist yet. */
async function readRecorded(tx: Transaction): Promise<readonly KnownStep[]> {
  const [table] = await tx.query("SELECT to_regclass('schema_version') IS NOT NULL AS present");
  if (table?.['present'] !== true) return [];
  const rows = await tx.query('SELECT version, name, checksum FROM schema_version ORDER BY version');
  return parseStored(z.array(recordedRow), rows, 'the table schema_version');
}

/** What is recorded about a step: its text counts, its indentation too, because nobody has a reason to touch it. */
export function knownStep({ version, name, sql }: Migration): KnownStep {
  return { version, name, checksum: createHash('sha256').update(sql).digest('hex') };
}

function versionOf(recorded: readonly KnownStep[]): number {
  return recorded.at(-1)?.version ?? 0;
}
