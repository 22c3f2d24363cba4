import * as pulumi from '@pulumi/pulumi';
import { setAllConfig } from '@pulumi/pulumi/runtime/config';
import { awaitFeatureSupport, setMockOptions } from '@pulumi/pulumi/runtime/settings';
import { Graph } from './graph';
import { RecordingMonitor } from './monitor';
import type { MonitorOptions } from './monitor';

/** A Pulumi program: makes resources and returns the stack's outputs, as `bin/tap.ts` does. */
export type Program = () => unknown;

/** What an evaluation may be told; everything has a default. */
export interface EvaluateOptions extends Partial<MonitorOptions> {
  /** Pulumi configuration as the engine hands it over: `project:key` to text. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Pulumi's runtime is one per process, so evaluations take turns. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Evaluates a program in this process, with Pulumi's own runtime and without CLI, account or network, and returns
 * everything it registered.
 *
 * @throws the program's own error, or what a look-up answered; never half a graph.
 */
export function evaluate(program: Program, options: EvaluateOptions = {}): Promise<Graph> {
  const mine = turn.then(() => run(program, options));
  turn = mine.catch(() => undefined);
  return mine;
}

async function run(program: Program, options: EvaluateOptions): Promise<Graph> {
  const { project = 'tap', stack = 'test', preview = false, lookups = {}, config = {} } = options;
  const monitor = new RecordingMonitor({ project, stack, preview, lookups });
  const failure = watchForFailure();
  const warnings = captureWarnings();
  // Pulumi takes a stack trace per property of every resource (runtime/debuggable.ts): half of the whole time, and more where
  // somebody maps traces to sources, as jest does.
  const { stackTraceLimit } = Error;
  const mapping = Reflect.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.stackTraceLimit = 0;
  Reflect.deleteProperty(Error, 'prepareStackTrace');
  try {
    setMockOptions(monitor, project, stack, preview);
    setAllConfig({ ...config });
    await awaitFeatureSupport();
    const finished = pulumi.runtime
      .runInPulumiStack(() => Promise.resolve(program()))
      .then(() => pulumi.runtime.disconnect());
    await Promise.race([finished, failure.happened]);
    await settled();
    await Promise.race([failure.happened, Promise.resolve()]);
  } catch (error) {
    await settled();
    throw monitor.refused ?? error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (mapping) Reflect.defineProperty(Error, 'prepareStackTrace', mapping);
    failure.stop();
    warnings.stop();
  }
  return new Graph(project, stack, monitor.resources, monitor.invokes, monitor.stackOutputs, warnings.lines);
}

/** Lets rejections be reported that belong to this evaluation: Node tells of them after the microtasks of a turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** An error in an `apply` reaches nobody but the process: the first one ends the evaluation. */
function watchForFailure(): { readonly happened: Promise<never>; stop(): void } {
  let report: (error: unknown) => void = () => undefined;
  const happened = new Promise<never>((_, reject) => {
    report = reject;
  });
  happened.catch(() => undefined);
  process.on('unhandledRejection', report);
  process.on('uncaughtException', report);
  return {
    happened,
    stop: () => {
      process.off('unhandledRejection', report);
      process.off('uncaughtException', report);
    },
  };
}

const WARNING = /^warning: \[runtime\] /;

/** `pulumi.log.warn` writes to the console when there is no engine. */
function captureWarnings(): { readonly lines: readonly string[]; stop(): void } {
  const lines: string[] = [];
  const { warn } = console;
  console.warn = (...args: unknown[]) => {
    if (typeof args[0] === 'string' && WARNING.test(args[0])) lines.push(args[0].replace(WARNING, ''));
    else warn(...args);
  };
  return {
    lines,
    stop: () => {
      console.warn = warn;
    },
  };
}
