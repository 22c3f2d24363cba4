import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { text } from '../../../analysis/graph/graph';
import { ApiGateway } from '../../../rehearsal/aws/api-gateway/api-gateway';
import { S3 } from '../../../rehearsal/aws/s3/s3';
import { SecretsManager } from '../../../rehearsal/aws/secretsmanager/secrets-manager';
import { Sns } from '../../../rehearsal/aws/sns/sns';
import { EventSourceMappings } from '../../../rehearsal/aws/sqs/event-source-mappings';
import { Sqs } from '../../../rehearsal/aws/sqs/sqs';
import { Ssm } from '../../../rehearsal/aws/ssm/ssm';
import { Authorizer } from '../../../rehearsal/iam/authorizer';
import { call, output, returned, world } from './support';
import type { Graph, GraphResource } from '../../../analysis/graph/graph';
import type { Service, WireFields } from '../../../rehearsal/aws/service';

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateStack('dev');
}, 120_000);

/** A function's variable, in the region. */
function variable(region: string, name: string): string {
  for (const { inputs, region: there } of graph.all('aws:lambda/function:Function')) {
    const environment = inputs['environment'] as { variables?: Record<string, string> } | undefined;
    const value = there === region ? environment?.variables?.[name] : undefined;
    if (value !== undefined) return value;
  }
  throw new Error(`no function in ${region} has ${name}`);
}

function everything() {
  const around = world();
  const authorizer = new Authorizer(graph);
  const sqs = new Sqs(graph, around);
  const polling = { ...around, sqs, access: authorizer };
  return {
    ...around,
    authorizer,
    sqs,
    mappings: new EventSourceMappings(graph, polling),
    sns: new Sns(graph, polling),
    ssm: new Ssm(graph, { ...around, emit: () => undefined }),
    secrets: new SecretsManager(graph, around, { username: 'app', password: 'secret' }),
    s3: new S3(graph, polling),
    api: new ApiGateway(graph, around),
  };
}

const REGIONS = ['eu-central-1', 'eu-central-2'] as const;

describe('the dev stack', () => {
  test('has an API behind every alias record that does not lead to a load balancer', () => {
    const { api } = everything();
    const aliases = graph.all('aws:route53/record:Record').flatMap(({ inputs }: GraphResource) => {
      const [alias] = (inputs['aliases'] ?? []) as readonly { name: string }[];
      return alias && !alias.name.endsWith('.elb.amazonaws.com')
        ? [{ host: text(inputs, 'name'), at: alias.name }]
        : [];
    });
    expect(aliases).toHaveLength(4);
    for (const { at } of aliases) expect(api.serves(at)).toBe(true);
  });

  test('serves each of its hosts with each method, from its record’s address to a function that lets it', async () => {
    const { api, turn, run, invoked, authorizer } = everything();
    turn.result = { ms: 1, of: () => returned({ statusCode: 200, body: '' }) };
    const statuses: number[] = [];
    const paths = [
      'POST /orders',
      'GET /orders/7',
      'POST /payments',
      'GET /payments/7',
      'GET /health',
      'GET /health/deep',
    ];
    for (const { inputs } of graph.all('aws:route53/record:Record')) {
      const [alias] = (inputs['aliases'] ?? []) as readonly { name: string }[];
      if (alias === undefined || !api.serves(alias.name)) continue;
      for (const request of paths) {
        const [method = '', path = ''] = request.split(' ');
        api.request(alias.name, { method, path, host: text(inputs, 'name') }, ({ status }) => statuses.push(status));
      }
    }
    await run(1);
    expect(statuses).toEqual(Array.from({ length: 24 }, () => 200));
    for (const { by, functionArn } of invoked) {
      expect(authorizer.denied(by, [{ action: 'lambda:InvokeFunction', resource: functionArn }])).toBeUndefined();
    }
  });

  test.each(REGIONS)('lets an order through its queue in %s with the rights of the roles', async (region) => {
    const { sqs, turn, run, invoked, authorizer, mappings } = everything();
    turn.result = { ms: 10, of: () => returned(null) };
    const QueueUrl = variable(region, 'ORDER_QUEUE_URL');
    output(sqs, 'SendMessage', { QueueUrl, MessageBody: '{}' }, region);
    await run(60);
    expect(invoked.map(({ by }) => by.from)).toEqual([region]);
    expect(mappings.get(variable(region, 'OWN_CONSUMER_IDS'))?.settings.region).toBe(region);
    expect(authorizer.takeUsage().denied).toEqual([]);
  });

  test('brings a notification from each region to queues of both, and to people', async () => {
    const { sns, run, authorizer } = everything();
    for (const region of REGIONS) {
      sns.publish(
        variable(region, 'OWN_TOPIC_ARN'),
        { subject: 's', body: 'b' },
        {
          principal: 'cloudwatch.amazonaws.com',
          from: region,
          name: 'alarm',
        },
      );
    }
    await run(120);
    expect(sns.deliveries.map(({ protocol }) => protocol).sort()).toEqual([
      'email',
      'email',
      'sqs',
      'sqs',
      'sqs',
      'sqs',
    ]);
    expect(authorizer.takeUsage().denied).toEqual([]);
  });

  test.each(REGIONS)('copies receipts and reports of %s with the rights of the replication role', async (region) => {
    const { s3, run, authorizer } = everything();
    const [receipts, reports] = [variable(region, 'RECEIPTS_BUCKET'), variable(region, 'REPORTS_BUCKET')];
    output(s3, 'PutObject', { Bucket: receipts, Key: 'rtc/1', Body: 'a' }, region);
    output(s3, 'PutObject', { Bucket: reports, Key: 'runs/1', Body: 'b', IfNoneMatch: '*' }, region);
    await run(3_600);
    const there = receipts.replace(region, REGIONS.find((other) => other !== region) ?? '');
    const [copy] = s3.objects(there.includes('eu-central-1') ? 'eu-central-1' : 'eu-central-2', there);
    expect(copy).toMatchObject({ key: 'rtc/1', replica: true });
    expect([...s3.unreplicated(receipts), ...s3.unreplicated(reports)]).toEqual([]);
    expect(authorizer.takeUsage().denied).toEqual([]);
  });

  test.each(REGIONS)('allows the calls of its handlers in %s', (region) => {
    const { authorizer, sqs, sns, ssm, secrets, s3 } = everything();
    const other = REGIONS.find((one) => one !== region) ?? '';
    const ask = (fn: string, service: Service, operation: string, input: WireFields, to: string = region) => {
      const role = graph.all('aws:lambda/function:Function').find(({ inputs, region: there }) => {
        return there === region && inputs['name'] === fn;
      });
      const caller = { principal: text(role?.inputs ?? {}, 'role'), from: region, name: fn };
      return authorizer.denied(caller, service.needs({ ...call(service.name, operation, input, to), caller }));
    };
    const QueueUrl = variable(region, 'ORDER_QUEUE_URL');
    const SecretId = variable(region, 'DATABASE_SECRET_ID');
    const path = variable(region, 'PARAMETER_PATH');
    const limits = variable(region, 'ORDER_LIMITS_PARAMETER');
    const copy = { Name: limits, Value: 'a', Type: 'SecureString', KeyId: variable(region, 'TARGET_KEY_ARN') };
    expect([
      ask('orders-api-dev', sqs, 'SendMessage', { QueueUrl }),
      ask('reconciler-dev', sqs, 'SendMessageBatch', { QueueUrl }),
      ask('orders-api-dev', ssm, 'GetParameter', { Name: limits }),
      ask('order-processor-dev', secrets, 'GetSecretValue', { SecretId }),
      ask('readiness-dev', secrets, 'DescribeSecret', { SecretId }),
      ask('failover-orchestrator-dev', sns, 'Publish', { TopicArn: variable(region, 'OWN_TOPIC_ARN') }),
      ask('failover-orchestrator-dev', sns, 'Publish', { TopicArn: variable(region, 'OTHER_TOPIC_ARN') }, other),
      ask('failover-orchestrator-dev', s3, 'PutObject', { Bucket: variable(region, 'REPORTS_BUCKET'), Key: 'runs/1' }),
      ask('payment-validator-dev', s3, 'PutObject', { Bucket: variable(region, 'RECEIPTS_BUCKET'), Key: 'rtc/1' }),
      ask('parameter-replicator-dev', ssm, 'GetParametersByPath', { Path: path }),
      ask('parameter-replicator-dev', ssm, 'GetParametersByPath', { Path: path }, other),
      ask('parameter-replicator-dev', ssm, 'PutParameter', { ...copy, Tags: [] }, other),
      ask('parameter-replicator-dev', ssm, 'ListTagsForResource', { ResourceId: limits }, other),
      ask('parameter-replicator-dev', ssm, 'DeleteParameter', { Name: limits }, other),
    ]).toEqual(Array.from({ length: 14 }, () => undefined));
  });
});
