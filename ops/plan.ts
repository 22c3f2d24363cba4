import { parseArgs } from 'node:util';
import { evaluateStack } from '../analysis/graph/evaluate-stack';
import { planOf } from '../analysis/plan/plan';
import { renderPlan } from '../analysis/plan/render';
import { parseConfig } from '../lib/config';
import { ROOT } from '../lib/bundles';
import { readStack, stackNames } from '../analysis/graph/stack-files';
import { buildAll } from '../scripts/build';

const USAGE = `usage: npm start -- [--stack NAME] [--json]

Evaluates the program for one stack in this process and prints what "pulumi up" would create. It needs no AWS account,
no credentials and no Pulumi CLI, and creates nothing.
  --stack NAME  the stack file to use, Pulumi.NAME.yaml; default: dev
  --json        one JSON document on standard output instead of text
  --help        this text`;

/** Builds what is missing, evaluates one stack and prints its plan; progress goes to standard error. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      stack: { type: 'string', default: 'dev' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(`${USAGE}\n\nstacks: ${stackNames(ROOT).join(', ')}`);
    return;
  }
  const progress = (line: string): void => console.error(line);
  const { project, stack, config: raw } = readStack(ROOT, values.stack);
  const config = parseConfig(raw, { project, stack });
  await buildAll({ say: progress });
  progress(`evaluating ${stack}`);
  const started = process.hrtime.bigint();
  const graph = await evaluateStack(stack);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const plan = planOf(graph);
  console.log(
    values.json
      ? JSON.stringify({ ...plan, seconds, graph: graph.resources }, null, 2)
      : renderPlan(plan, config, seconds),
  );
}
