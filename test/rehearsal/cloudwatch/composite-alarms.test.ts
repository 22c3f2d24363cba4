import { board, compositeAlarm, FUNCTION, metricAlarm, REGION, TOPIC } from './support';
import { readEvent } from '../../../lambda/failover-orchestrator/event';

const silent = { alarmActions: [], okActions: [] };
const LEGS = [metricAlarm('x', silent), metricAlarm('y', silent), metricAlarm('maintenance', silent)];
const suppressed = (waitPeriod: number, extensionPeriod: number) => ({
  actionsSuppressor: { alarm: 'maintenance', waitPeriod, extensionPeriod },
});

/** One alarm of a board is turned at seconds, to red first. */
function turn({ clock, cloudwatch }: ReturnType<typeof board>, alarm: string, seconds: readonly number[]): void {
  const start = clock.now();
  seconds.forEach((second, index) =>
    clock.at(start + second * 1000, () => cloudwatch.stick(REGION, alarm, index % 2 === 0 ? 'ALARM' : 'OK')),
  );
}

describe('a composite alarm', () => {
  test('is red exactly while its rule holds, and acts on changes only', async () => {
    // CloudWatch guide, "Combining alarms".
    const alarms = [...LEGS, compositeAlarm('both', 'ALARM("x") AND ALARM("y")')];
    const one = board(alarms, { history: 'healthy' });
    turn(one, 'x', [10]);
    turn(one, 'y', [20, 40]);
    await one.run(60);
    expect(one.story()).toEqual(['x ALARM 10', 'y ALARM 20', 'both ALARM 20', 'y OK 40', 'both OK 40']);
    expect(one.sent.map(({ at, to }) => [at, to])).toEqual([
      [20_000, FUNCTION],
      [20_000, TOPIC],
      [40_000, TOPIC],
    ]);
  });

  test('may stand on another composite, and name alarms by their ARNs', async () => {
    const arn = `arn:aws:cloudwatch:${REGION}:111122223333:alarm:low`;
    const alarms = [...LEGS, compositeAlarm('high', `NOT OK(${arn})`), compositeAlarm('low', 'ALARM(x) OR ALARM(y)')];
    const one = board(alarms, { history: 'healthy' });
    turn(one, 'y', [5]);
    await one.run(10);
    expect(one.story()).toEqual(['y ALARM 5', 'low ALARM 5', 'high ALARM 5']);
  });

  test('is INSUFFICIENT_DATA only right after its creation', async () => {
    // API reference, PutCompositeAlarm.
    const one = board([...LEGS, compositeAlarm('c', 'INSUFFICIENT_DATA(x)')]);
    expect(one.state('c')).toBe('INSUFFICIENT_DATA');
    await one.run(1);
    expect(one.state('c')).toBe('ALARM');
    await one.run(40);
    expect(one.story().slice(-1)).toEqual(['c OK 30']);
  });

  test('takes its time after a leg, and again until it acts', async () => {
    const nature = {
      history: 'healthy',
      compositeMs: { least: 3000, most: 3000 },
      actionMs: { least: 4000, most: 4000 },
    } as const;
    const one = board([...LEGS, compositeAlarm('c', 'ALARM(x)')], nature);
    turn(one, 'x', [10]);
    await one.run(60);
    expect(one.story()).toEqual(['x ALARM 10', 'c ALARM 13']);
    expect(one.sent.map(({ at }) => at)).toEqual([17_000, 17_000]);
  });

  test('on an alarm that does not exist is refused: CloudWatch would take it and never be red', () => {
    expect(() => board([compositeAlarm('c', 'ALARM(gone)')])).toThrow(
      'c names alarms that eu-central-2 does not have: gone',
    );
  });
});

describe('the actions of a composite with a suppressor, as in the examples of the guide', () => {
  // CloudWatch guide, "Suppressing composite alarm actions"; a wait of 2 and an extension of 3, times are those of changes.
  const EXAMPLES: readonly (readonly [string, readonly number[], readonly number[], readonly number[]])[] = [
    ['1: not suppressed after the wait', [2], [], [4]],
    ['2: suppressed before the wait is over', [2], [3], []],
    ['3: a change discards the wait and starts another', [2, 3], [], [5]],
    ['4: the suppressor was red before', [2], [1], []],
    ['5: not suppressed after the extension', [2], [3, 6], [9]],
    ['6: a change during the extension starts a wait', [2, 7], [3, 6], [9]],
  ];

  test('acts after the wait, not while suppressed, and after the extension', async () => {
    for (const [example, composite, suppressor, expected] of EXAMPLES) {
      const one = board([...LEGS, compositeAlarm('c', 'ALARM(x)', suppressed(2, 3))], { history: 'healthy' });
      turn(one, 'maintenance', suppressor);
      turn(one, 'x', composite);
      await one.run(30);
      expect([example, ...new Set(one.sent.map(({ at }) => Math.floor(at / 1000)))]).toEqual([example, ...expected]);
    }
  });

  test('without a wait it acts at once', async () => {
    const one = board([...LEGS, compositeAlarm('c', 'ALARM(x)', suppressed(0, 60))], { history: 'healthy' });
    turn(one, 'x', [2]);
    await one.run(3);
    expect(one.sent.map(({ at, to }) => [at, to])).toEqual([
      [2000, FUNCTION],
      [2000, TOPIC],
    ]);
  });
});

describe('what an alarm tells', () => {
  const red = { readonly: true, timestamp: expect.stringMatching(/^2023-08-04T12:30:\d\d\.\d{3}\+0000$/) };

  test('a function gets the event of a composite alarm as documented, from the alarm service', async () => {
    // CloudWatch guide, "Invoke a Lambda function from an alarm", example of a composite alarm.
    const one = board([...LEGS, compositeAlarm('c', 'ALARM(x) OR ALARM(y)', suppressed(2, 3))], { history: 'healthy' });
    turn(one, 'x', [46.138]);
    await one.run(60);
    const [invoked] = one.sent.filter(({ to }) => to === FUNCTION);
    const arn = (name: string): string => `arn:aws:cloudwatch:eu-central-2:111122223333:alarm:${name}`;
    const state = {
      value: 'ALARM',
      reason: `${arn('x')} transitioned to ALARM at Friday 04 August, 2023 12:30:46 UTC`,
      timestamp: red.timestamp,
    };
    expect(invoked?.what).toEqual({
      source: 'aws.cloudwatch',
      alarmArn: arn('c'),
      accountId: '111122223333',
      time: '2023-08-04T12:30:46.138+0000',
      region: 'eu-central-2',
      alarmData: {
        alarmName: 'c',
        state,
        previousState: {
          ...state,
          actionsSuppressedBy: 'WaitPeriod',
          actionsSuppressedReason: 'Actions suppressed by WaitPeriod',
        },
        configuration: {
          alarmRule: 'ALARM(x) OR ALARM(y)',
          actionsSuppressor: 'maintenance',
          actionsSuppressorWaitPeriod: 2,
          actionsSuppressorExtensionPeriod: 3,
        },
      },
    });
    const by = { principal: 'lambda.alarms.cloudwatch.amazonaws.com', from: REGION, name: 'c', sourceArn: arn('c') };
    expect(invoked?.by).toEqual(by);
  });

  test('a function gets the event of a metric alarm as documented', async () => {
    // The same page, example of a metric alarm.
    const inputs = { alarmActions: [FUNCTION], alarmDescription: 'Metric Alarm to test Lambda actions' };
    const one = board([metricAlarm('m', inputs)], { history: 'healthy' });
    one.put('m', 1, -30);
    await one.run(31);
    expect(one.sent[0]?.what).toMatchObject({
      alarmData: {
        state: { value: 'ALARM', reason: expect.stringContaining('Threshold Crossed'), timestamp: red.timestamp },
        previousState: { value: 'OK' },
        configuration: {
          description: 'Metric Alarm to test Lambda actions',
          metrics: [
            {
              id: expect.any(String),
              metricStat: {
                metric: { namespace: 'demo', name: 'm', dimensions: { service: 'm' } },
                period: 60,
                stat: 'Maximum',
              },
              returnData: true,
            },
          ],
        },
      },
    });
  });

  test('the orchestrator understands the event, and takes OK for nothing to do', async () => {
    const actions = { alarmActions: [FUNCTION], okActions: [FUNCTION] };
    const one = board([...LEGS, compositeAlarm('c', 'ALARM(x)', actions)], { history: 'healthy' });
    turn(one, 'x', [1, 5]);
    await one.run(10);
    expect(one.sent.map(({ what }) => readEvent(what, 'c').action)).toEqual(['offer', 'ignore']);
  });

  test('a topic gets what has changed as JSON, from CloudWatch', async () => {
    // CloudWatch guide, "Notifying users on alarm changes".
    const one = board([metricAlarm('m')], { history: 'healthy' });
    one.put('m', 1, -30);
    await one.run(31);
    expect(one.sent).toEqual([
      {
        at: 30_000,
        to: TOPIC,
        what: { subject: 'ALARM: "m" in eu-central-2', body: expect.any(String) },
        by: { principal: 'cloudwatch.amazonaws.com', from: REGION, name: 'm' },
      },
    ]);
    const { body } = one.sent[0]?.what as { body: string };
    expect(JSON.parse(body)).toMatchObject({ AlarmName: 'm', NewStateValue: 'ALARM', OldStateValue: 'OK' });
  });

  test('an alarm whose actions are disabled changes and tells nobody', async () => {
    const one = board([metricAlarm('m', { actionsEnabled: false })], { history: 'healthy' });
    one.put('m', 1, -30);
    await one.run(31);
    expect(one.state('m')).toBe('ALARM');
    expect(one.sent).toEqual([]);
  });
});
