import { z } from 'zod';
import type { Command } from 'commander';
import { confirmByName, refuseYes } from '../confirm';
import { type Context, regionFrom, whoIs } from '../context';
import type { ExitCode } from '../exit-codes';
import { activate } from '../run/activate';
import { targetOf } from '../run/target';
import { defineVerb, flagForm, whoForm } from '../verb';

/** What both planned changes of the active region take. */
const form = z.object({ dryRun: flagForm, who: whoForm, confirm: z.string().optional(), yes: flagForm });

function declare(command: Command): Command {
  return command
    .option('--dry-run', 'ask and show everything, change nothing')
    .option('--who <name>', 'who does it, for the report (default: GITHUB_ACTOR, or user@host)')
    .option('--confirm <stack>', 'the stack’s name, where there is no terminal to type it on')
    .option('--yes', 'refused: this is never done without the stack’s name');
}

function planned(
  context: Context,
  given: z.output<typeof form>,
  what: string,
  find: () => Promise<string>,
): Promise<ExitCode> {
  return activate(context, {
    what,
    find,
    request: { action: 'switchover', who: whoIs(context, given.who) },
    dryRun: given.dryRun,
    confirm: (question) => confirmByName(context, given, question),
  });
}

export const switchover = defineVerb({
  name: 'switchover',
  summary: 'make the other region active with both working; planned, loses nothing',
  description:
    'For planned work, or to leave a region that is unwell but still answers. The orchestrator of the region that is not ' +
    'active looks at its guards (both regions well, lag below a second, every order accounted for), ends the writes of the ' +
    'active region, has the database hand over and moves the traffic. Refused when one region does not answer: then it is a ' +
    'failover that is needed.',
  examples: [
    ['npx tap switchover --dry-run', 'what the guards say, the plan and its time; changes nothing'],
    ['npx tap switchover', 'ask, show, have the stack’s name typed, and do it'],
  ],
  declare: (command) =>
    declare(command).option(
      '--to <region>',
      'the region to make active, by name or role (default: the one that is not)',
    ),
  form: form.extend({ to: z.string().optional() }),
  async run(context, given) {
    refuseYes(given, 'switchover');
    const stack = await context.stack();
    const asked = given.to === undefined ? undefined : regionFrom(stack, '--to', given.to);
    return planned(context, given, 'Switchover', () => targetOf(context, asked));
  },
});

export const failback = defineVerb({
  name: 'failback',
  summary: 'bring the active region home to primary, with both working; loses nothing',
  description:
    'A switchover to primary, after a failover, once primary is back: its database follows again with a lag below a second, it ' +
    'has been well for some minutes, and every order is accounted for. The guards say which of these is missing yet.',
  examples: [
    ['npx tap failback --dry-run', 'whether it may be done already, and what is missing'],
    ['npx tap failback', 'ask, show, have the stack’s name typed, and do it'],
  ],
  declare,
  form,
  async run(context, given) {
    refuseYes(given, 'failback');
    const { regions } = await context.stack();
    return planned(context, given, 'Fail-back', () => targetOf(context, regions[0]));
  },
});
