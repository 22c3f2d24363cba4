import { SETTLED_AT_ONCE } from '../shared/calls';
import type { SweptPayment } from './kinds';

/**
 * The way of payments to this region's validator, which has them settled and tells the ids of those that have their row then.
 * It throws what the call of the validator throws.
 */
export type SettlePayments = (payments: readonly SweptPayment[], until: number) => Promise<readonly string[]>;

/**
 * Asks for one batch after the other, so that the validator needs one more connection to the database and no more. Begins none
 * after `until`: what is left stays without a row, and the next sweep finds it.
 *
 * @param settle one request to the validator.
 * @param now milliseconds since 1970.
 */
export function createSettlePayments(
  settle: (paymentIds: readonly string[]) => Promise<readonly string[]>,
  now: () => number,
): SettlePayments {
  return async (payments, until) => {
    const settled: string[] = [];
    for (let first = 0; first < payments.length && now() < until; first += SETTLED_AT_ONCE) {
      const batch = payments.slice(first, first + SETTLED_AT_ONCE);
      settled.push(...(await settle(batch.map(({ paymentId }) => paymentId))));
    }
    return settled;
  };
}
