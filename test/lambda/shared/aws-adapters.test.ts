import { createServer, type Server } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../../../lambda/shared/aws';
import { createSecretCredentials } from '../../../lambda/shared/credentials';
import { createItemStore } from '../../../lambda/shared/item-store';
import { createLeaseStore } from '../../../lambda/shared/lease-store';
import { createReplicatedObjects } from '../../../lambda/shared/replicated-objects';
import { createTracing, tracedClient } from '../../../lambda/shared/tracing';
import { type FakeAnswer, fakeAws, type SentRequest } from '../support/fake-aws';

describe('the lease store', () => {
  const reading = async (answer: FakeAnswer) => {
    const { options, sent } = fakeAws(() => answer);
    return { read: await createLeaseStore(new DynamoDBClient(options), 'lease-dev').read(), sent };
  };

  test('reads the local item consistently, because an old lease would let two regions write', async () => {
    const item = { activeRegion: { S: 'eu-central-1' }, epoch: { N: '7' }, leaseEnd: { N: '1795492311000' } };
    const { read, sent } = await reading({ body: { Item: { pk: { S: 'lease' }, ...item } } });
    expect(read).toEqual({
      known: true,
      lease: { activeRegion: 'eu-central-1', epoch: 7, leaseEnd: 1_795_492_311_000 },
    });
    expect(sent[0]?.body).toEqual({ TableName: 'lease-dev', Key: { pk: { S: 'lease' } }, ConsistentRead: true });
  });

  test.each([
    ['is absent', { body: {} }, 'NoLease', 'there is no local lease item'],
    [
      'has no epoch',
      { body: { Item: { activeRegion: { S: 'a' }, leaseEnd: { N: '1' } } } },
      'MalformedError',
      'no valid activeRegion, epoch and leaseEnd',
    ],
    [
      'has half an epoch',
      { body: { Item: { activeRegion: { S: 'a' }, epoch: { N: '1.5' }, leaseEnd: { N: '1' } } } },
      'MalformedError',
      'no valid',
    ],
    ['cannot be read', { error: 'AccessDeniedException' }, 'AccessDeniedException', 'fake AccessDeniedException'],
  ] as const)('says why when the item %s, so that the caller fails closed', async (_, answer, kind, why) => {
    const { read } = await reading(answer);
    expect(read).toEqual({ known: false, kind, why: expect.stringContaining(why) });
  });
});

describe('the item store', () => {
  const stored = { pk: { S: 'o1' }, sk: { S: 'ORDER' }, quantity: { N: '5' } };

  test('writes an item only where there is none', async () => {
    const { options, sent } = fakeAws(() => ({ body: {} }));
    const store = createItemStore(new DynamoDBClient(options), 'orders-dev');
    expect(await store.putOnce({ pk: 'o1', sk: 'ORDER', quantity: 5 })).toEqual({ written: true });
    expect(sent.map(({ body }) => body)).toEqual([
      {
        TableName: 'orders-dev',
        Item: stored,
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    ]);
  });

  test('answers with the standing item of the refusal itself, which after a repeated request is our own', async () => {
    const { options, sent } = fakeAws(() => ({
      error: 'ConditionalCheckFailedException',
      fields: { Item: stored },
    }));
    const store = createItemStore(new DynamoDBClient(options), 'orders-dev');
    expect(await store.putOnce({ pk: 'o1', sk: 'ORDER', quantity: 6 })).toEqual({
      written: false,
      existing: { pk: 'o1', sk: 'ORDER', quantity: 5 },
    });
    expect(sent.map(({ operation }) => operation)).toEqual(['PutItem']);
  });

  test('takes a refusal without an item for neither written nor standing', async () => {
    const { options } = fakeAws(() => ({ error: 'ConditionalCheckFailedException' }));
    const store = createItemStore(new DynamoDBClient(options), 'orders-dev');
    await expect(store.putOnce({ pk: 'o1', sk: 'ORDER', quantity: 6 })).rejects.toThrow(
      'the refusal to write o1 ORDER again names no item',
    );
  });

  test('lists every page of an order', async () => {
    const { options, sent } = fakeAws(({ body }) =>
      body['ExclusiveStartKey']
        ? { body: { Items: [{ ...stored, sk: { S: 'RESULT#1' } }] } }
        : { body: { Items: [stored], LastEvaluatedKey: { pk: { S: 'o1' }, sk: { S: 'ORDER' } } } },
    );
    const items = await createItemStore(new DynamoDBClient(options), 'orders-dev').list('o1');
    expect(items.map(({ sk }) => sk)).toEqual(['ORDER', 'RESULT#1']);
    expect(sent.map(({ body }) => body['ConsistentRead'])).toEqual([true, true]);
  });

  test('passes on what is not the condition, after the attempts that the client has', async () => {
    const { options, sent } = fakeAws(() => ({ error: 'InternalServerError', status: 500 }));
    const put = createItemStore(new DynamoDBClient(options), 'orders-dev').putOnce({ pk: 'o1', sk: 'ORDER' });
    await expect(put).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(sent).toHaveLength(2);
  });
});

describe('the database secret', () => {
  const store = (answer: (request: SentRequest) => FakeAnswer) => {
    const { options, sent } = fakeAws(answer);
    return { credentials: createSecretCredentials(new SecretsManagerClient(options), 'trading/database'), sent };
  };

  test('is read once, and again after it was forgotten', async () => {
    const { credentials, sent } = store(() => ({
      body: { SecretString: '{"username":"u","password":"p","engine":"postgres"}' },
    }));
    expect(await credentials.read()).toEqual({ username: 'u', password: 'p' });
    await credentials.read();
    expect(sent).toHaveLength(1);
    credentials.forget();
    await credentials.read();
    expect(sent.map(({ body }) => body)).toEqual([{ SecretId: 'trading/database' }, { SecretId: 'trading/database' }]);
  });

  test('that is malformed is named without its content', async () => {
    const { credentials } = store(() => ({ body: { SecretString: 'hunter2' } }));
    const error: unknown = await credentials.read().catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'CredentialsError',
      message: 'the database secret trading/database is not JSON with username and password',
    });
    expect(error).not.toHaveProperty('cause');
  });

  test('that cannot be read says why and is asked for again', async () => {
    const answers: FakeAnswer[] = [
      { error: 'ResourceNotFoundException' },
      { body: { SecretString: '{"username":"u","password":"p"}' } },
    ];
    const { credentials } = store(() => answers.shift() ?? { error: 'unexpected' });
    await expect(credentials.read()).rejects.toThrow('trading/database cannot be read: ResourceNotFoundException');
    expect(await credentials.read()).toEqual({ username: 'u', password: 'p' });
  });
});

test('an object goes under the prefix of the timed rule, in one request', async () => {
  const { options, sent } = fakeAws(() => ({ body: '' }));
  const objects = createReplicatedObjects(new S3Client(options), 'receipts-dev');
  const key = await objects.put({
    name: 'receipts/p1.json',
    body: Buffer.from('{"a":1}'),
    contentType: 'application/json',
  });
  expect(key).toBe('rtc/receipts/p1.json');
  expect(sent).toMatchObject([
    {
      operation: 'PUT',
      host: 'receipts-dev.s3.eu-central-1.amazonaws.com',
      path: '/rtc/receipts/p1.json',
      headers: { 'content-type': 'application/json' },
    },
  ]);
});

describe('an AWS client of ours', () => {
  let server: Server;
  let asked = 0;
  let port = 0;

  beforeAll(async () => {
    // Takes requests and never answers, as a region behind a black hole does.
    server = createServer(() => void (asked += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('gives up on a service that does not answer, after its attempts', async () => {
    const client = new DynamoDBClient({
      ...awsClientOptions('eu-central-1', { requestTimeoutMs: 100, attempts: 2 }),
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    });
    const started = Date.now();
    const reading = await createLeaseStore(client, 'lease-dev').read();
    expect(reading).toEqual({ known: false, kind: 'TimeoutError', why: expect.stringContaining('TimeoutError') });
    expect(asked).toBe(2);
    expect(Date.now() - started).toBeLessThan(2_000);
    client.destroy();
  });

  test('waits 1 s for a connection and 3 s for an answer, three times, unless told otherwise', () => {
    expect(awsClientOptions('eu-central-1')).toEqual({
      region: 'eu-central-1',
      maxAttempts: 3,
      retryMode: 'standard',
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
    });
  });

  test('sends a subsegment for each call, with the fault of one that failed', async () => {
    const documents: unknown[] = [];
    const tracing = createTracing(
      (document) => documents.push(JSON.parse(document)),
      () => 'Root=1-a-b;Parent=p;Sampled=1',
    );
    const { options } = fakeAws(() => ({ error: 'AccessDeniedException' }));
    await createLeaseStore(tracedClient(new DynamoDBClient(options), tracing), 'lease-dev').read();
    expect(documents).toMatchObject([
      { type: 'subsegment', name: 'DynamoDBClient.GetItemCommand', trace_id: '1-a-b', parent_id: 'p', fault: true },
    ]);
  });
});
