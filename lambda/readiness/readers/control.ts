import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import { MalformedError } from '../../shared/errors';
import type { MonitorAnswer } from '../../shared/calls';
import { viewOf } from '../../shared/register/protocol';
import type { Quorum, RegisterReading } from '../../shared/register/record';
import type { AlarmLook, Fact, Facts, RegistersState, WatchedAlarm } from '../facts';

// Everything here only reads, and rejects where nothing definite can be said; the clients' patience bounds each call.

/** Pages of a topic's subscriptions that are read, of a hundred each: more than that is not answered rather than half. */
const MOST_PAGES = 5;

/** Names of the alarms that this region has, by what they are for. */
export type AlarmNames = Readonly<Partial<Record<WatchedAlarm, string>>>;

/** All alarms with one call. */
export async function readAlarms(cloudwatch: CloudWatchClient, names: AlarmNames): Promise<Facts['alarms']> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: Object.values(names), AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  const found = new Map([...MetricAlarms, ...CompositeAlarms].map((alarm) => [alarm.AlarmName, alarm]));
  return Object.fromEntries(Object.entries(names).map(([role, name]) => [role, lookOf(found.get(name))]));
}

interface Described {
  readonly StateValue?: string | undefined;
  readonly ActionsEnabled?: boolean | undefined;
  readonly AlarmActions?: readonly string[] | undefined;
}

function lookOf(alarm: Described | undefined): AlarmLook | 'absent' {
  if (alarm === undefined) return 'absent';
  const { StateValue: state, ActionsEnabled: actionsEnabled, AlarmActions: actions } = alarm;
  if (state === undefined || actionsEnabled === undefined)
    throw new MalformedError('CloudWatch does not describe an alarm');
  return { state, actionsEnabled, actions: actions ?? [] };
}

/** Who is told by a topic. A subscription has no ARN until it is confirmed (SNS API reference, Subscription). */
export async function readSubscriptions(sns: SNSClient, topicArn: string): Promise<Facts['subscriptions']> {
  const found: { readonly protocol: string; readonly confirmed: boolean }[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { Subscriptions = [], NextToken } = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, ...(token !== undefined && { NextToken: token }) }),
    );
    for (const { Protocol = 'unknown', SubscriptionArn = '' } of Subscriptions)
      found.push({ protocol: Protocol, confirmed: SubscriptionArn.startsWith('arn:') });
    token = NextToken;
    if (token === undefined) return found;
  }
  throw new MalformedError(`the alerts topic has more than ${MOST_PAGES} pages of subscriptions`);
}

/** What the registers say together. */
export function registersOf(readings: readonly RegisterReading[], quorum: Quorum): RegistersState {
  const { ownership, leaseEnds, known } = viewOf(readings, quorum);
  const counts = { answered: known.length, all: quorum.locations.length, majority: quorum.majority };
  if (ownership.kind === 'unknown') return counts;
  const { activeRegion: region, epoch, released, contestedBy } = ownership;
  const leaseEnd = leaseEnds[region] ?? 0;
  return { ...counts, owner: { region, epoch, released, leaseEnd, ...(contestedBy !== undefined && { contestedBy }) } };
}

/** The monitor's answer as a fact. */
export function lagOf(asked: Fact<MonitorAnswer>): Fact<Facts['lag']> {
  if (!asked.known) return asked;
  const { value } = asked;
  switch (value.kind) {
    case 'writes':
      return { known: true, value: 'writes' };
    case 'follows':
      return { known: true, value: { calculatedAt: value.calculatedAt, lagMs: value.lagMs } };
    case 'unknown':
      return { known: false, why: value.why };
  }
}
