import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readStack } from '../../analysis/graph/stack-files';
import { ROOT } from '../../lib/bundles';
import { parseConfig } from '../../lib/config';
import { carryOut } from './clean-up/carry-out';
import { decideCleanUp } from './clean-up/decide';
import { renderCleanUp } from './clean-up/render';
import { listStacks, listTagged } from './clean-up/sources';
import { shell } from './command';
import { GitHub } from './github';
import { selectStack } from './select-stack';
import { TEMPLATE_STACK } from './stack-name';
import { tearDown } from './tear-down';

const HOURS = 24;
/** Less than the step's limit in clean-up.yml, so that the program ends by itself and says how far it came. */
const MINUTES = 330;

const USAGE = `usage: node scripts/run.mjs ops/pipeline/clean-up.ts --dry-run | --destroy [--hours N]

For pipelines: finds the stacks of pull requests that are not open any more, and resources that carry a pull request's tag and
belong to no stack. It prints what it found and what it does, one stack after the other; a failure does not stop the others.
Resources without a stack are only reported.
  --dry-run   print the plan and stop
  --destroy   carry it out; stacks for which there is no time left wait for the next night
  --hours N   leave stacks alone that were updated in the last N hours; at least 7, the longest that a job lives is 6; default: ${HOURS}

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
  // In this order: a pull request that is opened now is among the open ones before its stack is among the stacks.
  const stacks = await listStacks(shell);
  const openPullRequests = await new GitHub(shell, repository).openPullRequests();
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
  const destroy = async (stack: string): Promise<string | undefined> => {
    await selectStack(stack, { shell, environment: process.env, root: ROOT });
    return await tearDown({ stack, breakLocks: true }, { shell, say, wait: (ms) => wait(ms) });
  };
  const { destroyed, failed, left } = await carryOut(plan.destroy, deadline, { destroy, now: () => Date.now(), say });
  say(`destroyed: ${destroyed.length === 0 ? 'none' : destroyed.join(', ')}`);
  if (left.length > 0) say(`no time left for: ${left.join(', ')}; the next night goes on`);
  reportTrouble(
    failed.map(({ stack, why }) => `${stack}: ${why}`),
    tagged.silent,
  );
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
