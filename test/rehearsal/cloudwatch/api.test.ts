import type { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { createAlarms } from '../../../lambda/shared/alarm-states';
import type { WireFields } from '../../../rehearsal/aws/service';
import { board, callOf, compositeAlarm, metricAlarm, REGION, START } from './support';

const healthy = { history: 'healthy' } as const;
const datum = (more: WireFields = {}): WireFields => ({
  MetricName: 'm',
  Dimensions: [{ Name: 'service', Value: 'a' }],
  Value: 1,
  ...more,
});

describe('PutMetricData', () => {
  const put = (one: ReturnType<typeof board>, data: WireFields) =>
    one.call('PutMetricData', { Namespace: 'demo', MetricData: [data] });

  test.each<[string, WireFields]>([
    ['a Date', { Timestamp: new Date(START - 40_000) }],
    ['seconds since 1970', { Timestamp: START / 1000 - 40 }],
    ['ISO text', { Timestamp: new Date(START - 40_000).toISOString() }],
    ['values with counts', { Timestamp: new Date(START - 40_000), Value: undefined, Values: [0, 1], Counts: [3, 1] }],
  ])('takes a value with the time that it was true: %s', async (_, more) => {
    const one = board([metricAlarm('a')], healthy);
    expect(put(one, datum(more))).toEqual({ ok: true, output: {} });
    await one.run(31);
    expect(one.state('a')).toBe('ALARM');
  });

  test('without a time it is now, without a resolution it is a minute', async () => {
    // API reference, MetricDatum.
    const one = board([metricAlarm('a', { period: 10 })], healthy);
    await one.run(38);
    put(one, datum());
    await one.run(60);
    expect(one.state('a')).toBe('OK');
    put(one, datum({ StorageResolution: 1 }));
    await one.run(70);
    expect(one.state('a')).toBe('ALARM');
  });

  test.each<[string, WireFields]>([
    ['not a number', datum({ Value: NaN })],
    ['older than two weeks', datum({ Timestamp: new Date(START - 15 * 86_400_000) })],
    ['more than two hours ahead', datum({ Timestamp: new Date(START + 3 * 3_600_000) })],
    ['of another resolution', datum({ StorageResolution: 5 })],
    ['without a name', datum({ MetricName: undefined })],
  ])('refuses a value that is %s', (_, data) => {
    // API reference, PutMetricData.
    const answer = put(board([metricAlarm('a')]), data);
    expect(answer).toMatchObject({ ok: false, error: { code: 'InvalidParameterValueException', status: 400 } });
  });

  test('needs the permission for its namespace', () => {
    // Service authorization reference, Amazon CloudWatch: no resource, condition key cloudwatch:namespace.
    const call = callOf('PutMetricData', { Namespace: 'demo', MetricData: [] });
    expect(board([]).cloudwatch.needs(call)).toEqual([
      { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': ['demo'] } },
    ]);
  });

  test('a statistic set is not modelled, and says so', () => {
    expect(() => put(board([]), datum({ StatisticValues: { Sum: 1 } }))).toThrow('StatisticValues is not modelled');
  });
});

describe('DescribeAlarms', () => {
  const alarms = [
    metricAlarm('a', { treatMissingData: 'breaching' }),
    metricAlarm('b'),
    compositeAlarm('c', 'ALARM(a)'),
  ];
  const names = (answer: unknown, kind: string): readonly string[] =>
    (answer as { output: Record<string, { AlarmName: string }[]> }).output[kind]?.map((one) => one.AlarmName) ?? [];

  test('describes composites only to who asks for their type', async () => {
    // API reference, DescribeAlarms.
    const one = board(alarms, healthy);
    await one.run(1);
    const all = one.call('DescribeAlarms', {});
    expect([names(all, 'MetricAlarms'), names(all, 'CompositeAlarms')]).toEqual([['a', 'b'], []]);
    const typed = one.call('DescribeAlarms', { AlarmTypes: ['CompositeAlarm'], AlarmNames: ['c', 'a', 'gone'] });
    expect([names(typed, 'MetricAlarms'), names(typed, 'CompositeAlarms')]).toEqual([[], ['c']]);
  });

  test('can be asked for a state', async () => {
    const one = board(alarms);
    await one.run(31);
    expect(names(one.call('DescribeAlarms', { StateValue: 'ALARM' }), 'MetricAlarms')).toEqual(['a']);
  });

  test('tells our handlers what an alarm says and since when', async () => {
    const one = board(alarms);
    await one.run(31);
    const client = {
      send: ({ input }: DescribeAlarmsCommand) => {
        const answer = one.call('DescribeAlarms', { ...input });
        return Promise.resolve(answer.ok ? answer.output : {});
      },
    } as unknown as CloudWatchClient;
    const read = await createAlarms(client).read(['a', 'b', 'c', 'gone']);
    expect(['a', 'b', 'c', 'gone'].map(read)).toEqual([
      { says: 'red', since: START + 30_000 },
      { says: 'not-red', since: START + 30_000 },
      { says: 'red', since: START + 30_000 },
      { says: 'unknown' },
    ]);
  });

  test('needs the permission for everything where composites are asked for, else for the alarms', () => {
    // API reference: "you must be signed on with the cloudwatch:DescribeAlarms permission that is scoped to *".
    const { cloudwatch } = board(alarms);
    const resources = (input: WireFields) =>
      cloudwatch.needs(callOf('DescribeAlarms', input)).map(({ resource }) => resource);
    const arn = (name: string): string => `arn:aws:cloudwatch:${REGION}:111122223333:alarm:${name}`;
    expect(resources({ AlarmTypes: ['CompositeAlarm', 'MetricAlarm'], AlarmNames: ['c'] })).toEqual(['*']);
    expect(resources({ AlarmNames: ['a', 'b'] })).toEqual([arn('a'), arn('b')]);
    expect(resources({})).toEqual([arn('*')]);
  });

  test('CloudWatch says whom an alarm calls, and whether it does', () => {
    // API reference, MetricAlarm and CompositeAlarm: disabled actions are kept.
    const topic = `arn:aws:sns:${REGION}:111122223333:alerts`;
    const disarmed = metricAlarm('d', { alarmActions: [topic], actionsEnabled: false });
    const answer = board([disarmed, metricAlarm('e', { alarmActions: [topic] })]).call('DescribeAlarms', {});
    expect(answer).toMatchObject({
      output: {
        MetricAlarms: [
          { AlarmName: 'd', ActionsEnabled: false, AlarmActions: [topic] },
          { AlarmName: 'e', ActionsEnabled: true, AlarmActions: [topic] },
        ],
      },
    });
  });

  test('anything else is not modelled, and says so', () => {
    const one = board(alarms);
    expect(() => one.call('DescribeAlarms', { AlarmNamePrefix: 'a' })).toThrow('AlarmNamePrefix is not modelled');
    expect(() => one.call('SetAlarmState', {})).toThrow('cloudwatch SetAlarmState');
  });
});
