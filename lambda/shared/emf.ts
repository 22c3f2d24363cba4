import { type SignalName, SIGNALS } from './signals';

/**
 * One signal as a line of CloudWatch's embedded metric format (CloudWatch user guide, "Specification: Embedded metric format"):
 * Lambda's log turns it into a metric, so that a function in the VPC needs no way to CloudWatch's API. By hand, because
 * Powertools collects by name and would give all samples of one invocation the same moment.
 *
 * @param at when the value was true, in milliseconds since 1970.
 */
export function emfLine(namespace: string, name: SignalName, value: number, at: number): string {
  const { publisher, resolution, unit } = SIGNALS[name];
  return JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [['service']],
          Metrics: [{ Name: name, Unit: unit, StorageResolution: resolution }],
        },
      ],
    },
    service: publisher,
    [name]: value,
  });
}
