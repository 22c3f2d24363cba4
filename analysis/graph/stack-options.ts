import { ROOT } from '../../lib/bundles';
import { readStack } from './stack-files';
import type { EvaluateOptions } from './evaluate';
import type { StackConfiguration } from './stack-files';

/** What an evaluation of a stack may be told beyond its file. */
export interface EvaluateStackOptions extends Omit<EvaluateOptions, 'project' | 'stack' | 'config'> {
  /** Values over those of the stack file, by key without namespace; null takes a key out. */
  readonly overrides?: Readonly<Record<string, string | null>>;
}

/**
 * The options of an evaluation with one stack's files.
 * @throws Error for an unknown stack.
 */
export function stackOptions(
  stack: string,
  { overrides = {}, ...options }: EvaluateStackOptions = {},
): EvaluateOptions & StackConfiguration {
  const { project, config } = readStack(ROOT, stack);
  const chosen = Object.fromEntries(Object.entries(overrides).map(([key, value]) => [`${project}:${key}`, value]));
  const merged = Object.entries({ ...config, ...chosen });
  const values = Object.fromEntries(merged.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  return { ...options, project, stack, config: values };
}
