import type { Context } from 'aws-lambda';
import { createServer, type Server } from 'node:http';
import * as z from 'zod/mini';

const sent: unknown[] = [];
let primary: Server;
const before = { ...process.env };

beforeEach(async () => {
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, method).mockImplementation(() => undefined);
  }
  primary = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => void (text += chunk.toString()));
    request.on('end', () => {
      sent.push(JSON.parse(text));
      // Nothing is asked for afterwards.
      response.writeHead(202).end(JSON.stringify({ status: 'RECEIVED', writer: { state: 'NOT_ACTIVE', epoch: 2 } }));
    });
  });
  await new Promise<void>((resolve) => primary.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  process.env = { ...before };
  jest.restoreAllMocks();
  await new Promise((resolve) => primary.close(resolve));
});

const CONTEXT: Omit<Context, 'done' | 'fail' | 'succeed'> = {
  awsRequestId: 'request-1',
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'primary-probe-test',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-2:123456789012:function:primary-probe-test',
  memoryLimitInMB: '512',
  logGroupName: '/aws/lambda/primary-probe-test',
  logStreamName: 'stream',
  // Room for the tick that begins at once and for no other.
  getRemainingTimeInMillis: () => 9_100,
};

test('the function draws the id of every request by chance: the same tick in two equal environments gives two', async () => {
  const address = primary.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  Object.assign(process.env, {
    ENVIRONMENT_SUFFIX: 'test',
    AWS_REGION: 'eu-central-2',
    // Nothing listens there: neither signal nor item leaves the probe, and neither holds it up.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_SERVICE_NAME: 'primary-probe',
    POWERTOOLS_METRICS_NAMESPACE: 'tap',
    TARGET_URL: `http://127.0.0.1:${port}`,
    PROBE_WORKLOAD: 'orders',
    // Both invocations fall into one tick, whenever the test runs.
    PROBE_INTERVAL_SECONDS: '86400',
    LEASE_TABLE: 'lease-test',
    METRICS_NAMESPACE: 'tap',
  });
  type Handler = (event: unknown, context: typeof CONTEXT) => Promise<unknown>;
  const { handler } = jest.requireActual<{ handler: Handler }>('../../../lambda/primary-probe/handler');
  expect(await handler({ source: 'schedule' }, CONTEXT)).toEqual({ ticks: 1 });
  expect(await handler({ source: 'schedule' }, CONTEXT)).toEqual({ ticks: 1 });
  const ids = z.parse(z.array(z.object({ orderId: z.uuidv4() })), sent).map(({ orderId }) => orderId);
  expect(new Set(ids).size).toBe(2);
});
