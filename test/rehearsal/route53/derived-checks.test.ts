import { alarm, alarmCheck, Bench, check, endpointCheck, graphOf } from './support';

const calculated = (
  id: string,
  children: readonly string[],
  childHealthThreshold: number,
  more = {},
): ReturnType<typeof check> =>
  check(id, { type: 'CALCULATED', childHealthchecks: children, childHealthThreshold, ...more });

describe('calculated checks (Route 53 API reference, HealthCheckConfig, HealthThreshold)', () => {
  const children = [endpointCheck('one', { fqdn: 'one' }), endpointCheck('two', { fqdn: 'two' })];

  it('are healthy while as many children as the threshold says are', () => {
    const { route53 } = new Bench(
      graphOf(...children, calculated('both', ['one', 'two'], 2), calculated('any', ['one', 'two'], 1)),
    );
    const said = (): boolean[] => [route53.isHealthy('both'), route53.isHealthy('any')];
    expect(said()).toEqual([true, true]);
    route53.stickCheck('one', 'unhealthy');
    expect(said()).toEqual([false, true]);
    route53.stickCheck('two', 'unhealthy');
    expect(said()).toEqual([false, false]);
    route53.stickCheck('one', undefined);
    expect(said()).toEqual([false, true]);
  });

  it('are always healthy with threshold 0 and never with more than there are children', () => {
    const { route53 } = new Bench(
      graphOf(...children, calculated('always', ['one'], 0), calculated('never', ['one'], 2)),
    );
    expect([route53.isHealthy('always'), route53.isHealthy('never')]).toEqual([true, false]);
    route53.stickCheck('one', 'unhealthy');
    expect([route53.isHealthy('always'), route53.isHealthy('never')]).toEqual([true, false]);
  });

  it('count an inverted child by its inverted status, and may be inverted themselves', () => {
    const inverted = endpointCheck('inverted', { invertHealthcheck: true, fqdn: 'inverted' });
    const { route53 } = new Bench(
      graphOf(
        inverted,
        ...children,
        calculated('of-it', ['inverted'], 1),
        calculated('not-both', ['one', 'two'], 2, { invertHealthcheck: true }),
      ),
    );
    expect([route53.isHealthy('of-it'), route53.isHealthy('not-both')]).toEqual([false, false]);
    route53.stickCheck('two', 'unhealthy');
    expect(route53.isHealthy('not-both')).toBe(true);
  });

  it('cannot have calculated or unknown children, as AWS says', () => {
    const nested = graphOf(...children, calculated('inner', ['one'], 1), calculated('outer', ['inner'], 1));
    expect(() => new Bench(nested)).toThrow('is calculated itself');
    expect(() => new Bench(graphOf(calculated('orphan', ['nobody'], 1)))).toThrow('there is no child nobody');
  });
});

describe('checks that follow an alarm (Route 53 guide, how Route 53 determines whether a health check is healthy)', () => {
  const graph = graphOf(alarm('switch'), alarmCheck('switch-check'));
  const soon = { alarmDelayMs: { least: 1_000, most: 2_000 } };

  it('are healthy while the data says OK and unhealthy while it says ALARM, a little later', async () => {
    const bench = new Bench(graph, { nature: soon });
    await bench.until(60);
    bench.alarmState = 'ALARM';
    await bench.until(70);
    bench.alarmState = 'OK';
    await bench.until(80);
    expect(bench.health.map(({ healthy }) => healthy)).toEqual([false, true]);
    for (const [index, { at }] of bench.health.entries()) {
      expect(at - 60 - 10 * index).toBeGreaterThan(1);
      expect(at - 60 - 10 * index).toBeLessThan(5 + 2);
    }
  });

  it('miss a change that is over before it is noticed', async () => {
    const bench = new Bench(graph, { nature: { alarmDelayMs: { least: 20_000, most: 20_000 } } });
    bench.alarmState = 'ALARM';
    await bench.until(15);
    bench.alarmState = 'OK';
    await bench.until(100);
    expect(bench.health).toEqual([]);
  });

  it.each([
    ['Healthy', 'ALARM', [false, true]],
    ['Unhealthy', 'OK', [false]],
    ['LastKnownStatus', 'ALARM', [false]],
    ['LastKnownStatus', 'OK', []],
  ] as const)('with too little data are %s after %s', async (insufficientDataHealthStatus, last, expected) => {
    const bench = new Bench(graphOf(alarm('switch'), alarmCheck('switch-check', { insufficientDataHealthStatus })));
    bench.alarmState = last;
    await bench.until(60);
    bench.alarmState = 'INSUFFICIENT_DATA';
    await bench.until(400);
    expect(bench.health.map(({ healthy }) => healthy)).toEqual(expected);
  });

  it('without a last known status are healthy', async () => {
    const bench = new Bench(graph);
    bench.alarmState = 'INSUFFICIENT_DATA';
    await bench.until(300);
    expect(bench.route53.isHealthy('switch-check')).toBe(true);
    expect(bench.health).toEqual([]);
  });

  it('follow the data and not the alarm: a region that is no longer heard is too little data, when its periods are over', async () => {
    const unhealthy = alarmCheck('switch-check', { insufficientDataHealthStatus: 'Unhealthy' });
    const bench = new Bench(graphOf(alarm('switch', { evaluationPeriods: 3 }), unhealthy), { nature: soon });
    await bench.until(100);
    bench.heard = false;
    await bench.until(600);
    expect(bench.health).toMatchObject([{ healthy: false }]);
    expect(bench.health[0]?.at).toBeGreaterThan(100 + (3 + 1) * 60 - 5);
    expect(bench.health[0]?.at).toBeLessThan(100 + (3 + 3) * 60 + 5 + 2);
  });

  it('keep the last status of a region that is no longer heard, whatever its alarm says there', async () => {
    const bench = new Bench(graph);
    bench.alarmState = 'ALARM';
    await bench.until(100);
    bench.heard = false;
    bench.alarmState = 'OK';
    await bench.until(900);
    expect(bench.health.map(({ healthy }) => healthy)).toEqual([false]);
  });

  it.each([
    ['of high resolution', { period: 10 }],
    ['of M out of N', { evaluationPeriods: 3, datapointsToAlarm: 2 }],
    ['with an extended statistic', { statistic: 'p99' }],
    ['of several metrics', { metricQueries: [] }],
  ])('cannot follow an alarm %s (Route 53 API reference, AlarmIdentifier)', (why, settings) => {
    expect(() => new Bench(graphOf(alarm('switch', settings), alarmCheck('switch-check')))).toThrow(why);
  });

  it('cannot follow an alarm that its region does not have', () => {
    const elsewhere = graphOf(alarm('switch', {}, 'eu-central-1'), alarmCheck('switch-check'));
    expect(() => new Bench(elsewhere)).toThrow('eu-central-2 has no metric alarm switch');
  });
});

describe('a check that sticks', () => {
  it('says the same whatever is found, and what is found again afterwards', async () => {
    const bench = new Bench(graphOf(endpointCheck('plain')));
    bench.route53.stickCheck('plain', 'healthy');
    bench.endpoint = () => 'silence';
    await bench.until(200);
    expect(bench.health).toEqual([]);
    bench.route53.stickCheck('plain', undefined);
    expect(bench.health).toMatchObject([{ healthy: false }]);
  });

  it('must exist', () => {
    const { route53 } = new Bench(graphOf());
    expect(() => route53.stickCheck('nobody', 'healthy')).toThrow('there is no health check nobody');
  });
});
