import { isDeepStrictEqual } from 'node:util';
import { budgetOf } from '../../../analysis/budget/budget';
import { evaluate } from '../../../analysis/graph/evaluate';
import { readBuild } from '../../../lib/bundles';
import { readConfig } from '../../../lib/config-read';
import { TapStack } from '../../../lib/tap-stack';
import type { EvaluateOptions } from '../../../analysis/graph/evaluate';
import type { TapConfig } from '../../../lib/config';
import type { Budget } from '../../../lib/budget/types';

/** Two budgets of one evaluation. */
export interface Budgets {
  /** The one that the program judges itself by while it constructs its resources. */
  readonly own: Budget;
  /** That of the graph that it registers. */
  readonly registered: Budget;
  /** Compared here, because JSON has no word for an infinite number. */
  readonly equal: boolean;
}

/** What test/lib/budget-check.test.ts has evaluated outside of jest's modules: it needs the program's own object. */
export async function main(options: EvaluateOptions): Promise<Budgets> {
  const made: { stack?: TapStack; config?: TapConfig } = {};
  const graph = await evaluate(() => {
    made.config = readConfig();
    made.stack = new TapStack('tap', { config: made.config, build: readBuild() });
  }, options);
  if (!made.stack || !made.config) throw new Error('the program made no stack');
  const [own, registered] = [made.stack.budget, budgetOf(graph, made.config)];
  return { own, registered, equal: isDeepStrictEqual(own, registered) };
}
