import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readStack } from '../../analysis/graph/stack-files';
import { ROOT } from '../../lib/bundles';
import { parseConfig } from '../../lib/config';
import { carryOut } from './clean-up/carry-out';
import { decideCleanUp } from './clean-up/decide';
import { lookAgain, type LookAgainPorts } from './clean-up/look-again';
import { renderCleanUp } from './clean-up/render';
import { listTagged } from './clean-up/sources';
import { shell } from './command';
import { GitHub } from './github';
import { selectStack } from './select-stack';
import { TEMPLATE_STACK } from './stack-name';
import { stacksIn } from './stacks';
import { tearDown, type TearDownEnd } from './tear-down';

const HOURS = 24;
/** Less than the step's limit in clean-up.yml, so that the program ends by itself and says how far it came. */
const MINUTES = 330;

const USAGE = `usage: node scripts/run.mjs ops/pipeline/clean-up.ts --dry-run | --destroy [--hours N]

For pipelines: finds the stacks of pull requests that are not open any more, and resources that carry a pull request's tag and
belong to no stack. It prints what it found and what it does, one stack after the other, each of which is looked at again before
it is touched; a failure does not stop the others. Resources without a stack are only reported.
  --dry-run   print the plan and stop
  --destroy   carry it out; stacks for which there is no time left wait for the next night
  --hours N   leave stacks alone that were updated or locked in the last N hours; at least 7, the longest that a job lives is 6; default: ${HOURS}

exit code 1: a stack was not destroyed, or a region could not be asked; the last lines name them
environment: GITHUB_REPOSITORY, GH_TOKEN, PULUMI_BACKEND_URL, PULUMI_SECRETS_PROVIDER and AWS credentials`;

/** @throws Error naming every stack that is still there and every region that did not answer. */
export async function main(argv: readonly string[]): Promise<void> {
  const options = optionsFrom(argv);
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const say = (line: string): void => console.log(line);
  const deadline = Date.now() + MINUTES * 60_000;
  const repository = process.env['GITHUB_REPOSITORY'];
  if (repository === undefined || repository === '') throw new Error('GITHUB_REPOSITORY is not set: OWNER/NAME');
  const github = new GitHub(shell, repository);
  const listed = stacksIn(process.env, shell, ROOT);
  // In this order: a pull request that is opened now is among the open ones before its stack is among the stacks.
  const stacks = await listed.all();
  const openPullRequests = await github.openPullRequests();
  const tagged = await listTagged(shell, templateRegions());
  const found = { stacks, openPullRequests, tagged: tagged.resources, now: Date.now(), hours: options.hours };
  const plan = decideCleanUp(found);
  for (const line of renderCleanUp(plan)) say(line);
  for (const { suffix, arns } of plan.orphans)
    say(`::warning::${arns.length} resources of ${suffix} belong to no stack`);
  if (options.dryRun) {
    say('dry run: nothing was destroyed');
    reportTrouble([], tagged.silent);
    return;
  }
  const ports: LookAgainPorts = {
    stack: (name) => listed.one(name),
    openPullRequests: () => github.openPullRequests(),
    now: () => Date.now(),
  };
  const destroy = (stack: string): Promise<TearDownEnd> => destroyOne(stack, options.hours, ports, say);
  const { destroyed, kept, failed, left } = await carryOut(plan.destroy, deadline, { destroy, now: ports.now, say });
  say(`destroyed: ${destroyed.length === 0 ? 'none' : destroyed.join(', ')}`);
  if (kept.length > 0) say(`left alone after all: ${kept.map(({ stack }) => stack).join(', ')}`);
  if (left.length > 0) say(`no time left for: ${left.join(', ')}; the next night goes on`);
  reportTrouble(
    failed.map(({ stack, why }) => `${stack}: ${why}`),
    tagged.silent,
  );
}

/** The plan may be hours old: nothing is begun, and no lock is broken, without a look at this one stack. */
async function destroyOne(
  stack: string,
  hours: number,
  ports: LookAgainPorts,
  say: (line: string) => void,
): Promise<TearDownEnd> {
  const why = await lookAgain(stack, { hours, touched: false }, ports);
  if (why !== undefined) return { end: 'kept', why };
  await selectStack(stack, { shell, environment: process.env, root: ROOT });
  const reasonToStop = (touched: boolean): Promise<string | undefined> => lookAgain(stack, { hours, touched }, ports);
  return await tearDown({ stack, reasonToStop }, { shell, say, wait: (ms) => wait(ms) });
}

function optionsFrom(argv: readonly string[]): { readonly dryRun: boolean; readonly hours: number } | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'dry-run': { type: 'boolean', default: false },
      destroy: { type: 'boolean', default: false },
      hours: { type: 'string', default: String(HOURS) },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  if (values['dry-run'] === values.destroy) throw new Error(`give either --dry-run or --destroy\n${USAGE}`);
  const hours = Number(values.hours);
  if (!Number.isInteger(hours) || hours < 7)
    throw new Error(`--hours is ${values.hours}; allowed are whole numbers from 7 on`);
  return { dryRun: values['dry-run'], hours };
}

function templateRegions(): readonly string[] {
  const { project, stack, config } = readStack(ROOT, TEMPLATE_STACK);
  const { primaryRegion, drRegion, witnessRegion } = parseConfig(config, { project, stack });
  return [primaryRegion, drRegion, witnessRegion].filter((region) => region !== 'none');
}

function reportTrouble(stacks: readonly string[], regions: readonly string[]): void {
  const trouble = [
    ...stacks.map((text) => `not destroyed: ${text}`),
    ...regions.map((text) => `not asked for tags: ${text}`),
  ];
  if (trouble.length > 0) throw new Error(trouble.join('\n'));
}
