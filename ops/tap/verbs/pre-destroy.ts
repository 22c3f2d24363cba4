import { z } from 'zod';
import { confirmByName, refuseYes } from '../confirm';
import { type Context, named, type Stack } from '../context';
import { refusal } from '../errors';
import { EXIT, type ExitCode } from '../exit-codes';
import { decidePreDestroy } from '../pre-destroy/decide';
import { detach, lookAtGlobal } from '../pre-destroy/global-clusters';
import { findStanding } from '../run/standing';
import { defineVerb, flagForm } from '../verb';

export const preDestroy = defineVerb({
  name: 'pre-destroy',
  summary: 'make a stack destroyable whose database was left in dr by a failover',
  description:
    'After a failover the database writes in dr, and "pulumi destroy" would stop half way: AWS does not delete a writer that ' +
    'another cluster follows. This detaches the clusters from the global database in the order that AWS accepts, so that the ' +
    'destroy leaves nothing. It cannot be undone: afterwards each cluster stands alone. Who wants to keep the stack brings the ' +
    'writer home instead: npx tap failback. Needs the credentials of whoever destroys the stack, not the operator’s role.',
  examples: [
    ['npx tap pre-destroy --dry-run', 'whether anything has to be done, and what'],
    ['npx tap pre-destroy && pulumi destroy', 'detach what is in the way, then destroy'],
    ['npx tap pre-destroy --confirm pr-123', 'in a pipeline that cleans up'],
  ],
  declare: (command) =>
    command
      .option('--dry-run', 'say what would be done, change nothing')
      .option('--confirm <stack>', 'the stack’s name, where there is no terminal to type it on')
      .option('--yes', 'refused: this is never done without the stack’s name'),
  form: z.object({ dryRun: flagForm, confirm: z.string().optional(), yes: flagForm }),
  async run(context, given) {
    refuseYes(given, 'pre-destroy');
    const { terminal } = context;
    const stack = await context.stack();
    const decision = decidePreDestroy(await lookAtGlobal(context, stack), stack.regions[0]);
    if (decision.kind === 'nothing') {
      terminal.result(decision);
      terminal.line(`Nothing has to be done: ${decision.why}. Go on: pulumi destroy`);
      return EXIT.done;
    }
    if (decision.kind === 'wait') throw refusal(`${decision.why}; ask again when it is over`);
    terminal.line('The writer is in dr. In this order the clusters leave the global database:');
    for (const { arn, region } of decision.order) terminal.line(`  ${named(stack, region)}  ${arn}`);
    if (given.dryRun) {
      terminal.result(decision);
      terminal.line('Dry run: nothing was changed.');
      return EXIT.done;
    }
    await refuseStanding(context, stack);
    await confirmByName(context, given, 'The database is taken apart for good, and is not one any more');
    return detachAll(context, stack, decision.order);
  },
});

/** A run that changes the writer meanwhile would make the order wrong; a region that is lost has no say. */
async function refuseStanding(context: Context, stack: Stack): Promise<void> {
  // The orchestrators may be gone already, where a destroy has stopped half way: then nothing stands.
  const standing = await findStanding(context, stack, undefined).catch(() => undefined);
  const run = standing?.runs[0];
  if (run) throw refusal(`run ${run.runId} stands in ${run.region}. End it first: npx tap resume, or npx tap abort`);
}

async function detachAll(
  context: Context,
  stack: Stack,
  order: readonly { readonly arn: string; readonly region: string }[],
): Promise<ExitCode> {
  for (const cluster of order) {
    await detach(context, stack, cluster);
    context.terminal.line(`  ${named(stack, cluster.region)} has left`);
  }
  context.terminal.result({ kind: 'detached', order });
  context.terminal.line('Done. Go on: pulumi destroy');
  return EXIT.done;
}
