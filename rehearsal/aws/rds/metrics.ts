import type { Clock } from '../../kernel/clock';
import type { Metrics } from '../ports';
import type { GlobalDatabase } from './global-database';

/** RDS's metrics are of one minute (Aurora guide, "Amazon CloudWatch metrics for Amazon Aurora"). */
const PERIOD_MS = 60_000;

/**
 * Publishes a region's metrics of Aurora as long as there is something to measure; no data is what silence looks like.
 */
export class AuroraMetrics {
  private timer: { cancel(): void } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly database: GlobalDatabase,
    private readonly metrics: Metrics,
  ) {}

  start(): void {
    this.timer = this.clock.after(PERIOD_MS, () => {
      for (const region of this.database.regions) this.publish(region);
      this.start();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }

  private publish(region: string): void {
    const cluster = this.database.cluster(region);
    const now = this.clock.now();
    const dimensions = { DBClusterIdentifier: cluster.layout.identifier };
    const put = (name: string, value: number): void =>
      this.metrics.put(region, { namespace: 'AWS/RDS', name, dimensions, value, at: now, resolution: 60 });
    for (const { server } of cluster.instances) {
      if (server.state === 'listening') put('EngineUptime', (now - server.startedAt) / 1_000);
    }
    // Only where somebody follows; nothing is calculated while nothing arrives.
    const { rpoLagMs, calculatedAt } = this.database.lag();
    if (cluster.duty === 'follows' && !cluster.isGone && now - calculatedAt < PERIOD_MS)
      put('AuroraGlobalDBRPOLag', rpoLagMs);
  }
}
