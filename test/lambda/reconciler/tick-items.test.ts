import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { createTickItems, itemOf, type TickItems } from '../../../lambda/reconciler/tick-items';
import { type FakeAnswer, fakeAws } from '../support/fake-aws';

const TABLE = 'lease-dev';
const NAMES = ['lease', 'freeze', 'sweep'] as const;
type Name = (typeof NAMES)[number];

const LEASE = { activeRegion: 'eu-central-1', epoch: 7, leaseEnd: 1_795_492_311_000 };
const FREEZE = { until: 1_795_492_000_000, at: 1_795_491_000_000, who: 'ann', reason: 'work' };
const SWEEP = { setBackAt: 1, orders: 2, payments: 3 };
const CONTENT: Readonly<Record<Name, object>> = { lease: LEASE, freeze: FREEZE, sweep: SWEEP };

/** What has become of one item in an answer of DynamoDB. */
type Fate = 'there' | 'absent' | 'malformed' | 'unprocessed';
type Fates = Readonly<Record<Name, Fate>>;

const key = (pk: string) => ({ pk: { S: pk } });
const stored = (pk: Name, content: object) => marshall({ ...content, pk });

/** The answer to what was asked, in an order of its own: DynamoDB promises none. */
function answerOf(fates: Fates, order: readonly Name[] = NAMES): FakeAnswer {
  const items = order.flatMap((name) => {
    if (fates[name] === 'there') return [stored(name, CONTENT[name])];
    return fates[name] === 'malformed' ? [stored(name, { until: 'soon', orders: 'many', epoch: 1.5 })] : [];
  });
  const left = order.filter((name) => fates[name] === 'unprocessed');
  const UnprocessedKeys = left.length > 0 ? { [TABLE]: { Keys: left.map(key), ConsistentRead: true } } : {};
  return { body: { Responses: { [TABLE]: items }, UnprocessedKeys } };
}

async function tick(answer: FakeAnswer) {
  const { options, sent } = fakeAws(() => answer);
  return { read: await createTickItems(new DynamoDBClient(options), TABLE).read(), sent };
}

const all = (fate: Fate): Fates => ({ lease: fate, freeze: fate, sweep: fate });

test('what a tick goes by is read in one call, consistently, because an old lease would let two regions write', async () => {
  const { read, sent } = await tick(answerOf(all('there')));
  expect(read).toEqual({
    lease: { known: true, lease: LEASE },
    freeze: { known: true, item: FREEZE },
    sweep: { known: true, item: SWEEP },
  });
  expect(sent.map(({ operation, body }) => [operation, body])).toEqual([
    ['BatchGetItem', { RequestItems: { [TABLE]: { Keys: NAMES.map(key), ConsistentRead: true } } }],
  ]);
});

test('a new table has no item: no freeze and no sweep yet, and no lease to write under', async () => {
  const { read } = await tick(answerOf(all('absent')));
  expect(read).toEqual({
    lease: { known: false, kind: 'NoLease', why: 'there is no local lease item' },
    freeze: { known: true, item: undefined },
    sweep: { known: true, item: undefined },
  });
});

/** What a reading must be, from the fate of its own item alone. */
function expected(name: Name, fate: Fate): unknown {
  if (name === 'lease') return expectedLease(fate);
  if (fate === 'there') return { known: true, item: CONTENT[name] };
  if (fate === 'absent') return { known: true, item: undefined };
  const message = fate === 'malformed' ? `the local item ${name} is malformed` : `not processed the key ${name}`;
  return { known: false, error: expect.objectContaining({ message: expect.stringContaining(message) }) };
}

function expectedLease(fate: Fate): TickItems['lease'] {
  switch (fate) {
    case 'there':
      return { known: true, lease: LEASE };
    case 'absent':
      return { known: false, kind: 'NoLease', why: 'there is no local lease item' };
    case 'malformed':
      return {
        known: false,
        kind: 'MalformedError',
        why: 'the local lease item has no valid activeRegion, epoch and leaseEnd',
      };
    case 'unprocessed':
      return {
        known: false,
        kind: 'DeadlineError',
        why: 'the local lease item cannot be read: DeadlineError: DynamoDB has not processed the key lease of lease-dev',
      };
  }
}

test('each reading tells of its own item, whatever has become of the others: one left unprocessed is never absent', async () => {
  const fate = fc.constantFrom<Fate>('there', 'absent', 'malformed', 'unprocessed');
  await fc.assert(
    fc.asyncProperty(
      fc.record({ lease: fate, freeze: fate, sweep: fate }),
      fc.shuffledSubarray([...NAMES], { minLength: NAMES.length }),
      async (fates, order) => {
        const { read } = await tick(answerOf(fates, order));
        for (const name of NAMES) expect(read[name]).toEqual(expected(name, fates[name]));
      },
    ),
    { numRuns: 300 },
  );
});

describe('a call that fails', () => {
  test('leaves everything unknown, each with what AWS said', async () => {
    const { read, sent } = await tick({ error: 'AccessDeniedException' });
    const error = expect.objectContaining({ name: 'AccessDeniedException' });
    expect(read).toEqual({
      lease: {
        known: false,
        kind: 'AccessDeniedException',
        why: 'the local lease item cannot be read: AccessDeniedException: fake AccessDeniedException',
      },
      freeze: { known: false, error },
      sweep: { known: false, error },
    });
    expect(sent).toHaveLength(1);
  });

  test('is tried again as often as the client tries, and no more: the next tick is due in ten seconds', async () => {
    const { read, sent } = await tick({ error: 'InternalServerError', status: 500 });
    expect(read.lease).toMatchObject({ known: false, kind: 'InternalServerError' });
    expect(sent).toHaveLength(2);
  });
});

test('whoever needs an item that could not be read fails with the reason', async () => {
  const { read } = await tick(answerOf({ lease: 'there', freeze: 'absent', sweep: 'unprocessed' }));
  expect(itemOf(read.freeze)).toBeUndefined();
  expect(() => itemOf(read.sweep)).toThrow('DynamoDB has not processed the key sweep of lease-dev');
});
