import * as z from 'zod/mini';
import { MalformedError } from '../../lambda/shared/errors';
import { orderResult, receivedOrder } from '../../lambda/shared/order-form';
import { isResultKey, latestResult, ORDER_SK } from '../../lambda/shared/order-items';
import type { OrderItem } from './ports';

type Order = z.output<typeof receivedOrder>;
type Result = z.output<typeof orderResult>;

/** An order as a trader sees it: in the orders API's words. */
export interface OrderView extends Order {
  readonly status: 'RECEIVED' | Result['verdict'];
  readonly result?: Result;
}

/**
 * The state of an order from its items: that of the result that counts, RECEIVED while there is none.
 *
 * @returns undefined without an order item; a result may overtake it, because replication keeps no order between items.
 * @throws MalformedError for an item that is not what its writer promised.
 */
export function orderView(items: readonly OrderItem[]): OrderView | undefined {
  const item = items.find(({ sk }) => sk === ORDER_SK);
  if (!item) return undefined;
  const order = read(receivedOrder, item);
  const result = latestResult(items.filter(({ sk }) => isResultKey(sk)).map((found) => read(orderResult, found)));
  return { ...order, status: result?.verdict ?? 'RECEIVED', ...(result && { result }) };
}

function read<T>(form: z.ZodMiniType<T>, item: OrderItem): T {
  const parsed = z.safeParse(form, item);
  if (!parsed.success)
    throw new MalformedError(`the item ${item.sk} of an order is malformed`, { cause: parsed.error });
  return parsed.data;
}
