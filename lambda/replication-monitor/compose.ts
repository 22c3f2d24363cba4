import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod/mini';
import { type MonitorAnswer, monitorRequest } from '../shared/calls';
import { createSecretCredentials } from '../shared/credentials';
import { createDatabase } from '../shared/database';
import type { Telemetry } from '../shared/telemetry';
import { endOfTicks, everyTick, readSchedule, type TickClock } from '../shared/ticks';
import type { replicationMonitorEnv } from './env';
import { type LagPorts, lagSignals, sampleLag } from './lag';

/** The clients that replication-monitor calls AWS with. */
export interface ReplicationMonitorClients {
  readonly secrets: SecretsManagerClient;
}

/** Puts replication-monitor together: the schedule publishes samples, a direct request is answered with one. */
export function composeReplicationMonitor(
  env: z.output<typeof replicationMonitorEnv> & { readonly AWS_REGION: string },
  clients: ReplicationMonitorClients,
  telemetry: Telemetry,
  { now, sleep }: TickClock,
): (event: unknown, end: number) => Promise<MonitorAnswer | { readonly ticks: number }> {
  const ports: LagPorts = {
    reader: createDatabase({
      settings: env,
      host: env.DATABASE_READER_HOST,
      credentials: createSecretCredentials(clients.secrets, env.DATABASE_SECRET_ID),
      telemetry,
      applicationName: 'replication-monitor',
      now,
      connectTimeoutMs: 1_000,
    }),
    region: env.AWS_REGION,
    now,
  };

  async function watch(): Promise<void> {
    const sample = await sampleLag(ports);
    const at = now();
    const { RpoLagSeconds, LagSampleAgeSeconds } = lagSignals(sample, at);
    if (RpoLagSeconds !== undefined) telemetry.signal('RpoLagSeconds', RpoLagSeconds, at);
    if (LagSampleAgeSeconds !== undefined) telemetry.signal('LagSampleAgeSeconds', LagSampleAgeSeconds, at);
    if (sample.kind === 'unknown') telemetry.warn('the replication lag is not known', { why: sample.why });
  }

  return async (event, end) => {
    if (monitorRequest.safeParse(event).success) return sampleLag(ports);
    readSchedule(event);
    const ticks = await everyTick(
      {
        intervalMs: env.LAG_SAMPLE_INTERVAL_SECONDS * 1_000,
        endsAt: endOfTicks(now(), end),
        now,
        sleep,
        onError: (error) => telemetry.error('the lag was not sampled', error),
      },
      watch,
    );
    return { ticks };
  };
}
