import { installedEpoch, type LedgerRequest } from '../../shared/calls';
import type { FunctionCalls } from '../../shared/invoke';
import type { RegisterKeeper } from '../../shared/register-keeper';
import { openFrom } from '../../shared/register/protocol';
import { inWords } from '../../shared/time-words';
import { answered } from '../answered';
import { notOurs, underEpoch } from '../registers';
import { done, pending, type StepAttempt } from './step';

/** What ending the other region's writes touches. */
export interface EndWritesPorts {
  readonly registers: Pick<RegisterKeeper, 'view' | 'endOtherLease'>;
  /** Calls functions of the other region. */
  readonly calls: Pick<FunctionCalls, 'ask'>;
  /** The other region's ledger, by its ARN. */
  readonly ledgerFunction: string;
  readonly region: string;
  readonly otherRegion: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How long the ledger may take, in milliseconds: it waits for transactions that hold the epoch (lambda/ledger/answer.ts). */
const LEDGER_MS = 7_500;

/**
 * Makes sure that no transaction of an older epoch commits in the other region's database any more. The claim has already taken
 * its lease's renewal; what is left of the lease is waited for, or ended by proof: every write locks the row `writer_epoch`
 * against a higher epoch, so once the new epoch is in that row, no older one commits, whatever a function has read or how
 * long it stalls. Only after that is the lease said to be over in the registers, which lets this region open at once.
 */
export function createEndWrites(ports: EndWritesPorts): StepAttempt {
  const { registers, calls, ledgerFunction, region, otherRegion, now } = ports;

  return async ({ epoch }) => {
    const { view } = await registers.view();
    const known = notOurs(view, region, epoch);
    if (known) return known;
    const leftMs = openFrom(view.leaseEnds, otherRegion) - now();
    if (leftMs <= 0) return done(`the lease of ${otherRegion} is over`);
    const request: LedgerRequest = { action: 'install-epoch', epoch };
    const installed = await answered(LEDGER_MS, 'the ledger there', () =>
      calls.ask(ledgerFunction, request, installedEpoch, LEDGER_MS),
    );
    if (!installed.ok) return pending(`${installed.why}; the lease of ${otherRegion} lasts another ${inWords(leftMs)}`);
    if (installed.value.epoch < epoch) return pending(`the database there holds epoch ${installed.value.epoch}`);
    return underEpoch(await registers.endOtherLease(epoch));
  };
}
