import { type Context, named, otherRegion, type Stack } from '../context';
import { lineOf } from '../errors';
import { EXIT } from '../exit-codes';
import type { RunAnswer } from '../orchestrator';
import { asking, type Begun, begin, hindranceOf } from '../run/activate';
import { conclude } from '../run/conclude';
import { duration } from '../run/times';
import { targetOf } from '../run/target';
import { type DrillEnd, endOfWay, isRefused, refusalOf } from './end';

/** Between two looks at whether the way back is open, and how long that may take, in milliseconds: caches and sweeps settle first. */
const LOOK_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Who asks for a way. */
export interface WayRequest {
  readonly action: 'switchover';
  readonly who: string;
}

/** The JSON of a drill is one document: its ways print none of their own. */
export function quiet(context: Context): Context {
  return { ...context, terminal: { ...context.terminal, result: () => undefined } };
}

/**
 * Waits until the guards let the platform go home, and brings it there. What cannot be asked now is asked again a minute later:
 * the platform is in the other region meanwhile, and a drill that gave up there would leave it there. Never throws.
 *
 * @param home the region to come back to.
 * @param begun takes every run that is begun, also one that is refused.
 */
export async function wayBack(
  context: Context,
  stack: Stack,
  home: string,
  request: WayRequest,
  begun: (way: Begun) => void,
): Promise<DrillEnd> {
  const { machine, terminal } = context;
  terminal.line(`The way back to ${named(stack, home)} begins when its guards say yes.`);
  const began = machine.now();
  let told = '';
  for (;;) {
    const tried = await tryHome(context, home, request);
    if (typeof tried !== 'string') {
      begun(tried);
      if (!isRefused(tried)) {
        return endOfWay(tried, conclude(quiet(context), tried.region, tried.followed));
      }
    }
    const missing = typeof tried === 'string' ? tried : refusalOf(tried);
    if (missing !== told) terminal.line(`  +${duration(machine.now() - began)}  not yet: ${missing}`);
    told = missing;
    if (machine.now() - began > LONGEST_WAIT_MS) return gaveUp(context, stack, home, missing);
    await machine.sleep(LOOK_MS);
  }
}

function gaveUp({ terminal }: Context, stack: Stack, home: string, missing: string): DrillEnd {
  const away = named(stack, otherRegion(stack, home));
  const why = `the way back was not open for an hour, at last because of ${missing}`;
  const next = 'mend what is named, then npx tap switchover';
  terminal.line(`The way back was not open for an hour. ${away} is active and stays so.`);
  terminal.line('Mend what is named above, then: npx tap switchover');
  return { code: EXIT.failed, why, next };
}

/** One attempt: the run as it ended, or why none was begun. */
async function tryHome(context: Context, home: string, request: WayRequest): Promise<Begun | string> {
  try {
    const plan = await asking(context, home, { ...request, dryRun: true });
    if (plan.kind !== 'run') return plan.kind === 'no-run' ? `${home} answers without a plan` : plan.why;
    if (hindranceOf(plan)) return reasonsOf(plan);
    const back = await begin(quiet(context), {
      what: 'Way back',
      find: () => targetOf(context, home),
      request,
      dryRun: false,
      confirm: () => Promise.resolve(),
    });
    return typeof back === 'number' ? 'a guard that said yes has said no right after' : back;
  } catch (error) {
    // `begin` throws only for what keeps it from beginning.
    return lineOf(error);
  }
}

function reasonsOf({ verdicts }: RunAnswer): string {
  return verdicts
    .filter(({ says }) => says !== 'yes')
    .map(({ guard, why }) => `${guard}: ${why}`)
    .join('; ');
}
