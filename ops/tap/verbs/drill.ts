import { z } from 'zod';
import { confirmByName, refuseYes } from '../confirm';
import { type Context, named, otherRegion, type Stack, whoIs } from '../context';
import { EXIT, type ExitCode } from '../exit-codes';
import type { RunAnswer } from '../orchestrator';
import { asking, type Begun, begin, hindranceOf } from '../run/activate';
import { conclude } from '../run/conclude';
import { clockTime, duration } from '../run/times';
import { targetOf } from '../run/target';
import { defineVerb, flagForm, whoForm } from '../verb';

/** Between two looks at whether the way back is open, and how long that may take, in milliseconds: caches and sweeps settle first. */
const LOOK_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;

/** One way of a drill, for its report. Times in milliseconds since 1970, durations in milliseconds. */
interface Leg {
  readonly to: string;
  readonly runId: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly tookMs: number | undefined;
  readonly outcome: string | undefined;
  readonly epoch: number | undefined;
  readonly steps: readonly { readonly name: string; readonly status: string; readonly tookMs: number | undefined }[];
}

export const drill = defineVerb({
  name: 'drill',
  summary: 'switch over to the other region and back, timed, with a report',
  description:
    'Proves on the live stack that the other region can do the work, and measures how long it takes. Clients notice a pause of ' +
    'writes twice. It takes half an hour or more: before the way back the guards want the platform settled. When this terminal ' +
    'dies in between, the platform works on where it is: npx tap status, and npx tap switchover brings it back.',
  examples: [
    ['npx tap drill --dry-run', 'whether the first way may be gone; changes nothing'],
    ['npx tap drill', 'there and back, and a file drill-<stack>-<time>.json'],
    ['npx tap drill --confirm dev --json', 'the same in a scheduled pipeline'],
  ],
  declare: (command) =>
    command
      .option('--dry-run', 'ask and show everything, change nothing')
      .option('--report <file>', 'where the report goes (default: drill-<stack>-<time>.json)')
      .option('--who <name>', 'who does it (default: GITHUB_ACTOR, or user@host)')
      .option('--confirm <stack>', 'the stack’s name, where there is no terminal to type it on')
      .option('--yes', 'refused: this is never done without the stack’s name'),
  form: z.object({
    dryRun: flagForm,
    report: z.string().min(1).optional(),
    who: whoForm,
    confirm: z.string().optional(),
    yes: flagForm,
  }),
  async run(context, given) {
    refuseYes(given, 'drill');
    const stack = await context.stack();
    const request = { action: 'switchover', who: whoIs(context, given.who) } as const;
    const way = { what: 'Drill', request, dryRun: given.dryRun };
    const there = await begin(context, {
      ...way,
      find: () => targetOf(context, undefined),
      confirm: (what) => confirmByName(context, given, `${what}, and then the way back`),
    });
    if (typeof there === 'number') return there;
    const legs = [there];
    let code = conclude(quiet(context), there.region, there.followed);
    if (code === EXIT.done) {
      const home = otherRegion(stack, there.region);
      code = await wayBack(context, stack, home, request, legs);
    }
    await report(context, stack, given.report, request.who, legs, code);
    return code;
  },
});

/** The JSON of a drill is one document: its legs print none of their own. */
function quiet(context: Context): Context {
  return { ...context, terminal: { ...context.terminal, result: () => undefined } };
}

/** Waits until the guards let the platform go home, and brings it there. */
async function wayBack(
  context: Context,
  stack: Stack,
  home: string,
  request: { readonly action: 'switchover'; readonly who: string },
  legs: Begun[],
): Promise<ExitCode> {
  const { machine, terminal } = context;
  terminal.line(`The way back to ${named(stack, home)} begins when its guards say yes.`);
  const began = machine.now();
  let missing = '';
  for (;;) {
    const plan = await asking(context, home, { ...request, dryRun: true });
    const reasons = plan.kind === 'run' ? reasonsOf(plan) : plan.kind;
    if (plan.kind === 'run' && !hindranceOf(plan)) break;
    if (reasons !== missing) terminal.line(`  +${duration(machine.now() - began)}  not yet: ${reasons}`);
    missing = reasons;
    if (machine.now() - began > LONGEST_WAIT_MS) {
      terminal.line(`The guards have said no for an hour. ${otherRegion(stack, home)} is active and stays so.`);
      terminal.line('Mend what they name, then: npx tap switchover');
      return EXIT.failed;
    }
    await machine.sleep(LOOK_MS);
  }
  const back = await begin(quiet(context), {
    what: 'Way back',
    find: () => targetOf(context, home),
    request,
    dryRun: false,
    confirm: () => Promise.resolve(),
  });
  if (typeof back === 'number') return back;
  legs.push(back);
  return conclude(quiet(context), back.region, back.followed);
}

function reasonsOf({ verdicts }: RunAnswer): string {
  return verdicts
    .filter(({ says }) => says !== 'yes')
    .map(({ guard, why }) => `${guard}: ${why}`)
    .join('; ');
}

async function report(
  { machine, terminal }: Context,
  { name }: Stack,
  file: string | undefined,
  who: string,
  begun: readonly Begun[],
  code: ExitCode,
): Promise<void> {
  const legs = begun.flatMap(({ followed }) => (followed.kind === 'run' ? [legOf(followed.run)] : []));
  const drilled = { form: 1, stack: name, who, at: machine.now(), passed: code === EXIT.done, legs };
  const stamp = new Date(drilled.at).toISOString().slice(0, 19).replaceAll(':', '-');
  const written = await machine.save(file ?? `drill-${name}-${stamp}.json`, `${JSON.stringify(drilled, null, 2)}\n`);
  terminal.result({ ...drilled, file: written });
  terminal.line(
    `${drilled.passed ? 'Drill passed' : 'Drill not passed'}, ${clockTime(drilled.at)}; report: ${written}`,
  );
  for (const { to, tookMs, outcome } of legs) {
    terminal.line(`  to ${to}: ${outcome ?? 'not ended'}${tookMs === undefined ? '' : ` after ${duration(tookMs)}`}`);
  }
}

function legOf({ region, runId, startedAt, endedAt, outcome, epoch, steps }: RunAnswer): Leg {
  return {
    to: region,
    runId,
    startedAt,
    endedAt,
    tookMs: endedAt === undefined ? undefined : endedAt - startedAt,
    outcome,
    epoch,
    steps: steps.map(({ name, status, startedAt: from, endedAt: to }) => ({
      name,
      status,
      tookMs: from === undefined || to === undefined ? undefined : to - from,
    })),
  };
}
