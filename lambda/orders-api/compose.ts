import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type * as z from 'zod/mini';
import { createRouter } from '../shared/http';
import { createItemStore } from '../shared/item-store';
import { createLeaseStore } from '../shared/lease-store';
import type { Telemetry } from '../shared/telemetry';
import type { ordersApiEnv } from './env';
import { createLimitsStore } from './limits-store';
import { createOrderQueue } from './order-queue';
import { ordersRoutes } from './orders';

/** The clients that orders-api calls AWS with. */
export interface OrdersApiClients {
  readonly dynamodb: DynamoDBClient;
  /** For the lease, which is only information here and must not hold up an order. */
  readonly leaseDynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
}

/** Puts orders-api together: environment and clients in, a function from event to answer out. */
export function composeOrdersApi(
  env: z.output<typeof ordersApiEnv> & { readonly AWS_REGION: string },
  clients: OrdersApiClients,
  telemetry: Telemetry,
  now: () => number,
) {
  return createRouter(
    ordersRoutes({
      items: createItemStore(clients.dynamodb, env.ORDERS_TABLE),
      queue: createOrderQueue(clients.sqs, env.ORDER_QUEUE_URL),
      limits: createLimitsStore(clients.ssm, env.ORDER_LIMITS_PARAMETER, now, telemetry),
      lease: createLeaseStore(clients.leaseDynamodb, env.LEASE_TABLE),
      telemetry,
      region: env.AWS_REGION,
      validitySeconds: env.ORDER_VALIDITY_SECONDS,
      now,
    }),
    telemetry,
  );
}
