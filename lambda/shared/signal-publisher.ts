import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { AwsPatience } from './aws';
import { type SignalName, SIGNALS } from './signals';

/** Signals by their names. */
export type SignalValues = Readonly<Partial<Record<SignalName, number>>>;

/** Where a function outside the VPC puts its signals. */
export interface SignalPublisher {
  /**
   * Publishes values in one call; without a value there is none. Twice is harmless: every alarm on a signal asks for its
   * greatest value.
   *
   * @param at when the values were true, in milliseconds since 1970.
   * @throws AWS's errors, after the client's attempts.
   */
  publish(values: SignalValues, at: number): Promise<void>;
}

/** For the publisher's client: a value that comes late is worth little, and the next tick has another one. */
export const SIGNAL_PATIENCE: AwsPatience = { connectionTimeoutMs: 500, requestTimeoutMs: 1_000, attempts: 2 };

/** Publishes by PutMetricData, which is of CloudWatch's data plane; name, unit and resolution are those of the signals' table. */
export function createSignalPublisher(client: CloudWatchClient, namespace: string): SignalPublisher {
  return {
    async publish(values, at) {
      const data = signalNames().flatMap((name) => datumOf(name, values[name], at));
      if (data.length === 0) return;
      await client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: data }));
    },
  };
}

function datumOf(name: SignalName, value: number | undefined, at: number): readonly MetricDatum[] {
  if (value === undefined) return [];
  const { publisher, resolution, unit } = SIGNALS[name];
  return [
    {
      MetricName: name,
      Dimensions: [{ Name: 'service', Value: publisher }],
      Timestamp: new Date(at),
      Value: value,
      Unit: unit,
      StorageResolution: resolution,
    },
  ];
}

function signalNames(): readonly SignalName[] {
  return Object.keys(SIGNALS).filter((name): name is SignalName => name in SIGNALS);
}
