import type { ServiceError, WireFields } from '../service';

/** One entry of a batch, or the one message of SendMessage. */
export interface Entry {
  readonly id: string;
  readonly body: string;
  /** Undefined: as the queue says. */
  readonly delaySeconds: number | undefined;
}

/** SQS API reference, SendMessageBatch: entries in a request, and bytes of all bodies together. */
const MOST_ENTRIES = 10;
const LONGEST_BATCH = 1_048_576;
const LONGEST_DELAY_SECONDS = 900;

// Any other character is refused with InvalidMessageContents (SQS API reference, SendMessage, "MessageBody").
const FOREIGN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const BATCH_ID = /^[\w-]{1,80}$/;

const invalid = (code: string, message: string): ServiceError => ({ code, message, status: 400 });

/** What is wrong with a message by itself. */
export function entryError({ body, delaySeconds }: Entry, longest: number): ServiceError | undefined {
  if (body === '') return invalid('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (bytesOf(body) > longest) {
    const reason = `One or more parameters are invalid. Reason: Message must be shorter than ${longest} bytes.`;
    return invalid('InvalidParameterValue', reason);
  }
  if (FOREIGN.test(body)) return invalid('InvalidMessageContents', 'Invalid characters found.');
  if (delaySeconds !== undefined && !(delaySeconds >= 0 && delaySeconds <= LONGEST_DELAY_SECONDS)) {
    const reason = 'Reason: DelaySeconds must be >= 0 and <= 900.';
    return invalid('InvalidParameterValue', `Value ${delaySeconds} for parameter DelaySeconds is invalid. ${reason}`);
  }
  return undefined;
}

/** What is wrong with a batch as a whole: then none of it is taken. */
export function batchError(entries: readonly Entry[]): ServiceError | undefined {
  if (entries.length === 0) {
    return invalid('EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry in the request.');
  }
  if (entries.length > MOST_ENTRIES) {
    const given = `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`;
    return invalid('TooManyEntriesInBatchRequest', given);
  }
  const ids = new Set<string>();
  for (const { id } of entries) {
    if (!BATCH_ID.test(id)) {
      const allowed = 'A batch entry id can only contain alphanumeric characters, hyphens and underscores.';
      return invalid('InvalidBatchEntryId', `${allowed} It can be at most 80 letters long.`);
    }
    if (ids.has(id)) return invalid('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  const bytes = entries.reduce((sum, { body }) => sum + bytesOf(body), 0);
  if (bytes > LONGEST_BATCH) {
    const sent = `Batch requests cannot be longer than ${LONGEST_BATCH} bytes. You have sent ${bytes} bytes.`;
    return invalid('BatchRequestTooLong', sent);
  }
  return undefined;
}

const KNOWN = new Set(['Id', 'QueueUrl', 'MessageBody', 'DelaySeconds']);

/** Reads a message as the wire has it; a text is the name of the field that is not modelled. */
export function entryOf(fields: WireFields): Entry | string {
  for (const field in fields) if (!KNOWN.has(field) && fields[field] !== undefined) return field;
  const { Id: id = '0', MessageBody: body = '', DelaySeconds: delay } = fields;
  if (typeof id !== 'string') return 'Id';
  if (typeof body !== 'string') return 'MessageBody';
  if (delay !== undefined && typeof delay !== 'number') return 'DelaySeconds';
  return { id, body, delaySeconds: delay };
}

/** Limits are in bytes of UTF-8. */
function bytesOf(body: string): number {
  return Buffer.byteLength(body);
}
