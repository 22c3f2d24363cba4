import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';

/** What of one region's database is watched. */
export interface DatabaseHealthArgs {
  readonly environmentSuffix: string;
  readonly clusterIdentifier: pulumi.Input<string>;
  readonly topicArn: pulumi.Input<string>;
}

/**
 * The database of a region is alive: each of its engines has been up for a minute.
 *
 * Within what a Route 53 check can follow (Route 53 developer guide, health checks that monitor an alarm): one metric, standard
 * resolution, a plain statistic, no M of N. By cluster and not by `Role=WRITER`, so that it means the same before and after
 * the roles change. Three minutes, so that one restart is not an outage but an engine that keeps restarting is.
 */
const ALIVE = {
  namespace: 'AWS/RDS',
  metricName: 'EngineUptime',
  statistic: 'Minimum',
  comparisonOperator: 'LessThanThreshold',
  /** Seconds. */
  threshold: 60,
  /** Seconds. */
  period: 60,
  evaluationPeriods: 3,
  // A database that is down does not report an uptime of 0, it reports nothing.
  treatMissingData: 'breaching',
} as const;

/** The alarm by which a region's private database endpoint becomes visible to Route 53 (M3, M5). */
export class DatabaseHealth extends pulumi.ComponentResource {
  readonly alarmName: pulumi.Output<string>;
  readonly alarmArn: pulumi.Output<string>;
  /** Changes whenever the alarm does: Route 53 keeps a copy of an alarm's settings until its check is updated. */
  readonly triggers: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(name: string, args: DatabaseHealthArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:detection:DatabaseHealth', name, {}, opts);
    const alarm = new cloudwatch.MetricAlarm(
      `${name}-alarm`,
      {
        name: physicalName('CloudWatch alarm', 'database-health', args.environmentSuffix),
        alarmDescription:
          'No engine of the database reports here, or one keeps restarting. docs/alarms.md#alarm-database-health',
        dimensions: { DBClusterIdentifier: args.clusterIdentifier },
        alarmActions: [args.topicArn],
        okActions: [args.topicArn],
        ...ALIVE,
      },
      { parent: this },
    );
    this.alarmName = alarm.name;
    this.alarmArn = alarm.arn;
    this.triggers = {
      ...Object.fromEntries(Object.entries(ALIVE).map(([key, value]) => [key, String(value)])),
      DBClusterIdentifier: args.clusterIdentifier,
    };
    this.registerOutputs({ alarmArn: this.alarmArn });
  }
}
