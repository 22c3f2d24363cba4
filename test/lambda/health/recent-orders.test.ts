import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { createRecentOrders, minutesOf } from '../../../lambda/health/recent-orders';
import { type FakeAnswer, fakeAws } from '../support/fake-aws';

const OWN = 'eu-central-1';
const NOW = Date.UTC(2026, 10, 24, 3, 51, 20);

describe('orders of the last minute', () => {
  /** The index as a table of both regions has it, in pages as DynamoDB makes them: the limit counts what the filter drops. */
  function table(perMinute: Readonly<Record<string, readonly string[]>>, pageMs = 0) {
    const clock = { at: NOW };
    const { options, sent } = fakeAws(({ body }): FakeAnswer => {
      clock.at += pageMs;
      const values: Record<string, { S: string }> = JSON.parse(JSON.stringify(body['ExpressionAttributeValues']));
      const all = perMinute[values[':minute']?.S ?? ''] ?? [];
      const key: { place: { N: string } } | undefined = JSON.parse(JSON.stringify(body['ExclusiveStartKey'] ?? null));
      const from = Number(key?.place.N ?? 0);
      const until = from + Number(body['Limit']);
      const Items = all
        .slice(from, until)
        .filter((id) => id.startsWith('own'))
        .map((id) => ({ orderId: { S: id } }));
      return { body: { Items, ...(until < all.length && { LastEvaluatedKey: { place: { N: String(until) } } }) } };
    });
    const orders = createRecentOrders(new DynamoDBClient(options), 'orders-dev', OWN, () => clock.at);
    return { sent, look: () => orders.receivedBetween(NOW - 90_000, NOW - 30_000, NOW + 700) };
  }
  const many = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

  test('are asked of every minute that they may be in, the latest first, and only those received here', async () => {
    const { look, sent } = table({ '2026-11-24T03:50': ['own-1', 'other-1'], '2026-11-24T03:49': ['own-2'] });
    expect(await look()).toEqual({ ids: ['own-1', 'own-2'], isEnough: true });
    expect(sent[0]?.body).toEqual({
      TableName: 'orders-dev',
      IndexName: 'byReceived',
      KeyConditionExpression: 'receivedMinute = :minute AND receivedAt BETWEEN :from AND :to',
      FilterExpression: '#region = :region',
      ProjectionExpression: 'orderId',
      ExpressionAttributeNames: { '#region': 'region' },
      ExpressionAttributeValues: {
        ':minute': { S: '2026-11-24T03:50' },
        ':from': { S: '2026-11-24T03:49:50.000Z' },
        ':to': { S: '2026-11-24T03:50:50.000Z' },
        ':region': { S: OWN },
      },
      ScanIndexForward: false,
      Limit: 100,
    });
  });

  test('are at most a hundred, so that a busy minute costs no more', async () => {
    const { look, sent } = table({ '2026-11-24T03:50': many('own', 5_000) });
    const { ids, isEnough } = await look();
    expect([ids.length, isEnough]).toEqual([100, true]);
    expect(sent).toHaveLength(2);
  });

  test('are found behind those of the other region, however many those are', async () => {
    const { look } = table({ '2026-11-24T03:50': [...many('other', 3_000), 'own-1'] });
    expect(await look()).toEqual({ ids: ['own-1'], isEnough: true });
  });

  test('are not called none when the time ends among those of the other region', async () => {
    const { look, sent } = table({ '2026-11-24T03:50': [...many('other', 90_000), 'own-1'] }, 200);
    expect(await look()).toEqual({ ids: [], isEnough: false });
    // Two minutes side by side, and no page is begun after 700 ms.
    expect(sent.length).toBeLessThanOrEqual(5);
  });

  test('are found in every minute that a time touches', () => {
    fc.assert(
      fc.property(fc.nat({ max: 200_000 }), fc.nat({ max: 200_000 }), (before, within) => {
        const at = new Date(NOW - Math.min(before, within)).toISOString().slice(0, 16);
        expect(minutesOf(NOW - Math.max(before, within), NOW)).toContain(at);
      }),
    );
  });
});
