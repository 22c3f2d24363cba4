import fc from 'fast-check';
import { judge } from '../../../analysis/alarms/metric-alarm';
import { alarmCatalogue } from '../../../rehearsal/aws/cloudwatch/alarm-catalogue';
import { pointsOf } from '../../../rehearsal/aws/cloudwatch/metric-evaluation';
import type { Datum } from '../../../analysis/alarms/metric-alarm';
import { board, graphOf, metricAlarm, REGION, START } from './support';

const COLUMNS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const RED = 'ALARM';
const NONE = 'INSUFFICIENT_DATA';
/** Points, and the state for each of the columns. */
type Row = readonly [points: string, states: readonly (string | undefined)[]];

/** The five newest periods, oldest first: 0 is good, X is bad, - is missing; what the alarm is right after its creation. */
async function judged(
  points: string,
  settings: { readonly evaluationPeriods: number; readonly datapointsToAlarm: number },
) {
  const alarms = COLUMNS.map((treatMissingData) => metricAlarm(treatMissingData, { ...settings, treatMissingData }));
  const { run, put, state } = board(alarms);
  for (const alarm of COLUMNS) {
    points.split(' ').forEach((mark, index) => {
      if (mark !== '-') put(alarm, mark === 'X' ? 1 : 0, (index - 5) * 60);
    });
  }
  await run(30);
  return COLUMNS.map(state);
}

/**
 * CloudWatch guide, "Configuring how CloudWatch alarms treat missing data", both tables; "retain current state" of an alarm
 * that was just created is INSUFFICIENT_DATA.
 */
describe('missing data, as in the tables of the CloudWatch guide', () => {
  const THREE_OF_THREE: readonly Row[] = [
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', [NONE, NONE, RED, 'OK']],
    ['0 X X - X', [RED, RED, RED, RED]],
    ['- - X - -', [RED, NONE, RED, 'OK']],
  ];
  const TWO_OF_THREE: readonly Row[] = [
    ['0 - X - X', [RED, RED, RED, RED]],
    ['0 0 X 0 X', [RED, RED, RED, RED]],
    ['0 - X - -', ['OK', 'OK', RED, 'OK']],
    ['- - - - 0', ['OK', 'OK', RED, 'OK']],
    ['- - - X -', [RED, NONE, RED, 'OK']],
  ];

  test('points beyond the periods decide before missing data do, and every setting fills the rest in its own way', async () => {
    for (const [table, datapointsToAlarm] of [[THREE_OF_THREE, 3] as const, [TWO_OF_THREE, 2] as const]) {
      const states = table.map(async ([points]): Promise<Row> => {
        return [points, await judged(points, { evaluationPeriods: 3, datapointsToAlarm })];
      });
      expect(await Promise.all(states)).toEqual(table);
    }
  });
});

describe('when an alarm is evaluated', () => {
  test('every 10 s with a period below a minute, every minute with a longer one', async () => {
    // CloudWatch guide, "Alarm evaluation".
    const { put, run, story } = board([metricAlarm('fast', { period: 10 }), metricAlarm('slow')]);
    await run(59);
    put('fast', 1, 59, 1);
    put('slow', 1, 59);
    await run(200);
    expect(story()).toEqual([
      ...['fast OK 5', 'slow OK 30', 'fast ALARM 65'],
      // The value stays in reach for three periods of ten seconds, and for three minutes.
      ...['slow ALARM 90', 'fast OK 95'],
    ]);
  });

  test('a period of a minute ends with the minute: asked at 12:31:29.591, the newest point is that of 12:30', async () => {
    // CloudWatch guide, "Invoke a Lambda function from an alarm", reasonData of the metric alarm's example.
    const { put, run, state } = board([metricAlarm('a')], { phase: { least: 0.4932, most: 0.4932 } });
    await run(89);
    put('a', 1, 61);
    await run(90);
    expect(state('a')).toBe('OK');
    put('a', 1, 59);
    await run(150);
    expect(state('a')).toBe('ALARM');
  });

  test('periods of ten seconds end at the evaluation, or at the tenth second before it: both are possible', async () => {
    // Assumed: the guide says that the window slides and not where its ends may be.
    const alarms = [metricAlarm('a', { period: 10 })];
    for (const [grid, at] of [
      [1, 15],
      [10, 25],
    ] as const) {
      const { put, run, story } = board(alarms, { highResolutionGridSeconds: [grid] });
      await run(12);
      put('a', 1, 12, 1);
      await run(30);
      expect(story()).toEqual(['a OK 5', `a ALARM ${at}`]);
    }
  });

  test('a metric of standard resolution is kept by the minute, whatever the second of its values', async () => {
    // CloudWatch guide, "High-resolution metrics"; PutMetricAlarm, Period: such an alarm misses most of its periods.
    const { put, run, story } = board([metricAlarm('a', { period: 10 })]);
    await run(101);
    put('a', 1, 101, 60);
    await run(130);
    put('a', 1, 130, 1);
    await run(136);
    expect(story()).toEqual(['a OK 5', 'a ALARM 135']);
  });

  test('a value counts once alarms can see it, by the time that it carries', async () => {
    const delay = { least: 45_000, most: 45_000 };
    const { put, run, story } = board([metricAlarm('a')], { embeddedMs: delay });
    await run(50);
    put('a', 1);
    await run(94);
    expect(story()).toEqual(['a OK 30']);
    await run(151);
    expect(story()).toEqual(['a OK 30', 'a ALARM 150']);
  });

  test('a metric of AWS takes longer to be seen than one of a function', async () => {
    const slow = { vendedMs: { least: 70_000, most: 70_000 } };
    const vended = { namespace: 'AWS/SQS', metricName: 'm', dimensions: { QueueName: 'q' } };
    const { cloudwatch, run, story } = board([metricAlarm('a', vended)], slow);
    const at = START + 10_000;
    cloudwatch.put(REGION, {
      namespace: 'AWS/SQS',
      name: 'm',
      dimensions: { QueueName: 'q' },
      value: 1,
      at,
      resolution: 60,
    });
    await run(151);
    expect(story()).toEqual(['a OK 30', 'a ALARM 90']);
  });

  test('resting changes nothing: every change comes when it would without it', async () => {
    const value = fc.record({ minute: fc.nat(14), late: fc.nat(120), bad: fc.boolean() });
    const settings = fc.record({
      treatMissingData: fc.constantFrom(...COLUMNS),
      evaluationPeriods: fc.integer({ min: 1, max: 3 }),
      history: fc.constantFrom('healthy' as const, 'none' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 8 }), settings, async (values, { history, ...inputs }) => {
        const alarm = metricAlarm('a', inputs);
        const { cloudwatch, clock, put, run, story } = board([alarm], { history });
        const data: Datum[] = [];
        for (const { minute, late, bad } of values) {
          const at = START / 1000 + minute * 60;
          data.push({ at, value: bad ? 1 : 0, visibleAt: at + late });
          clock.at((at + late) * 1000, () => put('a', bad ? 1 : 0, minute * 60));
        }
        await run(20 * 60);
        expect(story()).toEqual(plainly(alarm, data, history));
        expect(cloudwatch.state(REGION, 'gone')).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  /** Evaluates every minute, with all data that there ever were. */
  function plainly(
    alarm: ReturnType<typeof metricAlarm>,
    data: readonly Datum[],
    history: 'healthy' | 'none',
  ): string[] {
    const [definition] = alarmCatalogue(graphOf(alarm)).metric;
    if (!definition) throw new Error('no alarm');
    const changes: string[] = [];
    const state = history === 'healthy' ? ('OK' as const) : ('INSUFFICIENT_DATA' as const);
    let now: 'ALARM' | 'INSUFFICIENT_DATA' | 'OK' = state;
    for (let second = 30; second <= 20 * 60; second += 60) {
      const glance = {
        at: START / 1000 + second,
        gridSeconds: 60,
        lookBack: { extraPeriods: 2, highResolutionSeconds: 0 },
        healthyBefore: history === 'healthy' ? START / 1000 : -Infinity,
      };
      const next = judge(definition.terms, pointsOf(definition, [{ data }], glance), now);
      if (next !== now) changes.push(`a ${next} ${second}`);
      now = next;
    }
    return changes;
  }
});

describe('what an alarm is made of', () => {
  test('how many in a hundred, and nothing while the whole is small', async () => {
    const metric = (metricName: string) => ({
      dimensions: { FunctionName: 'f' },
      metricName,
      namespace: 'AWS/Lambda',
      period: 60,
      stat: 'Sum',
    });
    const queries = [
      { id: 'part', metric: metric('Errors') },
      { id: 'whole', metric: metric('Invocations') },
      { id: 'percent', expression: 'IF(whole >= 5, 100 * part / whole, 0)', label: 'x', returnData: true },
    ];
    const { name: _, ...single } = metricAlarm('errors').inputs;
    const inputs = { ...single, metricQueries: queries, threshold: 5, period: undefined, statistic: undefined };
    const whole = { ...inputs, namespace: undefined, metricName: undefined, dimensions: undefined };
    const { cloudwatch, run, story } = board([metricAlarm('errors', whole)]);
    const put = (name: string, value: number): void =>
      cloudwatch.put(REGION, {
        ...{ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: 'f' }, value, resolution: 60 },
        at: START + 59_000,
      });
    put('Errors', 1);
    put('Invocations', 4);
    await run(90);
    expect(story()).toEqual(['errors OK 30']);
    put('Errors', 0);
    put('Invocations', 1);
    await run(150);
    expect(story()).toEqual(['errors OK 30', 'errors ALARM 150']);
  });

  test.each([
    [{ extendedStatistic: 'p99' }, 'extendedStatistic is not modelled'],
    [{ statistic: 'p99' }, 'p99 is not modelled'],
    [{ comparisonOperator: 'LessThanOrEqualToThreshold' }, 'LessThanOrEqualToThreshold is not modelled'],
    [{ alarmActions: ['arn:aws:automate:eu-central-2:ec2:stop'] }, 'the alarm action arn:aws:automate'],
    [
      { metricQueries: [{ id: 'e', expression: 'm1 + m2', returnData: true }] },
      'the expression m1 + m2 is not modelled',
    ],
    [{ period: 45 }, 'a period is 10, 20 or 30 s or whole minutes'],
  ])('a setting that is not modelled ends the run instead of being guessed: %j', (more, message) => {
    expect(() => board([metricAlarm('a', more)])).toThrow(message);
  });

  test('without treatMissingData missing data are missing; without datapointsToAlarm all periods have to be bad', () => {
    // API reference, PutMetricAlarm.
    const [definition] = alarmCatalogue(graphOf(metricAlarm('a', { treatMissingData: undefined }))).metric;
    expect(definition?.terms).toEqual({
      comparison: 'GreaterThanThreshold',
      threshold: 0.5,
      periodSeconds: 60,
      evaluationPeriods: 1,
      noData: 'missing',
    });
  });

  test('two metrics are one only with all of their dimensions', async () => {
    // CloudWatch guide, "Metrics concepts": each unique combination of dimensions is a metric of its own.
    const { cloudwatch, run, state } = board([metricAlarm('a')]);
    const put = (dimensions: Record<string, string>): void =>
      cloudwatch.put(REGION, { namespace: 'demo', name: 'm', dimensions, value: 1, at: START, resolution: 60 });
    put({});
    put({ service: 'b' });
    put({ service: 'a', stage: 'x' });
    await run(90);
    expect(state('a')).toBe('OK');
  });
});
