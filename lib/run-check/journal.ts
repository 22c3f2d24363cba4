import { z } from 'zod';
import type * as dynamodb from '@aws-sdk/client-dynamodb';
import type { CURRENT, RunHead } from '../../lambda/shared/current-run';
import type { RunReading } from './judge';

/** How long one region may take to answer, and the search for credentials before that, in milliseconds: 5 s together. */
const ANSWER_MS = 3_500;
const CREDENTIALS_MS = 1_500;

/** Where the orchestrator writes down which run stands (lambda/shared/current-run.ts). */
const KEY: typeof CURRENT = { pk: 'current', sk: 'current' };

const text = z.object({ S: z.string() });
const item = z.object({ runId: text, phase: text, startedAt: z.object({ N: z.string() }) });

/** The phase of a run that is over: everything before it may still act. */
const ENDED: RunHead['phase'] = 'ended';

type Client = Pick<typeof dynamodb, 'DynamoDBClient' | 'GetItemCommand'>;

/** Loaded when it is needed: an evaluation asks nobody, and need not wait for a client. */
const loadClient = (): Promise<Client> => import('@aws-sdk/client-dynamodb');

/**
 * Asks one region's journal which run stands, with the credentials and the endpoint that the environment gives to any tool of
 * AWS. One repetition, by the client, within the time: a lost packet is no dark region.
 */
export async function askRegion(region: string, journalTable: string, load = loadClient): Promise<RunReading> {
  const { DynamoDBClient, GetItemCommand } = await load();
  const client = new DynamoDBClient({ region, maxAttempts: 2, requestHandler: { connectionTimeout: 1_000 } });
  try {
    const unknown = await withoutCredentials(client.config.credentials());
    if (unknown) return unknown;
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: journalTable,
        Key: { pk: { S: KEY.pk }, sk: { S: KEY.sk } },
        ConsistentRead: true,
      }),
      { abortSignal: AbortSignal.timeout(ANSWER_MS) },
    );
    return readItem(Item);
  } catch (error) {
    return readError(error);
  } finally {
    client.destroy();
  }
}

/** Why there are none, if there are none: looking for them in an instance's metadata takes long where there is no instance. */
async function withoutCredentials(found: Promise<unknown>): Promise<RunReading | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<RunReading>((resolve) => {
    timer = setTimeout(
      () => resolve({ kind: 'no-account', why: `no credentials were found within ${CREDENTIALS_MS / 1_000} s` }),
      CREDENTIALS_MS,
    );
  });
  try {
    return await Promise.race([found.then(() => undefined), late]);
  } catch (error) {
    return { kind: 'no-account', why: describe(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** What the item says; one that nobody can read may be a run of a newer release. */
export function readItem(found: unknown): RunReading {
  if (found === undefined) return { kind: 'none' };
  const parsed = item.safeParse(found);
  if (!parsed.success) return { kind: 'unknown', why: 'its journal has an item of another form' };
  const { runId, phase, startedAt } = parsed.data;
  const at = new Date(Number(startedAt.N));
  if (Number.isNaN(at.getTime())) return { kind: 'unknown', why: 'its journal has a run without a beginning' };
  if (phase.S === ENDED) return { kind: 'none' };
  return { kind: 'run', runId: runId.S, phase: phase.S, startedAt: at.toISOString() };
}

/** Errors of AWS about the credentials themselves (AWS general reference, common errors). */
const BAD_CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
]);

/** Of Node: the name is not resolved, or nobody listens. */
const NO_WAY = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH']);

/** What an error says about the region. */
export function readError(error: unknown): RunReading {
  const { name, code, why } = namesOf(error);
  // The stack has never been deployed here, or is gone.
  if (name === 'ResourceNotFoundException') return { kind: 'none' };
  if (BAD_CREDENTIALS.has(name)) return { kind: 'no-account', why };
  if (NO_WAY.has(code)) return { kind: 'unreachable', why };
  if (name === 'AbortError' || name === 'TimeoutError') {
    return { kind: 'unknown', why: `its journal has not answered within ${ANSWER_MS / 1_000} s` };
  }
  return { kind: 'unknown', why };
}

function namesOf(error: unknown): { readonly name: string; readonly code: string; readonly why: string } {
  // A name that is tried at several addresses fails with all of their errors.
  const errors = memberOf(error, 'errors');
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return {
    name: textOf(error, 'name') ?? '',
    code: textOf(error, 'code') ?? textOf(first, 'code') ?? '',
    why: describe(error),
  };
}

function describe(error: unknown): string {
  const name = textOf(error, 'name');
  return name === undefined ? String(error) : `${name}: ${textOf(error, 'message') ?? 'no reason given'}`;
}

function textOf(value: unknown, key: string): string | undefined {
  const found = memberOf(value, key);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
