import { costOf, lambda, line, resource, schedule, usdOf } from './support';

// Every figure here is written out by hand; a month has 730 hours, 43,800 minutes and 2,628,000 seconds.

describe('Aurora', () => {
  test('an instance of a class costs its hours', () => {
    const estimate = costOf([resource('aws:rds/clusterInstance:ClusterInstance', { instanceClass: 'db.r6g.large' })]);
    // 730 h x 0.313
    expect(line(estimate, 'instances db.r6g.large').usd).toBeCloseTo(228.49, 2);
  });

  test('a Serverless v2 instance costs its least capacity', () => {
    const estimate = costOf([
      resource('aws:rds/cluster:Cluster', {
        clusterIdentifier: 'aurora',
        backupRetentionPeriod: 1,
        serverlessv2ScalingConfiguration: { minCapacity: 8, maxCapacity: 32 },
      }),
      resource('aws:rds/clusterInstance:ClusterInstance', {
        instanceClass: 'db.serverless',
        clusterIdentifier: 'aurora',
      }),
    ]);
    // 8 ACU x 730 h x 0.14
    expect(line(estimate, 'instances db.serverless').usd).toBeCloseTo(817.6, 2);
  });

  test('a Serverless v2 instance whose cluster is not there is an error, not a zero', () => {
    const orphan = resource('aws:rds/clusterInstance:ClusterInstance', { instanceClass: 'db.serverless' });
    expect(() => costOf([orphan])).toThrow('the cluster of it is not in the graph');
  });

  test('storage in both regions, I/O in primary, replicated writes in dr, transfer out of primary', () => {
    const cluster = { backupRetentionPeriod: 1, clusterIdentifier: 'aurora' };
    const estimate = costOf(
      [
        resource('aws:rds/cluster:Cluster', cluster),
        resource('aws:rds/cluster:Cluster', cluster, 'eu-central-2'),
        resource('aws:rds/globalCluster:GlobalCluster'),
      ],
      { ordersPerSecond: 2, databaseGb: 50, writeIosPerOrder: 10, readIosPerOrder: 5, walKbPerOrder: 10 },
    );
    // 2/s x 2,628,000 s = 5,256,000 orders a month
    expect(line(estimate, 'storage').usd).toBeCloseTo(50 * 0.119, 6);
    expect(line(estimate, 'storage', 'eu-central-2').usd).toBeCloseTo(50 * 0.131, 6);
    // 5.256 M x 15 = 78.84 M I/Os x 0.22
    expect(line(estimate, 'I/O').usd).toBeCloseTo(17.3448, 4);
    // 5.256 M x 10 = 52.56 M x 0.242; replication is the price of the second region
    expect(line(estimate, 'replicated write I/O', 'eu-central-2')).toMatchObject({ basis: 'derived' });
    expect(line(estimate, 'replicated write I/O', 'eu-central-2').usd).toBeCloseTo(12.7195, 4);
    // 5.256 M x 10 kB = 52.56 GB x 0.02, charged to primary, and there because of dr
    const transfer = line(estimate, 'transfer to dr');
    expect([transfer.place, transfer.usd, transfer.standbyUsd]).toEqual([
      'primary',
      expect.closeTo(1.0512, 6),
      expect.closeTo(1.0512, 6),
    ]);
  });

  test('backups cost what the days beyond the first hold', () => {
    const cluster = resource('aws:rds/cluster:Cluster', { backupRetentionPeriod: 7, clusterIdentifier: 'aurora' });
    const estimate = costOf([cluster], { ordersPerSecond: 1, walKbPerOrder: 10 });
    // 2.628 M orders x 10 kB / 30 days = 0.876 GB a day, 6 days of it, 0.023 each
    expect(line(estimate, 'backups').usd).toBeCloseTo(0.876 * 6 * 0.023, 6);
  });
});

describe('network', () => {
  const nat = (name: string) => resource('aws:ec2/natGateway:NatGateway', {}, 'eu-central-1', name);

  test('NAT gateways by the hour; they share one traffic, and their addresses cost beside them', () => {
    const estimate = costOf([nat('a'), nat('b'), resource('aws:ec2/eip:Eip')], { natGb: 100 });
    // 2 x 730 h x 0.052 and 100 GB x 0.052
    expect(line(estimate, 'NAT gateways').usd).toBeCloseTo(75.92, 6);
    expect(line(estimate, 'NAT traffic').usd).toBeCloseTo(5.2, 6);
    // 730 h x 0.005
    expect(line(estimate, 'public IPv4 addresses').usd).toBeCloseTo(3.65, 6);
  });

  test('an interface endpoint costs in every zone; a gateway endpoint nothing', () => {
    const subnetIds = ['a', 'b', 'c'];
    const estimate = costOf([
      resource('aws:ec2/vpcEndpoint:VpcEndpoint', { vpcEndpointType: 'Interface', subnetIds }, 'eu-central-1', 'one'),
      resource('aws:ec2/vpcEndpoint:VpcEndpoint', { vpcEndpointType: 'Gateway' }, 'eu-central-1', 'two'),
    ]);
    // 3 zones x 730 h x 0.012
    expect(estimate.usd).toBeCloseTo(26.28, 6);
  });

  test('a load balancer: its hours, its units, an address in every zone', () => {
    const estimate = costOf(
      [resource('aws:lb/loadBalancer:LoadBalancer', { internal: false, subnets: ['a', 'b', 'c'] })],
      {
        loadUnits: 2,
      },
    );
    // 730 x 0.027 = 19.71; 2 x 730 x 0.008 = 11.68; 3 x 730 x 0.005 = 10.95
    expect(estimate.usd).toBeCloseTo(19.71 + 11.68 + 10.95, 6);
  });

  test('an internal load balancer has no public address', () => {
    const internal = resource('aws:lb/loadBalancer:LoadBalancer', { internal: true, subnets: ['a', 'b', 'c'] });
    expect(usdOf(costOf([internal]), 'public IPv4 addresses')).toBe(0);
  });

  test('a flow log into S3 costs its delivery', () => {
    const estimate = costOf([resource('aws:ec2/flowLog:FlowLog', { logDestinationType: 's3' })], { flowLogGb: 10 });
    // 10 GB x 0.285
    expect(estimate.usd).toBeCloseTo(2.85, 6);
  });
});

describe('fleet', () => {
  const template = resource('aws:ec2/launchTemplate:LaunchTemplate', {
    instanceType: 't4g.small',
    monitoring: { enabled: true },
    blockDeviceMappings: [{ ebs: { volumeSize: 8, volumeType: 'gp3' } }],
  });
  const group = (inputs: object) =>
    resource('aws:autoscaling/group:Group', { launchTemplate: { id: template.id }, maxSize: 6, ...inputs });

  test('instances, disks and metrics of the least size, never of the greatest', () => {
    const estimate = costOf([template, group({ minSize: 2, desiredCapacity: 2 })]);
    // 2 x 730 h x 0.0168 x 1.2
    expect(line(estimate, 't4g.small of the fleet').usd).toBeCloseTo(29.4336, 4);
    // 2 x 8 GB x 0.096
    expect(line(estimate, 'disks of the fleet').usd).toBeCloseTo(1.536, 6);
    // 2 x 7 metrics x 0.30
    expect(line(estimate, "metrics of the fleet's instances").usd).toBeCloseTo(4.2, 6);
  });

  test('a group whose template is not there is an error', () => {
    expect(() => costOf([group({ minSize: 1 })])).toThrow('the launch template it-id of it is not in the graph');
  });
});

describe('functions', () => {
  test('one that ticks works from its first tick to the end of its last one, every minute', () => {
    const estimate = costOf(
      [lambda('heartbeat', { HEARTBEAT_INTERVAL_SECONDS: '10' }), ...schedule('heartbeat', 'rate(1 minute)')],
      {
        tickSeconds: 1,
        logBytes: 0,
      },
    );
    // Ticks at 0, 10, ... 50 (none begins after 55): 51 s x 43,800 x 0.5 GB = 1,116,900 GB-s x 0.0000166667
    const seconds = estimate.lines.find(({ what, per }) => what === 'functions on a schedule' && per === 'GB-second');
    expect(seconds?.quantity).toBeCloseTo(1_116_900, 3);
    expect(seconds?.usd).toBeCloseTo(18.61504, 4);
    // The heartbeat is there because of the second region.
    expect(seconds?.standbyUsd).toBe(seconds?.usd);
  });

  test.each([
    // Ticks begin before 55 s: the last at 40 and at 30.
    ['20', 41],
    ['30', 31],
  ])('ticks of %s s end with the last one that fits: after %i s', (interval, seconds) => {
    const estimate = costOf(
      [
        lambda('primary-probe', { PROBE_INTERVAL_SECONDS: interval }, 1_024),
        ...schedule('primary-probe', 'rate(1 minute)'),
      ],
      { tickSeconds: 1 },
    );
    const found = estimate.lines.find(({ what, per }) => what === 'functions on a schedule' && per === 'GB-second');
    expect(found?.quantity).toBeCloseTo(seconds * 43_800, 3);
  });

  test('what ticks ask of DynamoDB and CloudWatch: 262,800 ticks a month every 10 s', () => {
    const register = (region: string) => resource('aws:dynamodb/table:Table', { name: 'register-dev' }, region, region);
    const registers = ['eu-central-1', 'eu-central-2', 'eu-west-1'].map(register);
    const estimate = costOf([
      ...registers,
      lambda('heartbeat', { HEARTBEAT_INTERVAL_SECONDS: '10' }),
      ...schedule('heartbeat', 'rate(1 minute)'),
    ]);
    // One request a tick to CloudWatch: 262.8 thousand x 0.01
    expect(line(estimate, 'requests of ticks').usd).toBeCloseTo(2.628, 6);
    // In primary the lease and the register: 2 x 0.2628 M x 0.7625; in the witness' region the register: 0.2628 x 0.705
    expect(line(estimate, 'writes of ticks').usd).toBeCloseTo(0.40077, 5);
    expect(line(estimate, 'writes of ticks', 'eu-west-1').usd).toBeCloseTo(0.185274, 6);
    expect(line(estimate, 'writes of ticks', 'eu-west-1').place).toBe('global');
  });

  test('one without ticks works for as long as stated', () => {
    const estimate = costOf([lambda('readiness'), ...schedule('readiness', 'rate(5 minutes)')], { taskSeconds: 3 });
    const found = estimate.lines.find(({ what, per }) => what === 'functions on a schedule' && per === 'GB-second');
    // 43,800 / 5 = 8,760 invocations x 3 s x 0.5 GB
    expect(found?.quantity).toBeCloseTo(13_140, 3);
  });

  test('one that nothing calls costs nothing', () => {
    expect(costOf([lambda('failover-orchestrator')]).usd).toBe(0);
  });

  test('a schedule that the estimate cannot read is an error', () => {
    const cron = [lambda('readiness'), ...schedule('readiness', 'cron(0 12 * * ? *)')];
    expect(() => costOf(cron)).toThrow('readiness has the schedule cron(0 12 * * ? *)');
  });

  test('kept warm: every second of the month', () => {
    const config = resource('aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig', {
      functionName: 'orders-api-dev',
      provisionedConcurrentExecutions: 2,
    });
    // 2 x 0.5 GB x 2,628,000 s x 0.0000050147
    expect(costOf([lambda('orders-api'), config]).usd).toBeCloseTo(13.17863, 4);
  });
});
