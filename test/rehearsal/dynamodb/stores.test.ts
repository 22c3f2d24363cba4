import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { createRecentOrders } from '../../../lambda/health/recent-orders';
import { ORDERS } from '../../../lambda/reconciler/kinds';
import { createReceivedIndex } from '../../../lambda/reconciler/received-index';
import { createLocalLease } from '../../../lambda/shared/register/local-lease';
import { absentRecord, type RegisterRecord } from '../../../lambda/shared/register/record';
import { createRegisterStore, REGISTER_KEY } from '../../../lambda/shared/register/register-store';
import { createJournalItems } from '../../../lambda/failover-orchestrator/journal-items';
import { documentClient, sessionStore } from '../../../fleet/service/adapters/dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientOf, DR, newWorld, PRIMARY, START, strings, WITNESS } from './support';
import type { World } from './support';

/** The platform's own stores, with real clients of the SDK: what they send is understood, what they get is what they expect. */
let world: World;
beforeEach(() => {
  world = newWorld();
});

const REGIONS = [PRIMARY, DR, WITNESS];

test('the register: a compare-and-set per location, and a repeated write recognises itself', async () => {
  const clients = Object.fromEntries(REGIONS.map((region) => [region, clientOf(world, region)]));
  const quorum = { locations: REGIONS, majority: 2, primaryRegion: PRIMARY };
  const store = createRegisterStore(clients, 'register', quorum, () => 'the same id');
  const record: RegisterRecord = { ...absentRecord(PRIMARY), version: 1 };
  const writes = REGIONS.map((location) => ({ location, expectedVersion: 0, record }));
  expect(await store.write(writes)).toEqual([true, true, true]);
  expect(await store.write(writes)).toEqual([true, true, true]);
  const stranger = createRegisterStore(clients, 'register', quorum, () => 'another id');
  expect(await stranger.write(writes)).toEqual([false, false, false]);
  const next = REGIONS.map((location) => ({ location, expectedVersion: 1, record: { ...record, version: 2 } }));
  expect(await stranger.write(next)).toEqual([true, true, true]);
  expect(await store.read()).toEqual(
    REGIONS.map((location) => ({ location, known: true, record: { ...record, version: 2 } })),
  );
});

test('the local lease: a closed epoch stays closed', async () => {
  const lease = createLocalLease(clientOf(world, PRIMARY), 'lease');
  const first = { activeRegion: PRIMARY, epoch: 1, leaseEnd: START };
  expect(await lease.put(first)).toBe('written');
  expect(await lease.put({ ...first, leaseEnd: START - 1 })).toBe('refused');
  expect(await lease.close(1, DR)).toEqual({ kind: 'closed', was: first });
  expect(await lease.put({ ...first, leaseEnd: START + 1 })).toBe('refused');
  expect(await lease.put({ activeRegion: DR, epoch: 2, leaseEnd: START })).toBe('written');
  expect(await lease.close(1, DR)).toEqual({ kind: 'refused' });
});

test('the journal: an item is put once and listed in order', async () => {
  const items = createJournalItems(clientOf(world, DR), 'journal');
  for (const sk of ['0000000002', '0000000001', 'wishes']) {
    expect(await items.putOnce({ pk: 'run#1', sk, body: new Uint8Array([1, 2, 3]) })).toBe(true);
  }
  expect(await items.putOnce({ pk: 'run#1', sk: 'wishes' })).toBe(false);
  expect(await items.listBefore('run#1', 'wishes')).toEqual(
    ['0000000001', '0000000002'].map((sk) => ({ pk: 'run#1', sk, body: new Uint8Array([1, 2, 3]) })),
  );
});

test('orders by their receipt: pages of the index, and the latest ones of this region', async () => {
  const client = clientOf(world, PRIMARY);
  for (let index = 0; index < 250; index += 1) {
    const receivedAt = new Date(START + index * 100).toISOString();
    const region = index % 2 === 0 ? PRIMARY : DR;
    const pk = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const Item = strings({ pk, sk: 'ORDER', orderId: pk, region, receivedAt, receivedMinute: receivedAt.slice(0, 16) });
    world.ok(PRIMARY, 'PutItem', { TableName: 'orders', Item });
  }
  const orders = createRecentOrders(client, 'orders', PRIMARY, () => START);
  const recent = await orders.receivedBetween(START, START + 60_000, START + 700);
  expect(recent.isEnough).toBe(true);
  expect(recent.ids).toHaveLength(100);
  expect(recent.ids[0]).toBe('00000000-0000-4000-8000-000000000248');
  const errors: string[] = [];
  const index = createReceivedIndex(client, 'orders', ORDERS, { error: (message) => errors.push(message) });
  const { found, readThrough } = await index.read(START, START + 60_000, 1_000);
  expect(readThrough).toBe(START + 60_000);
  expect(found.map(({ id }) => Number(id.slice(-12)))).toEqual(Array.from({ length: 250 }, (_, place) => place));
  // These are orders by their keys alone: whoever wants the whole of them is told of each.
  expect(await index.load(found.slice(0, 10))).toEqual({
    received: [],
    unreadable: found.slice(0, 10).map(({ id }) => id),
  });
  expect(errors).toHaveLength(10);
});

test('sessions of the fleet, which deletes what nobody needs', async () => {
  expect(documentClient(PRIMARY)).toBeInstanceOf(DynamoDBDocumentClient);
  const sessions = sessionStore(DynamoDBDocumentClient.from(clientOf(world, PRIMARY)), 'sessions');
  const session = { sessionId: 's', user: 'u', createdAt: 'now', region: PRIMARY, expiresAt: START };
  await sessions.create(session);
  await expect(sessions.create(session)).rejects.toMatchObject({ cause: { name: 'ConditionalCheckFailedException' } });
  expect(await sessions.find('s')).toEqual(session);
  await sessions.remove('s');
  expect(await sessions.find('s')).toBeUndefined();
});

test('an unknown table is the error that the SDK knows', async () => {
  const get = new GetItemCommand({ TableName: 'nothing', Key: { pk: { S: REGISTER_KEY } } });
  await expect(clientOf(world, PRIMARY).send(get)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
