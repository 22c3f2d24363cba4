import type { Suppression } from '../../../analysis/alarms/suppressor';
import type { Random } from '../../kernel/random';
import type { AlarmDefinition, MetricAlarmDefinition, WatchedMetric } from './alarm-definition';
import type { AlarmStatus, Standing } from './alarm-status';
import { awsTime } from './aws-time';

/** `ActionsSuppressedBy` of CompositeAlarm, by what it is called here. */
const SUPPRESSED_BY: Readonly<Record<Exclude<Suppression['kind'], 'none'>, string>> = {
  waiting: 'WaitPeriod',
  extending: 'ExtensionPeriod',
  suppressed: 'Alarm',
};

/**
 * The event that a function gets (CloudWatch guide, "Invoke a Lambda function from an alarm", examples of a metric and of a
 * composite alarm). Left out: `reasonData`, the reason once more for machines.
 *
 * @param heldBy what kept the action back until now: the state before is then the same one, and says what suppressed it.
 */
export function alarmEvent(status: AlarmStatus, heldBy: Suppression['kind'], random: Pick<Random, 'uuid'>): object {
  const { definition, now, before } = status;
  const { arn, account, region, name } = definition;
  return {
    source: 'aws.cloudwatch',
    alarmArn: arn,
    accountId: account,
    time: awsTime(now.at),
    region,
    alarmData: {
      alarmName: name,
      state: stateOf(now),
      previousState: heldBy === 'none' ? stateOf(before) : suppressedState(now, SUPPRESSED_BY[heldBy]),
      configuration: configurationOf(definition, random),
    },
  };
}

function stateOf({ state, reason, at }: Standing) {
  return { value: state, reason, timestamp: awsTime(at) };
}

function suppressedState(standing: Standing, by: string) {
  return { ...stateOf(standing), actionsSuppressedBy: by, actionsSuppressedReason: `Actions suppressed by ${by}` };
}

function configurationOf(definition: AlarmDefinition, random: Pick<Random, 'uuid'>): object {
  if (definition.kind === 'metric') {
    const { description } = definition;
    return { ...(description !== undefined && { description }), metrics: metricsOf(definition, random) };
  }
  const { ruleText, suppressor } = definition;
  return {
    alarmRule: ruleText,
    ...(suppressor && {
      actionsSuppressor: suppressor.alarm,
      actionsSuppressorWaitPeriod: suppressor.waitSeconds,
      actionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
    }),
  };
}

function metricsOf({ watches, terms }: MetricAlarmDefinition, random: Pick<Random, 'uuid'>): readonly object[] {
  const stat = (
    id: string,
    { namespace, name, dimensions, statistic }: WatchedMetric,
    returnData: boolean,
  ): object => ({
    id,
    metricStat: { metric: { namespace, name, dimensions }, period: terms.periodSeconds, stat: statistic },
    returnData,
  });
  if (watches.kind === 'metric') return [stat(random.uuid(), watches.metric, true)];
  const { part, whole, expression } = watches;
  return [stat('part', part, false), stat('whole', whole, false), { id: 'percent', expression, returnData: true }];
}

/**
 * What a topic gets: the notification's text is JSON (CloudWatch guide, "Notifying users on alarm changes"). The fields that
 * tell what changed; left out is the copy of the alarm's settings. The region is its code, where AWS writes its name.
 */
export function alarmMessage({ definition, now, before }: AlarmStatus): { subject: string; body: string } {
  const { name, description, account, arn, region } = definition;
  const body = {
    AlarmName: name,
    AlarmDescription: description ?? null,
    AWSAccountId: account,
    NewStateValue: now.state,
    NewStateReason: now.reason,
    StateChangeTime: awsTime(now.at),
    Region: region,
    AlarmArn: arn,
    OldStateValue: before.state,
  };
  return { subject: `${now.state}: "${name}" in ${region}`, body: JSON.stringify(body) };
}
