import type { Readable } from 'node:stream';
import type { Answer, ServiceName, WireFields } from '../aws/service';

/** An HTTP request as the SDK's serialiser made it; what the simulation reads of it. */
export interface WireRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: unknown;
}

/** An HTTP response as the SDK's deserialiser reads it. */
export interface WireResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  /** A stream where the SDK hands one on: an object of S3. */
  readonly body: Uint8Array | Readable;
}

/** How one service's calls look on the wire. */
export interface Protocol {
  /** The operation and its input. */
  decode(request: WireRequest): { readonly operation: string; readonly input: WireFields };
  encode(operation: string, answer: Answer): WireResponse;
}

/** Where a request goes: a service's endpoint in a region, `global` for those that have one endpoint only. */
export interface Endpoint {
  readonly service: ServiceName;
  readonly region: string;
}

const decoder = new TextDecoder();

/** The body as text. */
export function bodyText(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return decoder.decode(body);
  if (body === undefined || body === null) return '';
  throw new TypeError(`a body of ${typeof body} is not modelled`);
}

export function response(statusCode: number, contentType: string, text: string, headers = {}): WireResponse {
  return { statusCode, headers: { 'content-type': contentType, ...headers }, body: Buffer.from(text) };
}
