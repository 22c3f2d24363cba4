import * as pulumi from '@pulumi/pulumi';
import type { WatchedAlarm } from '../routing/failover-dns';
import { metricsNamespace } from '../services/function-policy';
import { alarmName, isPercentage } from './alarm-row';
import { AlarmSet } from './alarm-set';
import { failoverActiveRow } from './rows/operation';

/** The switch in dr. */
export interface FailoverActiveArgs {
  readonly environmentSuffix: string;
  readonly topicArn: pulumi.Input<string>;
}

/**
 * The alarm whose settings a health check borrows, to follow the metric FailoverActive of dr. By itself it only tells people;
 * it stands apart from the other alarms because DNS needs it before most of them can exist.
 */
export class FailoverActive extends pulumi.ComponentResource {
  /** What the health check names. */
  readonly watched: WatchedAlarm;
  readonly alarmArn: pulumi.Output<string>;

  constructor(name: string, args: FailoverActiveArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:detection:FailoverActive', name, {}, opts);
    const row = failoverActiveRow(metricsNamespace(args.environmentSuffix));
    const set = new AlarmSet(name, { ...args, rows: [row] }, { parent: this });
    const { watches, name: own } = row;
    if (isPercentage(watches)) throw new Error('Route 53 follows no metric math');
    this.watched = {
      alarmName: set.nameOf(own),
      // Everything that the check has a copy of; Route 53 reads it again when this changes.
      triggers: {
        alarmName: alarmName(own, args.environmentSuffix),
        namespace: watches.namespace,
        metricName: watches.metricName,
        statistic: watches.statistic,
        comparison: row.comparison,
        threshold: String(row.threshold),
        period: String(row.periodSeconds),
        evaluationPeriods: String(row.evaluationPeriods),
        treatMissingData: row.noData,
        ...watches.dimensions,
      },
    };
    const [alarmArn] = set.alarmArns;
    if (alarmArn === undefined) throw new Error('the set has one alarm');
    this.alarmArn = alarmArn;
    this.registerOutputs({ alarmArn: this.alarmArn });
  }
}
