import type * as pulumi from '@pulumi/pulumi';
import { signal } from '../alarm-row';
import type { AlarmRow } from '../alarm-row';

/** The database of one region and how far it may be behind. */
export interface DatabaseRowsArgs {
  readonly namespace: string;
  readonly clusterIdentifier: pulumi.Input<string>;
  readonly lagWarningSeconds: number;
  readonly lagCriticalSeconds: number;
  readonly lagSampleIntervalSeconds: number;
}

/** Three samples of 30 s: an older lag is not known to hold. */
const OLD_SAMPLE_SECONDS = 90;

/** What both levels of a lag have in common, and what tells them apart. */
interface Level {
  readonly level: 'warning' | 'critical';
  readonly seconds: number;
  readonly meaning: string;
}

function levels({ lagWarningSeconds, lagCriticalSeconds }: DatabaseRowsArgs): readonly Level[] {
  return [
    { level: 'warning', seconds: lagWarningSeconds, meaning: 'a failover now would lose more than usual' },
    {
      level: 'critical',
      seconds: lagCriticalSeconds,
      meaning: 'a failover now would lose much, and above rpoSeconds it waits for a person',
    },
  ];
}

/**
 * How far the database of this region is behind the writer, twice: as AWS measures it, once a minute, and by SQL (D3, M5, M7).
 * The same in both regions: whichever follows has the data.
 */
export function databaseRows(args: DatabaseRowsArgs): readonly AlarmRow[] {
  const { namespace } = args;
  return [
    ...levels(args).flatMap((level) => [auroraLag(args, level), sqlLag(args, level)]),
    {
      name: 'lag-sample-old',
      says: `For three minutes the lag of the database is older than ${OLD_SAMPLE_SECONDS} s: what it would lose is unknown`,
      watches: signal(namespace, 'LagSampleAgeSeconds', 'Maximum', 60),
      comparison: 'GreaterThanThreshold',
      threshold: OLD_SAMPLE_SECONDS,
      periodSeconds: 60,
      evaluationPeriods: 3,
      noData: 'breaching',
      noDataMeans: 'the replication monitor of this region is silent',
      notifies: true,
    },
  ];
}

/** The metric exists only where the database follows (Aurora guide, "Monitoring Aurora global databases"). */
function auroraLag({ clusterIdentifier }: DatabaseRowsArgs, { level, seconds, meaning }: Level): AlarmRow {
  return {
    name: `aurora-lag-${level}`,
    says: `Aurora measures that the database of this region is more than ${seconds} s behind the writer: ${meaning}`,
    watches: {
      namespace: 'AWS/RDS',
      metricName: 'AuroraGlobalDBRPOLag',
      dimensions: { DBClusterIdentifier: clusterIdentifier },
      statistic: 'Maximum',
    },
    comparison: 'GreaterThanThreshold',
    // Milliseconds.
    threshold: seconds * 1_000,
    periodSeconds: 60,
    evaluationPeriods: level === 'warning' ? 3 : 1,
    noData: 'notBreaching',
    noDataMeans: 'this region has the writer, which is behind nobody',
    notifies: true,
  };
}

function sqlLag(args: DatabaseRowsArgs, { level, seconds, meaning }: Level): AlarmRow {
  const { namespace, lagSampleIntervalSeconds } = args;
  return {
    name: `sql-lag-${level}`,
    says: `By its own count the database of this region is more than ${seconds} s behind the writer: ${meaning}`,
    watches: signal(namespace, 'RpoLagSeconds', 'Maximum', lagSampleIntervalSeconds),
    comparison: 'GreaterThanThreshold',
    threshold: seconds,
    periodSeconds: lagSampleIntervalSeconds,
    evaluationPeriods: level === 'warning' ? 4 : 2,
    noData: 'notBreaching',
    noDataMeans: 'this region has the writer; a silent monitor is the matter of lag-sample-old',
    notifies: true,
  };
}
