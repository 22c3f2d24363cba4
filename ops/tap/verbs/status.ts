import { z } from 'zod';
import { regionFrom } from '../context';
import { EXIT } from '../exit-codes';
import { readPlatform } from '../status/platform';
import { statusLines } from '../status/render';
import { defineVerb, flagForm } from '../verb';

export const status = defineVerb({
  name: 'status',
  summary: 'show who is active and what is the matter, on one screen',
  description:
    'Asks both regions and the witness at once: active region, epoch, lease, lag, health, red alarms, readiness and the last ' +
    'run. Whatever does not answer is left out with the reason, so that it works with a region lost; it takes 10 seconds at ' +
    'most. Changes nothing. Exit code 4 says that nobody can tell which region is active.',
  examples: [
    ['npx tap status', 'everything'],
    ['npx tap status --region dr', 'the registers and one region'],
    ['npx tap status --readiness', 'also every check that is red or unknown'],
    ['npx tap status --json', 'the same for a program'],
  ],
  declare: (command) =>
    command
      .option('--region <region>', 'only this region, by name or role (default: both)')
      .option('--readiness', 'also everything that readiness has found, check by check'),
  form: z.object({ region: z.string().optional(), readiness: flagForm }),
  async run(context, { region, readiness }) {
    const stack = await context.stack();
    const regions = region === undefined ? stack.regions : [regionFrom(stack, '--region', region)];
    const found = await readPlatform(context, stack, regions);
    for (const line of statusLines(context.terminal, stack, found, readiness)) context.terminal.line(line);
    context.terminal.result({ stack: stack.name, ...found });
    return found.registers.ownership.kind === 'owned' ? EXIT.done : EXIT.unreachable;
  },
});
