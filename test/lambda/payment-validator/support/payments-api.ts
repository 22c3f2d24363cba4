import { randomUUID } from 'node:crypto';
import { paymentsRoutes } from '../../../../lambda/payment-validator/payments';
import { settleRecorded } from '../../../../lambda/payment-validator/settle-recorded';
import type { Database } from '../../../../lambda/shared/database';
import { DatabaseUnavailableError } from '../../../../lambda/shared/errors';
import { createRouter } from '../../../../lambda/shared/http';
import { changeableLease, leaseOf, memoryItems, type MemoryItems, recordedTelemetry } from '../../support/fakes';

export const OWN = 'eu-central-1';

const PAYMENT = {
  amount: '125.50',
  currency: 'EUR',
  debtorAccount: 'DE89 3704 0044 0532 0130 00',
  creditorAccount: 'CH9300762011623852957',
};

/** A payment that is valid, under an id of its own. */
export const newPayment = (change: object = {}) => ({ ...PAYMENT, paymentId: randomUUID(), ...change });

export const unreachable: Database = {
  transaction: () => Promise.reject(new DatabaseUnavailableError('gone')),
  close: async () => undefined,
};

/** The validator of one region over a database, with everything else in memory. */
export function paymentsApi({
  items = memoryItems(),
  region = OWN,
  database,
}: {
  items?: MemoryItems;
  region?: string;
  database: Database;
}) {
  const telemetry = recordedTelemetry();
  const lease = changeableLease(leaseOf(OWN, 3));
  const receipts: { name: string; body: Record<string, unknown> }[] = [];
  const state = { receiptsFail: false, offset: 0 };
  const ports = {
    items,
    database,
    lease,
    telemetry,
    region,
    validitySeconds: 900,
    now: () => Date.now() + state.offset,
    receipts: {
      async put({ name, body }: { readonly name: string; readonly body: Uint8Array }) {
        if (state.receiptsFail) throw new Error('the bucket does not answer');
        const content: Record<string, unknown> = JSON.parse(new TextDecoder().decode(body));
        receipts.push({ name, body: content });
        return name;
      },
    },
  };
  const respond = createRouter(paymentsRoutes(ports), telemetry);
  const call = async (httpMethod: string, path: string, body?: unknown) => {
    const response = await respond({ httpMethod, path, body: JSON.stringify(body ?? null) }, 'invocation-1');
    const parsed: Record<string, unknown> = JSON.parse(response.body);
    return { status: response.statusCode, body: parsed };
  };
  return {
    call,
    post: (body: unknown) => call('POST', '/payments', body),
    settle: async (...paymentIds: string[]) =>
      (await settleRecorded(ports, { action: 'settle', paymentIds })).paymentIds.toSorted(),
    items,
    telemetry,
    lease,
    receipts,
    state,
  };
}
