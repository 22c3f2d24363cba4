import type { OrchestratorAnswer } from '../../../lambda/failover-orchestrator/answer';
import type { Context } from '../context';
import { explain } from '../errors';
import { askOrchestrator, isOver, type RunAnswer } from '../orchestrator';
import { duration } from './times';

/** How often a run is looked at, in milliseconds. */
const EVERY_MS = 5_000;

/** A run gives up by itself after half an hour; who has heard nothing for two minutes is told so and need not sit there. */
const LONGEST_MS = 2_400_000;
const SILENCE_MS = 120_000;

/** What came of following a run. */
export type Followed =
  /** It has ended, or waits for a person. */
  | { readonly kind: 'run'; readonly run: RunAnswer }
  /** Nothing was begun. */
  | { readonly kind: 'refused'; readonly why: string; readonly runId?: string }
  /** Nobody answers any more: the run may well go on. */
  | { readonly kind: 'unknown'; readonly why: string };

/** What to follow. */
export interface Following {
  readonly region: string;
  /** The request that begins or resumes it, if this command sends one: its answer is one more way to learn of the end. */
  readonly request?: Promise<OrchestratorAnswer>;
  /** The run that stood before: what is followed comes after it. */
  readonly before?: string | undefined;
  /** Who has asked for it: the alarm may begin a run of its own just before, and is no answer. */
  readonly by?: string;
  /** The run to follow, where it stands already. */
  readonly runId?: string;
}

/**
 * Shows how a run gets on until it ends or waits for a person, by asking for its status every 5 seconds. The request that began
 * it may lose its connection meanwhile, as may this terminal: the run does not depend on either.
 */
export async function follow(context: Context, { region, request, before, by, runId }: Following): Promise<Followed> {
  const { machine, terminal } = context;
  const began = machine.now();
  const progress = createProgress((line) => terminal.line(line), began);
  let settled: Settled | undefined;
  const answer = request?.then(
    (value) => (settled = { ok: true, value }),
    (error: unknown) => (settled = { ok: false, error }),
  );
  let heardAt = began;
  let why = 'no status yet';
  let isShown = false;
  while (machine.now() - began < LONGEST_MS) {
    await (answer && !settled ? Promise.race([answer, machine.sleep(EVERY_MS)]) : machine.sleep(EVERY_MS));
    const ended = settled && endOf(settled, isShown);
    if (ended) {
      if (ended.kind === 'run') progress(ended.run, machine.now());
      return ended;
    }
    try {
      const found = await askOrchestrator(context, region, { action: 'status' });
      heardAt = machine.now();
      if (found.kind !== 'run' || found.runId === before) continue;
      if (by !== undefined && found.startedBy !== by) continue;
      if (runId !== undefined && found.runId !== runId)
        return { kind: 'unknown', why: `run ${found.runId} came after it` };
      isShown = true;
      progress(found, heardAt);
      if (isOver(found) || found.phase === 'waiting-for-person') return { kind: 'run', run: found };
    } catch (error) {
      why = explain(error).says;
      if (machine.now() - heardAt >= SILENCE_MS) break;
      terminal.line(`  ${region} does not tell how the run gets on: ${why}; asking again`);
    }
  }
  return { kind: 'unknown', why };
}

type Settled =
  { readonly ok: true; readonly value: OrchestratorAnswer } | { readonly ok: false; readonly error: unknown };

/** What the request's own answer settles, if anything. */
function endOf(settled: Settled, isBegun: boolean): Followed | undefined {
  if (!settled.ok) {
    // A broken connection says nothing of a run that is known to stand.
    return isBegun || explain(settled.error).kind === 'silent'
      ? undefined
      : { kind: 'unknown', why: explain(settled.error).says };
  }
  const { value } = settled;
  switch (value.kind) {
    case 'run':
      return isOver(value) || value.phase === 'waiting-for-person' ? { kind: 'run', run: value } : undefined;
    case 'refused':
      // A request that was sent twice, because the first answer was lost, finds its own run.
      return isBegun ? undefined : value;
    case 'ignored':
      return { kind: 'refused', why: value.why };
    case 'no-run':
      return { kind: 'refused', why: 'there is no run' };
  }
}

/** Tells what has changed since the last look; each line with the time since the command began. */
function createProgress(line: (text: string) => void, began: number): (run: RunAnswer, now: number) => void {
  let phase = '';
  const steps = new Map<string, string>();
  return (run, now) => {
    const at = `  +${duration(now - began)}`.padEnd(14);
    if (run.phase !== phase && run.phase !== 'ended') line(`${at} ${PHASE_LINES[run.phase]}`);
    ({ phase } = run);
    for (const { name, status, detail } of run.steps) {
      if (status === 'waiting' || steps.get(name) === status) continue;
      steps.set(name, status);
      line(`${at} ${name.padEnd(15)} ${status}${detail === undefined ? '' : `: ${detail}`}`);
    }
  };
}

const PHASE_LINES: Readonly<Record<Exclude<RunAnswer['phase'], 'ended'>, string>> = {
  observing: 'the guards are asked',
  'waiting-for-person': 'the run waits for a person',
  claiming: 'the next epoch is taken',
  acting: 'the plan is carried out',
  releasing: 'the epoch is given back',
};
