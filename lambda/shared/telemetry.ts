import type { SignalName } from './signals';

/** What a handler says about itself, without saying to whom. */
export interface Telemetry {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** The error's cause chain is logged with it. */
  error(message: string, error: unknown, fields?: Readonly<Record<string, unknown>>): void;
  /** Adds to a count of the current minute (EMF, unit Count). */
  count(metric: MetricName, value?: number): void;
  /** Publishes a duration or an age, in seconds. */
  seconds(metric: MetricName, value: number): void;
  /**
   * Publishes a signal at once, by a line of the log (EMF): for functions in the VPC.
   *
   * @param at when the value was true, in milliseconds since 1970.
   */
  signal(name: SignalName, value: number, at: number): void;
  /** Times work as a part of this invocation's trace. */
  traced<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Every metric that our handlers emit, so that an alarm cannot be spelt differently from its metric. */
export type MetricName =
  | 'EnqueueFailed'
  | 'FencedMessages'
  | 'FencedPayments'
  | 'LateCommits'
  | 'OrdersExpired'
  | 'OrdersProcessed'
  | 'OrdersReceived'
  | 'OrdersRejected'
  | 'ParametersReplicated'
  | 'PaymentsSettled'
  | 'ReceiptFailed'
  | 'ReconciliationAgeSeconds'
  /** An order or payment whose client a person has to talk to: it was accepted and never can be executed, or nobody tells what became of it. */
  | 'NeedsPerson';
