import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { orderRequest } from '../../../lambda/orders-api/order-request';
import { isIban } from '../../../lambda/payment-validator/iban';
import { paymentRequest } from '../../../lambda/payment-validator/payment-form';
import { composePrimaryProbe } from '../../../lambda/primary-probe/compose';
import { nextProbe } from '../../../lambda/primary-probe/probe';
import { followRequest, probeRequestOf } from '../../../lambda/primary-probe/probe-request';
import { DeadlineError } from '../../../lambda/shared/errors';
import type { HttpClient, IncomingAnswer, OutgoingRequest } from '../../../lambda/shared/http-client';
import { fakeAws } from '../support/fake-aws';
import { fakeDynamodb } from '../support/fake-dynamodb';
import { recordedTelemetry } from '../support/fakes';
import { virtualTime } from '../support/virtual-time';

const NOW = Date.UTC(2026, 10, 24, 3, 51);
const ID = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
const ORDER = probeRequestOf('orders', ID);
const TARGET = 'https://api-primary.dev.example.com';

/** What the other region does with a request: an answer, or an error; `takes` is time that passes. */
type Script = (
  request: OutgoingRequest,
  asked: number,
) => { readonly takes?: number } & ({ readonly answer: IncomingAnswer } | { readonly fails: string });

const accepted = (state = 'ACTIVE') => ({
  answer: { status: 202, body: JSON.stringify({ status: 'RECEIVED', writer: { state, epoch: 3 } }) },
});
const standing = (status: string) => ({ answer: { status: 200, body: JSON.stringify({ status }) } });
const status = (code: number) => ({ answer: { status: code, body: '' } });

/** The other region, in virtual time; a request that would take longer than it may fails after that. */
function region(script: Script) {
  const time = virtualTime(NOW);
  const requests: OutgoingRequest[] = [];
  const limits: number[] = [];
  let open = 0;
  const http: HttpClient = {
    async send(request, limitMs = 3_000) {
      requests.push(request);
      limits.push(limitMs);
      const asked = requests.filter(({ method }) => method === request.method).length;
      const reply = script(request, asked);
      const takes = reply.takes ?? 20;
      time.advance(Math.min(takes, limitMs, 3_000));
      if (takes > Math.min(limitMs, 3_000)) throw new DeadlineError('no answer');
      if ('fails' in reply) throw new Error(reply.fails);
      return reply.answer;
    },
    close: () => void (open -= 1),
  };
  const connect = () => ((open += 1), http);
  return { time, requests, limits, http, connect, open: () => open };
}

const followed = async (script: Script) => {
  const { time, http, requests } = region(script);
  const outcome = await followRequest({ ...time, http, targetUrl: TARGET }, ORDER);
  return { ...outcome, took: time.now() - NOW, methods: requests.map(({ method }) => method).join(' ') };
};

const post =
  (first: ReturnType<Script>, then: ReturnType<Script> = standing('PROCESSED')): Script =>
  ({ method }) =>
    method === 'POST' ? first : then;

describe('an order that is followed', () => {
  test.each([
    ['is good when it is accepted and settled', post(accepted()), true, 'settled: PROCESSED'],
    [
      'is good when it is rejected: a database has decided it',
      post(accepted(), standing('REJECTED')),
      true,
      'settled: REJECTED',
    ],
    [
      'is good when the region says that it is not the active one: it is reached',
      post(accepted('NOT_ACTIVE')),
      true,
      'not active, epoch 3',
    ],
    [
      'has failed when it is accepted and never settled',
      post(accepted(), standing('RECEIVED')),
      false,
      'has no result',
    ],
    [
      'has failed when the writer is not known and nothing settles it',
      post(accepted('UNKNOWN'), standing('RECEIVED')),
      false,
      'has no result',
    ],
    ['has failed at once when it is refused', post(status(400)), false, 'answered 400'],
    ['has failed when the region answers with its own failure all the time', post(status(503)), false, 'answered 503'],
    ['has failed when nobody answers', post({ takes: 60_000, ...accepted() }), false, 'DeadlineError: no answer'],
    [
      'has failed when a proxy answers in the place of the API',
      post({ answer: { status: 202, body: '<html>' } }),
      false,
      'another form',
    ],
    ['has failed when its result cannot be read', post(accepted(), status(500)), false, 'answered 500'],
    ['has failed when its result is in another form', post(accepted(), standing('LOST')), false, 'another form'],
  ] as const)('%s', async (_, script, good, why) => {
    const outcome = await followed(script);
    expect(outcome).toMatchObject({ good, why: expect.stringContaining(why) });
    expect(outcome.took).toBeLessThanOrEqual(5_000);
  });

  test('is the same order in every attempt, so that one lost answer is no failure', async () => {
    const script: Script = ({ method }, asked) =>
      method === 'POST' ? (asked === 1 ? { fails: 'ECONNRESET' } : accepted()) : standing('PROCESSED');
    const { requests, http, time } = region(script);
    expect(await followRequest({ ...time, http, targetUrl: TARGET }, ORDER)).toMatchObject({ good: true });
    expect(requests).toEqual([
      { method: 'POST', url: `${TARGET}/orders`, body: ORDER.body },
      { method: 'POST', url: `${TARGET}/orders`, body: ORDER.body },
      { method: 'GET', url: `${TARGET}/orders/${ORDER.id}` },
    ]);
  });

  test('is asked for until it is settled, also past an answer that is missing', async () => {
    const script: Script = ({ method }, asked) => {
      if (method === 'POST') return accepted();
      return [standing('RECEIVED'), status(404), { fails: 'ECONNRESET' }][asked - 1] ?? standing('PROCESSED');
    };
    expect(await followed(script)).toMatchObject({ good: true, methods: 'POST GET GET GET GET' });
  });

  test('is not waited for longer than what is left', async () => {
    const { requests, limits, http, time } = region(
      post({ takes: 2_900, ...accepted() }, { takes: 60_000, ...standing('PROCESSED') }),
    );
    expect(await followRequest({ ...time, http, targetUrl: TARGET }, ORDER)).toMatchObject({ good: false });
    expect(requests).toHaveLength(2);
    expect(limits).toEqual([5_000, 2_100]);
    expect(time.now()).toBe(NOW + 5_000);
  });
});

test('the order is one that the API takes, within the band and at the tick of its instrument', () => {
  expect(orderRequest.parse(ORDER.body)).toEqual(ORDER.body);
  expect(ORDER.body).toMatchObject({
    orderId: ID,
    symbol: 'ACME',
    side: 'BUY',
    quantity: 1,
    limitPrice: '100',
    account: 'PROBE',
  });
});

describe('where a stack takes payments alone', () => {
  const PAYMENT = probeRequestOf('payments', ID);
  const pay = async (script: Script) => {
    const { time, http, requests } = region(script);
    const outcome = await followRequest({ ...time, http, targetUrl: TARGET }, PAYMENT);
    return { ...outcome, urls: requests.map(({ method, url }) => `${method} ${url.slice(TARGET.length)}`) };
  };

  test('the probe is a cent between two valid accounts, and says of itself what it is', () => {
    expect(paymentRequest.parse(PAYMENT.body)).toEqual({ ...PAYMENT.body, paymentId: PAYMENT.id });
    expect(PAYMENT.body).toMatchObject({ reference: 'PROBE', amount: '0.01' });
    for (const account of ['debtorAccount', 'creditorAccount'])
      expect(isIban(String(PAYMENT.body[account]))).toBe(true);
  });

  test('its answer is its result: nothing is asked for afterwards', async () => {
    expect(await pay(() => standing('VALIDATED'))).toMatchObject({ good: true, urls: ['POST /payments'] });
  });

  test('a payment that is accepted and waits is asked for', async () => {
    const script: Script = ({ method }) => (method === 'POST' ? accepted('UNKNOWN') : standing('VALIDATED'));
    expect(await pay(script)).toMatchObject({
      good: true,
      urls: ['POST /payments', `GET /payments/${PAYMENT.id}`],
    });
  });

  test('a payment that nobody settles has failed', async () => {
    expect(await pay(({ method }) => (method === 'POST' ? accepted() : standing('RECEIVED')))).toMatchObject({
      good: false,
    });
  });
});

describe('what is known of the probes', () => {
  const good = { good: true, why: 'settled' };
  const bad = { good: false, why: 'no answer' };

  test('says since when they fail, and forgets it with the first good one', () => {
    const first = nextProbe(undefined, good, NOW);
    const second = nextProbe(first, bad, NOW + 10_000);
    const third = nextProbe(second, bad, NOW + 20_000);
    expect([first, second, third, nextProbe(third, good, NOW + 30_000)]).toEqual([
      { at: NOW, lastGoodAt: NOW, why: 'settled' },
      { at: NOW + 10_000, lastGoodAt: NOW, firstFailedAt: NOW + 10_000, why: 'no answer' },
      { at: NOW + 20_000, lastGoodAt: NOW, firstFailedAt: NOW + 10_000, why: 'no answer' },
      { at: NOW + 30_000, lastGoodAt: NOW + 30_000, why: 'settled' },
    ]);
  });

  test('counts failures from anew when the probe itself was away: a fault taken for older would make the loss look small', () => {
    const before = nextProbe(undefined, bad, NOW);
    expect(nextProbe(before, bad, NOW + 60_001)).toMatchObject({ firstFailedAt: NOW + 60_001, lastGoodAt: 0 });
  });

  test('never says that it fails since a moment at which it was good', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ isGood: fc.boolean(), after: fc.integer({ min: 1, max: 90_000 }) })),
        (probes) => {
          let at = NOW;
          let last: ReturnType<typeof nextProbe> | undefined;
          for (const { isGood, after } of probes) {
            at += after;
            last = nextProbe(last, isGood ? good : bad, at);
            expect(last.firstFailedAt === undefined).toBe(isGood);
            if (last.firstFailedAt !== undefined) expect(last.firstFailedAt).toBeGreaterThan(last.lastGoodAt);
          }
        },
      ),
    );
  });
});

describe('a minute of probes', () => {
  type Workload = 'orders' | 'payments';

  function probe(script: Script, workload: Workload = 'orders') {
    const other = region(script);
    const drawn: string[] = [];
    const newId = () => {
      const id = randomUUID();
      drawn.push(id);
      return id;
    };
    const store = fakeDynamodb();
    const metrics = fakeAws(() => ({ body: {} }));
    const telemetry = recordedTelemetry();
    const run = composePrimaryProbe(
      {
        ENVIRONMENT_SUFFIX: 'dev',
        TARGET_URL: TARGET,
        PROBE_WORKLOAD: workload,
        PROBE_INTERVAL_SECONDS: 10,
        LEASE_TABLE: 'lease-dev',
        METRICS_NAMESPACE: 'tap-dev',
      },
      {
        dynamodb: new DynamoDBClient(fakeAws(store.answer).options),
        cloudwatch: new CloudWatchClient(metrics.options),
        connect: other.connect,
      },
      telemetry,
      { ...other.time, newId },
    );
    const item = () => store.item('lease-dev', 'probe');
    const failures = () =>
      metrics.sent.map(({ body }) => JSON.stringify(body['MetricData']).match(/"Value":(\d)/)?.[1]);
    return {
      ...other,
      run: () => run({ source: 'schedule' }, other.time.now() + 65_000),
      raw: run,
      drawn,
      store,
      item,
      failures,
      metrics,
      telemetry,
    };
  }

  test('sends one order each interval, publishes each outcome, and leaves no connection behind', async () => {
    const { run, requests, failures, item, open, metrics, drawn } = probe(post(accepted()));
    expect(await run()).toEqual({ ticks: 6 });
    const orders = requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(orders).toEqual(drawn.map((id) => probeRequestOf('orders', id).body));
    expect(drawn).toHaveLength(6);
    expect(failures()).toEqual(['0', '0', '0', '0', '0', '0']);
    expect(open()).toBe(0);
    expect(item()).toMatchObject({ lastGoodAt: { N: String(NOW + 50_000) } });
    expect(item()).not.toHaveProperty('firstFailedAt');
    expect(metrics.sent[0]?.body).toMatchObject({
      Namespace: 'tap-dev',
      MetricData: [
        { MetricName: 'ProbeFailed', Dimensions: [{ Name: 'service', Value: 'primary-probe' }], StorageResolution: 1 },
      ],
    });
  });

  test.each<[Workload, string]>([
    ['orders', 'orderId'],
    ['payments', 'paymentId'],
  ])(
    'nobody who knows the stack and the time can take the ids of %s before the probe does, and make the API answer it with 409',
    async (workload, key) => {
      // Two worlds that are equal in all that an outsider knows: environment, regions and every moment of the clock.
      const [one, other] = [probe(post(accepted()), workload), probe(post(accepted()), workload)];
      await one.run();
      await other.run();
      const ids = [...one.requests, ...other.requests]
        .filter(({ method }) => method === 'POST')
        .map(({ body }) => z.parse(z.record(z.string(), z.unknown()), body)[key]);
      expect(ids).toEqual([...one.drawn, ...other.drawn]);
      expect(new Set(ids).size).toBe(12);
    },
  );

  test('a repetition of the POST carries the id of its probe, and the next probe one of its own', async () => {
    const { run, requests, drawn } = probe(({ method }, asked) => {
      if (method === 'GET') return standing('PROCESSED');
      return asked % 2 === 1 ? { fails: 'ECONNRESET' } : accepted();
    });
    await run();
    const posted = requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(posted).toEqual(drawn.flatMap((id) => [id, id]).map((id) => probeRequestOf('orders', id).body));
    expect(drawn).toHaveLength(6);
  });

  test('an invocation that Lambda repeats asks anew: what the first one had settled says nothing about now', async () => {
    const { run, time, drawn } = probe(post(accepted()));
    await run();
    time.advance(-50_000);
    await run();
    expect(new Set(drawn).size).toBe(12);
  });

  test('records since when orders fail, over the end of an invocation', async () => {
    const { run, failures, item, time } = probe(post(accepted(), standing('RECEIVED')));
    await run();
    time.advance(5_000);
    await run();
    expect(failures()).toEqual(Array.from({ length: 12 }, () => '1'));
    expect(item()).toMatchObject({ firstFailedAt: { N: String(NOW) }, lastGoodAt: { N: '0' } });
  });

  test('publishes although the item cannot be written', async () => {
    const { run, failures, store, telemetry } = probe(post(accepted()));
    store.state.down = true;
    expect(await run()).toEqual({ ticks: 6 });
    expect(failures()).toHaveLength(6);
    expect(telemetry.errors.map(({ message }) => message)).toContain('the probe was not recorded');
  });

  test('is for the schedule alone', async () => {
    await expect(probe(post(accepted())).raw({}, 0)).rejects.toMatchObject({ name: 'MalformedError' });
  });
});
