import { z } from 'zod';
import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { physicalNameOf } from '../../analysis/graph/physical-name';
import { parseOutputs } from '../../ops/outputs-file';
import { NAME_LIMITS } from '../../lib/naming';
import { CONTROL, functionIn, listed, policiesIn } from './control-support';
import type { Graph, Value } from '../../analysis/graph/graph';

let dev: Graph;
let withoutTrading: Graph;

beforeAll(async () => {
  dev = await evaluateStack('dev');
  // With a bound of the lag as well, which changes nothing that the others look at.
  withoutTrading = await evaluateStack('dev', { overrides: { trading: 'false', rpoEnforcementSeconds: '60' } });
});

const strings = (value: Value): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(strings)
      : [];

/** What the orchestrator of a region may do in the other one, or to the database: statement, actions and resources. */
const handingOver = (graph: Graph, region: string) =>
  policiesIn(graph, region)
    .flatMap(([name, statements]) => (name === 'failover-orchestrator' ? statements : []))
    .filter(({ Sid }) => /There$|^Promote|^SwitchOver|^Bound/.test(Sid) && !Sid.startsWith('KeyThrough'))
    .map(
      ({ Sid, Action, Resource }) =>
        `${Sid}: ${listed(Action).join(' ')} on ${listed(Resource).map(shortened).join(' ')}`,
    );

/** `dynamodb eu-central-1 table/orders-dev`. */
const shortened = (arn: string): string => {
  const [, , service, region, , ...rest] = arn.split(':');
  return [service, region, rest.join(':')].filter(Boolean).join(' ');
};

/** What the reconciler may do to have executed what has no row: statement, actions and resources. */
const sweeping = (graph: Graph, region: string) =>
  policiesIn(graph, region)
    .flatMap(([name, statements]) => (name === 'reconciler' ? statements : []))
    .filter(({ Sid }) => /^(Find|Queue|Settle)/.test(Sid))
    .map(({ Sid, Action, Resource }) => [Sid, listed(Action), listed(Resource)] as const);

describe('the whole program', () => {
  test('two stacks with different suffixes in one account and region pair share no physical name', async () => {
    const names = (graph: Graph): Set<string> =>
      new Set(graph.created.map((r) => physicalNameOf(r)).filter((name) => name !== undefined));
    // One suffix begins like the other: nothing may be cut off at a hyphen.
    const other = await evaluateStack('dev', { overrides: { environmentSuffix: 'dev-1' } });
    const [one, two] = [names(dev), names(other)];
    expect([...one].filter((name) => two.has(name))).toEqual([]);
  });

  test.each([
    ['eu-central-1', 'eu-central-2'],
    ['eu-central-2', 'eu-central-1'],
  ])(
    'the orchestrator in %s may end the writes of %s and take its database over, and reads what that needs (X6)',
    (own, other) => {
      const clusters = `rds ${own} cluster:aurora-${own}-dev rds ${other} cluster:aurora-${other}-dev`;
      const database = `rds global-cluster:aurora-global-eu-central-1-dev ${clusters}`;
      expect(handingOver(dev, own)).toEqual([
        `Promote: rds:FailoverGlobalCluster on ${database}`,
        `ReadSweepThere: dynamodb:GetItem on dynamodb ${other} table/lease-dev`,
        `SeeRunThere: dynamodb:GetItem on dynamodb ${other} table/journal-dev`,
        `EndWritesThere: lambda:InvokeFunction on lambda ${other} function:ledger-dev`,
        `SwitchOver: rds:SwitchoverGlobalCluster on ${database}`,
        expect.stringMatching(
          new RegExp(`^LowerFloorThere: autoscaling:UpdateAutoScalingGroup on autoscaling ${other} `),
        ),
      ]);
    },
  );

  test('the bound of the lag moves with the writer where there is one, and with these rights only', () => {
    const bound = handingOver(withoutTrading, 'eu-central-2').filter((line) => /Bound/.test(line));
    expect(bound).toEqual([
      'BoundLagHere: rds:ModifyDBClusterParameterGroup on rds eu-central-2 cluster-pg:aurora-postgresql17-rpo-60-dev',
      'LiftBoundThere: rds:ResetDBClusterParameterGroup on rds eu-central-1 cluster-pg:aurora-postgresql17-rpo-60-dev',
    ]);
    expect(functionIn(withoutTrading, 'failover-orchestrator', 'eu-central-2')?.inputs['environment']).toMatchObject({
      variables: { RPO_BOUND_SECONDS: '60', PARAMETER_GROUP: 'aurora-postgresql17-rpo-60-dev' },
    });
    expect(functionIn(dev, 'failover-orchestrator', 'eu-central-2')?.inputs['environment']).toMatchObject({
      variables: { RPO_BOUND_SECONDS: 'none' },
    });
  });

  test('who follows the database is asked of RDS where the lag is to be bounded, and of nobody elsewhere', () => {
    const asked = (graph: Graph) => graph.invokes.filter(({ token }) => token.includes('getGlobalCluster'));
    expect(asked(dev)).toEqual([]);
    expect(asked(withoutTrading)).toMatchObject([
      { args: { identifier: 'aurora-global-eu-central-1-dev' }, region: 'eu-central-1' },
    ]);
  });

  test('environmentSuffix travels under one name from configuration to a function', () => {
    const processor = dev
      .all('aws:lambda/function:Function')
      .find(({ inputs }) => inputs['name'] === 'order-processor-dev');
    expect(processor?.inputs['environment']).toMatchObject({
      variables: {
        ENVIRONMENT_SUFFIX: 'dev',
        ORDERS_TABLE: 'orders-dev',
        LEASE_TABLE: 'lease-dev',
        DATABASE_HOST: expect.stringMatching(/^aurora-eu-central-1-dev\.cluster-/) as string,
        DATABASE_SECRET_ID: expect.stringContaining(':secretsmanager:eu-central-1:') as string,
      },
    });
  });

  test('a function names only things of its own region, unless the other one is its work', () => {
    const [primary, dr] = ['eu-central-1', 'eu-central-2'];
    const crossing = dev
      .all('aws:lambda/function:Function')
      .filter((f) =>
        strings(f.inputs['environment']).some((value) => value.includes(f.region === primary ? dr : primary)),
      );
    // The registers are in both regions on purpose; a function that answers clients or the database needs neither.
    const names = crossing.map(({ inputs }) => String(inputs['name']).replace(/-dev$/, ''));
    expect([...new Set(names)].sort()).toEqual([
      'failover-orchestrator',
      'heartbeat',
      'parameter-replicator',
      'primary-probe',
      'readiness',
      'reconciler',
    ]);
    expect(crossing.filter(({ inputs }) => inputs['vpcConfig'] !== undefined)).toEqual([]);
  });

  test('exports what operators and integration tests need, and only of workloads that are on (N13)', async () => {
    expect(() => parseOutputs(dev.outputs, 'dev')).not.toThrow();
    expect(dev.outputs).toMatchObject({
      apiEndpoint: 'https://api.dev.trading.example.com',
      primaryEndpoint: 'https://api-eu-central-1.dev.trading.example.com',
      drEndpoint: 'https://api-eu-central-2.dev.trading.example.com',
      drHealthCheckUrl: 'https://api-eu-central-2.dev.trading.example.com/health',
      ordersTable: 'orders-dev',
      drReceiptsBucket: 'receipts-123456789012-eu-central-2-dev',
      drTopicName: 'alerts-dev',
      operatorRoleArn: 'arn:aws:iam::123456789012:role/operator-eu-central-2-dev',
    });
    expect(dev.outputs['drClusterEndpoint']).toMatch(/^aurora-eu-central-2-dev\.cluster-/);
    expect(() => parseOutputs(withoutTrading.outputs, 'dev')).not.toThrow();
    expect(Object.keys(withoutTrading.outputs).filter((name) => /order|session|application/i.test(name))).toEqual([]);
  });

  // Elastic Load Balancing answers InvalidSubnet, "VPC ... has no internet gateway", half way through the first `up`.
  test('what faces the internet is made after its VPC’s way there, and deleted before it', () => {
    const facing = [...dev.all('aws:lb/loadBalancer:LoadBalancer'), ...dev.all('aws:ec2/natGateway:NatGateway')];
    expect(facing.filter(({ type }) => type.startsWith('aws:lb/'))).toHaveLength(2);
    const ways = dev
      .all('aws:ec2/route:Route')
      .filter(({ inputs }) => inputs['destinationCidrBlock'] === '0.0.0.0/0' && inputs['gatewayId'] !== undefined);
    expect(ways.map(({ region }) => region).sort()).toEqual(['eu-central-1', 'eu-central-2']);
    const early = facing.filter((one) => !ways.some((way) => way.region === one.region && dev.dependsOn(one, way)));
    expect(early.map(({ name }) => name)).toEqual([]);
  });

  test('only load balancers listen to the world, on the web ports', () => {
    const open = dev.created
      .filter(
        (r) => /SecurityGroupIngressRule|SecurityGroupRule/.test(r.type) && strings(r.inputs).includes('0.0.0.0/0'),
      )
      .map(({ inputs }) => [inputs['fromPort'], inputs['toPort']]);
    expect([...new Set(open.map((ports) => ports.join('-')))].sort()).toEqual(['443-443', '80-80']);
  });

  test('both workloads can be switched off, and everything else stays', async () => {
    const names = withoutTrading.created.map((r) => physicalNameOf(r) ?? '');
    expect(names.filter((name) => /order|trading-reports|static-content|session/.test(name))).toEqual([]);
    expect(names).toContain('payment-validator-dev');

    const withoutPayments = await evaluateStack('dev', { overrides: { payments: 'false' } });
    const others = withoutPayments.created.map((r) => physicalNameOf(r) ?? '');
    expect(others.filter((name) => /payment|receipt|transaction/.test(name))).toEqual([]);
    expect(others).toContain('order-processor-dev');
    expect(sweeping(withoutPayments, 'eu-central-2').map(([sid]) => sid)).toEqual(['FindOrders', 'QueueOrders']);
  });

  test('a local stack differs in its database address alone: no branch elsewhere asks whether it is local', async () => {
    const remote = await evaluateStack('local', {
      overrides: { databaseHost: null, databasePort: null, databaseTls: null },
    });
    const local = await evaluateStack('local');
    const shape = (graph: Graph): string[] => graph.created.map(({ type, name }) => `${type} ${name}`).sort();
    expect(shape(local)).toEqual(shape(remote));
    const differing = local.created.filter((resource) => {
      const twin = remote.one(resource.type, resource.name);
      return JSON.stringify(resource.inputs) !== JSON.stringify(twin.inputs);
    });
    expect([...new Set(differing.map(({ type }) => type))]).toEqual(['aws:lambda/function:Function']);
  });

  test('names stay within the limits of AWS with the longest suffix that is allowed', async () => {
    const longest = await evaluateStack('dev', { overrides: { environmentSuffix: 'a1234567890123456789' } });
    const limits: Readonly<Record<string, number>> = {
      'aws:iam/role:Role': NAME_LIMITS['IAM role'],
      'aws:lambda/function:Function': NAME_LIMITS['Lambda function'],
      'aws:sqs/queue:Queue': NAME_LIMITS['SQS queue'],
      'aws:s3/bucket:Bucket': NAME_LIMITS['S3 bucket'],
      'aws:lb/loadBalancer:LoadBalancer': NAME_LIMITS['load balancer'],
      'aws:lb/targetGroup:TargetGroup': NAME_LIMITS['load balancer target group'],
      'aws:rds/cluster:Cluster': NAME_LIMITS['ElastiCache or RDS identifier'],
      'aws:cloudwatch/eventRule:EventRule': NAME_LIMITS['EventBridge rule'],
    };
    const tooLong = longest.created.filter((r) => (physicalNameOf(r) ?? '').length > (limits[r.type] ?? 255));
    expect(tooLong.map(physicalNameOf)).toEqual([]);
  });
});

describe('what notices, decides and takes over', () => {
  const REGIONS = ['eu-central-1', 'eu-central-2'] as const;
  const mayDo = (action: string, region: string): readonly string[] =>
    policiesIn(dev, region).flatMap(([name, statements]) =>
      statements.some(({ Action }) => listed(Action).includes(action)) ? [name] : [],
    );

  test.each(Object.entries(CONTROL))('%s accepts the environment that it is deployed with', (name, read) => {
    for (const region of REGIONS) {
      const found = functionIn(dev, name, region);
      if (!found && name === 'primary-probe' && region === 'eu-central-1') continue;
      const variables = z.object({ variables: z.record(z.string(), z.string()) }).parse(found?.inputs['environment']);
      expect(() => read({ ...variables.variables, AWS_REGION: region })).not.toThrow();
    }
  });

  test.each(REGIONS)('in %s three functions can open the lease, and nobody else (X4)', (region) => {
    const writers = policiesIn(dev, region).flatMap(([name, statements]) =>
      statements
        .filter(({ Action }) => listed(Action).some((action) => /dynamodb:(Put|Update|Delete)Item/.test(action)))
        .filter(({ Resource }) => listed(Resource).some((arn) => arn.endsWith(':table/lease-dev')))
        .filter(({ Condition }) => {
          const keys = z
            .object({ 'ForAllValues:StringEquals': z.object({ 'dynamodb:LeadingKeys': z.array(z.string()) }) })
            .safeParse(Condition);
          // A statement without the condition could write every item.
          return !keys.success || keys.data['ForAllValues:StringEquals']['dynamodb:LeadingKeys'].includes('lease');
        })
        .map(() => name),
    );
    expect([...new Set(writers)].sort()).toEqual(['failover-orchestrator', 'heartbeat', 'reconciler']);
  });

  test.each(REGIONS)(
    'in %s the reconciler has orders queued and payments settled, there and nowhere else (X10)',
    (region) => {
      const inRegion = (service: string, name: string) => [`arn:aws:${service}:${region}:123456789012:${name}`];
      const payments = [
        ['FindPayments', ['dynamodb:Query'], inRegion('dynamodb', 'table/transactions-dev/index/byReceived')],
        ['SettlePayments', ['lambda:InvokeFunction'], inRegion('lambda', 'function:payment-validator-dev')],
      ];
      expect(sweeping(dev, region)).toEqual([
        ['FindOrders', ['dynamodb:Query'], inRegion('dynamodb', 'table/orders-dev/index/byReceived')],
        ['QueueOrders', ['sqs:GetQueueAttributes', 'sqs:SendMessage'], inRegion('sqs', 'orders-queue-dev')],
        ...payments,
      ]);
      expect(sweeping(withoutTrading, region)).toEqual(payments);
    },
  );

  test.each(REGIONS)(
    'in %s the orchestrator alone can promote, move the record and stop consumers (F1, F6)',
    (region) => {
      for (const action of [
        'rds:FailoverGlobalCluster',
        'route53:ChangeResourceRecordSets',
        'lambda:UpdateEventSourceMapping',
        'autoscaling:UpdateAutoScalingGroup',
      ])
        expect([action, mayDo(action, region)]).toEqual([action, ['failover-orchestrator']]);
    },
  );

  test('nothing is granted on everything, except where AWS knows no resource', () => {
    const wide = REGIONS.flatMap((region) =>
      policiesIn(dev, region).flatMap(([, statements]) =>
        statements
          .filter(({ Effect, Resource }) => Effect === 'Allow' && listed(Resource).includes('*'))
          .flatMap(({ Action }) => listed(Action)),
      ),
    );
    expect([...new Set(wide)].sort()).toEqual([
      'autoscaling:DescribeAutoScalingGroups',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:PutMetricData',
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
      'lambda:GetAccountSettings',
      'rds:DescribeDBClusters',
      'rds:DescribeGlobalClusters',
      's3:ListAllMyBuckets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test('what decides is outside the VPC, and outlives a network that fails', () => {
    const inside = Object.keys(CONTROL).filter(
      (name) => functionIn(dev, name, 'eu-central-2')?.inputs['vpcConfig'] !== undefined,
    );
    expect(inside).toEqual(['replication-monitor', 'ledger']);
  });

  test('the alarm calls the orchestrator of dr and nobody in primary; a crash is told of and tried again once', () => {
    const called = dev
      .all('aws:lambda/permission:Permission')
      .filter(({ inputs }) => inputs['principal'] === 'lambda.alarms.cloudwatch.amazonaws.com');
    expect(called.map(({ region }) => region)).toEqual(['eu-central-2']);
    for (const { inputs } of dev.all('aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig'))
      expect(inputs).toMatchObject({ maximumRetryAttempts: 1, maximumEventAgeInSeconds: 300 });
  });
});
