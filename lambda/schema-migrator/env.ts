import * as z from 'zod/mini';
import { databaseKeys, everyFunction } from '../shared/env';

/** What schema-migrator needs from its environment. */
export const schemaMigratorEnv = z.object({ ...everyFunction, ...databaseKeys });

/** The same contract as lib/ must fill it: every key, as text. */
export type SchemaMigratorEnv = Readonly<z.input<typeof schemaMigratorEnv>>;
