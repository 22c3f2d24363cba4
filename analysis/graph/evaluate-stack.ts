import program from '../../bin/tap';
import { evaluate } from './evaluate';
import { stackOptions } from './stack-options';
import type { Graph } from './graph';
import type { EvaluateStackOptions } from './stack-options';

export type { EvaluateStackOptions } from './stack-options';

/**
 * Evaluates the whole program with one stack's files, exactly what `pulumi up` runs.
 * @throws Error for an unknown stack, ConfigError for a wrong value, BuildError without a current build.
 */
export function evaluateStack(stack: string, options: EvaluateStackOptions = {}): Promise<Graph> {
  return evaluate(program, stackOptions(stack, options));
}
