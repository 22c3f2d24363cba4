import { installedEpoch, type LedgerRequest } from '../../shared/calls';
import type { FunctionCalls } from '../../shared/invoke';
import type { RegisterKeeper } from '../../shared/register-keeper';
import { underEpoch } from '../registers';
import type { StepAttempt } from './step';

/** What opening touches. */
export interface OpenPorts {
  readonly registers: Pick<RegisterKeeper, 'open'>;
  readonly calls: Pick<FunctionCalls, 'ask'>;
  readonly ledgerFunction: string;
}

/** How long the ledger may take, in milliseconds: the rest of the attempt is the registers'. */
const LEDGER_MS = 5_000;

/**
 * Installs the epoch in the database before the lease is opened: from then on no transaction of an older epoch commits in it.
 * Once is enough for all attempts of an invocation, because the database never lowers it.
 */
export function createOpen({ registers, calls, ledgerFunction }: OpenPorts): StepAttempt {
  let standing = 0;

  return async ({ epoch }) => {
    if (standing < epoch) {
      const request: LedgerRequest = { action: 'install-epoch', epoch };
      standing = (await calls.ask(ledgerFunction, request, installedEpoch, LEDGER_MS)).epoch;
    }
    // Whose a higher epoch in the database is, the registers know: the heartbeat here may have taken it meanwhile.
    return underEpoch(await registers.open(epoch));
  };
}
