import { randomUUID } from 'node:crypto';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { query } from './support/database';
import { apiUrl, eventually, flow } from './support/deployment';
import { request } from './support/http';
import { grantLease } from './support/lease';
import type { DeploymentOutputs } from '../../ops/outputs-file';

const PAYMENT = {
  amount: '125.50',
  currency: 'EUR',
  debtorAccount: 'DE89370400440532013000',
  creditorAccount: 'CH9300762011623852957',
};

async function nextEpoch(stack: DeploymentOutputs): Promise<number> {
  const [row] = await query(stack, 'SELECT epoch::int + 1 AS epoch FROM writer_epoch');
  return typeof row === 'object' && row !== null && 'epoch' in row ? Number(row.epoch) : 1;
}

async function keys(bucket: string | undefined, region: string): Promise<readonly string[]> {
  const client = new S3Client({ region });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'rtc/' }));
  client.destroy();
  return Contents.flatMap(({ Key }) => Key ?? []);
}

describe('a payment', () => {
  flow('is validated once, with a receipt in both regions', { ownsLease: true, database: true }, async (stack) => {
    await grantLease(stack, stack.primaryRegion, await nextEpoch(stack));
    const payment = { ...PAYMENT, paymentId: randomUUID() };

    const first = await request('POST', apiUrl(stack, 'primary', '/payments'), payment);
    const again = await request('POST', apiUrl(stack, 'primary', '/payments'), payment);

    expect(first).toMatchObject({ status: 200, body: { paymentId: payment.paymentId, status: 'VALIDATED' } });
    expect(again).toMatchObject({ status: 200, body: { status: 'VALIDATED' } });
    const rows = await query(stack, 'SELECT payment_id FROM payment_effects WHERE payment_id = $1', [
      payment.paymentId,
    ]);
    expect(rows).toHaveLength(1);
    const hasReceipt = (found: readonly string[]): boolean => found.some((key) => key.includes(payment.paymentId));
    await eventually(
      'the receipt is written',
      () => keys(stack.primaryReceiptsBucket, stack.primaryRegion),
      hasReceipt,
    );
    await eventually('the receipt is in dr', () => keys(stack.drReceiptsBucket, stack.drRegion), hasReceipt);
  });

  flow('that cannot be right is rejected with its reasons', { ownsLease: true, database: true }, async (stack) => {
    await grantLease(stack, stack.primaryRegion, await nextEpoch(stack));
    const payment = { ...PAYMENT, paymentId: randomUUID(), creditorAccount: PAYMENT.debtorAccount };

    const rejected = await request('POST', apiUrl(stack, 'primary', '/payments'), payment);

    expect(rejected).toMatchObject({ status: 200, body: { status: 'REJECTED' } });
    expect(rejected.body['reasons']).not.toEqual([]);
  });

  flow('in the region without the lease is recorded and waits', { ownsLease: true, database: true }, async (stack) => {
    await grantLease(stack, stack.primaryRegion, await nextEpoch(stack));
    const payment = { ...PAYMENT, paymentId: randomUUID() };

    const waiting = await request('POST', apiUrl(stack, 'dr', '/payments'), payment);

    expect(waiting).toMatchObject({ status: 202, body: { status: 'RECEIVED' } });
    const seen = await request('GET', apiUrl(stack, 'primary', `/payments/${payment.paymentId}`));
    expect(seen).toMatchObject({ status: 200, body: { status: 'RECEIVED' } });
  });
});
