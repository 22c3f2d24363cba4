import type { Server } from 'node:https';
import { Application } from '../../fleet/service/application';
import { BODY_LIMIT, listener } from '../../fleet/service/server';
import { TRADING_DATA_MARKER } from '../../lambda/health/marker';
import { ORDER } from './support/order';
import { FakePlatform } from './support/fakes';
import { call, serve } from './support/https';
import type { Reply, Sent } from './support/https';

let platform: FakePlatform;
let server: Server;
let port: number;

beforeEach(async () => {
  platform = new FakePlatform();
  const application = new Application('eu-central-1', platform.ports);
  ({ server, port } = await serve(listener(application, platform.ports)));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (target: string, sent?: Sent): Promise<Reply> => call(port, target, sent);
const post = (body: string): Promise<Reply> => ask('/sessions', { method: 'POST', body });
const json = (reply: Reply) => JSON.parse(reply.text) as Record<string, unknown>;

const result = (epoch: number, region: string, verdict: string): { sk: string } => {
  const sk = `RESULT#${String(epoch).padStart(10, '0')}#${region}`;
  return { ...{ pk: 'o-1', epoch, region, verdict, settledAt: '2026-11-24T03:51:00.000Z' }, sk };
};

describe('health (M2)', () => {
  test('the marker that Route 53 looks for is in the first 5,120 bytes when sessions and site can be read', async () => {
    const reply = await ask('/health');
    expect(reply.status).toBe(200);
    expect(reply.text.slice(0, 5_120)).toContain(TRADING_DATA_MARKER);
    expect(json(reply)).toEqual({
      marker: 'VALID_TRADING_DATA',
      region: 'eu-central-1',
      checks: { sessions: 'ok', site: 'ok' },
      checkedAt: '2026-11-24T03:51:00.500Z',
    });
  });

  test.each([
    ['the sessions table does not answer', 'sessions', { sessions: 'failed', site: 'ok' }],
    ['the site was never loaded', 'site', { sessions: 'ok', site: 'failed' }],
  ] as const)('answers 503 without the marker when %s', async (_, store, checks) => {
    platform.down.add(store);
    const reply = await ask('/health');
    expect(reply.status).toBe(503);
    expect(reply.text).not.toContain(TRADING_DATA_MARKER);
    expect(json(reply)['checks']).toEqual(checks);
  });

  test('answers 503 when the index page is missing, so that a lost permission to read it cannot hide', async () => {
    platform.site.clear();
    expect((await ask('/health')).status).toBe(503);
  });

  test('fifteen checkers at once cost one read, and the verdict is at most 10 s old', async () => {
    await Promise.all(Array.from({ length: 15 }, () => ask('/health')));
    expect(platform.asked.probe).toBe(1);
    platform.down.add('sessions');
    platform.time += 4_000;
    expect((await ask('/health')).status).toBe(200);
    platform.time += 6_000;
    expect((await ask('/health')).status).toBe(503);
  });

  test('a recovered region is good again after a second, not after the memory of a good verdict', async () => {
    platform.down.add('sessions');
    expect((await ask('/health')).status).toBe(503);
    platform.down.clear();
    platform.time += 1_000;
    expect((await ask('/health')).status).toBe(200);
  });

  test('liveness is the process alone: it holds while every store is down', async () => {
    for (const store of ['sessions', 'orders', 'site'] as const) platform.down.add(store);
    expect((await ask('/health/live')).status).toBe(200);
  });
});

describe('sessions', () => {
  test('a session is written with the region, the time and an end after 8 hours in epoch seconds', async () => {
    const reply = await post('{"user":" ada "}');
    const sessionId = '00000000-0000-4000-8000-000000000002'; // the first id is the request's
    const session = {
      sessionId,
      user: 'ada',
      createdAt: '2026-11-24T03:51:00.500Z',
      region: 'eu-central-1',
      expiresAt: 1_795_521_060, // 2026-11-24T11:51:00Z
    };
    expect(reply.status).toBe(201);
    expect(reply.headers.location).toBe(`/sessions/${sessionId}`);
    expect(json(reply)).toEqual(session);
    expect([...platform.sessions.values()]).toEqual([session]);
  });

  test('a session is readable until it expires, also while DynamoDB has not deleted it yet', async () => {
    const { location = '' } = (await post('{"user":"ada"}')).headers;
    platform.time += 8 * 3_600_000 - 501;
    expect((await ask(location)).status).toBe(200);
    platform.time += 1_000;
    expect((await ask(location)).status).toBe(404);
  });

  test('ending a session can be repeated', async () => {
    const { location = '' } = (await post('{"user":"ada"}')).headers;
    for (let i = 0; i < 2; i++) expect((await ask(location, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(location)).status).toBe(404);
  });

  test.each([
    ['not JSON', '{', 'INVALID_JSON', 'the body is not JSON'],
    ['no user', '{}', 'INVALID_SESSION', 'user: must be a text'],
    ['an empty user', '{"user":"  "}', 'INVALID_SESSION', 'user: must not be empty'],
    ['a user of another type', '{"user":7}', 'INVALID_SESSION', 'user: must be a text'],
    [
      'a user with a control character',
      '{"user":"a\\u0000"}',
      'INVALID_SESSION',
      'user: must not have control characters',
    ],
  ])('refuses a body with %s with 400 and the reason', async (_, body, code, message) => {
    const reply = await post(body);
    expect(reply.status).toBe(400);
    expect(json(reply)).toMatchObject({ code, message });
    expect(platform.sessions.size).toBe(0);
  });

  test('a body above 64 kB is refused', async () => {
    const reply = await post(`{"user":"${'x'.repeat(BODY_LIMIT)}"}`);
    expect(reply.status).toBe(413);
    expect(json(reply)['code']).toBe('BODY_TOO_LARGE');
    expect(platform.sessions.size).toBe(0);
  });

  test('a table that does not answer is 503, with the cause in the log and not in the answer', async () => {
    platform.down.add('sessions');
    const reply = await post('{"user":"ada"}');
    expect(reply.status).toBe(503);
    expect(reply.text).not.toContain('timed out');
    expect(platform.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        error: 'StoreUnavailableError: the sessions store is unavailable',
        cause: 'Error: timed out',
      }),
    );
  });
});

describe('orders', () => {
  test('an order without a result is RECEIVED, without the keys of its item', async () => {
    platform.orders.set('o-1', [ORDER]);
    const { pk: _, sk: __, ...order } = ORDER;
    expect(json(await ask('/orders/o-1'))).toEqual({ ...order, status: 'RECEIVED' });
  });

  test('the result of the highest epoch counts, whichever region wrote it and in whatever order they arrived', async () => {
    platform.orders.set('o-1', [result(10, 'eu-central-2', 'PROCESSED'), ORDER, result(9, 'eu-central-1', 'EXPIRED')]);
    expect(json(await ask('/orders/o-1'))).toMatchObject({ status: 'PROCESSED', result: { epoch: 10 } });
  });

  test('an order that has not been replicated yet is 404, also when its result was faster', async () => {
    platform.orders.set('o-1', [result(1, 'eu-central-1', 'PROCESSED')]);
    expect((await ask('/orders/o-1')).status).toBe(404);
    expect((await ask('/orders/o-2')).status).toBe(404);
  });

  test('a malformed item is a fault of ours: 500, and the log says which', async () => {
    platform.orders.set('o-1', [{ sk: 'ORDER' }]);
    const reply = await ask('/orders/o-1');
    expect(reply.status).toBe(500);
    expect(json(reply)).toMatchObject({ code: 'INTERNAL', requestId: reply.headers['x-request-id'] });
    expect(platform.lines[0]?.['error']).toBe('MalformedError: the item ORDER of an order is malformed');
  });

  test('the service cannot place orders', async () => {
    expect((await ask('/orders/o-1', { method: 'POST', body: '{}' })).status).toBe(405);
    expect((await ask('/orders', { method: 'POST', body: '{}' })).status).toBe(404);
  });
});

describe('the site', () => {
  test('/ is the index page, kept for a minute by clients', async () => {
    const reply = await ask('/');
    expect(reply.text).toBe('<h1>Trading</h1>');
    expect(reply.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'public, max-age=60',
      'content-length': '16',
    });
  });

  test('HEAD gives the headers without the page', async () => {
    const reply = await ask('/', { method: 'HEAD' });
    expect([reply.status, reply.headers['content-length'], reply.text]).toEqual([200, '16', '']);
  });

  test.each([
    '/../secret',
    '/..%2fsecret',
    '/%2e%2e/secret',
    '/a/../../b',
    '/.env',
    '//etc/passwd',
    '/a\\..\\b',
    '/a%00.html',
  ])('the path %s is refused before the bucket is asked', async (target) => {
    platform.asked.site = 0;
    expect((await ask(target)).status).toBe(404);
    expect(platform.asked.site).toBe(0);
  });

  test('a file that does not exist is 404', async () => {
    expect((await ask('/missing.js')).status).toBe(404);
  });
});
