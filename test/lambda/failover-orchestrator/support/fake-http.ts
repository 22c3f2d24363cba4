import { Readable } from 'node:stream';

/** A request as it left an SDK client, whatever its protocol. */
export interface HttpRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** A form's fields (RDS, SNS, Auto Scaling), or an object (DynamoDB, Lambda, SQS). */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An answer as it comes over the wire; or none, for ever. */
export type HttpAnswer =
  { readonly status?: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> } | 'silence';

interface RawRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** Options for a real SDK client whose requests end here: serialisation, signing, time-outs and error types are the SDK's. */
export function fakeHttp(answer: (request: HttpRequest) => HttpAnswer, region = 'eu-central-2') {
  const sent: HttpRequest[] = [];
  const options = {
    region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      destroy: () => undefined,
      async handle(raw: RawRequest) {
        const text = textOf(raw.body);
        const { method, hostname: host, path, headers } = raw;
        const request: HttpRequest = { method, host, path, headers, text, fields: fieldsOf(text) };
        sent.push(request);
        const reply = answer(request);
        if (reply === 'silence') throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
        return {
          response: {
            statusCode: reply.status ?? 200,
            headers: { ...reply.headers },
            body: Readable.from([Buffer.from(reply.body)]),
          },
        };
      },
    },
  };
  return { options, sent };
}

/** An error as RDS, SNS and Auto Scaling send it. */
export function queryError(code: string, status = 400): HttpAnswer {
  return {
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>fake ${code}</Message></Error></ErrorResponse>`,
  };
}

/** An error as DynamoDB, Lambda and SQS send it. */
export function jsonError(code: string, status = 400, extra: object = {}): HttpAnswer {
  return {
    status,
    headers: { 'x-amzn-errortype': code, 'content-type': 'application/json' },
    body: JSON.stringify({ __type: code, message: `fake ${code}`, ...extra }),
  };
}

/** An answer of RDS, SNS or Auto Scaling to one action. */
export function queryAnswer(action: string, content: string): HttpAnswer {
  return { body: `<${action}Response><${action}Result>${content}</${action}Result></${action}Response>` };
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}

function fieldsOf(text: string): Record<string, unknown> {
  if (!text.startsWith('{')) return Object.fromEntries(new URLSearchParams(text));
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
