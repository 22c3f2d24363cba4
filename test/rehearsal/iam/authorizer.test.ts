import fc from 'fast-check';
import { Graph, type GraphResource, type Values } from '../../../analysis/graph/graph';
import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import type { Caller, Need } from '../../../rehearsal/aws/service';
import { Authorizer } from '../../../rehearsal/iam/authorizer';
import { implicitNeeds, lambdaFor } from '../../../rehearsal/iam/function-needs';

const HOME = 'eu-central-1';
const DR = 'eu-central-2';
const WITNESS = 'eu-west-1';
const ACCOUNT = '123456789012';

let dev: Graph;
let iam: Authorizer;

beforeAll(async () => {
  dev = await evaluateStack('dev');
  iam = new Authorizer(dev);
}, 120_000);

/** The code of a function, as the request handler calls with it. */
const code = (name: string, region: string): Caller => ({
  principal: `arn:aws:iam::${ACCOUNT}:role/${name}-${region}-dev`,
  from: region,
  name: `${name}-dev`,
});
const aws = (principal: string, from: string, sourceArn?: string) => ({
  principal,
  from,
  name: principal,
  ...(sourceArn !== undefined && { sourceArn }),
});
const arn = (service: string, region: string, rest: string): string =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;
const keyOf = (region: string): string => {
  const key = dev.all('aws:kms/key:Key').find((one) => one.region === region);
  return String(key?.outputs['arn']);
};
const arnOf = (type: string, name: string, region: string): string => {
  const found = dev.all(type).find(({ outputs, region: own }) => own === region && outputs['name'] === name);
  return String(found?.outputs['arn']);
};
const may = (caller: Caller & { sourceArn?: string }, action: string, resource: string, context?: Need['context']) =>
  iam.denied(caller, [{ action, resource, ...(context && { context }) }]) === undefined;
const item = (...keys: readonly string[]) => ({ 'dynamodb:LeadingKeys': keys });

describe('what functions of dev may and may not do', () => {
  test('a heartbeat reads and writes the register in all three regions, and promotes nothing', () => {
    const heartbeat = code('heartbeat', HOME);
    for (const region of [HOME, DR, WITNESS]) {
      const register = arn('dynamodb', region, 'table/register-dev');
      expect(['GetItem', 'PutItem', 'DeleteItem'].map((one) => may(heartbeat, `dynamodb:${one}`, register))).toEqual([
        true,
        true,
        false,
      ]);
    }
    const global = `arn:aws:rds::${ACCOUNT}:global-cluster:aurora-global-${HOME}-dev`;
    expect(may(heartbeat, 'rds:FailoverGlobalCluster', global)).toBe(false);
    expect(may(code('failover-orchestrator', DR), 'rds:FailoverGlobalCluster', global)).toBe(true);
  });

  test('items of the lease table are granted one by one', () => {
    const lease = arn('dynamodb', HOME, 'table/lease-dev');
    const heartbeat = code('heartbeat', HOME);
    expect(may(heartbeat, 'dynamodb:GetItem', lease, item('verdict'))).toBe(true);
    expect(may(heartbeat, 'dynamodb:GetItem', lease, item('readiness'))).toBe(false);
    expect(may(heartbeat, 'dynamodb:UpdateItem', lease, item('lease'))).toBe(true);
    expect(may(heartbeat, 'dynamodb:UpdateItem', lease, item('verdict'))).toBe(false);
    expect(may(code('health', HOME), 'dynamodb:PutItem', lease, item('lease'))).toBe(false);
    // The other region's lease is nobody's business.
    expect(may(heartbeat, 'dynamodb:GetItem', arn('dynamodb', DR, 'table/lease-dev'), item('lease'))).toBe(false);
  });

  test('a batch of items is granted only where every one of them is', () => {
    const lease = arn('dynamodb', HOME, 'table/lease-dev');
    const mayReadAtOnce = (...keys: readonly string[]): boolean =>
      may(code('reconciler', HOME), 'dynamodb:BatchGetItem', lease, item(...keys));
    expect(mayReadAtOnce('lease', 'freeze', 'sweep')).toBe(true);
    for (const other of ['verdict', 'readiness', 'probe']) expect(mayReadAtOnce('lease', other)).toBe(false);
    // What it reads at once it need not read one by one.
    expect(
      ['lease', 'verdict', 'freeze', 'sweep'].map((key) =>
        may(code('reconciler', HOME), 'dynamodb:GetItem', lease, item(key)),
      ),
    ).toEqual([true, true, false, false]);
  });

  test('a need that leaves out a key which a policy asks for ends the run: absent, ForAllValues would let it pass', () => {
    const lease = arn('dynamodb', HOME, 'table/lease-dev');
    expect(() => may(code('heartbeat', HOME), 'dynamodb:GetItem', lease)).toThrow('asks for dynamodb:LeadingKeys');
  });

  test('the orchestrator in dr raises the floor of its own fleet, lowers the other one, and stops consumers in both regions', () => {
    const orchestrator = code('failover-orchestrator', DR);
    const fleet = (region: string) => arnOf('aws:autoscaling/group:Group', 'application-fleet-dev', region);
    for (const region of [DR, HOME])
      expect(may(orchestrator, 'autoscaling:UpdateAutoScalingGroup', fleet(region))).toBe(true);
    expect(may(code('reconciler', DR), 'autoscaling:UpdateAutoScalingGroup', fleet(DR))).toBe(false);
    for (const mapping of dev.all('aws:lambda/eventSourceMapping:EventSourceMapping'))
      expect(may(orchestrator, 'lambda:UpdateEventSourceMapping', String(mapping.outputs['arn']))).toBe(true);
    expect(
      may(code('reconciler', DR), 'lambda:UpdateEventSourceMapping', arn('lambda', DR, 'event-source-mapping:x')),
    ).toBe(false);
  });

  test.each([
    [['active.dev.trading.example.com'], ['TXT'], ['UPSERT'], true],
    [['active.dev.trading.example.com'], ['A'], ['UPSERT'], false],
    [['active.dev.trading.example.com'], ['TXT'], ['DELETE'], false],
    [['active.dev.trading.example.com', 'api.dev.trading.example.com'], ['TXT'], ['UPSERT'], false],
  ])('the orchestrator changes records %j of type %j by %j: %s', (names, types, actions, expected) => {
    const context = {
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': names,
      'route53:ChangeResourceRecordSetsRecordTypes': types,
      'route53:ChangeResourceRecordSetsActions': actions,
    };
    const change = 'route53:ChangeResourceRecordSets';
    expect(may(code('failover-orchestrator', DR), change, 'arn:aws:route53:::hostedzone/ZEXISTING', context)).toBe(
      expected,
    );
  });

  test('the API sends to the queue of its own region and takes nothing from it; metrics go to one namespace', () => {
    const api = code('orders-api', HOME);
    expect(may(api, 'sqs:SendMessage', arn('sqs', HOME, 'orders-queue-dev'))).toBe(true);
    expect(may(api, 'sqs:SendMessage', arn('sqs', DR, 'orders-queue-dev'))).toBe(false);
    expect(may(api, 'sqs:ReceiveMessage', arn('sqs', HOME, 'orders-queue-dev'))).toBe(false);
    const put = (namespace: string) =>
      may(code('heartbeat', HOME), 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': [namespace] });
    expect([put('trading-platform-dev'), put('AWS/RDS')]).toEqual([true, false]);
  });

  test('the key is used through the service that a function needs, and not directly', () => {
    const through = (service: string) => ({ 'kms:ViaService': [`${service}.${HOME}.amazonaws.com`] });
    const decrypt = (context?: Need['context']) => may(code('orders-api', HOME), 'kms:Decrypt', keyOf(HOME), context);
    expect([decrypt(through('sqs')), decrypt(through('sns')), decrypt()]).toEqual([true, false, false]);
    const secret = arn('secretsmanager', HOME, 'secret:trading/database-AbCdEf');
    const foreignKey = arn('kms', HOME, 'key/of-the-existing-secret');
    const context = { ...through('secretsmanager'), 'kms:EncryptionContext:SecretARN': [secret] };
    expect(may(code('ledger', HOME), 'kms:Decrypt', foreignKey, context)).toBe(true);
    expect(may(code('ledger', HOME), 'kms:Decrypt', foreignKey, through('secretsmanager'))).toBe(false);
  });

  test('Lambda attaches a function to its VPC with the role, and the code of the function may not', () => {
    const ledger = dev.one('aws:lambda/function:Function', 'control-primary-ledger-function');
    const needs = implicitNeeds(ledger).filter(({ need }) => need.action === 'ec2:CreateNetworkInterface');
    expect(needs.length).toBeGreaterThan(1);
    for (const { need } of needs) {
      expect(iam.denied(lambdaFor(ledger), [need])).toBeUndefined();
      expect(iam.denied(code('ledger', HOME), [need])).toMatch(/NeverFromOwnCode denies it$/);
    }
  });

  test('a role that the graph does not have may nothing', () => {
    expect(may(code('nobody', HOME), 'dynamodb:GetItem', arn('dynamodb', HOME, 'table/register-dev'))).toBe(false);
  });
});

describe('what parts of AWS may do in their own name', () => {
  const invoke = (caller: Caller & { sourceArn?: string }, name: string, region: string): boolean =>
    may(caller, 'lambda:InvokeFunction', arn('lambda', region, `function:${name}-dev`));

  test('who invokes which function, and for which source', () => {
    const rule = (name: string, region: string) =>
      aws('events.amazonaws.com', region, arn('events', region, `rule/${name}-dev`));
    expect(invoke(rule('heartbeat', HOME), 'heartbeat', HOME)).toBe(true);
    expect(invoke(rule('health', HOME), 'heartbeat', HOME)).toBe(false);
    expect(invoke(aws('events.amazonaws.com', HOME), 'heartbeat', HOME)).toBe(false);
    const alarm = (name: string) =>
      aws('lambda.alarms.cloudwatch.amazonaws.com', DR, arn('cloudwatch', DR, `alarm:${name}-dev`));
    expect(invoke(alarm('failover-trigger'), 'failover-orchestrator', DR)).toBe(true);
    expect(invoke(alarm('another'), 'failover-orchestrator', DR)).toBe(false);
    // Only dr's orchestrator is called by an alarm.
    expect(invoke(alarm('failover-trigger'), 'failover-orchestrator', HOME)).toBe(false);
    const mapping = aws('lambda.amazonaws.com', HOME, arn('sqs', HOME, 'orders-queue-dev'));
    expect(invoke(mapping, 'order-processor', HOME)).toBe(true);
  });

  test('API Gateway invokes for the method and the path that a permission names; a parameter stands for any text', () => {
    const api = dev.all('aws:apigateway/stage:Stage').find(({ region }) => region === HOME);
    const request = (path: string) =>
      aws('apigateway.amazonaws.com', HOME, `${String(api?.outputs['executionArn'])}/${path}`);
    expect(invoke(request('GET/orders/o-1'), 'orders-api', HOME)).toBe(true);
    expect(invoke(request('POST/orders'), 'orders-api', HOME)).toBe(true);
    expect(invoke(request('POST/orders/o-1'), 'orders-api', HOME)).toBe(false);
    expect(invoke(request('GET/health'), 'orders-api', HOME)).toBe(false);
  });

  test('alarms of this account, and rules, publish to the encrypted topic, and others do not', () => {
    const topic = arn('sns', HOME, 'alerts-dev');
    const publish = (name: string, context?: Need['context']) => may(aws(name, HOME), 'sns:Publish', topic, context);
    const ours = { 'aws:SourceAccount': [ACCOUNT] };
    expect(publish('cloudwatch.amazonaws.com', ours)).toBe(true);
    // What it sends has no account in it.
    expect(publish('events.amazonaws.com')).toBe(true);
    expect(publish('cloudwatch.amazonaws.com', { 'aws:SourceAccount': ['999999999999'] })).toBe(false);
    expect(publish('cloudwatch.amazonaws.com')).toBe(false);
    expect(publish('s3.amazonaws.com', ours)).toBe(false);
    expect(may(aws('cloudwatch.amazonaws.com', HOME), 'kms:GenerateDataKey', keyOf(HOME))).toBe(true);
    expect(may(aws('s3.amazonaws.com', HOME), 'kms:GenerateDataKey', keyOf(HOME))).toBe(false);
  });

  test('a topic delivers to a queue across regions under the principal of the opt-in region (SNS, cross-region delivery)', () => {
    const deliver = (principal: string, from: string, to: string) =>
      may(aws(principal, from, arn('sns', from, 'alerts-dev')), 'sqs:SendMessage', arn('sqs', to, 'alerts-dev'));
    expect(deliver('sns.amazonaws.com', HOME, HOME)).toBe(true);
    expect(deliver(`sns.${DR}.amazonaws.com`, DR, HOME)).toBe(true);
    expect(deliver(`sns.${DR}.amazonaws.com`, HOME, DR)).toBe(true);
    expect(deliver('sns.amazonaws.com', HOME, DR)).toBe(false);
  });

  test('a role is taken by the service that its trust policy names', () => {
    const take = (service: string, role: string) =>
      may(aws(service, HOME), 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/${role}-${HOME}-dev`);
    expect(take('lambda.amazonaws.com', 'heartbeat')).toBe(true);
    expect(take('s3.amazonaws.com', 'heartbeat')).toBe(false);
    expect(take('s3.amazonaws.com', 'bucket-replication')).toBe(true);
    expect(take('ec2.amazonaws.com', 'application-fleet')).toBe(true);
  });
});

/** A graph in which one resource has other inputs. */
function changed(graph: Graph, name: string, change: (inputs: Values) => Values): Graph {
  const resources = graph.resources.map((one): GraphResource =>
    one.name === name ? { ...one, inputs: change(one.inputs) } : one,
  );
  return new Graph(graph.project, graph.stack, resources, graph.invokes, graph.outputs, graph.warnings);
}

describe('a policy that is changed is found out', () => {
  test('one action taken away denies the call, and says which one', () => {
    const faulty = changed(dev, 'control-dr-orchestrator-policy', (inputs) => ({
      ...inputs,
      policy: String(inputs['policy']).replace('rds:FailoverGlobalCluster', 'rds:SwitchoverGlobalCluster'),
    }));
    const resource = `arn:aws:rds::${ACCOUNT}:global-cluster:aurora-global-${HOME}-dev`;
    const why = new Authorizer(faulty).denied(code('failover-orchestrator', DR), [
      { action: 'rds:FailoverGlobalCluster', resource },
    ]);
    expect(why).toBe(
      `arn:aws:iam::${ACCOUNT}:role/failover-orchestrator-${DR}-dev is not authorized to perform ` +
        `rds:FailoverGlobalCluster on ${resource}: no statement allows it`,
    );
  });

  test('a key that no longer hands the decision to IAM closes every table', () => {
    const faulty = changed(dev, 'key-primary-key', (inputs) => ({
      ...inputs,
      policy: String(inputs['policy']).replace('"Action":"kms:*"', '"Action":"kms:Describe*"'),
    }));
    const context = { 'kms:ViaService': [`dynamodb.${HOME}.amazonaws.com`] };
    const need = { action: 'kms:Decrypt', resource: keyOf(HOME), context };
    expect(iam.denied(code('heartbeat', HOME), [need])).toBeUndefined();
    expect(new Authorizer(faulty).denied(code('heartbeat', HOME), [need])).toMatch(/own policy does not admit it$/);
  });

  test.each([
    ['operators-role', { permissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess' }, 'permissionsBoundary'],
    [
      'operators-role',
      { managedPolicyArns: ['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess'] },
      'managedPolicyArns',
    ],
    ['network-primary-s3', { policy: '{"Statement":[]}' }, 'the policy in policy'],
    ['notifications-primary-topic', { policy: '{}' }, 'policy'],
  ])('%s with %j is an error, because nothing would look at it', (name, inputs, what) => {
    const faulty = changed(dev, name, (own) => ({ ...own, ...inputs }));
    expect(faulty.resources.some((one) => one.name === name)).toBe(true);
    expect(() => new Authorizer(faulty)).toThrow(`iam: ${what} of `);
  });
});

describe('the memory of decisions changes none', () => {
  test('asked again, and of a new authorizer, the answers are the same', () => {
    const principals = ['heartbeat', 'failover-orchestrator', 'health', 'orders-api', 'ledger'];
    const names = fc.constantFrom(...principals);
    const question = fc.record({
      name: names,
      // Sometimes Lambda itself, with the same role.
      by: fc.constantFrom('code', 'lambda'),
      region: fc.constantFrom(HOME, DR),
      action: fc.constantFrom('dynamodb:GetItem', 'dynamodb:UpdateItem', 'kms:Decrypt', 'ec2:DescribeSubnets'),
      resource: fc.constantFrom(
        ...[HOME, DR].flatMap((region) => [
          arn('dynamodb', region, 'table/lease-dev'),
          arn('dynamodb', region, 'table/register-dev'),
        ]),
        'key',
        '*',
      ),
      key: fc.constantFrom('lease', 'verdict', 'probe'),
      via: fc.constantFrom('dynamodb', 's3', 'ssm'),
    });
    const ask = (authorizer: Authorizer, one: Readonly<Record<string, string>>) => {
      const caller = code(one['name'] ?? '', one['region'] ?? '');
      const need = {
        action: one['action'] ?? '',
        resource: one['resource'] === 'key' ? keyOf(one['region'] ?? '') : (one['resource'] ?? ''),
        context: {
          'dynamodb:LeadingKeys': [one['key'] ?? ''],
          'kms:ViaService': [`${one['via']}.${one['region']}.amazonaws.com`],
        },
      };
      return authorizer.denied(one['by'] === 'lambda' ? { ...caller, name: 'lambda' } : caller, [need]);
    };
    fc.assert(
      fc.property(fc.array(question, { minLength: 5, maxLength: 40 }), (questions) => {
        const first = questions.map((one) => ask(iam, one));
        const fresh = new Authorizer(dev);
        expect(questions.map((one) => ask(iam, one))).toEqual(first);
        expect([...questions].reverse().map((one) => ask(fresh, one))).toEqual([...first].reverse());
      }),
      { numRuns: 25 },
    );
  });
});
