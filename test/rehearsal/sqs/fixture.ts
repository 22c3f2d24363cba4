import { NO_OPTIONS } from '../../support/resource-options';
import { Graph } from '../../../analysis/graph/graph';
import type { GraphResource, Values } from '../../../analysis/graph/graph';

// A small stack of two regions in the shapes in which the provider's resources come; dev-graph.test.ts reads the real one.
export const HERE = 'eu-central-1';
export const THERE = 'eu-central-2';
export const ACCOUNT = '123456789012';

function resource(type: string, region: string, id: string, inputs: Values, outputs: Values = {}): GraphResource {
  return {
    urn: `urn:pulumi:test::tap::${type}::${region}-${id}`,
    type,
    name: `${region}-${id}`,
    kind: 'resource',
    id,
    inputs,
    outputs: { ...inputs, ...outputs, region },
    secretInputs: [],
    provider: undefined,
    region,
    parent: undefined,
    dependencies: [],
    propertyDependencies: {},
    options: NO_OPTIONS,
  };
}

export const keyArn = (region: string): string => `arn:aws:kms:${region}:${ACCOUNT}:key/of-${region}`;
export const queueArn = (region: string, name = 'orders'): string => `arn:aws:sqs:${region}:${ACCOUNT}:${name}`;
export const queueUrl = (region: string, name = 'orders'): string =>
  `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${name}`;
export const topicArn = (region: string): string => `arn:aws:sns:${region}:${ACCOUNT}:alerts`;
export const functionArn = (region: string, name = 'processor'): string =>
  `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`;
export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const secretArn = (region: string): string =>
  `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:trading/database-AbCdEf`;
export const mappingId = (region: string): string => `mapping-of-${region}`;
export const bucketName = (region: string): string => `reports-${region}`;
export const address = (region: string, which: 'failover' | 'regional' = 'failover'): string =>
  `d-${which}.execute-api.${region}.amazonaws.com`;

function queue(region: string, name: string, inputs: Values = {}): GraphResource {
  const outputs = { arn: queueArn(region, name), url: queueUrl(region, name) };
  return resource(
    'aws:sqs/queue:Queue',
    region,
    name,
    { name, kmsMasterKeyId: keyArn(region), messageRetentionSeconds: 345_600, ...inputs },
    outputs,
  );
}

function queues(region: string): readonly GraphResource[] {
  const redrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn(region, 'orders-dlq'), maxReceiveCount: 5 });
  return [
    queue(region, 'orders-dlq', { messageRetentionSeconds: 1_209_600 }),
    queue(region, 'orders', { redrivePolicy, visibilityTimeoutSeconds: 180 }),
    queue(region, 'alerts'),
    resource(
      'aws:lambda/function:Function',
      region,
      'processor',
      {
        name: 'processor',
        role: roleArn('processor'),
        environment: { variables: { DATABASE_SECRET_ID: secretArn(region), ORDERS_TABLE: 'orders' } },
      },
      { arn: functionArn(region) },
    ),
    resource(
      'aws:lambda/eventSourceMapping:EventSourceMapping',
      region,
      'consumer',
      {
        batchSize: 10,
        enabled: true,
        eventSourceArn: queueArn(region),
        functionName: functionArn(region),
        functionResponseTypes: ['ReportBatchItemFailures'],
        scalingConfig: { maximumConcurrency: 10 },
      },
      { uuid: mappingId(region) },
    ),
  ];
}

function topics(region: string, other: string): readonly GraphResource[] {
  const topic = topicArn(region);
  const subscription = (id: string, inputs: Values): GraphResource =>
    resource('aws:sns/topicSubscription:TopicSubscription', region, id, { topic, ...inputs });
  return [
    resource(
      'aws:sns/topic:Topic',
      region,
      'alerts',
      { name: 'alerts', kmsMasterKeyId: keyArn(region) },
      { arn: topic },
    ),
    subscription('email', { protocol: 'email', endpoint: 'oncall@example.com' }),
    subscription('here', { protocol: 'sqs', endpoint: queueArn(region, 'alerts'), rawMessageDelivery: false }),
    subscription('there', { protocol: 'sqs', endpoint: queueArn(other, 'alerts'), rawMessageDelivery: false }),
    subscription('function', { protocol: 'lambda', endpoint: functionArn(region) }),
  ];
}

function parameters(region: string): readonly GraphResource[] {
  const parameter = (name: string, inputs: Values): GraphResource =>
    resource(
      'aws:ssm/parameter:Parameter',
      region,
      name,
      { name, ...inputs },
      {
        arn: `arn:aws:ssm:${region}:${ACCOUNT}:parameter${name}`,
      },
    );
  return [
    parameter('/app/limits', {
      type: 'SecureString',
      value: '{"max":1}',
      keyId: keyArn(region),
      description: 'Limits',
    }),
    parameter('/app/feature/name', { type: 'String', value: 'on' }),
    parameter('/application', { type: 'String', value: 'another path' }),
  ];
}

function buckets(region: string, other: string): readonly GraphResource[] {
  const bucket = bucketName(region);
  const rule = (id: string, priority: number, prefix: string, destination: Values): Values => ({
    id,
    priority,
    status: 'Enabled',
    filter: { prefix },
    deleteMarkerReplication: { status: 'Enabled' },
    destination: {
      bucket: `arn:aws:s3:::${bucketName(other)}`,
      encryptionConfiguration: { replicaKmsKeyId: keyArn(other) },
      ...destination,
    },
    sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
  });
  const timed = { metrics: { status: 'Enabled' }, replicationTime: { status: 'Enabled', time: { minutes: 15 } } };
  const encryption = { kmsMasterKeyId: keyArn(region), sseAlgorithm: 'aws:kms' };
  return [
    resource('aws:s3/bucket:Bucket', region, bucket, { bucket }, { arn: `arn:aws:s3:::${bucket}` }),
    resource('aws:s3/bucketVersioning:BucketVersioning', region, `${bucket}-versions`, {
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    }),
    resource(
      'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
      region,
      `${bucket}-encryption`,
      { bucket, rules: [{ applyServerSideEncryptionByDefault: encryption, bucketKeyEnabled: true }] },
    ),
    resource('aws:s3/bucketReplicationConfig:BucketReplicationConfig', region, `${bucket}-replication`, {
      bucket,
      role: roleArn('replication'),
      rules: [rule('catch-all', 1, '', {}), rule('rtc', 10, 'rtc/', timed)],
    }),
  ];
}

function api(region: string): readonly GraphResource[] {
  const restApi = `api-${region}`;
  const executionArn = `arn:aws:execute-api:${region}:${ACCOUNT}:${restApi}`;
  const level = (id: string, parentId: string, pathPart: string): GraphResource =>
    resource('aws:apigateway/resource:Resource', region, id, { restApi, parentId, pathPart });
  const integration = (httpMethod: string, resourceId: string): GraphResource =>
    resource('aws:apigateway/integration:Integration', region, `${httpMethod}-${resourceId}`, {
      restApi,
      httpMethod,
      resourceId,
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn(region, 'orders-api')}/invocations`,
    });
  const domain = (which: 'failover' | 'regional', domainName: string): readonly GraphResource[] => [
    resource(
      'aws:apigateway/domainName:DomainName',
      region,
      domainName,
      { domainName },
      {
        regionalDomainName: address(region, which),
      },
    ),
    resource('aws:apigateway/basePathMapping:BasePathMapping', region, `${domainName}-mapping`, {
      domainName,
      restApi,
      stageName: 'live',
    }),
  ];
  return [
    resource(
      'aws:apigateway/restApi:RestApi',
      region,
      restApi,
      { name: 'trading' },
      { rootResourceId: 'root', executionArn },
    ),
    // A child before its parent: the graph's order is the order of registration.
    level('order', 'orders', '{orderId}'),
    level('orders', 'root', 'orders'),
    integration('POST', 'orders'),
    integration('GET', 'order'),
    resource(
      'aws:apigateway/stage:Stage',
      region,
      `${restApi}-live`,
      { restApi, stageName: 'live' },
      {
        executionArn: `${executionArn}/live`,
      },
    ),
    resource('aws:apigateway/methodSettings:MethodSettings', region, `${restApi}-settings`, {
      restApi,
      stageName: 'live',
      methodPath: '*/*',
      settings: { throttlingRateLimit: 10, throttlingBurstLimit: 3 },
    }),
    ...domain('failover', 'api.example.com'),
    ...domain('regional', `api-${region}.example.com`),
  ];
}

/** The whole stack. */
export function stack(): Graph {
  const resources = [[HERE, THERE] as const, [THERE, HERE] as const].flatMap(([region, other]) => [
    ...queues(region),
    ...topics(region, other),
    ...parameters(region),
    ...buckets(region, other),
    ...api(region),
  ]);
  const read = {
    token: 'aws:secretsmanager/getSecretVersion:getSecretVersion',
    args: {},
    provider: undefined,
    region: HERE,
  };
  return new Graph('tap', 'test', resources, [read], {}, []);
}

/** The graph with other inputs of all resources of a type. */
export function altered(graph: Graph, type: string, change: (inputs: Values, id: string) => Values): Graph {
  const resources = graph.resources.map((one) =>
    one.type === type ? { ...one, inputs: { ...one.inputs, ...change(one.inputs, one.id) } } : one,
  );
  return new Graph(graph.project, graph.stack, resources, graph.invokes, graph.outputs, graph.warnings);
}
