import { z } from 'zod';
import { whoIs } from '../context';
import { refusal } from '../errors';
import { EXIT } from '../exit-codes';
import { askOrchestrator, type RunAnswer } from '../orchestrator';
import { conclude } from '../run/conclude';
import { follow } from '../run/follow';
import { headline } from '../run/render';
import { findStanding, theOne } from '../run/standing';
import { acceptLossForm, defineVerb, whoForm } from '../verb';

export const resume = defineVerb({
  name: 'resume',
  summary: 'go on with the run that stands, or accept the loss that it waits for, and show how it gets on',
  description:
    'Finds the run that has not ended, in either region. One that works already is only watched: also the one that you began ' +
    'on a terminal that is gone. One whose function has died goes on where it was. One that waits for a person needs ' +
    '--accept-loss: the seconds of confirmed work that you accept to lose; where no run waits it is refused, and nothing is done.',
  examples: [
    ['npx tap resume', 'watch a run to its end, or wake it up'],
    ['npx tap resume --accept-loss 45', 'answer a run that waits: up to 45 seconds may be lost'],
    ['npx tap resume --accept-loss unknown', 'the same where nobody can tell how much'],
  ],
  declare: (command) =>
    command
      .option('--accept-loss <seconds>', 'the loss you accept: whole seconds, or unknown')
      .option('--region <region>', 'where the run is, by name or role (default: both are looked at)')
      .option('--who <name>', 'who accepts, for the report (default: GITHUB_ACTOR, or user@host)'),
  form: z.object({ acceptLoss: acceptLossForm, region: z.string().optional(), who: whoForm }),
  async run(context, { acceptLoss, region: asked, who }) {
    const { terminal, machine } = context;
    const standing = await findStanding(context, await context.stack(), asked);
    const run = theOne(standing);
    for (const line of standing.silent) terminal.line(terminal.paint('warn', `not known of ${line}`));
    if (acceptLoss !== undefined) refuseNotAsked(acceptLoss, run, standing.silent);
    if (!run) {
      terminal.line('No run stands: there is nothing to go on with.');
      terminal.result({ kind: 'no-run', silent: standing.silent });
      return standing.silent.length === 0 ? EXIT.done : EXIT.unreachable;
    }
    const { runId, region, phase } = run;
    if (phase === 'waiting-for-person' && acceptLoss === undefined) {
      return conclude(context, region, { kind: 'run', run });
    }
    terminal.line(headline(terminal, run, machine.now()));
    const request = askOrchestrator(
      context,
      region,
      phase === 'waiting-for-person' && acceptLoss !== undefined
        ? { action: 'accept', runId, who: whoIs(context, who), acceptLossSeconds: acceptLoss }
        : { action: 'resume', runId },
    );
    return conclude(context, region, await follow(context, { region, request, runId }));
  },
});

/**
 * Nobody has asked for the loss: whoever typed it believes otherwise, and must not think that it was accepted. A region that
 * does not say may have the run that asks.
 */
function refuseNotAsked(loss: number | 'unknown', run: RunAnswer | undefined, silent: readonly string[]): void {
  if (run?.phase === 'waiting-for-person') return;
  const given = `--accept-loss ${loss} has nothing to accept, and nothing was changed`;
  if (run) {
    throw refusal(`run ${run.runId} in ${run.region} does not wait for a person: ${given}. Watch it: npx tap resume`);
  }
  if (silent.length === 0) throw refusal(`no run stands: ${given}`);
}
