import type { Context } from 'aws-lambda';

const ENVIRONMENT = {
  ENVIRONMENT_SUFFIX: 'test',
  AWS_REGION: 'eu-central-1',
  // Nothing listens there: every call of these tests is refused at once.
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  // Logs through the console that a test can watch; metrics would then be off.
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_METRICS_DISABLED: 'false',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  POWERTOOLS_SERVICE_NAME: 'under-test',
  POWERTOOLS_METRICS_NAMESPACE: 'tap',
  ORDERS_TABLE: 'orders-test',
  TRANSACTIONS_TABLE: 'transactions-test',
  LEASE_TABLE: 'lease-test',
  PROBE_TABLE: 'sessions-test',
  ORDER_QUEUE_URL: 'http://127.0.0.1:1/123456789012/orders-queue-test',
  ORDER_LIMITS_PARAMETER: '/tap/test/limits',
  ORDER_VALIDITY_SECONDS: '900',
  PAYMENT_VALIDITY_SECONDS: '900',
  RECEIPTS_BUCKET: 'receipts-test',
  DATABASE_HOST: '127.0.0.1',
  DATABASE_INSTANCE_HOSTS: '',
  DATABASE_READER_HOST: '127.0.0.1',
  DATABASE_PORT: '1',
  DATABASE_NAME: 'trading',
  DATABASE_SECRET_ID: 'trading/database',
  DATABASE_TLS: 'disable',
  VERDICT_INTERVAL_SECONDS: '10',
  LAG_SAMPLE_INTERVAL_SECONDS: '30',
  HEARTBEAT_INTERVAL_SECONDS: '10',
  PROBE_INTERVAL_SECONDS: '10',
  PROBE_WORKLOAD: 'orders',
  METRICS_NAMESPACE: 'tap',
  TARGET_URL: 'http://127.0.0.1:1',
  REGISTER_TABLE: 'register-test',
  PRIMARY_REGION: 'eu-central-1',
  DR_REGION: 'eu-central-2',
  WITNESS_REGION: 'eu-west-1',
  LEASE_SECONDS: '60',
  GLOBAL_CLUSTER_ID: 'trading-test',
  OWN_CLUSTER_ARN: 'arn:aws:rds:eu-central-1:123456789012:cluster:trading-test',
  OTHER_CLUSTER_ARN: 'arn:aws:rds:eu-central-2:123456789012:cluster:trading-test',
  OTHER_LEDGER_FUNCTION: 'arn:aws:lambda:eu-central-2:123456789012:function:ledger-test',
  FLEET_GROUP: 'none',
  FLEET_FLOOR: '2',
  FLEET_WAITING_FLOOR: '1',
  RPO_BOUND_SECONDS: 'none',
  PARAMETER_GROUP: 'aurora-postgresql17-dev',
  FUNCTION_NAMES: 'health-test,ledger-test',
  MONITOR_FUNCTION: 'replication-monitor-test',
  LEDGER_FUNCTION: 'ledger-test',
  PAYMENT_VALIDATOR_FUNCTION: 'payment-validator-test',
  ORCHESTRATOR_FUNCTION: 'failover-orchestrator-test',
  JOURNAL_TABLE: 'journal-test',
  FAILOVER_MODE: 'automatic',
  RPO_SECONDS: '60',
  OFFERS_ALARMS: 'yes',
  TRIGGER_ALARM: 'failover-trigger-test',
  MAINTENANCE_ALARM: 'maintenance-test',
  UNHEALTHY_ALARM: 'heartbeat-unhealthy-test',
  VANTAGE_RECORD: 'vantage.test.example.com',
  ZONE_NAME_SERVERS: '',
  HOSTED_ZONE_ID: 'Z1',
  ACTIVE_RECORD: 'active.test.example.com',
  OWN_CONSUMER_IDS: '',
  OTHER_CONSUMER_IDS: '',
  OWN_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:alerts-test',
  OTHER_TOPIC_ARN: 'arn:aws:sns:eu-central-2:123456789012:alerts-test',
  REPORTS_BUCKET: 'audit-logs-test',
  OWN_URL: 'http://127.0.0.1:1',
  OTHER_DATABASE_SECRET_ID: 'trading/database',
  CONCURRENCY_NEEDED: '280',
  CONSUMER_IDS: '',
  TABLE_NAMES: 'orders-test',
  BUCKET_NAMES: 'receipts-test',
  DEAD_LETTER_URLS: '',
  TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:alerts-test',
  CANARY_ALARM: 'canary-stopped-test',
  PARAMETERS_ALARM: 'parameters-old-test',
  PROBE_ALARM: 'none',
  TRAFFIC_ALARM: 'none',
  ORCHESTRATOR_ARN: 'none',
  TRIGGER_ALARM_ARN: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:failover-trigger-test',
  OWN_VANTAGE: 'vantage.test.example.com',
  OTHER_VANTAGE: 'vantage-other.test.example.com',
  PARAMETER_PATH: '/tap/test/replicated',
  TARGET_REGION: 'eu-central-2',
  TARGET_KEY_ARN: 'arn:aws:kms:eu-central-2:123456789012:key/target',
};

type CurrentContext = Omit<Context, 'done' | 'fail' | 'succeed'>;
type Handler = (event: unknown, context: CurrentContext) => Promise<unknown>;

const CONTEXT: CurrentContext = {
  awsRequestId: 'request-1',
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'under-test',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:under-test',
  memoryLimitInMB: '256',
  logGroupName: '/aws/lambda/under-test',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 30_000,
};

const before = { ...process.env };
const written: string[] = [];

beforeEach(() => {
  jest.resetModules();
  written.length = 0;
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, method).mockImplementation((...line: unknown[]) => void written.push(String(line[0])));
  }
});
afterEach(() => {
  process.env = { ...before };
  jest.restoreAllMocks();
});

/** Loads a handler as a cold start does: a fresh module, this environment. */
function coldStart(name: string, environment: Readonly<Record<string, string>> = ENVIRONMENT): Handler {
  process.env = { ...before, ...environment };
  return jest.requireActual<{ handler: Handler }>(`../../lambda/${name}/handler`).handler;
}

const request = (path: string) => ({ httpMethod: 'GET', path, body: null, requestContext: { requestId: 'r-1' } });

describe.each([
  'orders-api',
  'order-processor',
  'payment-validator',
  'health',
  'schema-migrator',
  'parameter-replicator',
  'heartbeat',
  'primary-probe',
  'replication-monitor',
  'readiness',
  'ledger',
  'failover-orchestrator',
  'reconciler',
])('%s', (name) => {
  test('does not start with a wrong environment, and names what is missing', () => {
    expect(() => coldStart(name, { AWS_REGION: 'eu-central-1' })).toThrow(/ENVIRONMENT_SUFFIX is missing/);
  });

  test('is an async function without a callback, which is all that Node 24 in Lambda takes', () => {
    expect(coldStart(name)).toHaveLength(2);
  });
});

test.each(['orders-api', 'payment-validator', 'health'])(
  '%s answers 404 to a route that it does not have',
  async (name) => {
    expect(await coldStart(name)(request('/nothing'), CONTEXT)).toMatchObject({ statusCode: 404 });
  },
);

test('orders-api without AWS answers 500, leaks nothing, and logs the cause with the request id', async () => {
  const answer = await coldStart('orders-api')(request('/orders/3f2504e0-4f89-41d3-9a0c-0305e82c3301'), CONTEXT);
  expect(answer).toEqual({
    statusCode: 500,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"message":"Internal error","requestId":"r-1"}',
  });
  const line = written.find((text) => text.includes('the request failed'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({
    level: 'ERROR',
    requestId: 'r-1',
    region: 'eu-central-1',
    service: 'under-test',
    error: { message: expect.any(String) },
  });
}, 20_000);

test('health without AWS and database answers 503 in less than two seconds', async () => {
  const started = Date.now();
  expect(await coldStart('health')(request('/health'), CONTEXT)).toMatchObject({ statusCode: 503 });
  expect(Date.now() - started).toBeLessThan(2_000);
});

test('order-processor without AWS fails closed: it completes the order, returns the poison, and counts by EMF', async () => {
  const time = new Date().toISOString();
  const order = {
    orderId: 'o1',
    symbol: 'SAP',
    side: 'BUY',
    quantity: 1,
    limitPrice: '180',
    account: 'a',
    receivedAt: time,
    validUntil: time,
    region: 'eu-central-1',
  };
  const event = {
    Records: [
      { messageId: 'm0', body: JSON.stringify(order) },
      { messageId: 'm1', body: 'poison' },
    ],
  };
  expect(await coldStart('order-processor')(event, CONTEXT)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  const metrics = written.find((line) => line.includes('CloudWatchMetrics'));
  expect(JSON.parse(metrics ?? '{}')).toMatchObject({
    service: 'under-test',
    FencedMessages: 1,
    _aws: { CloudWatchMetrics: [{ Namespace: 'tap', Metrics: [{ Name: 'FencedMessages', Unit: 'Count' }] }] },
  });
}, 20_000);

test('payment-validator without AWS settles nothing that is recorded, and tells the reconciler so', async () => {
  const handler = coldStart('payment-validator');
  expect(await handler({ action: 'settle', paymentIds: ['p1'] }, CONTEXT)).toEqual({ paymentIds: [] });
  await expect(handler({ action: 'settle', paymentIds: 'p1' }, CONTEXT)).rejects.toMatchObject({
    name: 'MalformedError',
  });
}, 20_000);

test('schema-migrator without a secret fails with a typed error, so that the deployment sees it', async () => {
  await expect(coldStart('schema-migrator')({}, CONTEXT)).rejects.toMatchObject({ name: 'DatabaseUnavailableError' });
  expect(written.some((line) => line.includes('the invocation failed'))).toBe(true);
}, 20_000);

test('failover-orchestrator takes no event that is none of ours, and says what it would take', async () => {
  await expect(coldStart('failover-orchestrator')({ action: 'promote' }, CONTEXT)).rejects.toMatchObject({
    name: 'UnknownEventError',
  });
}, 20_000);

test('parameter-replicator without a lease skips, because it fails closed', async () => {
  expect(await coldStart('parameter-replicator')({ source: 'schedule' }, CONTEXT)).toMatchObject({
    status: 'SKIPPED',
    reason: 'UNKNOWN',
  });
}, 20_000);
