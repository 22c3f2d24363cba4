import { apiName, balancer, Bench, endpointCheck, failover, graphOf, record } from './support';

const API = { primary: 'd-1.execute-api.eu-central-1.amazonaws.com', dr: 'd-2.execute-api.eu-central-2.amazonaws.com' };
const targets = [apiName(API.primary), apiName(API.dr)];
const checks = [endpointCheck('one', { fqdn: 'one' }), endpointCheck('two', { fqdn: 'two' })];
const alias = (
  name: string,
  evaluateTargetHealth = false,
): { aliases: { name: string; zoneId: string; evaluateTargetHealth: boolean }[] } => ({
  aliases: [{ name, zoneId: 'ZAWS', evaluateTargetHealth }],
});
const NAME = 'api.example.com';
const at = { least: 2_000, most: 2_000 };

function pair(secondary: { healthCheckId?: string }): Bench {
  const records = [
    failover(NAME, 'PRIMARY', { type: 'A', healthCheckId: 'one', ...alias(API.primary) }),
    failover(NAME, 'SECONDARY', { type: 'A', ...secondary, ...alias(API.dr) }),
  ];
  return new Bench(graphOf(...targets, ...checks, ...records), { nature: { answerDelayMs: at } });
}

const answerOf = (bench: Bench): string | undefined => bench.route53.addresses(NAME)?.values[0];

describe('failover records (Route 53 API reference, ResourceRecordSet, Failover; guide, how Route 53 chooses records)', () => {
  it.each([
    ['healthy', 'healthy', API.primary],
    ['healthy', 'unhealthy', API.primary],
    ['unhealthy', 'healthy', API.dr],
    ['unhealthy', 'unhealthy', API.primary],
  ] as const)('with a primary that is %s and a secondary that is %s answer %s', async (one, two, expected) => {
    const bench = pair({ healthCheckId: 'two' });
    bench.route53.stickCheck('one', one);
    bench.route53.stickCheck('two', two);
    await bench.until(10);
    expect(answerOf(bench)).toBe(expected);
  });

  it('take a record without a check for healthy', async () => {
    const bench = pair({});
    bench.route53.stickCheck('one', 'unhealthy');
    await bench.until(10);
    expect(answerOf(bench)).toBe(API.dr);
  });

  it('follow a changed status after the delay of the data plane, and tell of it once', async () => {
    const bench = pair({ healthCheckId: 'two' });
    await bench.until(30);
    bench.route53.stickCheck('one', 'unhealthy');
    await bench.until(31.9);
    expect(answerOf(bench)).toBe(API.primary);
    await bench.until(60);
    expect(answerOf(bench)).toBe(API.dr);
    expect(bench.answers).toEqual([{ at: 32, name: NAME, values: [API.dr] }]);
  });

  it('follow later when the name servers are late, and never in another order', async () => {
    const bench = pair({ healthCheckId: 'two' });
    bench.route53.delayAnswers(60_000);
    bench.route53.stickCheck('one', 'unhealthy');
    bench.route53.delayAnswers(0);
    bench.route53.stickCheck('one', 'healthy');
    await bench.until(61);
    expect(bench.answers).toEqual([]);
    await bench.until(63);
    expect(bench.answers.map(({ at: when, values }) => [when, values[0]])).toEqual([
      [62, API.dr],
      [62, API.primary],
    ]);
  });

  it('need one primary and one secondary', () => {
    const one = failover(NAME, 'PRIMARY', { type: 'A', ...alias(API.primary) });
    expect(() => new Bench(graphOf(...targets, one))).toThrow('cannot stand beside each other: PRIMARY');
  });
});

describe('alias records (Route 53 API reference, AliasTarget and ResourceRecordSet)', () => {
  it('answer with the name that stands for the addresses of their target, and its TTL of 60 s', () => {
    const bench = new Bench(graphOf(...targets, record('regional.example.com', { type: 'A', ...alias(API.dr) })));
    expect(bench.route53.addresses('regional.example.com')).toEqual({ values: [API.dr], ttlSeconds: 60 });
  });

  it('ask a load balancer for healthy targets when they evaluate its health, in addition to a check', async () => {
    let healthy = true;
    const name = { primary: 'app-1.elb.amazonaws.com', dr: 'app-2.elb.amazonaws.com' };
    const graph = graphOf(
      ...checks,
      balancer(name.primary),
      balancer(name.dr),
      failover(NAME, 'PRIMARY', { type: 'A', healthCheckId: 'one', ...alias(name.primary, true) }),
      failover(NAME, 'SECONDARY', { type: 'A', ...alias(name.dr) }),
    );
    const bench = new Bench(graph, { nature: { answerDelayMs: at }, ports: { targetHealthy: () => healthy } });
    expect(answerOf(bench)).toBe(name.primary);
    healthy = false;
    expect(answerOf(bench)).toBe(name.dr);
    healthy = true;
    expect(answerOf(bench)).toBe(name.primary);
    bench.route53.stickCheck('one', 'unhealthy');
    await bench.until(10);
    expect(answerOf(bench)).toBe(name.dr);
  });

  it('gain nothing from evaluating the health of API Gateway', () => {
    const graph = graphOf(...targets, record(NAME, { type: 'A', ...alias(API.dr, true) }));
    const never = (): never => {
      throw new Error('asked');
    };
    expect(answerOf(new Bench(graph, { ports: { targetHealthy: never } }))).toBe(API.dr);
  });

  it('of anything else are not modelled', () => {
    const graph = graphOf(record(NAME, { type: 'A', ...alias('d111.cloudfront.net') }));
    expect(() => new Bench(graph)).toThrow('an alias for d111.cloudfront.net is not modelled');
  });
});

describe('other records', () => {
  const vantage = 'vantage.example.com';
  const texts = graphOf(
    ...checks,
    failover(vantage, 'PRIMARY', { type: 'TXT', ttl: 5, records: ['up'], healthCheckId: 'one' }),
    failover(vantage, 'SECONDARY', { type: 'TXT', ttl: 5, records: ['"down"'] }),
    record('www.example.com', { type: 'CNAME', ttl: 60, records: ['elsewhere.example.com'] }),
  );

  it('answer texts without quotation marks and with their own TTL, by failover too', async () => {
    const bench = new Bench(texts, { nature: { answerDelayMs: at } });
    expect(bench.route53.texts(vantage)).toEqual({ values: ['up'], ttlSeconds: 5 });
    bench.route53.stickCheck('one', 'unhealthy');
    await bench.until(10);
    expect(bench.route53.texts(vantage)).toEqual({ values: ['down'], ttlSeconds: 5 });
  });

  it('are found whatever the case of the name, with or without the dot at its end, and else do not exist', () => {
    const { route53 } = new Bench(texts);
    expect(route53.texts('Vantage.Example.com.')?.values).toEqual(['up']);
    expect([route53.texts('nobody.example.com'), route53.addresses(vantage)]).toEqual([undefined, undefined]);
  });

  it('of type CNAME are declared but not modelled', () => {
    const { route53 } = new Bench(texts);
    expect(() => route53.addresses('www.example.com')).toThrow('a CNAME is not modelled');
  });

  it('of other routing are not modelled', () => {
    const weighted = record(NAME, { type: 'TXT', ttl: 5, records: ['x'], weightedRoutingPolicies: [{ weight: 1 }] });
    expect(() => new Bench(graphOf(weighted))).toThrow('weightedRoutingPolicies is not modelled');
  });
});
