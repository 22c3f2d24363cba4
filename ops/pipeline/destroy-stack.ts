import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ROOT } from '../../lib/bundles';
import { shell } from './command';
import { selectStack } from './select-stack';
import { pullRequestOf } from './stack-name';
import { stacksIn } from './stacks';
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
  if ((await stacksIn(process.env, shell, ROOT).one(stack)) === undefined) {
    console.log(`there is no stack ${stack}: nothing to destroy`);
    return;
  }
  await selectStack(stack, { shell, environment: process.env, root: ROOT });
  const say = (line: string): void => console.log(line);
  // A deployment of the same pull request waits for this job, in one concurrency group: nobody has to be looked for in between.
  const end = await tearDown({ stack, reasonToStop: undefined }, { shell, say, wait: (ms) => wait(ms) });
  if (end.end !== 'gone') throw new Error(`stack ${stack} is not destroyed: ${end.why}`);
  console.log(`stack ${stack} is destroyed and removed`);
}
