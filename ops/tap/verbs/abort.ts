import { z } from 'zod';
import { confirmByYes } from '../confirm';
import { whoIs } from '../context';
import { unreachable } from '../errors';
import { EXIT } from '../exit-codes';
import { askOrchestrator } from '../orchestrator';
import { conclude } from '../run/conclude';
import { follow } from '../run/follow';
import { headline } from '../run/render';
import { findStanding, theOne } from '../run/standing';
import { defineVerb, flagForm, whoForm } from '../verb';

const GIVEN_UP: ReadonlySet<string> = new Set(['ABORTED', 'REFUSED']);

export const abort = defineVerb({
  name: 'abort',
  summary: 'give up the run that stands, while there is still a way back',
  description:
    'The orchestrator gives the epoch back, and the region that was active claims the next one as soon as its database takes ' +
    'writes. Refused once the database has taken the order to change roles: from there the way is forward.',
  examples: [
    ['npx tap abort', 'show the run, ask, give it up'],
    ['npx tap abort --yes', 'without a question'],
  ],
  declare: (command) =>
    command
      .option('--region <region>', 'where the run is, by name or role (default: both are looked at)')
      .option('--who <name>', 'who gives it up, for the report (default: GITHUB_ACTOR, or user@host)')
      .option('--yes', 'do not ask'),
  form: z.object({ region: z.string().optional(), who: whoForm, yes: flagForm }),
  async run(context, { region: asked, who, yes }) {
    const { terminal, machine } = context;
    const standing = await findStanding(context, await context.stack(), asked);
    const run = theOne(standing);
    for (const line of standing.silent) terminal.line(terminal.paint('warn', `not known of ${line}`));
    if (!run) {
      terminal.line('No run stands: there is nothing to give up.');
      terminal.result({ kind: 'no-run', silent: standing.silent });
      return standing.silent.length === 0 ? EXIT.done : EXIT.unreachable;
    }
    terminal.line(headline(terminal, run, machine.now()));
    const { runId, region } = run;
    await confirmByYes(context, { yes }, `Abort run ${runId} in ${region}`);
    const request = askOrchestrator(context, region, { action: 'abort', runId, who: whoIs(context, who) });
    const answer = await request.catch((error: unknown) => {
      throw unreachable(`the orchestrator in ${region} cannot be asked; the run may go on`, error);
    });
    if (answer.kind === 'refused') return conclude(context, region, { kind: 'refused', why: answer.why });
    const followed = await follow(context, { region, request: Promise.resolve(answer), runId });
    const code = conclude(context, region, followed);
    if (run.startedBy === 'the alarm') {
      terminal.line('While the alarm is red it is offered again. To keep it off for some time: npx tap freeze');
    }
    // Given up before it had begun, it ends as refused, and that is what was wanted.
    return followed.kind === 'run' && GIVEN_UP.has(followed.run.outcome ?? '') ? EXIT.done : code;
  },
});
