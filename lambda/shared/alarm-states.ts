import { type AlarmType, type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';

/** What one alarm says now. `unknown`: there is no such alarm, or CloudWatch has no data for it. */
export interface AlarmState {
  readonly says: 'red' | 'not-red' | 'unknown';
  /** When it last changed, in milliseconds since 1970. */
  readonly since?: number;
}

/** Where the state of alarms is read. */
export interface AlarmsPort {
  /**
   * The states of alarms by their names, all in one call.
   *
   * @throws AWS's errors; the client's time-outs and attempts bound the call.
   */
  read(names: readonly string[]): Promise<(name: string) => AlarmState>;
}

/** Composite alarms are only described to a caller that asks for their type. */
const TYPES: AlarmType[] = ['CompositeAlarm', 'MetricAlarm'];

/** Alarms of the client's region; an alarm can only be read where it is. */
export function createAlarms(client: CloudWatchClient): AlarmsPort {
  return {
    async read(names) {
      const found = await client.send(new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: TYPES }));
      const alarms = [...(found.CompositeAlarms ?? []), ...(found.MetricAlarms ?? [])];
      return (name) => {
        const alarm = alarms.find(({ AlarmName }) => AlarmName === name);
        const changed = alarm?.StateTransitionedTimestamp ?? alarm?.StateUpdatedTimestamp;
        return { says: saysOf(alarm?.StateValue), ...(changed && { since: changed.getTime() }) };
      };
    },
  };
}

function saysOf(state: string | undefined): AlarmState['says'] {
  if (state === 'ALARM') return 'red';
  return state === 'OK' ? 'not-red' : 'unknown';
}
