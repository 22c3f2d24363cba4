/** The sort key of an order's own item; its partition key is the order id. */
export const ORDER_SK = 'ORDER';

/** The sort key of a payment's own item; its partition key is the payment id. */
export const PAYMENT_SK = 'PAYMENT';

const RESULT_PREFIX = 'RESULT#';
const EPOCH_DIGITS = 10;

/** The sort key of a result: one item per epoch and region, so that no region overwrites another's. */
export function resultSortKey(epoch: number, region: string): string {
  return `${RESULT_PREFIX}${String(epoch).padStart(EPOCH_DIGITS, '0')}#${region}`;
}

/** Whether an item is a result. */
export function isResultKey(sortKey: string): boolean {
  return sortKey.startsWith(RESULT_PREFIX);
}

/** The minute that an item is listed under in the index byReceived: `2026-11-24T03:51`. */
export function receivedMinute(receivedAt: string): string {
  return receivedAt.slice(0, 'yyyy-mm-ddThh:mm'.length);
}

/** The result that counts: the one of the highest epoch. Within one epoch only one region was active. */
export function latestResult<R extends { readonly sk: string; readonly epoch: number }>(
  results: readonly R[],
): R | undefined {
  return results.reduce<R | undefined>((best, next) => (best && best.epoch >= next.epoch ? best : next), undefined);
}
