import type * as z from 'zod/mini';
import type { Item } from '../shared/item-store';
import { receivedPayment } from '../shared/payment-form';
import { parseStored } from '../shared/stored';
import type { ReceivedPayment } from './decide';
import { paymentResult } from './payment-form';

/**
 * A payment from its own item.
 *
 * @throws MalformedError when the item has another form.
 */
export function paymentOf(item: Item): ReceivedPayment {
  return parseStored(receivedPayment, item, `the item of payment ${item.pk}`);
}

/**
 * A result of a payment from its item.
 *
 * @throws MalformedError when the item has another form.
 */
export function resultOf(item: Item): z.output<typeof paymentResult> {
  return parseStored(paymentResult, item, `result ${item.sk} of payment ${item.pk}`);
}
