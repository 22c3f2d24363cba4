import { z } from 'zod';
import { confirmByName, refuseYes } from '../confirm';
import { regionFrom, whoIs } from '../context';
import { activate } from '../run/activate';
import { targetOf } from '../run/target';
import { acceptLossForm, defineVerb, flagForm, whoForm } from '../verb';

export const failover = defineVerb({
  name: 'failover',
  summary: 'make the other region active now, without asking the present one; may lose the last seconds',
  description:
    'For an emergency, when the active region is lost or does not work and no failover has started by itself. Asks the ' +
    'orchestrator of the region that is not active, which looks at its guards, takes the next epoch, makes its database the ' +
    'writer and moves the traffic. It works on when this terminal dies. Losing dr while it is active is the same command: it ' +
    'always goes to the region that is not active.',
  examples: [
    ['npx tap failover --dry-run', 'what the guards say, the plan, its time and its loss; changes nothing'],
    ['npx tap failover', 'ask, show, have the stack’s name typed, and do it'],
    ['npx tap failover --accept-loss 45', 'also where up to 45 seconds of confirmed work would be lost'],
    ['npx tap failover --accept-loss unknown', 'also where nobody can tell how much'],
    ['npx tap failover --confirm dev', 'in a pipeline, where nobody can type'],
  ],
  declare: (command) =>
    command
      .option('--dry-run', 'ask and show everything, change nothing')
      .option('--accept-loss <seconds>', 'the loss you accept: whole seconds, or unknown')
      .option('--force', 'go although readiness says no, or the region owns the epoch already and is stuck')
      .option('--to <region>', 'the region to make active, by name or role (default: the one that is not)')
      .option('--who <name>', 'who does it, for the report (default: GITHUB_ACTOR, or user@host)')
      .option('--confirm <stack>', 'the stack’s name, where there is no terminal to type it on')
      .option('--yes', 'refused: this is never done without the stack’s name'),
  form: z.object({
    dryRun: flagForm,
    acceptLoss: acceptLossForm,
    force: flagForm,
    to: z.string().optional(),
    who: whoForm,
    confirm: z.string().optional(),
    yes: flagForm,
  }),
  async run(context, given) {
    refuseYes(given, 'failover');
    const stack = await context.stack();
    const asked = given.to === undefined ? undefined : regionFrom(stack, '--to', given.to);
    const request = {
      action: 'failover',
      who: whoIs(context, given.who),
      ...(given.force && { force: true }),
      ...(given.acceptLoss !== undefined && { acceptLossSeconds: given.acceptLoss }),
    } as const;
    return activate(context, {
      what: 'Failover',
      find: () => targetOf(context, asked, given.force),
      request,
      dryRun: given.dryRun,
      confirm: (what) => confirmByName(context, given, what),
    });
  },
});
