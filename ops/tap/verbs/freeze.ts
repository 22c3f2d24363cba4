import { z } from 'zod';
import type { LocalItem } from '../../../lambda/shared/local-items';
import { type Context, named, type Stack, whoIs } from '../context';
import { refusal, TapError } from '../errors';
import { EXIT, type ExitCode } from '../exit-codes';
import { alarmTurns, putFreeze } from '../freeze/announce';
import { freezeLength } from '../freeze/duration-form';
import { headline } from '../run/render';
import { findStanding } from '../run/standing';
import { clockTime } from '../run/times';
import { defineVerb, whoForm } from '../verb';

export const freeze = defineVerb({
  name: 'freeze',
  summary: 'keep failovers from starting by themselves for some time, for work on the platform',
  description:
    'Announces work: until the end that you name, the alarm that would start a failover is held back. It ends by itself, also ' +
    'when this terminal is gone, and shows in status with its reason. A failover that a person starts is not held back. ' +
    'Refused while a run stands. Waits until the alarm really is held back: up to three minutes.',
  examples: [
    ['npx tap freeze --for 2h --reason "Aurora 17.7 to 17.8"', 'before work that may look like a lost region'],
    ['npx tap freeze --for 30m --reason deployment', 'again, to change the end or the reason'],
    ['npx tap unfreeze', 'when the work is done'],
  ],
  declare: (command) =>
    command
      .requiredOption('--for <length>', 'how long: minutes or hours such as 30m or 2h, from 5m to 24h')
      .requiredOption('--reason <text>', 'why, for whoever looks at status')
      .option('--who <name>', 'who does it (default: GITHUB_ACTOR, or user@host)'),
  form: z.object({
    for: freezeLength,
    reason: z.string().trim().min(3, 'a reason, of 3 to 200 characters').max(200, 'a reason, of 3 to 200 characters'),
    who: whoForm,
  }),
  async run(context, { for: lengthMs, reason, who }) {
    const stack = await context.stack();
    const standing = await findStanding(context, stack, undefined);
    const [run] = standing.runs;
    if (run) {
      context.terminal.line(headline(context.terminal, run, context.machine.now()));
      throw refusal(`run ${run.runId} stands in ${run.region}: what has begun is not held back by a freeze`);
    }
    const at = context.machine.now();
    return change(context, stack, { until: at + lengthMs, at, who: whoIs(context, who), reason });
  },
});

export const unfreeze = defineVerb({
  name: 'unfreeze',
  summary: 'let failovers start by themselves again',
  description:
    'Ends a freeze before its time, and waits until the alarm is no longer held back: up to five minutes. What is red then acts.',
  examples: [['npx tap unfreeze', 'when the work is done']],
  declare: (command) => command.option('--who <name>', 'who does it (default: GITHUB_ACTOR, or user@host)'),
  form: z.object({ who: whoForm }),
  async run(context, { who }) {
    const stack = await context.stack();
    const at = context.machine.now();
    return change(context, stack, { until: at, at, who: whoIs(context, who), reason: 'ended' });
  },
});

/** Writes it in both regions; dr's counts, because only its alarm starts a failover. */
async function change(context: Context, stack: Stack, item: LocalItem<'freeze'>): Promise<ExitCode> {
  const { terminal } = context;
  const [primary, dr] = stack.regions;
  const [there, here] = await Promise.all([primary, dr].map((region) => putFreeze(context, stack, region, item)));
  if (!here?.ok)
    throw new TapError(EXIT.unreachable, `${named(stack, dr)}: ${here?.why ?? ''}; nothing is certain there`);
  if (there && !there.ok)
    terminal.line(terminal.paint('warn', `${named(stack, primary)}: ${there.why}; dr alone decides`));
  const isFreeze = item.until > item.at;
  terminal.line(
    isFreeze
      ? `Announced until ${clockTime(item.until)} by ${item.who}: ${item.reason}. Waiting for the alarm...`
      : 'Announced. Waiting for the alarm...',
  );
  const turned = await alarmTurns(context, stack, dr, isFreeze ? 'red' : 'not-red');
  terminal.result({ ...item, frozen: isFreeze, verified: turned });
  if (!turned) {
    terminal.line(
      terminal.paint('bad', `The alarm in ${named(stack, dr)} has not followed in time: npx tap status shows it.`),
    );
    return EXIT.failed;
  }
  terminal.line(
    isFreeze
      ? terminal.paint('warn', 'Frozen: no failover starts by itself. When you are done: npx tap unfreeze')
      : terminal.paint('good', 'No longer frozen: failovers start by themselves.'),
  );
  return EXIT.done;
}
