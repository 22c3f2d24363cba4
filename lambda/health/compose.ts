import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod/mini';
import { createSecretCredentials } from '../shared/credentials';
import { createDatabase } from '../shared/database';
import { createRouter, type HttpResponse } from '../shared/http';
import { createLeaseStore } from '../shared/lease-store';
import { createLocalItems } from '../shared/local-items';
import type { Telemetry } from '../shared/telemetry';
import { endOfTicks, everyTick, isSchedule, type TickClock } from '../shared/ticks';
import { createTableProbe, type DeepPorts } from './deep';
import type { healthEnv } from './env';
import { healthRoutes } from './health';
import { createRecentOrders } from './recent-orders';
import { createTradingData } from './trading-data';
import { createWatch, type WatchPorts } from './watch';

/** The clients that health calls AWS with. */
export interface HealthClients {
  readonly dynamodb: DynamoDBClient;
  /** For the schedule, which nobody asks again. */
  readonly watching: DynamoDBClient;
  readonly secrets: SecretsManagerClient;
}

/** Who called, and until when the invocation may last, in milliseconds since 1970. */
export interface HealthCall {
  readonly invocationId: string;
  readonly end: number;
}

/** Puts health together: environment and clients in; answers requests, and makes verdicts for a minute when the schedule calls. */
export function composeHealth(
  env: z.output<typeof healthEnv> & { readonly AWS_REGION: string },
  clients: HealthClients,
  telemetry: Telemetry,
  { now, sleep }: TickClock,
): (event: unknown, call: HealthCall) => Promise<HttpResponse | { readonly ticks: number }> {
  const shared = {
    settings: env,
    credentials: createSecretCredentials(clients.secrets, env.DATABASE_SECRET_ID),
    telemetry,
    applicationName: 'health',
    now,
    connectTimeoutMs: 1_000,
  };
  // The reader endpoint for what Route 53 asks, so that a writer that fails over does not look like a dead region.
  const reader = createDatabase({ ...shared, host: env.DATABASE_READER_HOST });
  const writer = createDatabase(shared);
  const deepWith = (dynamodb: DynamoDBClient): DeepPorts => ({
    writer,
    lease: createLeaseStore(dynamodb, env.LEASE_TABLE),
    table: createTableProbe(dynamodb, env.PROBE_TABLE),
    now,
  });
  const respond = createRouter(
    healthRoutes({
      tradingData: createTradingData(reader, now),
      deep: deepWith(clients.dynamodb),
      telemetry,
      region: env.AWS_REGION,
      now,
    }),
    telemetry,
  );
  const trades = env.ORDERS_TABLE !== 'none';
  const watchPorts: WatchPorts = {
    deep: deepWith(clients.watching),
    reader,
    ...(trades && { orders: createRecentOrders(clients.watching, env.ORDERS_TABLE, env.AWS_REGION, now) }),
    items: createLocalItems(clients.watching, env.LEASE_TABLE),
    telemetry,
    region: env.AWS_REGION,
    now,
  };

  return async (event, { invocationId, end }) => {
    if (!isSchedule(event)) return respond(event, invocationId);
    const ticks = await everyTick(
      {
        intervalMs: env.VERDICT_INTERVAL_SECONDS * 1_000,
        endsAt: endOfTicks(now(), end),
        now,
        sleep,
        onError: (error) => telemetry.error('the verdict was not written', error),
      },
      createWatch(watchPorts),
    );
    return { ticks };
  };
}
