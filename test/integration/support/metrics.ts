import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { SIGNALS, type SignalName } from '../../../lambda/shared/signals';
import type { DeploymentOutputs } from '../../../ops/outputs-file';

const MINUTE_MS = 60_000;

const namespaceOf = ({ environmentSuffix }: DeploymentOutputs): string => `trading-platform-${environmentSuffix}`;
const dimensionsOf = (name: SignalName) => [{ Name: 'service', Value: SIGNALS[name].publisher }];

/** Whether a signal has ever been published in dr. */
export async function hasMetric(stack: DeploymentOutputs, name: SignalName): Promise<boolean> {
  const client = new CloudWatchClient({ region: stack.drRegion });
  const command = new ListMetricsCommand({ Namespace: namespaceOf(stack), MetricName: name });
  const { Metrics = [] } = await client.send(command).finally(() => client.destroy());
  return Metrics.length > 0;
}

/** The greatest value that a signal has had in dr in the last two minutes; 0 without any. */
export async function greatest(stack: DeploymentOutputs, name: SignalName): Promise<number> {
  const client = new CloudWatchClient({ region: stack.drRegion });
  const command = new GetMetricStatisticsCommand({
    Namespace: namespaceOf(stack),
    MetricName: name,
    Dimensions: dimensionsOf(name),
    StartTime: new Date(Date.now() - 2 * MINUTE_MS),
    EndTime: new Date(),
    Period: 60,
    Statistics: ['Maximum'],
  });
  const { Datapoints = [] } = await client.send(command).finally(() => client.destroy());
  return Math.max(...Datapoints.map(({ Maximum = 0 }) => Maximum), 0);
}

/** Publishes in dr what its functions would, where an emulator keeps them from it. */
export async function publishForThem(
  stack: DeploymentOutputs,
  values: Readonly<Partial<Record<SignalName, number>>>,
): Promise<void> {
  const client = new CloudWatchClient({ region: stack.drRegion });
  const names = Object.keys(values).filter((name): name is SignalName => name in SIGNALS);
  const MetricData = names.map((name) => ({
    MetricName: name,
    Dimensions: dimensionsOf(name),
    Value: values[name] ?? 0,
    StorageResolution: SIGNALS[name].resolution,
  }));
  await client
    .send(new PutMetricDataCommand({ Namespace: namespaceOf(stack), MetricData }))
    .finally(() => client.destroy());
}
