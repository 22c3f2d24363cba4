import { Readable } from 'node:stream';

/** A request as it left an SDK client. */
export interface SentRequest {
  /** For example `GetItem`; for S3 the method. */
  readonly operation: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
}

/** An answer: a body, or an AWS error by its name, with the message and the further fields that AWS would send. */
export type FakeAnswer =
  | { readonly body: unknown }
  | { readonly error: string; readonly status?: number; readonly message?: string; readonly fields?: object };

interface RawRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/**
 * Options for a real SDK client whose requests end here: serialisation, signing, retries and error types are the SDK's own.
 */
export function fakeAws(answer: (request: SentRequest) => FakeAnswer) {
  const sent: SentRequest[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    destroy: () => undefined,
    async handle(raw: RawRequest) {
      const request: SentRequest = {
        operation: raw.headers['x-amz-target']?.split('.').pop() ?? raw.method,
        host: raw.hostname,
        path: raw.path,
        headers: raw.headers,
        body: parsed(raw.body),
      };
      sent.push(request);
      const reply = answer(request);
      const failed = 'error' in reply;
      const content = failed
        ? { __type: reply.error, message: reply.message ?? `fake ${reply.error}`, ...reply.fields }
        : reply.body;
      return {
        response: {
          statusCode: failed ? (reply.status ?? 400) : 200,
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          body: Readable.from([Buffer.from(JSON.stringify(content))]),
        },
      };
    },
  };
  const options = {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    requestHandler,
    maxAttempts: 2,
  };
  return { options, sent };
}

function parsed(body: unknown): Record<string, unknown> {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return {};
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
