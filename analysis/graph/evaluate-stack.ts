import program from '../../bin/tap';
import { ROOT } from '../../lib/bundles';
import { evaluate } from './evaluate';
import { readStack } from './stack-files';
import type { EvaluateOptions } from './evaluate';
import type { Graph } from './graph';

/** What an evaluation of a stack may be told beyond its file. */
export interface EvaluateStackOptions extends Omit<EvaluateOptions, 'project' | 'stack' | 'config'> {
  /** Values over those of the stack file, by key without namespace; null takes a key out. */
  readonly overrides?: Readonly<Record<string, string | null>>;
}

/**
 * Evaluates the whole program with one stack's files, exactly what `pulumi up` runs.
 * @throws Error for an unknown stack, ConfigError for a wrong value, BuildError without a current build.
 */
export function evaluateStack(
  stack: string,
  { overrides = {}, ...options }: EvaluateStackOptions = {},
): Promise<Graph> {
  const { project, config } = readStack(ROOT, stack);
  const chosen = Object.fromEntries(Object.entries(overrides).map(([key, value]) => [`${project}:${key}`, value]));
  const merged = Object.entries({ ...config, ...chosen });
  const values = Object.fromEntries(merged.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  return evaluate(program, { ...options, project, stack, config: values });
}
