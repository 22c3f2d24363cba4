import { board, compositeAlarm, metricAlarm, REGION, TOPIC } from './support';

const healthy = { history: 'healthy' } as const;

describe('a lost region', () => {
  test('neither evaluates nor acts, and goes on from where it stood when it is back', async () => {
    const one = board([metricAlarm('silence', { treatMissingData: 'breaching' })], healthy);
    for (const second of [0, 60, 120]) one.put('silence', 0, second);
    await one.run(200);
    one.cloudwatch.silence(REGION);
    await one.run(1000);
    // The whole outage had no data: had it been evaluated, it would be red since long.
    expect(one.story()).toEqual([]);
    one.cloudwatch.restore(REGION);
    await one.run(1100);
    expect(one.story()).toEqual(['silence ALARM 1050']);
  });

  test('loses the values that are put while it is dark', async () => {
    const one = board([metricAlarm('m')], healthy);
    one.cloudwatch.silence(REGION);
    one.put('m', 1, 0);
    one.cloudwatch.restore(REGION);
    await one.run(200);
    expect(one.state('m')).toBe('OK');
  });

  test('does an action that fell due in the dark when it is back: CloudWatch retries until Lambda has it', async () => {
    // CloudWatch guide, "Invoke a Lambda function from an alarm".
    const one = board([metricAlarm('m')], { ...healthy, actionMs: { least: 5000, most: 5000 } });
    one.put('m', 1, -30);
    await one.run(32);
    one.cloudwatch.silence(REGION);
    await one.run(300);
    expect(one.sent).toEqual([]);
    one.cloudwatch.restore(REGION);
    expect(one.sent.map(({ at, to }) => [at, to])).toEqual([[300_000, TOPIC]]);
  });

  test('evaluates composites again when it is back: their legs may have changed in the last moment', async () => {
    const nature = { ...healthy, compositeMs: { least: 2000, most: 2000 } };
    const one = board([metricAlarm('m'), compositeAlarm('c', 'ALARM(m)')], nature);
    one.put('m', 1, -30);
    await one.run(31);
    one.cloudwatch.silence(REGION);
    await one.run(100);
    expect(one.story()).toEqual(['m ALARM 30']);
    one.cloudwatch.restore(REGION);
    await one.run(103);
    expect(one.story()).toEqual(['m ALARM 30', 'c ALARM 102']);
  });
});

describe('a stuck alarm', () => {
  test('stays what it is whatever the data say, and follows them again when it comes loose', async () => {
    const one = board([metricAlarm('m')], healthy);
    one.cloudwatch.stick(REGION, 'm', 'OK');
    for (const second of [0, 60, 120, 180]) one.put('m', 1, second);
    await one.run(200);
    expect(one.story()).toEqual([]);
    one.cloudwatch.unstick(REGION, 'm');
    await one.run(220);
    expect(one.story()).toEqual(['m ALARM 210']);
  });

  test('red without a reason acts like any other, and a composite sees it', async () => {
    const one = board([metricAlarm('m'), compositeAlarm('c', 'ALARM(m)')], healthy);
    one.cloudwatch.stick(REGION, 'm', 'ALARM');
    await one.run(600);
    expect(one.story()).toEqual(['m ALARM 0', 'c ALARM 0']);
    one.cloudwatch.unstick(REGION, 'm');
    await one.run(700);
    expect(one.story().slice(2)).toEqual(['m OK 630', 'c OK 630']);
  });

  test('a composite that is stuck ignores its rule until it comes loose', async () => {
    const one = board([metricAlarm('m'), compositeAlarm('c', 'ALARM(m)')], healthy);
    one.cloudwatch.stick(REGION, 'c', 'OK');
    one.cloudwatch.stick(REGION, 'm', 'ALARM');
    await one.run(10);
    expect(one.state('c')).toBe('OK');
    one.cloudwatch.unstick(REGION, 'c');
    await one.run(11);
    expect(one.state('c')).toBe('ALARM');
  });

  test('has to exist', () => {
    expect(() => board([]).cloudwatch.stick(REGION, 'gone', 'OK')).toThrow('there is no alarm gone in eu-central-2');
  });
});

describe('metrics on their way', () => {
  test('come late while CloudWatch lags', async () => {
    const one = board([metricAlarm('m')], healthy);
    one.cloudwatch.delayMetrics(REGION, 100_000);
    one.put('m', 1, 0);
    await one.run(90);
    expect(one.story()).toEqual([]);
    one.cloudwatch.delayMetrics(REGION, 0);
    await one.run(200);
    expect(one.story()).toEqual(['m ALARM 150']);
  });

  test('are lost where a fault says so, though they were answered', async () => {
    const one = board([metricAlarm('m')], healthy);
    one.cloudwatch.dropMetrics(REGION, ({ value }) => value === 1);
    const data = [{ MetricName: 'm', Dimensions: [{ Name: 'service', Value: 'm' }], Value: 1 }];
    expect(one.call('PutMetricData', { Namespace: 'demo', MetricData: data })).toEqual({ ok: true, output: {} });
    await one.run(150);
    expect(one.state('m')).toBe('OK');
    one.cloudwatch.dropMetrics(REGION, undefined);
    one.put('m', 1);
    await one.run(211);
    expect(one.state('m')).toBe('ALARM');
  });
});

test('a stack that has run before the run does not take its own beginning for silence', async () => {
  const breaching = metricAlarm('b', { treatMissingData: 'breaching', evaluationPeriods: 3 });
  const one = board([breaching, compositeAlarm('c', 'ALARM(b)')], healthy);
  await one.run(29);
  expect(one.story()).toEqual([]);
  for (let second = 29; second < 600; second += 60) {
    one.put('b', 0, second);
    await one.run(second + 60);
  }
  expect(one.story()).toEqual([]);
  // And silence after the beginning is silence: the last value is of minute 9, and at 930 s minutes 10 to 14 are empty.
  await one.run(1200);
  expect(one.story()).toEqual(['b ALARM 930', 'c ALARM 930']);
});
