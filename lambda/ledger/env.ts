import * as z from 'zod/mini';
import { databaseKeys, everyFunction } from '../shared/env';

/** What ledger needs from its environment. */
export const ledgerEnv = z.object({
  ...everyFunction,
  ...databaseKeys,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type LedgerEnv = Readonly<z.input<typeof ledgerEnv>>;
