import type { OrchestratorAnswer } from '../../../lambda/failover-orchestrator/answer';
import { ASSUMPTIONS } from '../../../lib/budget/assumptions';
import { type Context, named } from '../context';
import { refusal, unreachable } from '../errors';
import { EXIT, type ExitCode } from '../exit-codes';
import { askOrchestrator, type OperatorRequest, type RunAnswer } from '../orchestrator';
import { conclude } from './conclude';
import { follow, type Followed } from './follow';
import { guardLines, headline, planLines } from './render';
import { seconds } from './times';

/** A request that makes the region active whose orchestrator gets it. */
export type ActivateRequest = Extract<OperatorRequest, { action: 'failover' | 'switchover' }>;

/** What activating a region goes by. */
export interface Activation {
  /** `Failover`. */
  readonly what: string;
  readonly region: string;
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
  if (typeof begun === 'number') return begun;
  return conclude(context, activation.region, begun);
}

/** The run as it ended, or an exit code where there was to be none. */
export async function begin(context: Context, activation: Activation): Promise<Followed | ExitCode> {
  const { terminal } = context;
  const { what, region, request, dryRun, confirm } = activation;
  const stack = await context.stack();
  const before = await standing(context, region);
  const plan = await preview(context, activation);
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
  return follow(context, { region, request: askOrchestrator(context, region, request), before });
}

/** The run that stood last in a region; one that has not ended is in the way. */
async function standing(context: Context, region: string): Promise<string | undefined> {
  const found = await asking(context, region, { action: 'status' });
  if (found.kind !== 'run') return found.kind === 'refused' ? found.runId : undefined;
  if (found.phase === 'ended') return found.runId;
  context.terminal.line(headline(context.terminal, found, context.machine.now()));
  throw refusal(`run ${found.runId} stands in ${region}. Go on with it: npx tap resume. Give it up: npx tap abort`);
}

function preview(context: Context, { region, request }: Activation): Promise<OrchestratorAnswer> {
  return asking(context, region, { ...request, dryRun: true });
}

async function asking(context: Context, region: string, request: OperatorRequest): Promise<OrchestratorAnswer> {
  try {
    return await askOrchestrator(context, region, request);
  } catch (error) {
    throw unreachable(`the orchestrator in ${region} cannot be asked`, error);
  }
}

function showPlan({ terminal }: Context, title: string, plan: RunAnswer): void {
  const { best, worst } = ASSUMPTIONS.promotion.seconds;
  terminal.line(terminal.paint('strong', title));
  terminal.line('Guards:');
  for (const line of guardLines(terminal, plan)) terminal.line(line);
  terminal.line('Plan:');
  for (const line of planLines(plan)) terminal.line(line);
  terminal.line(`Estimated loss: ${plan.lossMs === undefined ? 'see the guard loss' : seconds(plan.lossMs)}`);
  terminal.line(
    `Estimated time: ${best + AROUND.best} to ${worst + AROUND.worst} s, of which the database's change of roles is ` +
      `${best} to ${worst} s (assumed, not measured; npm start tells more)`,
  );
}

/** What comes before and after the change of roles, in seconds: guards and claim, asking again, the epoch, clients' retries. */
const AROUND = { best: 5, worst: 35 } as const;

interface Hindrance {
  readonly code: ExitCode;
  /** It makes no sense to begin. */
  readonly stops: boolean;
  readonly lines: readonly string[];
}

/** What the guards hold against it. */
function hindranceOf({ verdicts }: RunAnswer): Hindrance | undefined {
  const who = (says: RunAnswer['verdicts'][number]['says']): string =>
    verdicts.flatMap((verdict) => (verdict.says === says ? [verdict.guard] : [])).join(', ');
  if (who('no') !== '') {
    return { code: EXIT.refused, stops: true, lines: [`A guard says no: ${who('no')}.`] };
  }
  if (who('person') !== '') {
    return {
      code: EXIT.waiting,
      stops: true,
      lines: ['The loss has to be accepted: add --accept-loss SECONDS, or --accept-loss unknown.'],
    };
  }
  if (who('ask-again') !== '') {
    return {
      code: EXIT.unreachable,
      stops: false,
      lines: [
        `Not known yet: ${who('ask-again')}. The run asks again for a minute, and is refused when that does not help.`,
      ],
    };
  }
  return undefined;
}
