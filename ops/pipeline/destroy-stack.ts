import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ROOT } from '../../lib/bundles';
import { listStacks } from './clean-up/sources';
import { shell } from './command';
import { selectStack } from './select-stack';
import { pullRequestOf } from './stack-name';
import { tearDown } from './tear-down';

const USAGE = `usage: node scripts/run.mjs ops/pipeline/destroy-stack.ts --stack pr-NUMBER

For pipelines: destroys the stack of a pull request and removes it from the state. Does nothing when there is none. Takes no
other stack: those are destroyed by a person (README.md, "Destroy").

environment: PULUMI_BACKEND_URL, PULUMI_SECRETS_PROVIDER and AWS credentials`;

/** @throws Error saying why the stack is still there. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { stack: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { stack } = values;
  if (stack === undefined || pullRequestOf(stack) === undefined) {
    throw new Error(`--stack is ${stack ?? 'missing'}; allowed are the stacks of pull requests, pr-NUMBER\n${USAGE}`);
  }
  const stacks = await listStacks(shell);
  if (!stacks.some(({ name }) => name === stack)) {
    console.log(`there is no stack ${stack}: nothing to destroy`);
    return;
  }
  await selectStack(stack, { shell, environment: process.env, root: ROOT });
  const say = (line: string): void => console.log(line);
  const why = await tearDown({ stack, breakLocks: false }, { shell, say, wait: (ms) => wait(ms) });
  if (why !== undefined) throw new Error(`stack ${stack} is not destroyed: ${why}`);
  console.log(`stack ${stack} is destroyed and removed`);
}
