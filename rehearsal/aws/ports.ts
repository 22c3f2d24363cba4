import type { Caller } from './service';

/** How an asynchronous or synchronous invocation of a function ended. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly payload: unknown }
  /** The handler threw. */
  | { readonly kind: 'failed'; readonly errorType: string; readonly message: string }
  /** Killed, out of time, throttled, or no such function: nothing came back from the handler. */
  | { readonly kind: 'lost'; readonly why: string };

/** The functions of all regions, for parts of AWS that invoke them. */
export interface Functions {
  /**
   * Invokes once. The invoker's right to do so is checked against the function's resource policy (lambda:InvokeFunction).
   *
   * @param functionArn without or with a qualifier.
   * @param sourceArn the rule, alarm, topic or queue that stands behind the invocation.
   * @param done is told the end, later than now.
   */
  invoke(
    functionArn: string,
    event: unknown,
    by: Caller & { readonly sourceArn?: string },
    done: (result: InvocationResult) => void,
  ): void;
  /** As `invoke`, but queued by Lambda: two more attempts, after one and two minutes, as the function's event invoke configuration says. */
  invokeAsync(functionArn: string, event: unknown, by: Caller & { readonly sourceArn?: string }): void;
}

/** The topics of all regions. */
export interface Topics {
  /** @param by checked against the topic's policy when it is a service. */
  publish(topicArn: string, message: { readonly subject?: string; readonly body: string }, by: Caller): void;
}

/** One value as PutMetricData or an EMF line carries it. */
export interface MetricDatum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** When it was true, milliseconds since 1970. */
  readonly at: number;
  /** Seconds: 1 keeps values apart by the second. */
  readonly resolution: 1 | 60;
}

/** The metrics of all regions. */
export interface Metrics {
  put(region: string, datum: MetricDatum): void;
}

/** Alarms that others look at: Route 53's alarm-backed health checks do so from far away. */
export interface Alarms {
  state(region: string, alarmName: string): 'ALARM' | 'INSUFFICIENT_DATA' | 'OK' | undefined;
}

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** What came of a request: an answer, a refused connection, or nothing at all, for which one waits until one's own time is over. */
export type HttpResult =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer; readonly connectMs: number }
  | { readonly kind: 'refused'; readonly why: string };

/** The way over the network to the platform's own endpoints (API Gateway's domain names, load balancers). */
export interface Web {
  /**
   * Sends one request to an address that DNS gave.
   *
   * @param from a region's name, or `outside` for callers on the internet.
   * @param address what an A record said, see `Names`.
   * @param done is called once, later, or never: a black hole does not answer.
   */
  send(
    from: string,
    address: string,
    request: { readonly method: string; readonly host: string; readonly path: string; readonly body?: string },
    done: (result: HttpResult) => void,
  ): void;
}

/** Route 53's answers, asked of the authoritative servers: nothing is cached here. */
export interface Names {
  /** Addresses of an A record: the alias target's name stands for its addresses. Undefined: no such name. */
  addresses(host: string): { readonly values: readonly string[]; readonly ttlSeconds: number } | undefined;
  texts(record: string): { readonly values: readonly string[]; readonly ttlSeconds: number } | undefined;
}
