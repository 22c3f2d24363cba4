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
function asEpochSeconds(this: unknown, key: string, value: unknown): unknown {
  const raw: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : value;
  return raw instanceof Date ? raw.getTime() / 1_000 : value;
}

/** JSON of an output: most have no time in them, and `toJSON` of one would make text of it. */
export function wireJson(fields: WireFields): string {
  return JSON.stringify(fields, asEpochSeconds);
}

const AWS_JSON_1_0 = 'application/x-amz-json-1.0';
const AWS_JSON_1_1 = 'application/x-amz-json-1.1';

/** The AWS JSON protocols: the operation is in a header, input and output are the bodies. */
function awsJson(contentType: string): Protocol {
  return {
    decode({ headers, body }) {
      const target = headers['x-amz-target'] ?? '';
      const operation = target.slice(target.lastIndexOf('.') + 1);
      return { operation, input: parseFields(bodyText(body), operation) };
    },
    encode(_operation, answer) {
      if (answer.ok) return response(200, contentType, wireJson(answer.output));
      const { code, message, status, fields } = answer.error;
      // `Error` queries of services that once spoke the query protocol read the code from this header.
      const headers = { 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` };
      return response(status, contentType, wireJson({ __type: code, message, ...fields }), headers);
    },
  };
}

export const awsJson1_0 = awsJson(AWS_JSON_1_0);
export const awsJson1_1 = awsJson(AWS_JSON_1_1);
