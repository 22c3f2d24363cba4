import { randomUUID } from 'node:crypto';
import type { Database } from '../../../lambda/shared/database';
import { leaseOf, memoryItems, type MemoryItems } from '../support/fakes';
import { startTradingDatabase, type TradingDatabase } from '../support/trading-database';
import { newPayment, OWN, paymentsApi, unreachable } from './support/payments-api';

let trading: TradingDatabase;

beforeAll(async () => {
  trading = await startTradingDatabase();
}, 30_000);
beforeEach(() => trading.sql('UPDATE writer_epoch SET epoch = 1'));
afterAll(() => trading.stop());

const api = (change: { items?: MemoryItems; region?: string; database?: Database } = {}) =>
  paymentsApi({ database: trading.connect(), ...change });
const effectsOf = (paymentId: string) =>
  trading.sql('SELECT verdict, reasons, epoch::int AS epoch, region FROM payment_effects WHERE payment_id = $1', [
    paymentId,
  ]);

describe('POST /payments in the active region', () => {
  test('gives a verdict: item, row, result item and receipt', async () => {
    const { post, items, receipts, telemetry } = api();
    const { paymentId, ...rest } = newPayment();
    expect(await post({ paymentId, ...rest })).toEqual({
      status: 200,
      body: { paymentId, status: 'VALIDATED', reasons: [], epoch: 3 },
    });
    expect(await effectsOf(paymentId)).toEqual([{ verdict: 'VALIDATED', reasons: [], epoch: 3, region: OWN }]);
    expect(await items.list(paymentId)).toMatchObject([
      {
        sk: 'PAYMENT',
        amount: '125.5',
        debtorAccount: 'DE89370400440532013000',
        receivedMinute: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
      },
      { sk: 'RESULT#0000000003#eu-central-1', verdict: 'VALIDATED', reasons: [] },
    ]);
    expect(receipts).toMatchObject([
      { name: `receipts/${paymentId}-3.json`, body: { paymentId, result: { verdict: 'VALIDATED', epoch: 3 } } },
    ]);
    expect(telemetry.counts).toEqual({ PaymentsSettled: 1 });
  });

  test('rejects with every reason, and keeps the verdict', async () => {
    const { post } = api();
    const payment = newPayment({ amount: -5, currency: 'XXX' });
    const reasons = ['AMOUNT_NOT_POSITIVE', 'CURRENCY_UNKNOWN'];
    expect(await post(payment)).toMatchObject({ status: 200, body: { status: 'REJECTED', reasons } });
    expect(await effectsOf(payment.paymentId)).toMatchObject([{ verdict: 'REJECTED', reasons }]);
  });

  test('answers the same to the same payment, with one row, one result and the same receipt', async () => {
    const { post, items, receipts } = api();
    const payment = newPayment();
    const first = await post(payment);
    expect(await post({ ...payment, amount: 125.5 })).toEqual(first);
    expect(await effectsOf(payment.paymentId)).toHaveLength(1);
    expect(items.all.size).toBe(2);
    expect(receipts[1]).toEqual(receipts[0]);
  });

  test('gives one effect to posts that race', async () => {
    const items = memoryItems();
    const payment = newPayment();
    const answers = await Promise.all(Array.from({ length: 4 }, () => api({ items }).post(payment)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await effectsOf(payment.paymentId)).toHaveLength(1);
  });

  test('refuses another payment under a used id', async () => {
    const { post } = api();
    const payment = newPayment();
    await post(payment);
    expect((await post({ ...payment, amount: '1' })).status).toBe(409);
  });

  test('refuses it too when only the database knows that the other region had the id first', async () => {
    const payment = newPayment();
    await api().post(payment);
    const other = api();
    expect((await other.post({ ...payment, amount: '1' })).status).toBe(409);
    expect(other.receipts).toEqual([]);
    expect(await effectsOf(payment.paymentId)).toHaveLength(1);
  });

  test('stands although its receipt fails, and the next post repairs the receipt', async () => {
    const { post, state, receipts, telemetry } = api();
    const payment = newPayment();
    state.receiptsFail = true;
    expect((await post(payment)).status).toBe(200);
    expect(telemetry.counts).toEqual({ PaymentsSettled: 1, ReceiptFailed: 1 });
    state.receiptsFail = false;
    await post(payment);
    expect(receipts.map(({ name }) => name)).toEqual([`receipts/${payment.paymentId}-3.json`]);
  });

  test('reports EXPIRED what is posted again after its validUntil without a verdict', async () => {
    const { post, lease, state } = api();
    const payment = newPayment();
    lease.set('time-out');
    await post(payment);
    state.offset = 901_000;
    lease.set(leaseOf(OWN, 3, Date.now() + 1_000_000));
    expect((await post(payment)).body['status']).toBe('EXPIRED');
  });

  test.each([
    ['amount', 'much', 'must be a number with at most 12 digits before and 8 after the point'],
    ['currency', 'eur', 'must be three capital letters'],
    ['debtorAccount', 'DE!', 'must be an account number of 5 to 34 letters and digits'],
    ['creditorAccount', 5, 'must be an account number of 5 to 34 letters and digits'],
    ['reference', 'x'.repeat(141), 'must be a text of at most 140 characters'],
    ['reference', 'a\0b', 'must not have control characters or halves of characters'],
    ['reference', 'half \ud800 a character', 'must not have control characters or halves of characters'],
    ['paymentId', 'p', 'must be a UUID'],
    ['ammount', 1, 'is not known'],
  ])('answers 400 to %s = %j, naming the field', async (field, value, message) => {
    const { post, items } = api();
    expect(await post(newPayment({ [field]: value }))).toMatchObject({
      status: 400,
      body: { errors: [{ field, message }] },
    });
    expect(items.all.size).toBe(0);
  });
});

describe('POST /payments where no verdict can be given', () => {
  test.each([
    ['another region is active', leaseOf('eu-central-2', 9), { state: 'NOT_ACTIVE', epoch: 9 }],
    ['the lease ends', leaseOf(OWN, 3, Date.now() + 5_000), { state: 'UNKNOWN', epoch: 3 }],
    ['the lease cannot be read', 'time-out', { state: 'UNKNOWN' }],
  ])('records the payment and says so when %s; a later post completes it', async (_, next, writer) => {
    const { post, call, lease, receipts } = api();
    const payment = newPayment();
    lease.set(next);
    expect(await post(payment)).toMatchObject({
      status: 202,
      body: { paymentId: payment.paymentId, status: 'RECEIVED', writer },
    });
    expect(await effectsOf(payment.paymentId)).toEqual([]);
    expect(receipts).toEqual([]);
    expect((await call('GET', `/payments/${payment.paymentId}`)).body['status']).toBe('RECEIVED');

    lease.set(leaseOf(OWN, 4));
    expect(await post(payment)).toMatchObject({ status: 200, body: { status: 'VALIDATED', epoch: 4 } });
  });

  test('records the payment when the database cannot be reached', async () => {
    const { post, items, telemetry } = api({ database: unreachable });
    const payment = newPayment();
    expect(await post(payment)).toMatchObject({
      status: 202,
      body: { status: 'RECEIVED', writer: { state: 'UNKNOWN' } },
    });
    expect(items.all.size).toBe(1);
    expect(telemetry.errors).toHaveLength(1);
  });

  test('tells the verdict that the other region gave', async () => {
    const items = memoryItems();
    const payment = newPayment();
    await api({ items }).post(payment);
    const dr = api({ items, region: 'eu-central-2', database: unreachable });
    expect(await dr.post(payment)).toMatchObject({ status: 200, body: { status: 'VALIDATED', epoch: 3 } });
  });

  test('answers 500 when the payment cannot even be recorded, and gives no verdict', async () => {
    const { post, items } = api();
    const payment = newPayment();
    items.failNextPut();
    expect((await post(payment)).status).toBe(500);
    expect(await effectsOf(payment.paymentId)).toEqual([]);
  });
});

describe('settling what is recorded, as the reconciler asks for it', () => {
  /** Payments that were answered 202, because nobody could settle them then. */
  async function recorded(count: number, items = memoryItems()) {
    const payments = Array.from({ length: count }, () => newPayment());
    const posted = api({ items, database: unreachable });
    for (const payment of payments) await posted.post(payment);
    return { items, ids: payments.map(({ paymentId }) => paymentId).toSorted(), payments };
  }

  test('gives a payment what a post gives it: row, result item and receipt', async () => {
    const { items, ids } = await recorded(1);
    const [paymentId = ''] = ids;
    const { settle, receipts, telemetry, call } = api({ items });
    expect(await settle(paymentId)).toEqual([paymentId]);
    expect(await effectsOf(paymentId)).toEqual([{ verdict: 'VALIDATED', reasons: [], epoch: 3, region: OWN }]);
    expect((await call('GET', `/payments/${paymentId}`)).body).toMatchObject({ status: 'VALIDATED', amount: '125.5' });
    expect(receipts).toMatchObject([{ name: `receipts/${paymentId}-3.json`, body: { paymentId } }]);
    expect(telemetry.counts).toEqual({ PaymentsSettled: 1 });
  });

  test('gives a payment its row again whose commit was lost with the old writer, under the epoch of the new one', async () => {
    const items = memoryItems();
    const payment = newPayment();
    await api({ items }).post(payment);
    await trading.sql('DELETE FROM payment_effects WHERE payment_id = $1', [payment.paymentId]);
    const dr = api({ items, region: 'eu-central-2' });
    dr.lease.set(leaseOf('eu-central-2', 4));
    expect(await dr.settle(payment.paymentId)).toEqual([payment.paymentId]);
    expect(await effectsOf(payment.paymentId)).toMatchObject([{ epoch: 4, region: 'eu-central-2' }]);
    expect((await items.list(payment.paymentId)).map(({ sk }) => sk)).toEqual([
      'PAYMENT',
      'RESULT#0000000003#eu-central-1',
      'RESULT#0000000004#eu-central-2',
    ]);
  });

  test('gives many payments one effect each, also while their clients post them again', async () => {
    const { items, ids, payments } = await recorded(20);
    const [one, other, posting] = [api({ items }), api({ items }), api({ items })];
    const [first, second] = await Promise.all([
      one.settle(...ids),
      other.settle(...ids),
      ...payments.slice(0, 5).map((payment) => posting.post(payment)),
    ]);
    expect([first, second]).toEqual([ids, ids]);
    const [{ count } = {}] = await trading.sql(
      'SELECT count(*)::int AS count FROM payment_effects WHERE payment_id = ANY($1)',
      [ids],
    );
    expect(count).toBe(20);
    expect(items.all.size).toBe(40);
  });

  test('reports EXPIRED after the validUntil', async () => {
    const { items, ids } = await recorded(1);
    const { settle, state, lease } = api({ items });
    state.offset = 901_000;
    lease.set(leaseOf(OWN, 3, Date.now() + 1_000_000));
    expect(await settle(...ids)).toEqual(ids);
    expect(await effectsOf(ids[0] ?? '')).toMatchObject([{ verdict: 'EXPIRED' }]);
  });

  test.each([
    ['where another region is active', leaseOf('eu-central-2', 9), undefined],
    ['where the lease cannot be read', 'time-out', undefined],
    ['without the database', leaseOf(OWN, 3), unreachable],
  ])('settles nothing %s, and does not try every payment', async (_, lease, database) => {
    const { items, ids } = await recorded(20);
    const stopped = api({ items, ...(database && { database }) });
    stopped.lease.set(lease);
    expect(await stopped.settle(...ids)).toEqual([]);
    expect(stopped.telemetry.warnings.length + stopped.telemetry.errors.length).toBeLessThan(10);
    expect(items.all.size).toBe(20);
  });

  test('goes on after a payment that cannot be read, which stays without a row', async () => {
    const { items, ids } = await recorded(2);
    const { settle, telemetry } = api({ items });
    expect(await settle('unknown', ...ids)).toEqual(ids);
    expect(telemetry.errors).toHaveLength(1);
  });

  test('names a payment whose row is of another one: there is nothing left to do', async () => {
    const { items, payments } = await recorded(1);
    await api().post({ ...payments[0], amount: '1' });
    const { settle, receipts, telemetry, call, post, lease } = api({ items });
    const paymentId = payments[0]?.paymentId ?? '';
    expect(await settle(paymentId)).toEqual([paymentId]);
    expect(receipts).toEqual([]);
    expect(telemetry.counts).toEqual({ NeedsPerson: 1 });
    // Whatever the table has of the two: told is what was decided on, and that the other one is not.
    expect((await call('GET', `/payments/${paymentId}`)).body).toMatchObject({
      status: 'VALIDATED',
      amount: '1',
      notExecuted: { amount: '125.5' },
    });
    lease.set('time-out');
    expect((await post(payments[0])).status).toBe(409);
  });

  describe('a payment that the database does not take as it is', () => {
    /** As an older version took it from anybody: a text of 140 characters. */
    async function poisoned() {
      const { items, ids, payments } = await recorded(2);
      const [paymentId = ''] = ids;
      const key = `${paymentId} PAYMENT`;
      const item = items.all.get(key);
      if (item) items.all.set(key, { ...item, reference: 'a\0b' });
      return { items, ids, paymentId, payments };
    }

    test('is rejected for it, with a row, so that no sweep and no switchover waits for it', async () => {
      const { items, ids, paymentId } = await poisoned();
      const { settle, call, telemetry } = api({ items });
      expect(await settle(...ids)).toEqual(ids);
      expect(await effectsOf(paymentId)).toMatchObject([{ verdict: 'REJECTED', reasons: ['CONTENT_REFUSED'] }]);
      expect(await effectsOf(ids[1] ?? '')).toMatchObject([{ verdict: 'VALIDATED' }]);
      const { body } = await call('GET', `/payments/${paymentId}`);
      expect(body).toMatchObject({ status: 'REJECTED', result: { reasons: ['CONTENT_REFUSED'] } });
      expect(body).not.toHaveProperty('notExecuted');
      expect(telemetry.counts).toEqual({ PaymentsSettled: 2, NeedsPerson: 1 });
      expect(telemetry.errors).toMatchObject([{ error: { code: '22021' } }]);
    });

    test('alarms once, however often it is asked for', async () => {
      const { items, paymentId } = await poisoned();
      const { settle, telemetry } = api({ items });
      await settle(paymentId);
      expect(await settle(paymentId)).toEqual([paymentId]);
      expect(telemetry.counts).toEqual({ PaymentsSettled: 1, NeedsPerson: 1 });
    });
  });

  test('writes the result and the receipt that a post could not write after its commit', async () => {
    const { items, ids } = await recorded(1);
    const broken = api({ items });
    items.failNextPut();
    expect(await broken.settle(...ids)).toEqual([]);
    expect(await effectsOf(ids[0] ?? '')).toHaveLength(1);
    const { settle, call, receipts, telemetry } = api({ items });
    expect(await settle(...ids)).toEqual(ids);
    expect((await call('GET', `/payments/${ids[0]}`)).body['status']).toBe('VALIDATED');
    expect(receipts).toHaveLength(1);
    expect(telemetry.counts).toEqual({});
  });

  test('begins nothing when the reconciler waits no longer', async () => {
    const { items, ids } = await recorded(20);
    const clocks: { offset: number }[] = [];
    const get = (pk: string, sk: string) => {
      for (const clock of clocks) clock.offset += 200;
      return items.get(pk, sk);
    };
    const slow = api({ items: { ...items, get } });
    clocks.push(slow.state);
    expect(await slow.settle(...ids)).toHaveLength(8);
  });
});

describe('GET /payments/{paymentId}', () => {
  test('tells payment and verdict', async () => {
    const { post, call } = api();
    const payment = newPayment({ reference: 'invoice 7' });
    await post(payment);
    expect(await call('GET', `/payments/${payment.paymentId}`)).toMatchObject({
      status: 200,
      body: {
        paymentId: payment.paymentId,
        amount: '125.5',
        reference: 'invoice 7',
        status: 'VALIDATED',
        result: { epoch: 3, region: OWN },
      },
    });
  });

  test.each([
    [`/payments/${randomUUID()}`, 404],
    ['/payments/x', 400],
  ])('%s is %d', async (path, status) => {
    expect((await api().call('GET', path)).status).toBe(status);
  });
});
