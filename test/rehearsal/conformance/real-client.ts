import { Agent, createServer } from 'node:http';
import type { Server } from 'node:http';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsClientOptions } from '../../../lambda/shared/aws';

// The real client with its real handler at a real server, in a process of its own: in jest's realm Node's errors are none
// (`instanceof Error`), and the SDK would wrap them. Run by sdk.test.ts.

/** What a server, or the way to it, does with every request. */
export type Manner = 'no connection' | 'no answer' | 'refused' | 'unavailable';

/** One call: how patient the client is, and how long after its first arrival the caller aborts it, in milliseconds. */
export interface Case {
  readonly manner: Manner;
  readonly attempts: number;
  readonly abortAfterMs?: number;
}

/** What came of a call: the error, and how many attempts arrived. */
export interface Outcome {
  readonly name?: string;
  readonly code?: unknown;
  readonly attempts: number;
}

/** In milliseconds; long enough for an attempt to arrive on a busy machine. */
export const PATIENCE = { connectionTimeoutMs: 200, requestTimeoutMs: 400 };

export const MESSAGE = {
  QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders',
  MessageBody: 'an order',
};

/** The body of an answer with status 503. */
export const UNAVAILABLE = JSON.stringify({ __type: 'com.amazonaws.sqs#ServiceUnavailable', message: 'not now' });

export function outcomeOf(error: unknown, attempts: number): Outcome {
  if (!(error instanceof Error)) return { attempts };
  return { name: error.name, ...('code' in error && { code: error.code }), attempts };
}

async function outcome({ manner, attempts: most, abortAfterMs }: Case): Promise<Outcome> {
  let attempts = 0;
  const abort = new AbortController();
  const server = createServer((_request, response) => {
    attempts += 1;
    if (abortAfterMs !== undefined) setTimeout(() => abort.abort(), abortAfterMs);
    if (manner !== 'unavailable') return;
    response.writeHead(503, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(UNAVAILABLE);
  });
  const port = await listening(server);
  if (manner === 'refused') await closed(server);
  const options = awsClientOptions('eu-central-1', { ...PATIENCE, attempts: most });
  // A name that is never looked up to the end is a connection that never comes.
  const httpAgent = new Agent({ lookup: () => undefined });
  const client = new SQSClient({
    ...options,
    endpoint: `http://${manner === 'no connection' ? 'nowhere.example' : '127.0.0.1'}:${port}`,
    useQueueUrlAsEndpoint: false,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { ...options.requestHandler, ...(manner === 'no connection' && { httpAgent }) },
  });
  const error: unknown = await client
    .send(new SendMessageCommand(MESSAGE), { abortSignal: abort.signal })
    .catch((failure: unknown) => failure);
  client.destroy();
  server.closeAllConnections();
  if (manner !== 'refused') await closed(server);
  return outcomeOf(error, attempts);
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Plays the cases that the argument lists, all at once, and prints what came of them. */
export async function main([cases = '[]']: readonly string[]): Promise<void> {
  const asked = JSON.parse(cases) as readonly Case[];
  process.stdout.write(JSON.stringify(await Promise.all(asked.map(outcome))));
}
