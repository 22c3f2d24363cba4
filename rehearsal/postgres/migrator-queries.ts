import { HISTORY } from './content';
import { SqlError } from './sql-error';
import { bool, select, TYPES, type Query } from './statement';
import { bigint } from './values';

// The queries of lambda/schema-migrator on a database that has all migrations. What it sends to one that lacks any, and
// what the migrations themselves say, is not modelled.

/** Waits for whoever holds the same number, and keeps it to the transaction's end (manual, 9.28.10). */
const advisoryLock: Query = select([TYPES.void('pg_advisory_xact_lock')], [bigint], (run, [key]) => {
  // The function is strict: of nothing it locks nothing.
  if (key == null) return run.finish([[null]]);
  run.lock(`advisory/${key}`, 'exclusive', () => run.finish([['']]));
});

const createHistory: Query = {
  kind: 'query',
  command: 'CREATE TABLE',
  writes: 'CREATE TABLE',
  notice: new SqlError('42P07', 'relation "schema_version" already exists, skipping', 'NOTICE'),
  columns: undefined,
  parameters: [],
  execute: (run) => run.finish([]),
};

const history = select([TYPES.int4('version'), TYPES.text('name'), TYPES.text('checksum')], [], (run) =>
  run.finish(HISTORY),
);

/** The queries by their text. */
export const MIGRATOR_QUERIES: readonly (readonly [string, Query])[] = [
  [
    'SELECT pg_is_in_recovery() AS in_recovery',
    select([TYPES.bool('in_recovery')], [], (run) => run.finish([[bool(run.engine.options.inRecovery())]])),
  ],
  ['SELECT pg_advisory_xact_lock($1)', advisoryLock],
  [
    'CREATE TABLE IF NOT EXISTS schema_version ( version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, ' +
      'applied_at timestamptz NOT NULL DEFAULT clock_timestamp())',
    createHistory,
  ],
  [
    "SELECT to_regclass('schema_version') IS NOT NULL AS present",
    select([TYPES.bool('present')], [], (run) => run.finish([[bool(true)]])),
  ],
  ['SELECT version, name, checksum FROM schema_version ORDER BY version', history],
];
