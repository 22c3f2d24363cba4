import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { type Item, type Step, steps, TableName } from './emulator-steps';
import { clientOf, newWorld, ordersTable, PRIMARY } from './support';

/** Emulators that also have DynamoDB, and how they are told a port. */
const EMULATORS = [
  { name: 'moto', command: 'moto_server', start: (port: number) => ({ args: ['-p', String(port)], env: {} }) },
  {
    name: 'ministack',
    command: 'ministack',
    start: (port: number) => ({ args: [], env: { GATEWAY_PORT: String(port) } }),
  },
] as const;

function installed(command: string): boolean {
  try {
    execFileSync(command, ['--help'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** 60 were compared when the simulation was written; as many as take some seconds are compared each time. */
const SEQUENCES = 12;

async function send(client: DynamoDBClient, step: Step): Promise<unknown> {
  switch (step.kind) {
    case 'put':
      return client.send(new PutItemCommand(step.input));
    case 'update':
      return client.send(new UpdateItemCommand(step.input));
    case 'get':
      return client.send(new GetItemCommand(step.input));
    case 'delete':
      return client.send(new DeleteItemCommand(step.input));
    case 'query': {
      const { Items, Count, ScannedCount } = await client.send(new QueryCommand(step.input));
      // Items of an index with the same sort key come in no promised order.
      const order = ({ pk, sk }: Item): string => `${pk?.S ?? ''}#${sk?.S ?? ''}`;
      const sorted =
        step.input.IndexName === undefined ? Items : Items?.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
      return { Items: sorted, Count, ScannedCount };
    }
  }
}

/** The SDK's own, and what moto answers although nobody asked for it. */
const UNASKED = ['$metadata', 'ConsumedCapacity'];

/** What can be compared of an answer: the output, or the error's code and item. */
async function outcome(client: DynamoDBClient, step: Step): Promise<Outcome> {
  try {
    const output = await send(client, step);
    return Object.fromEntries(Object.entries(Object(output)).filter(([name]) => !UNASKED.includes(name)));
  } catch (error) {
    // An emulator's own failure comes as a page of text.
    if (error instanceof SyntaxError) return { error: 'no answer' };
    if (!(error instanceof DynamoDBServiceException)) throw error;
    return { error: error.name, ...('Item' in error && error.Item !== undefined && { Item: error.Item }) };
  }
}

/** Where an emulator is known to differ from DynamoDB, why we think so, and what it should have answered. */
const KNOWN: readonly {
  readonly emulator: string;
  readonly reason: string;
  readonly correct: (answer: Outcome, step: Step, ours: Outcome) => Outcome;
}[] = [
  {
    emulator: 'moto',
    reason: 'keeps the spelling of a number; DynamoDB trims zeros (developer guide, "Data types", Number)',
    correct: (answer) => trimmed(answer),
  },
  {
    emulator: 'moto',
    reason:
      'compares before and after for UPDATED_OLD and UPDATED_NEW: it leaves out what is set to the same value and adds the key of a new item; the API reference says the updated attributes',
    correct: ({ Attributes, ...answer }, step, ours) => {
      const updated = step.kind === 'update' && step.input.ReturnValues?.startsWith('UPDATED_') === true;
      const attributes = updated ? ours['Attributes'] : Attributes;
      return { ...answer, ...(attributes !== undefined && { Attributes: attributes }) };
    },
  },
  {
    emulator: 'moto',
    reason: 'fails with an error of its own at size() of an attribute that is not there',
    correct: (answer, step, ours) => {
      const sized = 'ConditionExpression' in step.input && step.input.ConditionExpression?.startsWith('size(') === true;
      const failed = ours['error'] === 'ConditionalCheckFailedException';
      return answer['error'] === 'no answer' && sized && failed ? ours : answer;
    },
  },
  {
    emulator: 'ministack',
    reason: 'answers UPDATED_OLD with no attributes where nothing was before; undocumented, and no handler asks for it',
    correct: ({ Attributes, ...answer }) =>
      isDeepStrictEqual(Attributes, {}) ? answer : { ...answer, ...(Attributes !== undefined && { Attributes }) },
  },
];

type Outcome = Readonly<Record<string, unknown>>;

function corrected(emulator: string, step: Step, answer: Outcome, ours: Outcome): Outcome {
  return KNOWN.filter((known) => known.emulator === emulator).reduce(
    (known, { correct }) => correct(known, step, ours),
    answer,
  );
}

function trimmed(answer: Outcome): Outcome {
  return JSON.parse(
    JSON.stringify(answer)
      .replace(/"(-?\d+\.\d*[1-9])0+"/g, '"$1"')
      .replace(/"(-?\d+)\.0+"/g, '"$1"'),
  ) as Outcome;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe.each(EMULATORS)('the simulation and $name', ({ name, command, start }) => {
  const there = installed(command);
  let server: ChildProcess | undefined;
  let emulator: DynamoDBClient | undefined;

  beforeAll(async () => {
    if (!there) return;
    const port = await freePort();
    const { args, env } = start(port);
    server = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
    const client = new DynamoDBClient({
      region: PRIMARY,
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    await ready(client);
    emulator = client;
  }, 60_000);

  afterAll(() => {
    emulator?.destroy();
    if (server?.pid !== undefined) process.kill(-server.pid);
  });

  (there ? test : test.skip)(
    `answer the same sequence alike (skipped where ${name} is not installed)`,
    async () => {
      if (!emulator) throw new Error(`${name} did not start`);
      const surprises: string[] = [];
      for (const sequence of fc.sample(steps, { numRuns: SEQUENCES, seed: 20_261_124 })) {
        const simulation = clientOf(newWorld({ resources: [ordersTable()] }), PRIMARY);
        await newTable(emulator);
        for (const step of sequence) {
          const ours = await outcome(simulation, step);
          const theirs = await outcome(emulator, step);
          if (isDeepStrictEqual(ours, corrected(name, step, theirs, ours))) continue;
          surprises.push(JSON.stringify({ step, ours, theirs }));
          break;
        }
      }
      expect(surprises).toEqual([]);
    },
    120_000,
  );
});

async function ready(client: DynamoDBClient): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await newTable(client);
      return;
    } catch (error) {
      const listening = error instanceof DynamoDBServiceException;
      if (listening || attempt === 100) throw error;
      await delay(200);
    }
  }
}

async function newTable(client: DynamoDBClient): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName })).catch((error: unknown) => {
    if (!(error instanceof DynamoDBServiceException)) throw error;
  });
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'receivedMinute', 'receivedAt'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byReceived',
          KeySchema: [
            { AttributeName: 'receivedMinute', KeyType: 'HASH' },
            { AttributeName: 'receivedAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
}
