import { randomUUID } from 'node:crypto';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { effectsOf, query } from './support/database';
import { apiUrl, eventually, flow, outputs } from './support/deployment';
import { request } from './support/http';
import { grantLease } from './support/lease';
import type { DeploymentOutputs } from '../../ops/outputs-file';
import type { Reply } from './support/http';

const ORDER = { symbol: 'SAP', side: 'BUY', quantity: 10, limitPrice: '180.00', account: 'ACC-1' };

/** Leases of the tests grow from here, above what the database has seen. */
let epoch = 0;

beforeAll(async () => {
  if (outputs) epoch = await highestEpoch(outputs);
});

async function highestEpoch(stack: DeploymentOutputs): Promise<number> {
  const rows = await query(stack, 'SELECT epoch::int AS epoch FROM writer_epoch').catch(() => []);
  const [row] = rows;
  return typeof row === 'object' && row !== null && 'epoch' in row && typeof row.epoch === 'number' ? row.epoch : 0;
}

const activate = async (stack: DeploymentOutputs, region: string): Promise<number> => {
  epoch += 1;
  await grantLease(stack, region, epoch);
  return epoch;
};

const statusOf = async (stack: DeploymentOutputs, role: 'primary' | 'dr', orderId: string): Promise<Reply> =>
  request('GET', apiUrl(stack, role, `/orders/${orderId}`));

const processed = ({ body }: Reply): boolean => body['status'] === 'PROCESSED';

/** Messages waiting or in flight. */
async function depth(url: string | undefined, region: string): Promise<number> {
  if (url === undefined) return 0;
  const client = new SQSClient({ region, useQueueUrlAsEndpoint: process.env['AWS_ENDPOINT_URL'] === undefined });
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  client.destroy();
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

describe('an order', () => {
  flow('is accepted over HTTP, queued, processed and readable', { ownsLease: true }, async (stack) => {
    await activate(stack, stack.primaryRegion);
    const orderId = randomUUID();

    const accepted = await request('POST', apiUrl(stack, 'primary', '/orders'), { ...ORDER, orderId });

    expect(accepted).toMatchObject({ status: 202, body: { orderId, status: 'RECEIVED', writer: { state: 'ACTIVE' } } });
    await eventually('the order is processed', () => statusOf(stack, 'primary', orderId), processed);
    await eventually('the result is in the other region', () => statusOf(stack, 'dr', orderId), processed);
  });

  flow('stands in PostgreSQL once, however often it is sent', { ownsLease: true, database: true }, async (stack) => {
    const current = await activate(stack, stack.primaryRegion);
    const order = { ...ORDER, orderId: randomUUID() };

    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await request('POST', apiUrl(stack, 'primary', '/orders'), order)).status).toBe(202);
    }

    await eventually('the order is processed', () => statusOf(stack, 'primary', order.orderId), processed);
    await eventually(
      'the queue is empty',
      () => depth(stack.primaryOrderQueueUrl, stack.primaryRegion),
      (n) => n === 0,
    );
    expect(await effectsOf(stack, order.orderId)).toEqual([
      { order_id: order.orderId, epoch: current, region: stack.primaryRegion, verdict: 'PROCESSED' },
    ]);
  });

  flow('with other content under the same id is refused', { ownsLease: true }, async (stack) => {
    await activate(stack, stack.primaryRegion);
    const orderId = randomUUID();
    await request('POST', apiUrl(stack, 'primary', '/orders'), { ...ORDER, orderId });

    const other = await request('POST', apiUrl(stack, 'primary', '/orders'), { ...ORDER, orderId, quantity: 11 });

    expect(other.status).toBe(409);
  });

  flow('that is malformed is refused with the field that is wrong', {}, async (stack) => {
    const refused = await request('POST', apiUrl(stack, 'primary', '/orders'), { ...ORDER, side: 'HOLD' });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain('side');
  });
});

describe('when the lease says dr', () => {
  flow('dr processes', { ownsLease: true, database: true }, async (stack) => {
    const current = await activate(stack, stack.drRegion);
    const orderId = randomUUID();

    const accepted = await request('POST', apiUrl(stack, 'dr', '/orders'), { ...ORDER, orderId });

    expect(accepted.body['writer']).toEqual({ state: 'ACTIVE', epoch: current });
    await eventually('dr has processed the order', () => statusOf(stack, 'dr', orderId), processed);
    expect(await effectsOf(stack, orderId)).toEqual([
      { order_id: orderId, epoch: current, region: stack.drRegion, verdict: 'PROCESSED' },
    ]);
  });

  flow(
    'primary refuses, and the order is neither lost nor in a dead-letter queue',
    { ownsLease: true, database: true },
    async (stack) => {
      const current = await activate(stack, stack.drRegion);
      const order = { ...ORDER, orderId: randomUUID() };

      const accepted = await request('POST', apiUrl(stack, 'primary', '/orders'), order);

      expect(accepted).toMatchObject({ status: 202, body: { writer: { state: 'NOT_ACTIVE', epoch: current } } });
      await eventually(
        'its message is completed',
        () => depth(stack.primaryOrderQueueUrl, stack.primaryRegion),
        (n) => n === 0,
      );
      expect(await effectsOf(stack, order.orderId)).toEqual([]);
      expect(await depth(stack.primaryOrderDlqUrl, stack.primaryRegion)).toBe(0);
      expect((await statusOf(stack, 'dr', order.orderId)).body).toMatchObject({ status: 'RECEIVED' });

      // Sent again to the active region, as a client does, it gets its one effect there.
      expect((await request('POST', apiUrl(stack, 'dr', '/orders'), order)).status).toBe(202);
      await eventually('dr has processed the order', () => statusOf(stack, 'dr', order.orderId), processed);
      expect(await effectsOf(stack, order.orderId)).toHaveLength(1);
    },
  );

  flow('primary, active again under a higher epoch, goes on', { ownsLease: true, database: true }, async (stack) => {
    const current = await activate(stack, stack.primaryRegion);
    const orderId = randomUUID();
    await request('POST', apiUrl(stack, 'primary', '/orders'), { ...ORDER, orderId });
    await eventually('primary has processed the order', () => statusOf(stack, 'primary', orderId), processed);
    expect(await effectsOf(stack, orderId)).toMatchObject([{ epoch: current, region: stack.primaryRegion }]);
  });
});
