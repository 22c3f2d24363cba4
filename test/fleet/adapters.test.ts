import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { documentClient, orderReader, sessionStore } from '../../fleet/service/adapters/dynamodb';
import { objectClient, siteReader } from '../../fleet/service/adapters/s3';
import { StoreUnavailableError } from '../../fleet/service/errors';

/** AWS on a loopback port: real clients, real HTTP, answers by the test. */
type Answering = (response: ServerResponse, body: Record<string, unknown>, target: string) => void;

let server: Server;
let answering: Answering;
const calls: { readonly target: string; readonly body: Record<string, unknown> }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void calls.splice(0));

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const header = request.headers['x-amz-target'];
  const target = typeof header === 'string' ? (header.split('.')[1] ?? '') : `${request.method} ${request.url}`;
  calls.push({ target, body });
  answering(response, body, target);
}

function settings(): object {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  return { endpoint: `http://127.0.0.1:${address.port}`, credentials, forcePathStyle: true };
}

const dynamodb =
  (status: number, body: unknown): Answering =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  };
const never: Answering = () => undefined;

describe('sessions in DynamoDB', () => {
  const store = () => sessionStore(documentClient('eu-central-1', settings()), 'sessions-test');
  const SESSION = {
    sessionId: 's-1',
    user: 'ada',
    createdAt: '2026-11-24T03:51:00.000Z',
    region: 'eu-central-1',
    expiresAt: 1_795_521_060,
  };
  const ITEM = {
    pk: { S: 's-1' },
    user: { S: 'ada' },
    createdAt: { S: '2026-11-24T03:51:00.000Z' },
    region: { S: 'eu-central-1' },
    expiresAt: { N: '1795521060' },
  };

  test('a session is put under its id, never over another, with its end as a number that TTL understands', async () => {
    answering = dynamodb(200, {});
    await store().create(SESSION);
    const body = { TableName: 'sessions-test', Item: ITEM, ConditionExpression: 'attribute_not_exists(pk)' };
    expect(calls).toEqual([{ target: 'PutItem', body }]);
  });

  test('a session is read consistently, so that it is there right after it was written', async () => {
    answering = dynamodb(200, { Item: ITEM });
    expect(await store().find('s-1')).toEqual(SESSION);
    const body = { TableName: 'sessions-test', Key: { pk: { S: 's-1' } }, ConsistentRead: true };
    expect(calls).toEqual([{ target: 'GetItem', body }]);
  });

  test('the probe is one consistent read of a key that no session has; an absent item proves as much', async () => {
    answering = dynamodb(200, {});
    await store().probe();
    const body = { TableName: 'sessions-test', Key: { pk: { S: 'health' } }, ConsistentRead: true };
    expect(calls).toEqual([{ target: 'GetItem', body }]);
  });

  test('when the table does not answer, the probe gives up after 1 s and a call after 2 s with all its attempts', async () => {
    answering = never;
    const started = Date.now();
    const probe = expect(store().probe()).rejects.toBeInstanceOf(StoreUnavailableError);
    const find = expect(store().find('s-1')).rejects.toThrow('the sessions table is unavailable');
    await probe;
    expect(Date.now() - started).toBeLessThan(1_500);
    await find;
    expect(Date.now() - started).toBeLessThan(2_500);
  });

  test('a throttled call is tried once more', async () => {
    const type = 'com.amazonaws.dynamodb.v20120810#ThrottlingException';
    answering = (response, body, target) =>
      (calls.length === 1 ? dynamodb(400, { __type: type }) : dynamodb(200, {}))(response, body, target);
    await store().remove('s-1');
    expect(calls.map(({ target }) => target)).toEqual(['DeleteItem', 'DeleteItem']);
  });

  test('a refusal is said with its cause', async () => {
    answering = dynamodb(400, { __type: 'com.amazon.coral.service#AccessDeniedException', message: 'not authorized' });
    const refused = store().find('s-1');
    await expect(refused).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(refused).rejects.toMatchObject({ cause: { name: 'AccessDeniedException' } });
  });
});

test('the items of an order are one query of its key', async () => {
  answering = dynamodb(200, { Items: [{ pk: { S: 'o-1' }, sk: { S: 'ORDER' }, quantity: { N: '100' } }] });
  const reader = orderReader(documentClient('eu-central-1', settings()), 'orders-test');
  expect(await reader.itemsOf('o-1')).toEqual([{ pk: 'o-1', sk: 'ORDER', quantity: 100 }]);
  expect(calls).toMatchObject([{ target: 'Query', body: { ExpressionAttributeValues: { ':pk': { S: 'o-1' } } } }]);
});

describe('the site in S3', () => {
  const read = (key = 'rtc/site/index.html') =>
    siteReader(objectClient('eu-central-1', settings()), 'bucket').read(key);
  const error =
    (status: number, code: string): Answering =>
    (response) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${code}</Code><Message>m</Message></Error>`);
    };

  test('an object is read whole', async () => {
    answering = (response) => void response.writeHead(200).end('<h1>Trading</h1>');
    expect(Buffer.from((await read())?.body ?? []).toString()).toBe('<h1>Trading</h1>');
    expect(calls[0]?.target).toContain('GET /bucket/rtc/site/index.html');
  });

  test.each([
    [404, 'NoSuchKey', 'S3 says so'],
    [403, 'AccessDenied', 'S3 says this of a missing key to a role that may not list'],
  ])('%i %s means that there is no such file: %s', async (status, code) => {
    answering = error(status, code);
    expect(await read()).toBeUndefined();
  });

  test('other refusals are not taken for a missing file', async () => {
    answering = error(403, 'InvalidAccessKeyId');
    await expect(read()).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  test('a body that trickles ends after 2 s, although every pause is short', async () => {
    let trickle: NodeJS.Timeout | undefined;
    answering = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      trickle = setInterval(() => response.write('x'), 300);
    };
    const started = Date.now();
    await expect(read()).rejects.toBeInstanceOf(StoreUnavailableError);
    clearInterval(trickle);
    expect(Date.now() - started).toBeLessThan(2_500);
  });

  test('a file above 4 MiB is refused without reading it', async () => {
    answering = (response) => void response.writeHead(200, { 'content-length': String(5 * 1024 * 1024) }).write('x');
    await expect(read()).rejects.toMatchObject({
      cause: { message: 'rtc/site/index.html has more than 4194304 bytes' },
    });
  });
});
