import type * as pulumi from '@pulumi/pulumi';
import type { MetricName } from '../../../lambda/shared/telemetry';
import type { AlarmRow } from '../alarm-row';

/** A function as its alarms know it. */
export interface FunctionToWatch {
  readonly functionName: string;
  readonly rarelyCalled: boolean;
  /** Whether it may find an order or payment whose client a person has to talk to: it counts NeedsPerson. */
  readonly tellsOfClients: boolean;
}

/** What answers requests in one region, by the dimensions of its metrics. */
export interface ServiceRowsArgs {
  readonly namespace: string;
  /** What is watched, by the function's name in the requirements' words. */
  readonly functions: Readonly<Record<string, FunctionToWatch>>;
  readonly api: { readonly apiName: pulumi.Input<string>; readonly stageName: pulumi.Input<string> };
  /** Absent without the trading workload. */
  readonly orderQueue:
    { readonly queueName: pulumi.Input<string>; readonly deadLetterQueueName: pulumi.Input<string> } | undefined;
  /** Absent without the trading workload. */
  readonly fleet:
    { readonly albArnSuffix: pulumi.Input<string>; readonly targetGroupArnSuffix: pulumi.Input<string> } | undefined;
}

/** A share of errors above which something is wrong and not just one request, in percent. */
const ERROR_PERCENT = 5;
/** Fewer invocations or requests than these in a minute are no sample. */
const LEAST_INVOCATIONS = 5;
const LEAST_REQUESTS = 10;
/** An order that waits longer has lost most of its chance to be first, in seconds. */
const OLD_MESSAGE_SECONDS = 60;

/** Three bad minutes in a row, and silence is no error: what all services have in common. */
const THREE_MINUTES = {
  comparison: 'GreaterThanThreshold',
  periodSeconds: 60,
  evaluationPeriods: 3,
  noData: 'notBreaching',
  notifies: true,
} as const;

/** Errors of functions and API, orders that wait or were given up, instances that do not answer (M5). */
export function serviceRows({ namespace, functions, api, orderQueue, fleet }: ServiceRowsArgs): readonly AlarmRow[] {
  return [
    ...Object.entries(functions).map(([name, { functionName, rarelyCalled }]) =>
      functionRow(name, functionName, rarelyCalled ? 1 : LEAST_INVOCATIONS),
    ),
    {
      ...THREE_MINUTES,
      name: 'api-5xx',
      says: `More than ${ERROR_PERCENT} % of the requests to the API of this region failed for three minutes`,
      watches: {
        namespace: 'AWS/ApiGateway',
        dimensions: { ApiName: api.apiName, Stage: api.stageName },
        part: '5XXError',
        whole: 'Count',
        atLeast: LEAST_REQUESTS,
      },
      threshold: ERROR_PERCENT,
      noDataMeans: 'nobody asked; whether it would answer is what canaries and probe find out',
    },
    ...Object.entries(functions)
      .filter(([, { tellsOfClients }]) => tellsOfClients)
      .map(([name]) => clientRow(name, namespace)),
    ...(orderQueue ? queueRows(orderQueue) : []),
    ...(fleet ? [fleetRow(fleet)] : []),
  ];
}

function functionRow(name: string, functionName: string, atLeast: number): AlarmRow {
  return {
    ...THREE_MINUTES,
    name: `errors-${name}`,
    runbook: 'errors',
    says: `More than ${ERROR_PERCENT} % of the invocations of ${name} failed for three minutes`,
    watches: {
      namespace: 'AWS/Lambda',
      dimensions: { FunctionName: functionName },
      part: 'Errors',
      whole: 'Invocations',
      atLeast,
    },
    threshold: ERROR_PERCENT,
    noDataMeans: 'it was not called',
  };
}

/** One is enough, and it is counted once: it stays red for a minute, and what it was about is in the function's log. */
function clientRow(name: string, namespace: string): AlarmRow {
  const metricName: MetricName = 'NeedsPerson';
  return {
    ...THREE_MINUTES,
    name: `needs-person-${name}`,
    runbook: 'needs-person',
    says: `${name} has found an accepted order or payment that can never be executed, or of which its client is told nothing`,
    watches: { namespace, metricName, dimensions: { service: name }, statistic: 'Sum' },
    threshold: 0,
    evaluationPeriods: 1,
    noDataMeans: 'it has found none',
  };
}

function queueRows({
  queueName,
  deadLetterQueueName,
}: NonNullable<ServiceRowsArgs['orderQueue']>): readonly AlarmRow[] {
  return [
    {
      ...THREE_MINUTES,
      name: 'order-queue-age',
      says: `Orders have waited longer than ${OLD_MESSAGE_SECONDS} s in the queue of this region for three minutes`,
      watches: queueMetric(queueName, 'ApproximateAgeOfOldestMessage'),
      threshold: OLD_MESSAGE_SECONDS,
      noDataMeans: 'SQS reports nothing of a queue that nobody has used for hours',
    },
    {
      ...THREE_MINUTES,
      name: 'order-dlq',
      says: 'An order was given up after five attempts; the reconciler finds it only while it is valid',
      watches: queueMetric(deadLetterQueueName, 'ApproximateNumberOfMessagesVisible'),
      threshold: 0,
      evaluationPeriods: 1,
      noDataMeans: 'SQS reports nothing of a queue that nobody has used for hours: it is empty',
    },
  ];
}

function queueMetric(queueName: pulumi.Input<string>, metricName: string) {
  return { namespace: 'AWS/SQS', metricName, dimensions: { QueueName: queueName }, statistic: 'Maximum' } as const;
}

function fleetRow({ albArnSuffix, targetGroupArnSuffix }: NonNullable<ServiceRowsArgs['fleet']>): AlarmRow {
  return {
    ...THREE_MINUTES,
    name: 'fleet-unhealthy',
    says: 'An instance of the application has not answered for three minutes and was not replaced either',
    watches: {
      namespace: 'AWS/ApplicationELB',
      metricName: 'UnHealthyHostCount',
      dimensions: { LoadBalancer: albArnSuffix, TargetGroup: targetGroupArnSuffix },
      statistic: 'Maximum',
    },
    threshold: 0,
    noDataMeans: 'no instance is registered; that the application does not answer is what its health check says',
  };
}
