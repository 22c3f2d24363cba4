import { isCurrency } from '../shared/currencies';
import { canonicalDecimal, decimalUnits } from '../shared/decimal';
import { plain } from '../shared/plain-text';
import { isIban } from './iban';

/** The part of a payment that never changes and that two posts of one payment id must agree on. */
export interface PaymentContent {
  /** A canonical decimal. */
  readonly amount: string;
  readonly currency: string;
  readonly debtorAccount: string;
  readonly creditorAccount: string;
  /** May be empty. */
  readonly reference: string;
}

/** A payment as the platform received it; times in ISO 8601. */
export interface ReceivedPayment extends PaymentContent {
  readonly paymentId: string;
  readonly receivedAt: string;
  /** After this moment the payment is reported EXPIRED and never validated. */
  readonly validUntil: string;
  /** The region that received it. */
  readonly region: string;
}

/** What became of a payment. */
export type PaymentVerdict = 'VALIDATED' | 'REJECTED' | 'EXPIRED';

/** Why a payment is rejected. */
export type PaymentReason =
  | 'AMOUNT_NOT_POSITIVE'
  | 'AMOUNT_TOO_LARGE'
  | 'CURRENCY_UNKNOWN'
  | 'DEBTOR_ACCOUNT_INVALID'
  | 'CREDITOR_ACCOUNT_INVALID'
  | 'SAME_ACCOUNT'
  | 'CONTENT_REFUSED';

/** The largest amount that is validated without a person, in units of the payment's currency. */
export const LARGEST_AMOUNT = '1000000';

/** What becomes of a payment that has no effect yet. */
export interface PaymentDecision {
  readonly verdict: PaymentVerdict;
  readonly reasons: readonly PaymentReason[];
}

/** A payment that the database does not take as it is, whatever else is true of it: no other attempt would end differently. */
export const CONTENT_REFUSED: PaymentDecision = { verdict: 'REJECTED', reasons: ['CONTENT_REFUSED'] };

/**
 * Decides about a payment that was never decided: no clock, no database. Every reason at once.
 *
 * @param now milliseconds since 1970.
 */
export function decidePayment(
  payment: PaymentContent & Pick<ReceivedPayment, 'validUntil'>,
  now: number,
): PaymentDecision {
  // Written so that a date that cannot be read expires instead of living for ever.
  if (!(now <= Date.parse(payment.validUntil))) return { verdict: 'EXPIRED', reasons: [] };
  const reasons = [...amountReasons(payment), ...accountReasons(payment)];
  return { verdict: reasons.length === 0 ? 'VALIDATED' : 'REJECTED', reasons };
}

function amountReasons({ amount, currency }: PaymentContent): PaymentReason[] {
  const units = decimalUnits(amount) ?? 0n;
  const largest = decimalUnits(LARGEST_AMOUNT) ?? 0n;
  const reasons: PaymentReason[] = [];
  if (units <= 0n) reasons.push('AMOUNT_NOT_POSITIVE');
  if (units > largest) reasons.push('AMOUNT_TOO_LARGE');
  if (!isCurrency(currency)) reasons.push('CURRENCY_UNKNOWN');
  return reasons;
}

function accountReasons({ debtorAccount, creditorAccount }: PaymentContent): PaymentReason[] {
  const reasons: PaymentReason[] = [];
  if (!isIban(debtorAccount)) reasons.push('DEBTOR_ACCOUNT_INVALID');
  if (!isIban(creditorAccount)) reasons.push('CREDITOR_ACCOUNT_INVALID');
  if (debtorAccount === creditorAccount) reasons.push('SAME_ACCOUNT');
  return reasons;
}

/** Whether two posts under one payment id ask for the same. */
export function samePayment(one: PaymentContent, other: PaymentContent): boolean {
  return (
    one.amount === other.amount &&
    one.currency === other.currency &&
    one.debtorAccount === other.debtorAccount &&
    one.creditorAccount === other.creditorAccount &&
    one.reference === other.reference
  );
}

/** The payment as its row has it: the amount in its one spelling, and of its texts what a row takes. */
export function storable<C extends PaymentContent>(payment: C): C {
  return {
    ...payment,
    amount: canonicalDecimal(payment.amount),
    currency: plain(payment.currency),
    debtorAccount: plain(payment.debtorAccount),
    creditorAccount: plain(payment.creditorAccount),
    reference: plain(payment.reference),
  };
}
