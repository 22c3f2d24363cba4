import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as lambda from '@pulumi/aws/lambda';
import * as pulumi from '@pulumi/pulumi';
import type { Region } from '../regions';
import { metricsNamespace } from '../services/function-policy';
import { alarmName, compositeRule, description } from './alarm-row';
import type { CompositeRow } from './alarm-row';
import { AlarmSet } from './alarm-set';
import { FAILOVER_TRIGGER, peerComposite, peerRows } from './rows/peer';

/** One region as the watcher of the other. */
export interface PeerAlarmsArgs {
  readonly environmentSuffix: string;
  readonly region: Region;
  readonly accountId: pulumi.Input<string>;
  readonly topicArn: pulumi.Input<string>;
  readonly probeIntervalSeconds: number;
  readonly heartbeatIntervalSeconds: number;
  readonly canaryIntervalMinutes: number;
  /** Names of this region's canaries. */
  readonly canaries: { readonly own: pulumi.Input<string>; readonly peer: pulumi.Input<string> };
  /** Of this region, unqualified. Called in dr alone: a failover to primary is started by an operator. */
  readonly orchestratorFunctionArn: pulumi.Input<string>;
}

/**
 * How long after the announced work the composite stays quiet, in seconds. The work ends, the platform answers again, and the
 * legs still have to see it: a probe (30 s at most) and its time-out (5 s), its value on the way to the alarm and one
 * evaluation (10 s). CloudWatch advises 60. A region that is lost during announced work waits that much longer.
 */
export const EXTENSION_SECONDS = 60;

/** The alarms by which one region judges the other, and the composite of them: what starts a failover, in dr (M6, F1). */
export class PeerAlarms extends pulumi.ComponentResource {
  readonly alarmArns: readonly pulumi.Output<string>[];
  readonly compositeName: pulumi.Output<string>;
  readonly compositeArn: pulumi.Output<string>;
  /** While it is red the composite takes no action; who re-offers the composite looks at it too. */
  readonly maintenanceAlarmName: pulumi.Output<string>;

  constructor(name: string, args: PeerAlarmsArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:detection:PeerAlarms', name, {}, opts);
    const { environmentSuffix, region, topicArn } = args;
    const namespace = metricsNamespace(environmentSuffix);
    const rows = peerRows({ ...args, role: region.role, namespace });
    const legs = new AlarmSet(name, { environmentSuffix, topicArn, rows }, { parent: this });
    this.maintenanceAlarmName = legs.nameOf('maintenance');

    const row = peerComposite(region.role);
    const starts = row === FAILOVER_TRIGGER ? this.allowCall(name, args, row) : undefined;
    const composite = new cloudwatch.CompositeAlarm(
      `${name}-${row.name}`,
      {
        alarmName: alarmName(row.name, environmentSuffix),
        alarmDescription: description(row),
        alarmRule: compositeRule(row, (leg) => alarmName(leg, environmentSuffix)),
        alarmActions: starts ? [args.orchestratorFunctionArn, topicArn] : [topicArn],
        okActions: [topicArn],
        // No wait period: nobody announces work in the minute in which a region is lost.
        actionsSuppressor: {
          alarm: this.maintenanceAlarmName,
          waitPeriod: 0,
          extensionPeriod: EXTENSION_SECONDS,
        },
      },
      // The rule is a plain text, so that the budget can read it before anything exists; its legs come before it all the same.
      { parent: this, dependsOn: [...legsOf(row, legs), ...(starts ? [starts] : [])] },
    );
    this.compositeName = composite.alarmName;
    this.compositeArn = composite.arn;
    this.alarmArns = [composite.arn, ...legs.alarmArns];
    this.registerOutputs({ compositeArn: this.compositeArn });
  }

  /** Exists before the composite does: a call that is refused is not repeated until the alarm's next transition. */
  private allowCall(name: string, args: PeerAlarmsArgs, row: CompositeRow): lambda.Permission {
    return new lambda.Permission(
      `${name}-orchestrator-permission`,
      {
        action: 'lambda:InvokeFunction',
        function: args.orchestratorFunctionArn,
        principal: 'lambda.alarms.cloudwatch.amazonaws.com',
        sourceAccount: args.accountId,
        // Spelt from its parts, because the alarm comes after.
        sourceArn: alarmArn(row.name, args),
      },
      { parent: this },
    );
  }
}

/** What an alarm's ARN will be; who calls or re-offers it needs no alarm to exist yet. */
export function alarmArn(
  row: string,
  { environmentSuffix, region, accountId }: Pick<PeerAlarmsArgs, 'environmentSuffix' | 'region' | 'accountId'>,
): pulumi.Output<string> {
  return pulumi.interpolate`arn:aws:cloudwatch:${region.name}:${accountId}:alarm:${alarmName(row, environmentSuffix)}`;
}

/** The alarms that a rule names. */
function legsOf({ rule }: CompositeRow, legs: AlarmSet): cloudwatch.MetricAlarm[] {
  return [...rule.matchAll(/ALARM\(([\w-]+)\)/g)].flatMap(([, leg]) => (leg === undefined ? [] : [legs.alarmOf(leg)]));
}
