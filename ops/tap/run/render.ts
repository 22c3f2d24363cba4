import { secondsOfLoss } from '../../../lambda/shared/time-words';
import type { RunAnswer } from '../orchestrator';
import type { Terminal, Tone } from '../terminal';
import { clockTime, duration } from './times';

/** A guard's word for people. */
const SAYS: Readonly<Record<RunAnswer['verdicts'][number]['says'], readonly [Tone, string]>> = {
  yes: ['good', 'yes'],
  'ask-again': ['warn', 'not known yet'],
  person: ['warn', 'needs a person'],
  no: ['bad', 'no'],
};

/** How a run ended, for people. */
export const OUTCOMES: Readonly<Record<NonNullable<RunAnswer['outcome']>, readonly [Tone, string]>> = {
  DONE: ['good', 'done'],
  REFUSED: ['warn', 'refused: nothing was changed'],
  ABORTED: ['bad', 'aborted: the region did not become active'],
  STUCK: ['bad', 'stuck: the region owns the epoch, but the plan did not come to its end'],
  DRY_RUN: ['dim', 'dry run: nothing was changed'],
};

const PHASES: Readonly<Record<RunAnswer['phase'], string>> = {
  observing: 'asks whether it may begin',
  'waiting-for-person': 'waits for a person',
  claiming: 'takes the next epoch',
  acting: 'carries out its plan',
  releasing: 'gives the epoch back',
  ended: 'has ended',
};

/** What the guards say, one line each. */
export function guardLines(terminal: Terminal, { verdicts }: RunAnswer): readonly string[] {
  return verdicts.map(({ guard, says, why }) => {
    const [tone, word] = SAYS[says];
    return `  ${guard.padEnd(11)} ${terminal.paint(tone, word.padEnd(14))} ${why}`;
  });
}

/** The steps of a plan, before any of it. */
export function planLines({ steps }: RunAnswer): readonly string[] {
  return steps.map(({ name, purpose, after }) => {
    const order = after.length === 0 ? 'at once' : `after ${after.join(', ')}`;
    return `  ${name.padEnd(15)} ${purpose} (${order})`;
  });
}

/** Where a run stands, in one line. */
export function headline(terminal: Terminal, run: RunAnswer, now: number): string {
  const { runId, region, startedBy, startedAt, endedAt, phase, outcome, why } = run;
  const began = `run ${runId} in ${region}, by ${startedBy}, ${clockTime(startedAt)}`;
  if (phase !== 'ended' || outcome === undefined) {
    return `${began}: ${terminal.paint('warn', PHASES[phase])}, for ${duration(now - startedAt)}${because(why)}`;
  }
  const [tone, word] = OUTCOMES[outcome];
  const took = endedAt === undefined ? '' : `, after ${duration(endedAt - startedAt)}`;
  return `${began}: ${terminal.paint(tone, word)}${took}${because(why)}`;
}

/** The figures that a run's end is told with. */
export function figures({ epoch, lossMs, faultAt, steps, endedAt }: RunAnswer): readonly string[] {
  const open = steps.find(({ name, status }) => name === 'open' && status === 'done')?.endedAt;
  return [
    ...(epoch === undefined ? [] : [`epoch ${epoch}`]),
    ...(lossMs === undefined ? [] : [`estimated loss ${secondsOfLoss(lossMs)}`]),
    ...(faultAt === undefined || open === undefined
      ? []
      : [`writes again ${duration(open - faultAt)} after the first sign of the fault`]),
    ...(endedAt === undefined ? [] : [`ended ${clockTime(endedAt)}`]),
  ];
}

function because(why: string | undefined): string {
  return why === undefined ? '' : ` (${why})`;
}
