import type { DeployedFunction } from '../aws/lambda/functions';
import type { InvocationResult, Metrics } from '../aws/ports';
import type { Clock } from '../kernel/clock';

interface Count {
  invocations: number;
  errors: number;
}

const MINUTE_MS = 60_000;

/** AWS/Lambda Invocations and Errors of every function, a value a minute (Lambda developer guide, "Types of metrics for Lambda functions"). */
export class FunctionMetrics {
  private readonly counts = new Map<DeployedFunction, Count>();

  constructor(
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    const publish = (): void => {
      this.publish();
      clock.after(MINUTE_MS, publish);
    };
    clock.after(MINUTE_MS, publish);
  }

  note(deployed: DeployedFunction, result: InvocationResult): void {
    const count = this.counts.get(deployed) ?? { invocations: 0, errors: 0 };
    count.invocations += 1;
    if (result.kind !== 'returned') count.errors += 1;
    this.counts.set(deployed, count);
  }

  /** The region is gone: so is what it had not told CloudWatch. */
  forget(region: string): void {
    for (const deployed of this.counts.keys()) if (deployed.region === region) this.counts.delete(deployed);
  }

  private publish(): void {
    const at = this.clock.now();
    for (const [{ name, region }, { invocations, errors }] of this.counts) {
      const datum = { namespace: 'AWS/Lambda', dimensions: { FunctionName: name }, at, resolution: 60 } as const;
      this.metrics.put(region, { ...datum, name: 'Invocations', value: invocations });
      this.metrics.put(region, { ...datum, name: 'Errors', value: errors });
    }
    this.counts.clear();
  }
}
