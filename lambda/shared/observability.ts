import { Console } from 'node:console';
import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { emfLine } from './emf';
import type { MetricName, Telemetry } from './telemetry';
import { createTracing } from './tracing';

/** A function's voice, and the wrapper that gives each invocation its context and flushes its metrics. */
export interface Observability {
  readonly telemetry: Telemetry;
  /** Wraps a handler: log context and cold start in, one log line for an unexpected error, metrics out in every case. */
  readonly observe: <Event, Result>(
    handle: (event: Event, context: Context) => Promise<Result>,
  ) => (event: Event, context: Context) => Promise<Result>;
}

/**
 * Structured logs and metrics by Powertools. Metrics leave as EMF lines in the log (no call to CloudWatch), because a
 * function in the VPC has no way to CloudWatch's API. Service, namespace and level come from the POWERTOOLS_* environment.
 */
export function createObservability(region: string): Observability {
  const logger = new Logger({ persistentKeys: { region } });
  const metrics = new Metrics();
  const print = createPrinter();
  const namespace = process.env['POWERTOOLS_METRICS_NAMESPACE'] ?? 'default_namespace';
  let hasMetrics = false;
  const add = (metric: MetricName, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void => {
    metrics.addMetric(metric, unit, value);
    hasMetrics = true;
  };
  const telemetry: Telemetry = {
    info: (message, fields = {}) => logger.info(message, { ...fields }),
    warn: (message, fields = {}) => logger.warn(message, { ...fields }),
    error: (message, error, fields = {}) =>
      logger.error(message, { ...fields, error: error instanceof Error ? error : new Error(String(error)) }),
    count: (metric, value = 1) => add(metric, MetricUnit.Count, value),
    seconds: (metric, value) => add(metric, MetricUnit.Seconds, value),
    signal: (name, value, at) => print(emfLine(namespace, name, value, at)),
    ...createTracing(),
  };
  return {
    telemetry,
    observe: (handle) => async (event, context) => {
      logger.addContext(context);
      try {
        return await handle(event, context);
      } catch (error) {
        telemetry.error('the invocation failed', error);
        throw error;
      } finally {
        // With nothing to publish Powertools writes a warning: a line of the log for every invocation.
        if (hasMetrics) metrics.publishStoredMetrics();
        hasMetrics = false;
      }
    },
  };
}

/**
 * Writes a line past Lambda's own console, which with JSON logs wraps every line in an object of its own: CloudWatch would not
 * find the metric in it. The same as Powertools does with its metrics, POWERTOOLS_DEV included.
 */
function createPrinter(): (line: string) => void {
  if (process.env['POWERTOOLS_DEV'] === 'true') return (line) => console.log(line);
  const direct = new Console({ stdout: process.stdout, stderr: process.stderr });
  return (line) => direct.log(line);
}
