import program from '../../../bin/tap';
import { evaluate } from '../../../analysis/graph/evaluate';
import type { EvaluateOptions } from '../../../analysis/graph/evaluate';
import type { Graph } from '../../../analysis/graph/graph';

/** What test/support/evaluate-stack.ts has evaluated outside of jest's modules. */
export function main(options: EvaluateOptions): Promise<Graph> {
  return evaluate(program, options);
}
