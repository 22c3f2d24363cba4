import type { OrchestratorAnswer } from '../../../lambda/failover-orchestrator/answer';
import { secondsOfLoss } from '../../../lambda/shared/time-words';
import { type Context, named, otherRegion, type Stack } from '../context';
import { refusal, type TapError, unreachable } from '../errors';
import { EXIT, type ExitCode } from '../exit-codes';
import { askOrchestrator, type OperatorRequest, type RunAnswer } from '../orchestrator';
import { conclude } from './conclude';
import { estimateLine } from './estimate';
import { follow, type Followed } from './follow';
import { guardLines, headline, planLines } from './render';
import { findStanding } from './standing';

/** A request that makes the region active whose orchestrator gets it. */
export type ActivateRequest = Extract<OperatorRequest, { action: 'failover' | 'switchover' }>;

/** What activating a region goes by. */
export interface Activation {
  /** `Failover`. */
  readonly what: string;
  /** Finds the region; asked once no run is in the way. @throws TapError */
  readonly find: () => Promise<string>;
  readonly request: ActivateRequest;
  readonly dryRun: boolean;
  /** Asks whether it may be done; the text says what. @throws TapError when not. */
  readonly confirm: (what: string) => Promise<void>;
}

/**
 * First asks what would happen, which changes nothing; then has it confirmed; then does it and shows how it gets on.
 *
 * @throws TapError for everything that ends it before it has begun.
 */
export async function activate(context: Context, activation: Activation): Promise<ExitCode> {
  const begun = await begin(context, activation);
  return typeof begun === 'number' ? begun : conclude(context, begun.region, begun.followed);
}

/** A run that was begun, and how it ended. */
export interface Begun {
  readonly region: string;
  readonly followed: Followed;
}

/** The run as it ended, or an exit code where there was to be none. */
export async function begin(context: Context, activation: Activation): Promise<Begun | ExitCode> {
  const { terminal } = context;
  const { what, find, request, dryRun, confirm } = activation;
  const stack = await context.stack();
  const standing = await refuseStanding(context, stack, request);
  const region = await find();
  // What stands in the other region is no run of the orchestrator that is asked.
  if (standing && standing.region !== region) throw inTheWay(standing);
  const before = await lastRun(context, region);
  const plan = await asking(context, region, { ...request, dryRun: true });
  if (plan.kind !== 'run') {
    if (dryRun) terminal.result(plan);
    throw refusal(plan.kind === 'no-run' ? `${region} answers without a plan` : plan.why);
  }
  showPlan(context, `${what} of stack ${stack.name} to ${named(stack, region)}`, plan);
  const hindrance = hindranceOf(plan);
  if (dryRun || hindrance?.stops) {
    terminal.result({ region, dryRun, plan });
    if (hindrance) for (const line of hindrance.lines) terminal.line(line);
    terminal.line(dryRun ? 'Dry run: nothing was changed.' : 'Nothing was changed.');
    return hindrance?.code ?? EXIT.done;
  }
  if (hindrance) for (const line of hindrance.lines) terminal.line(line);
  await confirm(`${what}: ${named(stack, region)} becomes active`);
  terminal.line(
    `${what} begins. It goes on without this terminal: npx tap status shows it, npx tap resume takes it up.`,
  );
  const asked = askOrchestrator(context, region, request);
  const followed = await follow(context, { region, request: asked, before, by: request.who });
  return { region, followed };
}

/**
 * A run that has not ended is in the way, whichever region it makes active: the region that nobody has left yet would else be
 * taken for the one to go to. A region that does not answer cannot be asked, and is most of the time the one to leave. Only a
 * failover takes a run's place: the alarm's, while that has claimed nothing, or a person's that waits for its loss to be accepted.
 */
async function refuseStanding(
  context: Context,
  stack: Stack,
  { action }: ActivateRequest,
): Promise<RunAnswer | undefined> {
  const { runs } = await findStanding(context, stack, undefined);
  const [first] = runs;
  if (!first) return undefined;
  const { terminal, machine } = context;
  terminal.line(headline(terminal, first, machine.now()));
  if (action !== 'failover' || first.givesWay !== true || runs.length > 1) throw inTheWay(first);
  terminal.line('It has claimed nothing yet: your failover takes its place.');
  return first;
}

function inTheWay({ runId, region, phase, startedBy }: RunAnswer): TapError {
  const goOn = phase === 'waiting-for-person' ? 'npx tap resume --accept-loss SECONDS' : 'npx tap resume';
  return refusal(
    `run ${runId} stands in ${region}, started by ${startedBy}. Go on with it: ${goOn}. Give it up: npx tap abort`,
  );
}

/** The run that a region has had last: the one to come is another. */
async function lastRun(context: Context, region: string): Promise<string | undefined> {
  const found = await asking(context, region, { action: 'status' });
  return found.kind === 'run' || found.kind === 'refused' ? found.runId : undefined;
}

export async function asking(context: Context, region: string, request: OperatorRequest): Promise<OrchestratorAnswer> {
  try {
    return await askOrchestrator(context, region, request);
  } catch (error) {
    const stack = await context.stack();
    throw unreachable(
      `${named(stack, region)} is the region to make active, and its orchestrator cannot be asked ` +
        `(${named(stack, otherRegion(stack, region))} stays as it is)`,
      error,
    );
  }
}

function showPlan({ terminal }: Context, title: string, plan: RunAnswer): void {
  terminal.line(terminal.paint('strong', title));
  terminal.line('Guards:');
  for (const line of guardLines(terminal, plan)) terminal.line(line);
  terminal.line('Plan:');
  for (const line of planLines(plan)) terminal.line(line);
  if (plan.lossMs !== undefined) terminal.line(`Estimated loss: ${secondsOfLoss(plan.lossMs)}`);
  terminal.line(estimateLine(plan));
}

export interface Hindrance {
  readonly code: ExitCode;
  /** It makes no sense to begin. */
  readonly stops: boolean;
  readonly lines: readonly string[];
}

/**
 * What the guards hold against it, the gravest first, as a run takes it: what is not known yet comes before the question to a
 * person, since that may be about nothing but what is not known.
 */
export function hindranceOf({ verdicts }: Pick<RunAnswer, 'verdicts'>): Hindrance | undefined {
  const who = (says: RunAnswer['verdicts'][number]['says']): string =>
    verdicts.flatMap((verdict) => (verdict.says === says ? [verdict.guard] : [])).join(', ');
  const [no, unknown, person] = [who('no'), who('ask-again'), who('person')];
  if (no !== '') return { code: EXIT.refused, stops: true, lines: [`A guard says no: ${no}.`] };
  const toAccept =
    person === '' ? [] : ['The loss has to be accepted: add --accept-loss SECONDS, or --accept-loss unknown.'];
  if (unknown !== '') {
    const line = `Not known yet: ${unknown}. The run asks again for a minute, and is refused when that does not help.`;
    return { code: EXIT.unreachable, stops: person !== '', lines: [line, ...toAccept] };
  }
  return person === '' ? undefined : { code: EXIT.waiting, stops: true, lines: toAccept };
}
