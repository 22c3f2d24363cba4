import type { HttpAnswer } from '../aws/ports';
import type { Random } from '../kernel/random';
import type { WireRequest, WireResponse } from '../wire/wire';
import type { Container } from './container';

/** What came back of an HTTP exchange with one of the platform's own endpoints, or why there was none. */
export type WebResult =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  | { readonly kind: 'failed'; readonly code: 'ECONNREFUSED' | 'ENOTFOUND' };

/** A socket to PostgreSQL, as node-postgres uses one. */
export type DatabaseSocket = object;

/** What a function asks of DNS. */
export interface DnsQuestion {
  readonly kind: 'A' | 'TXT';
  readonly name: string;
  /** The address that is asked; undefined is the region's own resolver. */
  readonly server: string | undefined;
}

/** Everything that leaves an execution environment. Whoever is called back, is called in an event of the clock. */
export interface Outside {
  /** One attempt of an SDK client; without an answer nobody is told. `connected` is called unless the connection was kept. */
  call(
    from: Container,
    request: WireRequest,
    connection: { readonly kept: boolean; readonly connected: () => void },
    done: (result: WireResponse | 'refused') => void,
  ): void;
  /** One HTTP request; as `call`. */
  web(
    from: Container,
    request: { readonly url: URL; readonly method: string; readonly body?: string },
    connection: { readonly kept: boolean; readonly connected: () => void },
    done: (result: WebResult) => void,
  ): void;
  /** Asks for the addresses of a host, or for the texts of a record; undefined is no such name. Without an answer nobody is told. */
  dns(from: Container, question: DnsQuestion, done: (values: readonly string[] | undefined) => void): void;
  /** A new connection to PostgreSQL. */
  socket(from: Container): DatabaseSocket;
  /** A line of the function's log: JSON of the logger, or a metric in CloudWatch's embedded format. */
  log(from: Container, line: string): void;
}

/** What an execution environment is made of besides the code. */
export interface ContainerSettings {
  /** The function's environment variables, Lambda's own included. */
  readonly env: Readonly<Record<string, string>>;
  readonly random: Random;
  /** Milliseconds by which this region's clock is wrong. */
  readonly skew: () => number;
  /** Milliseconds by which this environment takes in late what was said to it. @default 0 */
  readonly slowerMs?: () => number;
}
