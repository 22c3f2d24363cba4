import { bodyText, response } from './wire';
import type { Wire, WireFields } from '../aws/service';
import type { Protocol } from './wire';

/** A JSON object, or an error that says whose it is. */
export function parseFields(text: string, what: string): WireFields {
  const value: unknown = text === '' ? {} : JSON.parse(text);
  if (!isObject(value)) throw new TypeError(`${what} is not a JSON object`);
  return value;
}

/** What JSON.parse makes of an object: its members are JSON again. */
function isObject(value: unknown): value is WireFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isFields(value: Wire): value is WireFields {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

/** Times are seconds since 1970 in these protocols (Smithy, "AWS JSON 1.0 protocol", "Timestamps"). */
function withEpochSeconds(value: Wire): Wire {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (isList(value)) return value.map(withEpochSeconds);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, withEpochSeconds(below)]));
}

function isList(value: Wire): value is readonly Wire[] {
  return Array.isArray(value);
}

/** JSON of an output that may have times in it. */
export function wireJson(fields: WireFields): string {
  return JSON.stringify(withEpochSeconds(fields));
}

const AWS_JSON_1_0 = 'application/x-amz-json-1.0';
const AWS_JSON_1_1 = 'application/x-amz-json-1.1';

/**
 * The AWS JSON protocols: the operation is in a header, input and output are the bodies.
 * @param text JSON of an output; most services have no times in theirs, and looking for them costs more than all the rest.
 */
function awsJson(contentType: string, text: (fields: WireFields) => string): Protocol {
  return {
    decode({ headers, body }) {
      const target = headers['x-amz-target'] ?? '';
      const operation = target.slice(target.lastIndexOf('.') + 1);
      return { operation, input: parseFields(bodyText(body), operation) };
    },
    encode(_operation, answer) {
      if (answer.ok) return response(200, contentType, text(answer.output));
      const { code, message, status, fields } = answer.error;
      // `Error` queries of services that once spoke the query protocol read the code from this header.
      const headers = { 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` };
      return response(status, contentType, text({ __type: code, message, ...fields }), headers);
    },
  };
}

export const awsJson1_0 = awsJson(AWS_JSON_1_0, wireJson);
export const awsJson1_1 = awsJson(AWS_JSON_1_1, wireJson);
/** DynamoDB and SQS: their outputs have no times. */
export const timeless1_0 = awsJson(AWS_JSON_1_0, (fields) => JSON.stringify(fields));
