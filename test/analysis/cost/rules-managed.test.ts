import { costOf, lambda, line, resource, usdOf } from './support';

// Every figure here is written out by hand; a month has 730 hours, 43,800 minutes and 2,628,000 seconds.

const ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm';

describe('API and queues', () => {
  const api = [
    resource('aws:apigateway/restApi:RestApi'),
    resource('aws:apigateway/domainName:DomainName', { domainName: 'api-eu-central-1.example.com' }),
    lambda('health', {}, 1_024),
    lambda('orders-api'),
    ...['health', 'orders-api'].map((name) =>
      resource(
        'aws:apigateway/integration:Integration',
        {
          uri: `arn:aws:apigateway:eu-central-1:lambda:path/functions/arn:aws:lambda:eu-central-1:1:function:${name}-dev/invocations`,
        },
        'eu-central-1',
        name,
      ),
    ),
  ];
  const check = (requestInterval: number) =>
    resource('aws:route53/healthCheck:HealthCheck', {
      type: 'HTTPS_STR_MATCH',
      fqdn: 'api-eu-central-1.example.com',
      requestInterval,
    });

  test('clients pay for the API by the request, and Lambda by the time', () => {
    const estimate = costOf(api, { ordersPerSecond: 1, readsPerSecond: 4, handlerSeconds: 0.1 });
    // 5/s x 2,628,000 = 13.14 M x 3.70
    expect(line(estimate, 'requests of clients and probes').usd).toBeCloseTo(48.618, 6);
    const seconds = estimate.lines.find(
      ({ what, per }) => what === 'functions for requests and orders' && per === 'GB-second',
    );
    // 13.14 M x 0.1 s x 0.5 GB
    expect(seconds?.quantity).toBeCloseTo(657_000, 3);
  });

  test.each([
    // 16 checkers x 2,628,000 s / 30 s = 1.4016 M requests x 3.70; every 10 s threefold
    [30, 5.18592],
    [10, 15.55776],
  ])("Route 53's checkers ask the API every %i s, which the second region pays", (interval, usd) => {
    const checks = line(costOf([...api, check(interval)]), 'requests of checks and canaries');
    expect(checks.usd).toBeCloseTo(usd, 6);
    expect(checks.standbyUsd).toBe(checks.usd);
  });

  test('a canary asks each address once a run, and pays for runs and its function', () => {
    const canary = resource('aws:synthetics/canary:Canary', {
      schedule: { expression: 'rate(5 minutes)' },
      runConfig: {
        memoryInMb: 1_024,
        environmentVariables: { CANARY_URLS: '["https://api-eu-central-1.example.com/health"]' },
      },
    });
    const estimate = costOf([...api, canary], { ordersPerSecond: 0, readsPerSecond: 0, canarySeconds: 10 });
    // 8,760 runs x 0.0016; 8,760 x 10 s x 1 GB x 0.0000166667; 8,760 requests x 3.70 / M
    expect(line(estimate, 'canary runs').usd).toBeCloseTo(14.016, 6);
    expect(usdOf(estimate, 'functions of canaries')).toBeCloseTo(1.460003 + 0.001752, 5);
    expect(line(estimate, 'requests of checks and canaries').usd).toBeCloseTo(0.032412, 6);
  });

  test('detailed metrics of the API are kept for every method', () => {
    const methods = ['a', 'b'].map((name) => resource('aws:apigateway/method:Method', {}, 'eu-central-1', name));
    const on = resource('aws:apigateway/methodSettings:MethodSettings', { settings: { metricsEnabled: true } });
    const off = resource('aws:apigateway/methodSettings:MethodSettings', { settings: { metricsEnabled: false } });
    // 2 methods x 5 metrics x 0.30
    expect(costOf([...methods, on]).usd).toBeCloseTo(3, 6);
    expect(costOf([...methods, off]).usd).toBe(0);
  });

  test('a queue that a function consumes costs three requests an order and its polls; a dead-letter queue nothing', () => {
    const estimate = costOf(
      [
        resource('aws:sqs/queue:Queue', { name: 'orders-dev' }, 'eu-central-1', 'orders'),
        resource('aws:sqs/queue:Queue', { name: 'orders-dlq-dev' }, 'eu-central-1', 'dead'),
        resource('aws:lambda/eventSourceMapping:EventSourceMapping', {
          eventSourceArn: 'arn:aws:sqs:eu-central-1:1:orders-dev',
          functionName: 'arn:aws:lambda:eu-central-1:1:function:order-processor-dev',
        }),
      ],
      { ordersPerSecond: 1, pollsPerMinute: 15 },
    );
    // (2,628,000 x 3 + 43,800 x 15) / 1 M x 0.40
    expect(estimate.usd).toBeCloseTo(3.4164, 6);
  });

  test('e-mails by the address', () => {
    const subscription = (protocol: string) =>
      resource('aws:sns/topicSubscription:TopicSubscription', { protocol }, 'eu-central-1', protocol);
    const topic = [resource('aws:sns/topic:Topic'), subscription('email'), subscription('sqs')];
    // 1 address x 100 x 0.02 a thousand
    expect(costOf(topic, { emailsPerMonth: 100 }).usd).toBeCloseTo(0.002, 8);
  });
});

describe('tables, buckets, keys', () => {
  test('a global table costs in both regions: storage, the same write twice, point-in-time recovery', () => {
    const table = resource('aws:dynamodb/table:Table', {
      name: 'orders-dev',
      pointInTimeRecovery: { enabled: true },
      replicas: [{ regionName: 'eu-central-2', pointInTimeRecovery: false }],
    });
    const estimate = costOf([table], {
      ordersPerSecond: 1,
      readsPerSecond: 3,
      tableGb: 10,
      writesPerOrder: 2,
      itemReadsPerRequest: 1,
    });
    expect(line(estimate, 'storage of tables').usd).toBeCloseTo(10 * 0.306, 6);
    expect(line(estimate, 'storage of tables', 'eu-central-2').usd).toBeCloseTo(10 * 0.3366, 6);
    // 2.628 M orders x 2 = 5.256 M write units, in each region at its price
    expect(line(estimate, 'writes').usd).toBeCloseTo(5.256 * 0.7625, 6);
    expect(line(estimate, 'replicated writes', 'eu-central-2').usd).toBeCloseTo(5.256 * 0.835, 6);
    // 4/s x 2.628 M = 10.512 M read units in primary alone
    expect(line(estimate, 'reads').usd).toBeCloseTo(10.512 * 0.1525, 6);
    // Only where it is on.
    expect(line(estimate, 'point-in-time recovery').usd).toBeCloseTo(10 * 0.2448, 6);
    expect(usdOf(estimate, 'point-in-time recovery', 'eu-central-2')).toBe(0);
  });

  test('a table of control costs nothing by itself: what is in it is a few kB', () => {
    expect(costOf([resource('aws:dynamodb/table:Table', { name: 'register-dev' })]).usd).toBe(0);
  });

  test('buckets: storage and writes; replication with time control by the GB, and its metrics', () => {
    const rules = [{ destination: { replicationTime: { status: 'Enabled' } } }, { destination: {} }];
    const estimate = costOf(
      [
        resource('aws:s3/bucket:Bucket'),
        resource('aws:s3/bucketReplicationConfig:BucketReplicationConfig', { rules }),
        resource('aws:s3/bucketReplicationConfig:BucketReplicationConfig', { rules }, 'eu-central-2'),
      ],
      { objectsGb: 20, newObjectsGb: 2, objectsPerGb: 10_000 },
    );
    // 20 GB x 0.0245; 20,000 objects x 0.0054 a thousand
    expect(line(estimate, 'storage').usd).toBeCloseTo(0.49, 6);
    expect(line(estimate, 'writes').usd).toBeCloseTo(0.108, 6);
    // 2 GB x 0.015, 2 GB x 0.02; from dr nothing is sent
    expect(line(estimate, 'replication time control').usd).toBeCloseTo(0.03, 6);
    expect(line(estimate, 'transfer to dr').usd).toBeCloseTo(0.04, 6);
    expect(usdOf(estimate, 'transfer to dr', 'eu-central-2')).toBe(0);
    // One rule with time control in each region: 4 x 0.30
    expect(line(estimate, 'metrics of replication rules', 'eu-central-2').usd).toBeCloseTo(1.2, 6);
  });

  test.each(['aws:kms/key:Key', 'aws:kms/replicaKey:ReplicaKey'])('%s costs a dollar', (type) => {
    expect(costOf([resource(type)]).usd).toBe(1);
  });

  test('a secret costs 40 cents, and so does its replica', () => {
    expect(costOf([resource('aws:secretsmanager/secret:Secret')]).usd).toBe(0.4);
  });
});

describe('watching', () => {
  test('alarms: by the metric, below a minute threefold, composite by itself', () => {
    const query = { metric: { period: 60 } };
    const estimate = costOf([
      resource(ALARM, { period: 60 }, 'eu-central-1', 'one'),
      resource(ALARM, { period: 10 }, 'eu-central-1', 'fast'),
      resource(ALARM, { metricQueries: [query, query, { expression: 'a/b' }] }, 'eu-central-1', 'ratio'),
      resource('aws:cloudwatch/compositeAlarm:CompositeAlarm'),
    ]);
    // 1 + 2 metrics x 0.10; 1 x 0.30; 0.50
    expect(line(estimate, 'alarms').usd).toBeCloseTo(0.3, 6);
    expect(line(estimate, 'high-resolution alarms').usd).toBeCloseTo(0.3, 6);
    expect(line(estimate, 'composite alarms').usd).toBe(0.5);
  });

  test("the platform's own metrics: those that functions of the region publish", () => {
    const group = resource('aws:cloudwatch/logGroup:LogGroup', { name: '/aws/lambda/heartbeat-dev' });
    // HeartbeatAgeSeconds, HeartbeatUnhealthy, HeartbeatUnknown, and the operator's Maintenance; FailoverActive is dr's
    expect(line(costOf([group, lambda('heartbeat')]), "the platform's own metrics").quantity).toBe(4);
    const inDr = { ...group, region: 'eu-central-2' };
    const dr = costOf([inDr, lambda('heartbeat', {}, 512, 'eu-central-2')]);
    expect(line(dr, "the platform's own metrics", 'eu-central-2').quantity).toBe(5);
  });

  test.each([
    // HTTPS and the text to look for: 2 options; every 10 s a third one.
    ['every 30 s', 30, 0.5 + 2],
    ['every 10 s', 10, 0.5 + 3],
  ])(
    'a check of an endpoint %s: basic and options, charged to no region, for the second one',
    (_, requestInterval, usd) => {
      const estimate = costOf([
        resource('aws:route53/healthCheck:HealthCheck', {
          type: 'HTTPS_STR_MATCH',
          fqdn: 'app.example.com',
          requestInterval,
        }),
      ]);
      expect(estimate.usd).toBeCloseTo(usd, 6);
      expect(estimate.places.global).toBeCloseTo(usd, 6);
      expect(estimate.standbyShare).toBe(1);
    },
  );

  test.each(['CALCULATED', 'CLOUDWATCH_METRIC'])('a check of type %s has no endpoint and no option', (type) => {
    expect(costOf([resource('aws:route53/healthCheck:HealthCheck', { type })]).usd).toBe(0.5);
  });

  test('a zone costs with one region, too; queries are counted once however many records there are', () => {
    const record = (name: string) => resource('aws:route53/record:Record', {}, 'eu-central-2', name);
    const estimate = costOf([resource('aws:route53/zone:Zone'), record('a'), record('b')], { queriesPerSecond: 2 });
    // 0.50 and 2 x 2.628 M x 0.40
    expect(estimate.usd).toBeCloseTo(0.5 + 2.1024, 6);
    expect(estimate.standbyUsd).toBe(0);
  });

  test('a dashboard costs three dollars', () => {
    expect(costOf([resource('aws:cloudwatch/dashboard:Dashboard')]).usd).toBe(3);
  });
});
