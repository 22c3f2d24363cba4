import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type * as z from 'zod/mini';
import type { HttpClient } from '../shared/http-client';
import { createLocalItems } from '../shared/local-items';
import { createSignalPublisher } from '../shared/signal-publisher';
import type { Telemetry } from '../shared/telemetry';
import { endOfTicks, everyTick, readSchedule, type TickClock } from '../shared/ticks';
import type { primaryProbeEnv } from './env';
import { createProbe, type ProbePorts } from './probe';

/** What primary-probe reaches AWS and the other region with. */
export interface PrimaryProbeClients {
  readonly dynamodb: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  readonly connect: () => HttpClient;
}

/** Puts primary-probe together: environment and clients in, a function from the schedule's event to the number of ticks out. */
export function composePrimaryProbe(
  env: z.output<typeof primaryProbeEnv>,
  { dynamodb, cloudwatch, connect }: PrimaryProbeClients,
  telemetry: Telemetry,
  { now, sleep, newId }: TickClock & Pick<ProbePorts, 'newId'>,
): (event: unknown, end: number) => Promise<{ readonly ticks: number }> {
  const ports: ProbePorts = {
    connect,
    items: createLocalItems(dynamodb, env.LEASE_TABLE),
    signals: createSignalPublisher(cloudwatch, env.METRICS_NAMESPACE),
    telemetry,
    targetUrl: env.TARGET_URL,
    workload: env.PROBE_WORKLOAD,
    newId,
    now,
    sleep,
  };
  return async (event, end) => {
    readSchedule(event);
    const ticks = await everyTick(
      {
        intervalMs: env.PROBE_INTERVAL_SECONDS * 1_000,
        endsAt: endOfTicks(now(), end),
        now,
        sleep,
        onError: (error) => telemetry.error('the probe could not be made', error),
      },
      createProbe(ports),
    );
    return { ticks };
  };
}
