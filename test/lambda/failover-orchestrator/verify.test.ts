import { createVerify, orderIdOf } from '../../../lambda/failover-orchestrator/steps/verify';
import { orderRequest } from '../../../lambda/orders-api/order-request';
import type { IncomingAnswer, OutgoingRequest } from '../../../lambda/shared/http-client';
import { virtualTime } from '../support/virtual-time';
import { accepted, after, NOW, observed, won } from './support/run';

const { state } = after([observed(), won(), accepted()]);
const settled = (epoch: number, verdict = 'PROCESSED'): IncomingAnswer => ({
  status: 200,
  body: JSON.stringify({ status: verdict, result: { epoch, verdict, region: 'eu-central-2' } }),
});
const received: IncomingAnswer = { status: 200, body: '{"status":"RECEIVED"}' };

async function verify(gets: readonly (IncomingAnswer | Error)[], post: IncomingAnswer = { status: 202, body: '{}' }) {
  const clock = virtualTime(NOW);
  const sent: OutgoingRequest[] = [];
  const left = [...gets];
  let closed = 0;
  const http = {
    send: async (request: OutgoingRequest) => {
      sent.push(request);
      const answer = request.method === 'POST' ? post : (left.shift() ?? received);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    close: () => void (closed += 1),
  };
  const step = createVerify({ http, ownUrl: 'https://api.dr.example.com', takesOrders: true, ...clock });
  const result = await step({ state, epoch: 2, signal: new AbortController().signal }).catch((error: unknown) => error);
  return { result, sent, closed, waitedMs: clock.now() - NOW };
}

test('one order goes through the regional API as a client sends it, and is settled under the epoch of the run', async () => {
  const { result, sent, closed } = await verify([{ status: 404, body: '{}' }, received, settled(2)]);
  expect(result).toEqual({
    kind: 'done',
    detail: expect.stringMatching(/settled \(PROCESSED\) under epoch 2 within 1\.0 s/),
  });
  const orderId = orderIdOf('run-1');
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST https://api.dr.example.com/orders',
    ...Array.from({ length: 3 }, () => `GET https://api.dr.example.com/orders/${orderId}`),
  ]);
  expect(orderRequest.safeParse(sent[0]?.body)).toMatchObject({ success: true, data: { orderId, account: 'PROBE' } });
  // A connection that is kept until the next run would be a dead one.
  expect(closed).toBe(1);
});

test('an order that reference data rejects is settled too', async () => {
  expect((await verify([settled(2, 'REJECTED')])).result).toMatchObject({ kind: 'done' });
});

test.each([
  ['settled under another epoch', [settled(1)], 'was settled under epoch 1'],
  ['expired', [settled(2, 'EXPIRED')], 'expired before it was settled'],
  ['never settled', [], 'was accepted and not settled within 13 s'],
])('an order that is %s is a failed attempt', async (_, gets, detail) => {
  const { result, waitedMs } = await verify(gets);
  expect(result).toEqual({ kind: 'failed', detail: expect.stringContaining(detail) });
  expect(waitedMs).toBeLessThanOrEqual(13_000);
});

test('an API that does not accept it is a failed attempt, and so is one that cannot be reached', async () => {
  const { result, sent } = await verify([], { status: 503, body: '' });
  expect(result).toEqual({ kind: 'failed', detail: expect.stringContaining('was answered with 503') });
  expect(sent).toHaveLength(1);
  const gone = await verify([new Error('ECONNRESET')]);
  expect([gone.result, gone.closed]).toEqual([new Error('ECONNRESET'), 1]);
});

test('it stops asking when its time is over', async () => {
  const abort = new AbortController();
  abort.abort();
  const sent: string[] = [];
  const send = async ({ method }: OutgoingRequest) => (sent.push(method), { status: 202, body: '{}' });
  const http = { send, close: () => undefined };
  const step = createVerify({ http, ownUrl: 'https://x', takesOrders: true, ...virtualTime(NOW) });
  expect(await step({ state, epoch: 2, signal: abort.signal })).toMatchObject({ kind: 'failed' });
  expect(sent).toEqual(['POST']);
});

test('where nothing takes orders there is nothing to verify', async () => {
  const http = { send: () => Promise.reject(new Error('not to be called')), close: () => undefined };
  const step = createVerify({ http, ownUrl: 'https://x', takesOrders: false, ...virtualTime(NOW) });
  expect(await step({ state, epoch: 2, signal: new AbortController().signal })).toMatchObject({ kind: 'done' });
});

test('every attempt of a run has the same order, and every run another', () => {
  expect(orderIdOf('run-1')).toBe(orderIdOf('run-1'));
  expect(orderIdOf('run-1')).not.toBe(orderIdOf('run-2'));
  expect(orderIdOf('run-1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});
