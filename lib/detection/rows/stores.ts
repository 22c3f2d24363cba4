import type * as pulumi from '@pulumi/pulumi';
import { RTC_RULE_ID } from '../../data/bucket-replication';
import type { AlarmRow } from '../alarm-row';

type Named = { readonly name: pulumi.Input<string> };

/** Tables and buckets by what they hold, as one region names them. */
export interface StoreRowsArgs {
  readonly otherRegionName: string;
  readonly lagWarningSeconds: number;
  readonly lagCriticalSeconds: number;
  readonly rpoSeconds: number;
  /** By table. */
  readonly tables: Readonly<Record<string, Named>>;
  /** By purpose; every bucket here has a namesake there. */
  readonly ownBuckets: Readonly<Record<string, Named>>;
  readonly otherBuckets: Readonly<Record<string, Named>>;
}

/** How far the copies in the two regions are apart (D4, D5, M5). */
export function storeRows(args: StoreRowsArgs): readonly AlarmRow[] {
  const { tables, ownBuckets, otherBuckets } = args;
  return [
    ...Object.entries(tables).flatMap(([table, { name }]) => tableRows(args, table, name)),
    ...Object.entries(ownBuckets).flatMap(([purpose, own]) => {
      const other = otherBuckets[purpose];
      return other ? bucketRows(args, purpose, own.name, other.name) : [];
    }),
  ];
}

/** CloudWatch has the lag of a pair of replicas in the region that writes (DynamoDB guide, metrics and dimensions). */
function tableRows(args: StoreRowsArgs, table: string, tableName: pulumi.Input<string>): readonly AlarmRow[] {
  const lag = (level: 'warning' | 'critical', seconds: number, evaluationPeriods: number): AlarmRow => ({
    name: `table-lag-${table}-${level}`,
    runbook: 'table-lag',
    says: `Items of table ${table} written here take more than ${seconds} s to the other region`,
    watches: {
      namespace: 'AWS/DynamoDB',
      metricName: 'ReplicationLatency',
      dimensions: { TableName: tableName, ReceivingRegion: args.otherRegionName },
      statistic: 'Average',
    },
    comparison: 'GreaterThanThreshold',
    // Milliseconds.
    threshold: seconds * 1_000,
    periodSeconds: 60,
    evaluationPeriods,
    // Said, although it would be the default of this namespace to keep the state: an alarm must not stay red without writes.
    noData: 'notBreaching',
    noDataMeans: 'nothing was written here, so nothing is behind',
    notifies: true,
  });
  return [lag('warning', args.lagWarningSeconds, 3), lag('critical', args.lagCriticalSeconds, 2)];
}

/** S3 has a rule's latency in the destination's region and its failures in the source's (S3 guide, replication metrics). */
function bucketRows(
  { rpoSeconds }: StoreRowsArgs,
  purpose: string,
  own: pulumi.Input<string>,
  other: pulumi.Input<string>,
): readonly AlarmRow[] {
  const rule = (source: pulumi.Input<string>, destination: pulumi.Input<string>) => ({
    namespace: 'AWS/S3',
    dimensions: { SourceBucket: source, DestinationBucket: destination, RuleId: RTC_RULE_ID },
  });
  const always = {
    comparison: 'GreaterThanThreshold',
    periodSeconds: 60,
    noData: 'notBreaching',
    noDataMeans: 'nothing was copied, or metrics are not on yet: they start 15 minutes after a bucket does',
    notifies: true,
  } as const;
  return [
    {
      ...always,
      name: `bucket-lag-${purpose}`,
      runbook: 'bucket-lag',
      says: `Objects below rtc/ of bucket ${purpose} take more than ${rpoSeconds} s to arrive here`,
      watches: { ...rule(other, own), metricName: 'ReplicationLatency', statistic: 'Maximum' },
      threshold: rpoSeconds,
      evaluationPeriods: 3,
    },
    {
      ...always,
      name: `bucket-failed-${purpose}`,
      runbook: 'bucket-failed',
      says: `Objects below rtc/ of bucket ${purpose} could not be copied to the other region`,
      watches: { ...rule(own, other), metricName: 'OperationsFailedReplication', statistic: 'Sum' },
      threshold: 0,
      evaluationPeriods: 1,
    },
  ];
}
