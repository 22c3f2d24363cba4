import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type * as z from 'zod/mini';
import { type Chance, composeKeeper, type KeeperClients, otherRegionOf, quorumFrom } from '../shared/compose-keeper';
import { createLocalItems } from '../shared/local-items';
import { createSignalPublisher } from '../shared/signal-publisher';
import type { Telemetry } from '../shared/telemetry';
import { endOfTicks, everyTick, readSchedule, type TickClock } from '../shared/ticks';
import { createBeat } from './beat';
import type { heartbeatEnv } from './env';

/** The clients that heartbeat calls AWS with. */
export interface HeartbeatClients extends KeeperClients {
  readonly cloudwatch: CloudWatchClient;
}

/** Puts heartbeat together: environment and clients in, a function from the schedule's event to the number of ticks out. */
export function composeHeartbeat(
  env: z.output<typeof heartbeatEnv> & { readonly AWS_REGION: string },
  clients: HeartbeatClients,
  telemetry: Telemetry,
  clock: TickClock & Chance,
): (event: unknown, end: number) => Promise<{ readonly ticks: number }> {
  const { now, sleep } = clock;
  const beat = createBeat({
    keeper: composeKeeper(env, clients, clock),
    items: createLocalItems(clients.leases, env.LEASE_TABLE),
    signals: createSignalPublisher(clients.cloudwatch, env.METRICS_NAMESPACE),
    telemetry,
    quorum: quorumFrom(env),
    region: env.AWS_REGION,
    otherRegion: otherRegionOf(env),
    publishesTraffic: env.AWS_REGION === env.DR_REGION,
    now,
  });
  return async (event, end) => {
    readSchedule(event);
    const ticks = await everyTick(
      {
        intervalMs: env.HEARTBEAT_INTERVAL_SECONDS * 1_000,
        endsAt: endOfTicks(now(), end),
        now,
        sleep,
        onError: (error) => telemetry.error('the heartbeat failed', error),
      },
      beat,
    );
    return { ticks };
  };
}
