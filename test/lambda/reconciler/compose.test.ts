import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { composeReconciler } from '../../../lambda/reconciler/compose';
import { reconcilerEnv } from '../../../lambda/reconciler/env';
import { fakeHttp } from '../failover-orchestrator/support/fake-http';
import { type FakeAnswer, fakeAws } from '../support/fake-aws';
import { fakeDynamodb } from '../support/fake-dynamodb';
import { recordedTelemetry } from '../support/fakes';
import { virtualTime } from '../support/virtual-time';

const NOW = Date.UTC(2026, 10, 26, 3, 0);
const DR = 'eu-central-2';
const RECEIVED = {
  receivedAt: '2026-11-26T02:59:00.000Z',
  validUntil: '2026-11-26T03:14:00.000Z',
  region: DR,
};
const ORDER = { orderId: 'o1', symbol: 'ACME', side: 'BUY', quantity: 1, limitPrice: '100', account: 'a', ...RECEIVED };
const PAYMENT = {
  paymentId: 'p1',
  amount: '125.5',
  currency: 'EUR',
  debtorAccount: 'DE89370400440532013000',
  creditorAccount: 'CH9300762011623852957',
  reference: '',
  ...RECEIVED,
};
const ENVIRONMENT = {
  ENVIRONMENT_SUFFIX: 'dev',
  REGISTER_TABLE: 'register-dev',
  PRIMARY_REGION: 'eu-central-1',
  DR_REGION: DR,
  WITNESS_REGION: 'none',
  LEASE_TABLE: 'lease-dev',
  LEASE_SECONDS: '60',
  JOURNAL_TABLE: 'journal-dev',
  OFFERS_ALARMS: 'yes',
  TRIGGER_ALARM: 'failover-trigger-dev',
  MAINTENANCE_ALARM: 'maintenance-dev',
  ORCHESTRATOR_FUNCTION: 'failover-orchestrator-dev',
  LEDGER_FUNCTION: 'ledger-dev',
  ORDERS_TABLE: 'orders-dev',
  ORDER_QUEUE_URL: 'https://sqs.eu-central-2.amazonaws.com/1/orders-dev',
  TRANSACTIONS_TABLE: 'transactions-dev',
  PAYMENT_VALIDATOR_FUNCTION: 'payment-validator-dev',
  METRICS_NAMESPACE: 'trading-platform-dev',
};

const NO_ORDERS = { ORDERS_TABLE: 'none', ORDER_QUEUE_URL: 'none' };
const NO_PAYMENTS = { TRANSACTIONS_TABLE: 'none', PAYMENT_VALIDATOR_FUNCTION: 'none' };
/** What a test changes about the region. */
interface Story {
  /** What DynamoDB answers a tick that asks for its items. @default what is there */
  readonly tickItems?: FakeAnswer;
  readonly orders?: readonly (typeof ORDER)[];
  readonly hasRow?: (id: string, at: number) => boolean;
  readonly queued?: number;
}

/** A region with one order and one payment that were received a minute ago, and with the alarm red. */
function reconciler(
  lease: object,
  change: Readonly<Record<string, string>> = {},
  { tickItems, orders = [ORDER], hasRow = () => false, queued = 0 }: Story = {},
) {
  const tables = fakeDynamodb();
  tables.items.set('lease-dev lease', JSON.parse(JSON.stringify(marshall({ pk: 'lease', ...lease }))));
  const dynamodb = fakeAws((request) => {
    if (tickItems && request.operation === 'BatchGetItem') return tickItems;
    if (request.operation !== 'Query') return tables.answer(request);
    const items =
      request.body['TableName'] === 'orders-dev'
        ? orders.map((order) => ({ pk: order.orderId, sk: 'ORDER', ...order }))
        : [{ pk: 'p1', sk: 'PAYMENT', ...PAYMENT }];
    const asked = JSON.stringify(request.body);
    const found = items.filter(({ receivedAt }) => asked.includes(`"${receivedAt.slice(0, 16)}"`));
    return { body: { Items: found.map((item) => marshall(item)) } };
  });
  const cloudwatch = fakeAws(({ body }) => ({
    body: body['AlarmNames'] ? { CompositeAlarms: [{ AlarmName: 'failover-trigger-dev', StateValue: 'ALARM' }] } : {},
  }));
  const functions = fakeHttp(({ path, fields }) => {
    if (!path.includes('ledger')) return { body: JSON.stringify({ paymentIds: fields['paymentIds'] }) };
    const ids: string[] = JSON.parse(JSON.stringify(fields['ids']));
    return { body: JSON.stringify({ ids: ids.filter((id) => !hasRow(id, clock.now())) }) };
  }, DR);
  const sqs = fakeAws(({ operation }) => ({
    body:
      operation === 'GetQueueAttributes'
        ? { Attributes: { ApproximateNumberOfMessages: String(queued), ApproximateNumberOfMessagesNotVisible: '0' } }
        : { Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: '' }], Failed: [] },
  }));
  const clock = virtualTime(NOW);
  const telemetry = recordedTelemetry();
  const client = new DynamoDBClient({ ...dynamodb.options, region: DR });
  const respond = composeReconciler(
    { ...reconcilerEnv.parse({ ...ENVIRONMENT, ...change }), AWS_REGION: DR },
    {
      registers: { 'eu-central-1': client },
      leases: client,
      journal: client,
      received: client,
      cloudwatch: new CloudWatchClient({ ...cloudwatch.options, region: DR }),
      functions: new LambdaClient(functions.options),
      sqs: new SQSClient({ ...sqs.options, region: DR, md5: false }),
    },
    telemetry,
    { ...clock, random: () => 0, newId: () => 'id' },
  );
  const invoke = (minute = 0) => respond({ source: 'schedule' }, NOW + (minute + 1) * 60_000);
  return { respond, invoke, functions, sqs, tables, dynamodb, cloudwatch, telemetry };
}

test('the active region sweeps in every tick of the minute, and offers no alarm', async () => {
  const { invoke, functions, sqs, tables, cloudwatch } = reconciler({
    activeRegion: DR,
    epoch: 2,
    leaseEnd: NOW + 120_000,
  });
  expect(await invoke()).toEqual({ ticks: 6 });
  const calls = functions.sent.map(({ path, fields }) => [path.split('/')[3], fields]);
  const asked = (of: string, id: string) =>
    Array.from({ length: 6 }, () => ['ledger-dev', { action: 'without-effect', of, ids: [id] }]);
  expect(calls.filter(([, fields]) => JSON.stringify(fields).includes('o1'))).toEqual(asked('orders', 'o1'));
  expect(calls.filter(([name, fields]) => name === 'ledger-dev' && JSON.stringify(fields).includes('p1'))).toEqual(
    asked('payments', 'p1'),
  );
  // Once in the minute: what the validator has taken is given time.
  expect(calls.filter(([name]) => name === 'payment-validator-dev')).toEqual([
    ['payment-validator-dev', { action: 'settle', paymentIds: ['p1'] }],
  ]);
  expect(sqs.sent.map(({ operation }) => operation)).toEqual(['GetQueueAttributes', 'SendMessageBatch']);
  expect(tables.item('lease-dev', 'sweep')).toMatchObject({
    orders: { N: String(NOW - 60_000) },
    payments: { N: String(NOW - 60_000) },
  });
  for (const name of ['OrdersWaiting', 'PaymentsWaiting']) {
    expect(cloudwatch.sent.filter(({ body }) => JSON.stringify(body).includes(name))).toHaveLength(6);
  }
});

test('a tick asks its region’s lease table once, whatever it does with the answer', async () => {
  const { invoke, dynamodb, tables } = reconciler({ activeRegion: DR, epoch: 2, leaseEnd: NOW + 120_000 });
  const freeze = { pk: 'freeze', until: NOW + 60_000, at: NOW, who: 'ann', reason: 'work' };
  tables.items.set('lease-dev freeze', JSON.parse(JSON.stringify(marshall(freeze))));
  await invoke();
  const ofLeases = dynamodb.sent.filter(({ body }) => JSON.stringify(body).includes('lease-dev'));
  const reads = ofLeases.filter(({ operation }) => operation !== 'UpdateItem').map(({ operation }) => operation);
  expect(reads).toEqual(Array.from({ length: 6 }, () => 'BatchGetItem'));
});

test('a tick without an answer from its lease table still offers the red alarm, and touches no order', async () => {
  const lease = { activeRegion: DR, epoch: 2, leaseEnd: NOW + 120_000 };
  const { invoke, functions, sqs, telemetry } = reconciler(
    lease,
    {},
    { tickItems: { error: 'AccessDeniedException' } },
  );
  await invoke();
  expect(functions.sent.map(({ fields }) => fields)).toEqual(Array.from({ length: 6 }, () => ({ action: 'offer' })));
  expect(sqs.sent).toEqual([]);
  expect(telemetry.errors.map(({ message }) => message)).toEqual(Array.from({ length: 6 }, () => 'the freeze failed'));
});

test('how far a long queue has been worked through is learned from the rows that there are', async () => {
  const at = (orderId: string, receivedAt: string) => ({ ...ORDER, orderId, receivedAt });
  const orders = [at('overtaken', '2026-11-26T02:58:10.000Z'), at('later', '2026-11-26T02:59:30.000Z')];
  const { invoke, sqs } = reconciler({ activeRegion: DR, epoch: 2, leaseEnd: NOW + 300_000 }, NO_PAYMENTS, {
    orders,
    queued: 5_000,
    hasRow: (id, now) => id === 'later' && now >= NOW + 30_000,
  });
  const sent = () => sqs.sent.filter(({ operation }) => operation === 'SendMessageBatch').map(({ body }) => body);
  await invoke();
  expect(sent()).toEqual([]);
  await invoke(1);
  expect(sent()).toHaveLength(1);
  expect(JSON.stringify(sent())).toContain('overtaken');
});

test('the region that is not active offers the red alarm, and touches no order', async () => {
  const { invoke, functions, sqs } = reconciler({ activeRegion: 'eu-central-1', epoch: 1, leaseEnd: 0 });
  await invoke();
  expect(
    functions.sent.map(({ path, headers, fields }) => [path.split('/')[3], headers['x-amz-invocation-type'], fields]),
  ).toEqual(Array.from({ length: 6 }, () => ['failover-orchestrator-dev', 'Event', { action: 'offer' }]));
  expect(sqs.sent).toEqual([]);
});

test('no alarm is offered where none starts a failover', async () => {
  const lease = { activeRegion: 'eu-central-1', epoch: 2, leaseEnd: NOW + 120_000 };
  const { invoke, functions, sqs } = reconciler(lease, { OFFERS_ALARMS: 'no' });
  await invoke();
  expect([functions.sent, sqs.sent]).toEqual([[], []]);
});

test.each([
  ['orders', NO_ORDERS, 'payments'],
  ['payments', NO_PAYMENTS, 'orders'],
])('a stack without %s sweeps the other workload', async (_, change, swept) => {
  const { invoke, functions, tables } = reconciler({ activeRegion: DR, epoch: 2, leaseEnd: NOW + 120_000 }, change);
  await invoke();
  const asked = functions.sent.filter(({ path }) => path.includes('ledger')).map(({ fields }) => fields['of']);
  expect(new Set(asked)).toEqual(new Set([swept]));
  expect(Object.keys(tables.item('lease-dev', 'sweep') ?? {}).sort()).toEqual([swept, 'pk'].sort());
});

test('an event that is not the schedule’s is an error', async () => {
  const { respond } = reconciler({ activeRegion: DR, epoch: 2, leaseEnd: NOW });
  await expect(respond({ action: 'offer' }, NOW + 60_000)).rejects.toMatchObject({ name: 'MalformedError' });
});
