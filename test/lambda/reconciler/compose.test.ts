import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { composeReconciler } from '../../../lambda/reconciler/compose';
import { reconcilerEnv } from '../../../lambda/reconciler/env';
import { fakeHttp } from '../failover-orchestrator/support/fake-http';
import { fakeAws } from '../support/fake-aws';
import { fakeDynamodb } from '../support/fake-dynamodb';
import { recordedTelemetry } from '../support/fakes';
import { virtualTime } from '../support/virtual-time';

const NOW = Date.UTC(2026, 10, 26, 3, 0);
const DR = 'eu-central-2';
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
  METRICS_NAMESPACE: 'trading-platform-dev',
};

/** A region with one order that was received a minute ago, and with the alarm red. */
function reconciler(lease: object, change: Readonly<Record<string, string>> = {}) {
  const order = {
    orderId: 'o1',
    symbol: 'ACME',
    side: 'BUY',
    quantity: 1,
    limitPrice: '100',
    account: 'a',
    receivedAt: '2026-11-26T02:59:00.000Z',
    validUntil: '2026-11-26T03:14:00.000Z',
    region: DR,
  };
  const tables = fakeDynamodb();
  tables.items.set('lease-dev lease', JSON.parse(JSON.stringify(marshall({ pk: 'lease', ...lease }))));
  const dynamodb = fakeAws((request) =>
    request.operation === 'Query'
      ? {
          body: {
            Items: JSON.stringify(request.body).includes('02:59"')
              ? [marshall({ pk: 'o1', sk: 'ORDER', ...order })]
              : [],
          },
        }
      : tables.answer(request),
  );
  const cloudwatch = fakeAws(({ body }) => ({
    body: body['AlarmNames'] ? { CompositeAlarms: [{ AlarmName: 'failover-trigger-dev', StateValue: 'ALARM' }] } : {},
  }));
  const functions = fakeHttp(() => ({ body: JSON.stringify({ orderIds: ['o1'] }) }), DR);
  const sqs = fakeAws(() => ({
    body: { Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: '' }], Failed: [] },
  }));
  const clock = virtualTime(NOW);
  const client = new DynamoDBClient({ ...dynamodb.options, region: DR });
  const respond = composeReconciler(
    { ...reconcilerEnv.parse({ ...ENVIRONMENT, ...change }), AWS_REGION: DR },
    {
      registers: { 'eu-central-1': client },
      leases: client,
      journal: client,
      orders: client,
      cloudwatch: new CloudWatchClient({ ...cloudwatch.options, region: DR }),
      functions: new LambdaClient(functions.options),
      sqs: new SQSClient({ ...sqs.options, region: DR, md5: false }),
    },
    recordedTelemetry(),
    { ...clock, random: () => 0, newId: () => 'id' },
  );
  const invoke = () => respond({ source: 'schedule' }, NOW + 60_000);
  return { respond, invoke, functions, sqs, tables, cloudwatch };
}

test('the active region sweeps in every tick of the minute, and offers no alarm', async () => {
  const { invoke, functions, sqs, tables, cloudwatch } = reconciler({
    activeRegion: DR,
    epoch: 2,
    leaseEnd: NOW + 120_000,
  });
  expect(await invoke()).toEqual({ ticks: 6 });
  expect(functions.sent.map(({ path, fields }) => [path.split('/')[3], fields])).toEqual(
    Array.from({ length: 6 }, () => ['ledger-dev', { action: 'without-effect', orderIds: ['o1'] }]),
  );
  expect(sqs.sent).toHaveLength(1);
  expect(tables.item('lease-dev', 'sweep')).toMatchObject({ sweptThrough: { N: String(NOW - 60_000) } });
  expect(cloudwatch.sent.filter(({ body }) => JSON.stringify(body).includes('OrdersWaiting'))).toHaveLength(6);
});

test('the region that is not active offers the red alarm, and touches no order', async () => {
  const { invoke, functions, sqs } = reconciler({ activeRegion: 'eu-central-1', epoch: 1, leaseEnd: 0 });
  await invoke();
  expect(
    functions.sent.map(({ path, headers, fields }) => [path.split('/')[3], headers['x-amz-invocation-type'], fields]),
  ).toEqual(Array.from({ length: 6 }, () => ['failover-orchestrator-dev', 'Event', { action: 'offer' }]));
  expect(sqs.sent).toEqual([]);
});

test.each([
  ['no alarm is offered where none starts a failover', { OFFERS_ALARMS: 'no' }, 'eu-central-1'],
  ['no order is swept where there is no such workload', { ORDERS_TABLE: 'none', ORDER_QUEUE_URL: 'none' }, DR],
])('%s', async (_, change, activeRegion) => {
  const { invoke, functions, sqs } = reconciler({ activeRegion, epoch: 2, leaseEnd: NOW + 120_000 }, change);
  await invoke();
  expect([functions.sent, sqs.sent]).toEqual([[], []]);
});

test('an event that is not the schedule’s is an error', async () => {
  const { respond } = reconciler({ activeRegion: DR, epoch: 2, leaseEnd: NOW });
  await expect(respond({ action: 'offer' }, NOW + 60_000)).rejects.toMatchObject({ name: 'MalformedError' });
});
