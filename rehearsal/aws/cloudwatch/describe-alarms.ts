import { answered, notModelled, refused } from '../service';
import type { Answer, Call, Wire, WireFields } from '../service';
import type { AlarmStatus, AlarmStatuses } from './alarm-status';

/** The inputs of DescribeAlarms that are looked at. */
const INPUTS = new Set(['AlarmNames', 'AlarmTypes', 'StateValue']);
const TYPES = new Set(['CompositeAlarm', 'MetricAlarm']);
const STATES = new Set(['ALARM', 'INSUFFICIENT_DATA', 'OK']);
/** More names are refused; more alarms come in pages, which nobody here turns (API reference, DescribeAlarms). */
const MOST_NAMES = 100;
const MOST_RECORDS = 50;

/**
 * Answers DescribeAlarms of the call's region. Without `AlarmTypes` there are only metric alarms; a name that is no alarm's is
 * left out without an error (API reference, DescribeAlarms). Of each alarm: who it is, where it stands and whom it calls.
 *
 * @throws NotModelledError for prefixes, parents, children and pages.
 */
export function describeAlarms(call: Call, statuses: AlarmStatuses): Answer {
  for (const key of Object.keys(call.input)) if (!INPUTS.has(key)) notModelled(call, key);
  const names = textsOf(call.input['AlarmNames']);
  const types = textsOf(call.input['AlarmTypes']) ?? ['MetricAlarm'];
  const state = call.input['StateValue'];
  if (names && names.length > MOST_NAMES)
    return refused('ValidationError', `AlarmNames has more than ${MOST_NAMES} members`);
  if (!types.every((type) => TYPES.has(type)))
    return refused('ValidationError', `AlarmTypes is one of ${[...TYPES].join(', ')}`);
  if (typeof state === 'string' && !STATES.has(state)) return refused('ValidationError', `StateValue is not ${state}`);

  const asked = names
    ? [...new Set(names)].flatMap((name) => statuses.find(call.region, name) ?? [])
    : statuses.all(call.region);
  const found = asked.filter(({ now }) => state === undefined || now.state === state);
  const of = (kind: 'composite' | 'metric', type: string): readonly WireFields[] =>
    types.includes(type) ? found.filter(({ definition }) => definition.kind === kind).map(describe) : [];
  const output = { CompositeAlarms: of('composite', 'CompositeAlarm'), MetricAlarms: of('metric', 'MetricAlarm') };
  if (output.CompositeAlarms.length + output.MetricAlarms.length > MOST_RECORDS) notModelled(call, 'a second page');
  return answered(output);
}

/** The ARNs whose description a call asks for; `*` where composites are wanted. */
export function describedResources(call: Call, account: string): readonly string[] {
  if (textsOf(call.input['AlarmTypes'])?.includes('CompositeAlarm')) return ['*'];
  const names = textsOf(call.input['AlarmNames']) ?? ['*'];
  return names.map((name) => `arn:aws:cloudwatch:${call.region}:${account}:alarm:${name}`);
}

function describe({ definition, now }: AlarmStatus): WireFields {
  return {
    AlarmName: definition.name,
    AlarmArn: definition.arn,
    ...(definition.description !== undefined && { AlarmDescription: definition.description }),
    ActionsEnabled: definition.actionsEnabled,
    AlarmActions: definition.alarmActions,
    StateValue: now.state,
    StateReason: now.reason,
    StateUpdatedTimestamp: new Date(now.at),
    StateTransitionedTimestamp: new Date(now.at),
  };
}

function textsOf(value: Wire): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((one: Wire): one is string => typeof one === 'string');
}
