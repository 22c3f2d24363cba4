import type { Clock } from '../../kernel/clock';
import type { Metrics } from '../ports';
import type { Queue } from './queue';

const MINUTE_MS = 60_000;

/**
 * Publishes each minute what the alarms of a stack can look at (SQS guide, "Available CloudWatch metrics"): how many messages are
 * visible, of every active queue, and the age of the oldest one, where there is one that counts.
 *
 * @param offsetMs when in the minute.
 */
export function publishQueueMetrics(
  queues: readonly Queue[],
  { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
  offsetMs: number,
): void {
  const publish = (): void => {
    const at = clock.now();
    for (const queue of queues) {
      if (queue.silent || !queue.isActive()) continue;
      const { region, name } = queue.settings;
      const put = (metric: string, value: number): void =>
        metrics.put(region, {
          namespace: 'AWS/SQS',
          name: metric,
          dimensions: { QueueName: name },
          value,
          at,
          resolution: 60,
        });
      put('ApproximateNumberOfMessagesVisible', queue.visibleCount);
      const age = queue.oldestAge();
      if (age !== undefined) put('ApproximateAgeOfOldestMessage', Math.floor(age / 1_000));
    }
    clock.at(at + MINUTE_MS, publish);
  };
  clock.after(offsetMs, publish);
}
