import { Agent } from 'node:https';
import type { Server } from 'node:https';
import { Application } from '../../fleet/service/application';
import { drain, listener } from '../../fleet/service/server';
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

describe('every answer', () => {
  test('carries the security headers and the request id, errors too', async () => {
    for (const target of ['/', '/nothing/here', '/health']) {
      const { headers } = await ask(target, {
        headers: { 'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678' },
      });
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-request-id': 'Root=1-67891233-abcdef012345678912345678',
      });
    }
  });

  test('leaves the connection open for the next request, as the load balancer expects', async () => {
    const agent = new Agent({ keepAlive: true });
    expect((await ask('/', { agent })).headers.connection).toBe('keep-alive');
    expect((await ask('/sessions', { agent, method: 'POST', body: '{"user":"ada"}' })).headers.connection).toBe(
      'keep-alive',
    );
    agent.destroy();
  });

  test('a request whose body was not read closes the connection, so that the rest is not taken for a request', async () => {
    const agent = new Agent({ keepAlive: true });
    const reply = await ask('/sessions/s', { agent, method: 'PUT', body: 'x'.repeat(1_000_000) });
    expect([reply.status, reply.headers.connection]).toEqual([405, 'close']);
    agent.destroy();
  });

  test('a request id that could break a log line is replaced', async () => {
    const { headers } = await ask('/', { headers: { 'x-amzn-trace-id': '"}{"level":"error"' } });
    expect(headers['x-request-id']).toBe('00000000-0000-4000-8000-000000000001');
  });

  test('leaves one log line with method, path without query, status and duration; good health checks leave none', async () => {
    await ask('/?token=secret');
    await ask('/health');
    expect(platform.lines).toEqual([
      expect.objectContaining({ message: 'request', method: 'GET', path: '/', status: 200, durationMs: 0 }),
    ]);
  });
});

describe('draining', () => {
  test('a request under way ends, new connections are refused, and a connection kept alive does not hold the end up', async () => {
    platform.orders.set('o-1', [ORDER]);
    let release = (): void => undefined;
    platform.hold = new Promise((resolve) => (release = resolve));
    const underWay = ask('/orders/o-1', { agent: new Agent({ keepAlive: true }) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const drained = drain(server, platform.ports.log);
    await expect(ask('/')).rejects.toThrow('ECONNREFUSED');
    release();
    expect((await underWay).status).toBe(200);
    await drained;
    expect(platform.lines.map(({ message }) => message)).toEqual(['draining', 'request', 'drained']);
  });

  test('a request that does not end is cut off at the limit', async () => {
    platform.hold = new Promise(() => undefined);
    const underWay = ask('/orders/o-1');
    underWay.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await drain(server, platform.ports.log, 50);
    await expect(underWay).rejects.toThrow('socket hang up');
  });
});
