import type { Clock } from '../../kernel/clock';
import type { MetricDatum, Metrics } from '../ports';
import type { Stage } from './routes';

interface Counted {
  readonly at: number;
  readonly status: number;
  readonly latencyMs: number;
}

const MINUTE_MS = 60_000;

/** One stage's metrics: "sends metric data to CloudWatch every minute" (API Gateway guide, "Dimensions and metrics"). */
export class StageMetrics {
  private counted: Counted[] = [];
  private readonly dimensions: MetricDatum['dimensions'];
  private armed = false;

  constructor(
    { apiName, name, region }: Stage,
    private readonly world: { readonly clock: Clock; readonly metrics: Metrics },
    private readonly offsetMs: number,
  ) {
    this.dimensions = { ApiName: apiName, Stage: name };
    this.region = region;
  }

  private readonly region: string;

  count(status: number, latencyMs: number): void {
    const { clock } = this.world;
    const at = clock.now();
    this.counted.push({ at, status, latencyMs });
    if (this.armed) return;
    this.armed = true;
    clock.after(MINUTE_MS - ((at - this.offsetMs + MINUTE_MS) % MINUTE_MS), () => this.publish());
  }

  /** The region is lost with what was not sent yet. */
  forget(): void {
    this.counted = [];
  }

  /** Each request is a value of its own, so that every statistic is right: the average of 5XXError is the error rate. */
  private publish(): void {
    this.armed = false;
    const { counted, region, dimensions } = this;
    this.counted = [];
    for (const { at, status, latencyMs } of counted) {
      const put = (name: string, value: number): void =>
        this.world.metrics.put(region, { namespace: 'AWS/ApiGateway', name, dimensions, value, at, resolution: 60 });
      put('Count', 1);
      put('4XXError', status >= 400 && status < 500 ? 1 : 0);
      put('5XXError', status >= 500 ? 1 : 0);
      put('Latency', latencyMs);
    }
  }
}
