import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { type SettledPayments, settleRequest } from '../shared/calls';
import { createSecretCredentials } from '../shared/credentials';
import { createDatabase } from '../shared/database';
import { createRouter, type HttpResponse } from '../shared/http';
import { createItemStore } from '../shared/item-store';
import { createLeaseStore } from '../shared/lease-store';
import { createReplicatedObjects } from '../shared/replicated-objects';
import type { Telemetry } from '../shared/telemetry';
import type { paymentValidatorEnv } from './env';
import { type PaymentsPorts, paymentsRoutes } from './payments';
import { settleRecorded } from './settle-recorded';

/** The clients that payment-validator calls AWS with. */
export interface PaymentValidatorClients {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
}

/** Puts payment-validator together: environment and clients in, a function from event to answer out. */
export function composePaymentValidator(
  env: z.output<typeof paymentValidatorEnv> & { readonly AWS_REGION: string },
  clients: PaymentValidatorClients,
  telemetry: Telemetry,
  now: () => number,
): (event: unknown, invocationId: string) => Promise<HttpResponse | SettledPayments> {
  const ports: PaymentsPorts = {
    items: createItemStore(clients.dynamodb, env.TRANSACTIONS_TABLE),
    lease: createLeaseStore(clients.dynamodb, env.LEASE_TABLE),
    receipts: createReplicatedObjects(clients.s3, env.RECEIPTS_BUCKET),
    database: createDatabase({
      settings: env,
      credentials: createSecretCredentials(clients.secrets, env.DATABASE_SECRET_ID),
      telemetry,
      applicationName: 'payment-validator',
      now,
    }),
    region: env.AWS_REGION,
    validitySeconds: env.PAYMENT_VALIDITY_SECONDS,
    telemetry,
    now,
  };
  const respond = createRouter(paymentsRoutes(ports), telemetry);
  return (event, invocationId) => {
    // A client's request cannot look like this: API Gateway writes its own keys, and the client's body is a text in one of them.
    const request = z.safeParse(settleRequest, event);
    return request.success ? settleRecorded(ports, request.data) : respond(event, invocationId);
  };
}
