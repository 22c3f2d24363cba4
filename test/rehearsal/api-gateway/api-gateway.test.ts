import { createRouter, json } from '../../../lambda/shared/http';
import { ApiGateway } from '../../../rehearsal/aws/api-gateway/api-gateway';
import { answerOf } from '../../../rehearsal/aws/api-gateway/proxy-answer';
import { ACCOUNT, address, altered, functionArn, HERE, stack, THERE } from '../sqs/fixture';
import { returned, START, world } from '../sqs/support';
import type { HttpRequest } from '../../../rehearsal/aws/api-gateway/proxy-event';
import type { HttpAnswer, InvocationResult } from '../../../rehearsal/aws/ports';

const NATURE = { overheadMs: { least: 5, most: 5 }, metricsAtMs: { least: 30_000, most: 30_000 } };
const OK = returned({ statusCode: 202, headers: {}, body: '{"ok":true}' });
const ORDER: HttpRequest = { method: 'POST', host: 'api.example.com', path: '/orders', body: '{"quantity":1}' };

function api() {
  const around = world();
  around.turn.result = { ms: 20, of: () => OK };
  const gateway = new ApiGateway(stack(), around, NATURE);
  const answers: { readonly at: number; readonly answer: HttpAnswer }[] = [];
  const ask = (request: Partial<HttpRequest> = {}, at = address(HERE)): void => {
    gateway.request(at, { ...ORDER, ...request }, (answer) => {
      answers.push({ at: around.clock.now() - START, answer });
    });
  };
  const statuses = (): readonly number[] => answers.map(({ answer }) => answer.status);
  return { ...around, gateway, ask, answers, statuses };
}

describe('a request', () => {
  test('goes by address to a region and by host name to an API, whose function answers', async () => {
    const { ask, run, answers, invoked } = api();
    ask();
    ask({}, address(THERE));
    ask({ host: `api-${HERE}.example.com` }, address(HERE, 'regional'));
    await run(1);
    expect(invoked.map((one) => one.functionArn)).toEqual([
      functionArn(HERE, 'orders-api'),
      functionArn(THERE, 'orders-api'),
      functionArn(HERE, 'orders-api'),
    ]);
    expect(answers[0]).toEqual({ at: 25, answer: { status: 202, body: '{"ok":true}' } });
  });

  // API Gateway guide, "Control access to a REST API with Lambda permissions": the ARN of the method behind the invocation.
  test('invokes in the name of API Gateway for one method of one stage', async () => {
    const { ask, run, invoked } = api();
    ask();
    ask({ method: 'GET', path: '/orders/7' });
    await run(1);
    const execution = `arn:aws:execute-api:${HERE}:${ACCOUNT}:api-${HERE}/live`;
    expect(invoked.map(({ by }) => [by.principal, by.sourceArn])).toEqual([
      ['apigateway.amazonaws.com', `${execution}/POST/orders`],
      ['apigateway.amazonaws.com', `${execution}/GET/orders/{orderId}`],
    ]);
  });

  // API Gateway guide, "Gateway response types": MISSING_AUTHENTICATION_TOKEN also for "an unsupported API method or resource".
  test.each<[string, Partial<HttpRequest>, string]>([
    ['an unknown path', { path: '/none' }, 'Missing Authentication Token'],
    ['another method of a known path', { method: 'DELETE' }, 'Missing Authentication Token'],
    ['a longer path', { method: 'GET', path: '/orders/7/items' }, 'Missing Authentication Token'],
    ['the API’s root', { path: '/' }, 'Missing Authentication Token'],
    ['a host name of nobody', { host: 'other.example.com' }, 'Forbidden'],
    ['the regional host name of the other region', { host: `api-${THERE}.example.com` }, 'Forbidden'],
  ])('for %s is forbidden, without any function', async (_what, request, message) => {
    const { ask, run, answers, invoked } = api();
    ask(request);
    await run(1);
    expect(answers.map(({ answer }) => answer)).toEqual([{ status: 403, body: JSON.stringify({ message }) }]);
    expect(invoked).toEqual([]);
  });

  test('at an address that is not API Gateway’s ends the run', () => {
    const { ask, gateway } = api();
    expect(gateway.serves('elb.example.com')).toBe(false);
    expect(() => ask({}, 'elb.example.com')).toThrow('elb.example.com is no address of API Gateway');
  });
});

describe('the event of the proxy integration', () => {
  // API Gateway guide, "Input format of a Lambda function for proxy integration".
  test('has the documented form', async () => {
    const { ask, run, invoked } = api();
    ask({ method: 'GET', path: '/orders/a%20b?full=1', headers: { 'User-Agent': 'client' } });
    await run(1);
    const headers = {
      'User-Agent': 'client',
      Host: 'api.example.com',
      'X-Forwarded-For': '203.0.113.10',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
    };
    expect(invoked[0]?.event).toEqual({
      resource: '/orders/{orderId}',
      path: '/orders/a%20b',
      httpMethod: 'GET',
      headers,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      queryStringParameters: { full: '1' },
      multiValueQueryStringParameters: { full: ['1'] },
      pathParameters: { orderId: 'a b' },
      stageVariables: null,
      requestContext: {
        resourceId: 'order',
        resourcePath: '/orders/{orderId}',
        httpMethod: 'GET',
        extendedRequestId: expect.any(String) as unknown,
        requestTime: '01/Jan/2026:00:00:00 +0000',
        path: '/orders/a%20b',
        accountId: ACCOUNT,
        protocol: 'HTTP/1.1',
        stage: 'live',
        domainPrefix: 'api',
        requestTimeEpoch: START + 5,
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        identity: {
          cognitoIdentityPoolId: null,
          accountId: null,
          cognitoIdentityId: null,
          caller: null,
          accessKey: null,
          cognitoAuthenticationType: null,
          cognitoAuthenticationProvider: null,
          userArn: null,
          user: null,
          sourceIp: '203.0.113.10',
          userAgent: 'client',
        },
        domainName: 'api.example.com',
        apiId: `api-${HERE}`,
      },
      body: '{"quantity":1}',
      isBase64Encoded: false,
    });
  });

  test('is what our handlers’ own router reads', async () => {
    const { ask, run, invoked } = api();
    ask();
    ask({ method: 'GET', path: '/orders/a%20b', body: '' });
    await run(1);
    const read: unknown[] = [];
    const route = (method: string, path: string) => ({
      method,
      path,
      handle: (request: unknown) => {
        read.push(request);
        return Promise.resolve(json(200, {}));
      },
    });
    const router = createRouter([route('POST', '/orders'), route('GET', '/orders/{orderId}')], {
      error: (message) => {
        throw new Error(message);
      },
    });
    for (const { event } of invoked) await router(JSON.parse(JSON.stringify(event)), 'invocation');
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown;
    expect(read).toEqual([
      { requestId, parameters: {}, body: '{"quantity":1}' },
      { requestId, parameters: { orderId: 'a b' }, body: '' },
    ]);
  });
});

describe('a function’s result', () => {
  const badGateway = { status: 502, body: '{"message":"Internal server error"}' };
  // API Gateway guide, "Output format of a Lambda function for proxy integration".
  test.each<[string, InvocationResult, HttpAnswer]>([
    ['is the answer', returned({ statusCode: 201, body: 'a' }), { status: 201, body: 'a' }],
    ['may be without a body', returned({ statusCode: 204 }), { status: 204, body: '' }],
    ['may be base64', returned({ statusCode: 200, body: 'YQ==', isBase64Encoded: true }), { status: 200, body: 'a' }],
    ['of another form is a 502', returned({ status: 200 }), badGateway],
    ['that is a text is a 502', returned('ok'), badGateway],
    ['that is nothing is a 502', returned(null), badGateway],
    ['with a body that is no text is a 502', returned({ statusCode: 200, body: {} }), badGateway],
    ['that is an error is a 502', { kind: 'failed', errorType: 'Error', message: 'no' }, badGateway],
    ['that is lost is a 502', { kind: 'lost', why: 'timed out after 28000 ms' }, badGateway],
  ])('%s', (_how, result, answer) => {
    expect(answerOf(result)).toEqual(answer);
  });

  // API Gateway guide, "Gateway response types", INTEGRATION_TIMEOUT, and quotas: 29 seconds.
  test('that takes longer than 29 seconds is a 504, and nobody hears of it any more', async () => {
    const { ask, run, answers, invoked, turn } = api();
    turn.result = undefined;
    ask();
    await run(40);
    invoked[0]?.end(OK);
    expect(answers).toEqual([
      { at: 29_005, answer: { status: 504, body: '{"message":"Endpoint request timed out"}' } },
    ]);
  });
});

// API Gateway guide, "Throttle requests to your REST APIs": token bucket, rate and burst of a stage's methods.
describe('throttling', () => {
  test('answers 429 beyond burst and rate, for each method by itself', async () => {
    const { ask, run, statuses } = api();
    for (let index = 0; index < 5; index += 1) ask();
    ask({ method: 'GET', path: '/orders/7' });
    await run(1);
    expect([...statuses()].sort()).toEqual([202, 202, 202, 202, 429, 429]);
    await run(60);
    for (let index = 0; index < 5; index += 1) ask();
    await run(61);
    expect(statuses().slice(-5).sort()).toEqual([202, 202, 202, 429, 429]);
  });

  test('is not there without settings', async () => {
    const around = world();
    around.turn.result = { ms: 1, of: () => OK };
    const none = altered(stack(), 'aws:apigateway/methodSettings:MethodSettings', () => ({ settings: {} }));
    const gateway = new ApiGateway(none, around, NATURE);
    const statuses: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      gateway.request(address(HERE), ORDER, ({ status }) => statuses.push(status));
    }
    await around.run(1);
    expect(new Set(statuses)).toEqual(new Set([202]));
  });
});

// API Gateway guide, "Amazon API Gateway dimensions and metrics".
describe('the metrics of a stage', () => {
  test('count each request, by its own time, and are sent once a minute', async () => {
    const { ask, run, data, turn } = api();
    ask();
    ask({ path: '/none' });
    await run(10);
    turn.result = { ms: 100, of: () => returned('malformed') };
    ask();
    await run(29);
    expect(data).toEqual([]);
    await run(30);
    expect(data.every(({ region, dimensions }) => region === HERE && dimensions['ApiName'] === 'trading')).toBe(true);
    const values = (name: string) => data.filter((one) => one.name === name).map(({ value }) => value);
    // The request that was refused is over before the function's answer comes.
    expect(values('Count')).toEqual([1, 1, 1]);
    expect(values('4XXError')).toEqual([1, 0, 0]);
    expect(values('5XXError')).toEqual([0, 0, 1]);
    expect(values('Latency')).toEqual([5, 25, 105]);
    expect(data[0]?.dimensions).toEqual({ ApiName: 'trading', Stage: 'live' });
  });

  test('count what API Gateway itself answers in trouble', async () => {
    const { ask, run, data, gateway, statuses, invoked } = api();
    const end = gateway.trouble({ region: HERE, status: 500, share: 1 });
    ask();
    await run(31);
    expect([statuses(), invoked.length]).toEqual([[500], 0]);
    expect(data.filter(({ name, value }) => name === '5XXError' && value === 1)).toHaveLength(1);
    end();
    ask();
    await run(40);
    expect(statuses()).toEqual([500, 202]);
  });
});

describe('a lost region', () => {
  test('answers nothing, measures nothing, and serves again when it is back', async () => {
    const { ask, run, gateway, statuses, data } = api();
    ask();
    await run(0.01);
    gateway.silence(HERE);
    ask();
    ask({}, address(THERE));
    await run(60);
    expect(statuses()).toEqual([202]);
    expect(data.filter(({ region }) => region === HERE)).toEqual([]);
    gateway.restore(HERE);
    ask();
    await run(61);
    expect(statuses()).toEqual([202, 202]);
  });
});
