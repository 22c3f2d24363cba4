import { ORDER_SK, PAYMENT_SK, receivedMinute } from '../../lambda/shared/order-items';
import type { World } from '../world/world';

/** No text of PostgreSQL has it (SQLSTATE 22021), and every text of DynamoDB may. */
const NUL = '\0';
const VALID_MS = 900_000;

/** Puts an order and a payment into a region's tables that no row can have, past the API, which refuses them today. */
export function putUnstorable(world: World, region: string): void {
  const { clock, random, setting } = world;
  const receivedAt = new Date(clock.now()).toISOString();
  const received = {
    receivedAt,
    receivedMinute: receivedMinute(receivedAt),
    validUntil: new Date(clock.now() + VALID_MS).toISOString(),
    region,
  };
  const [orderId, paymentId] = [random.uuid(), random.uuid()];
  const order = { symbol: 'ACME', side: 'BUY', quantity: 1, limitPrice: '100', account: `CUSTOMER${NUL}` };
  const payment = {
    amount: '1',
    currency: 'EUR',
    debtorAccount: 'DE89370400440532013000',
    creditorAccount: 'GB29NWBK60161331926819',
    reference: NUL,
  };
  if (setting.kinds.includes('order')) {
    put(world, region, 'orders', { pk: orderId, sk: ORDER_SK, orderId, ...order, ...received });
  }
  if (setting.kinds.includes('payment')) {
    put(world, region, 'transactions', { pk: paymentId, sk: PAYMENT_SK, paymentId, ...payment, ...received });
  }
}

/** @param item texts, and whole numbers. */
function put(
  { dynamodb, setting }: World,
  region: string,
  table: string,
  item: Readonly<Record<string, string | number>>,
): void {
  const caller = { principal: 'older-version', from: region, name: 'older-version' };
  const Item = Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );
  const input = { TableName: `${table}${setting.nameSuffix}`, Item };
  dynamodb.handle({ service: 'dynamodb', operation: 'PutItem', region, input, caller }, (answer) => {
    if (!answer.ok) throw new Error(`${table}: ${answer.error.message}`);
  });
}
