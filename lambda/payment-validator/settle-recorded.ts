import type { SettledPayments, SettleRequest } from '../shared/calls';
import { MalformedError } from '../shared/errors';
import { PAYMENT_SK } from '../shared/order-items';
import { paymentOf } from './items';
import { settle, type SettlePorts } from './settle';

/** No payment is begun after this long, in milliseconds: the reconciler waits for the answer (reconciler/compose.ts). */
const BEGIN_MS = 1_500;

/** The longest that one payment's transaction takes here, in milliseconds. */
const TRANSACTION_MS = 1_500;

/** Payments at once: their transactions take turns on the one connection, their items and receipts need not. */
const LANES = 8;

/**
 * Settles payments that are recorded, as a post of each would: fenced, once, EXPIRED after their `validUntil`. This is how a
 * payment gets its effect whose commit was lost with a writer, or that could not be settled when it was posted (X10).
 *
 * @returns those that have their row now. For the others it may be called again; what stops all of them ends it at once.
 */
export async function settleRecorded(ports: SettlePorts, { paymentIds }: SettleRequest): Promise<SettledPayments> {
  const until = ports.now() + BEGIN_MS;
  const rest = [...paymentIds];
  const settled: string[] = [];

  async function lane(): Promise<void> {
    while (ports.now() < until) {
      const paymentId = rest.shift();
      if (paymentId === undefined) return;
      const outcome = await settleOne(ports, paymentId);
      if (outcome === 'has-row') settled.push(paymentId);
      if (outcome === 'stop') rest.length = 0;
    }
  }

  await Promise.all(Array.from({ length: LANES }, lane));
  return { paymentIds: settled };
}

/** One that cannot be read, or whose result cannot be written, stops no other. */
async function settleOne(ports: SettlePorts, paymentId: string): Promise<'has-row' | 'open' | 'stop'> {
  try {
    const item = await ports.items.get(paymentId, PAYMENT_SK);
    if (!item) throw new MalformedError(`payment ${paymentId} has no item`);
    const { kind } = await settle(ports, paymentOf(item), TRANSACTION_MS);
    if (kind === 'settled' || kind === 'other-content') return 'has-row';
    return kind === 'late' ? 'open' : 'stop';
  } catch (error) {
    ports.telemetry.error('the recorded payment could not be settled', error, { paymentId });
    return 'open';
  }
}
