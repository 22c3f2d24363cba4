import { describeError } from '../../shared/errors';
import { writePauseMs } from '../report';
import type { RunState } from '../run';
import type { Topic } from '../topics';
import { done, type StepAttempt } from './step';

/** Who is told, and in which words. */
export interface AnnouncePorts {
  /** This region's topic: the message has to get there. */
  readonly own: Topic;
  /** The lost region's topic, if it can be reached. */
  readonly other: Topic;
  readonly region: string;
  readonly otherRegion: string;
  readonly environmentSuffix: string;
}

/** Tells people in both regions that this one is active (F5). */
export function createAnnounce({ own, other, ...settings }: AnnouncePorts): StepAttempt {
  return async ({ state, epoch }) => {
    const { subject, text } = announcement(state, epoch, settings);
    const [here, there] = await Promise.allSettled([own.publish(subject, text), other.publish(subject, text)]);
    if (here.status === 'rejected') return { kind: 'failed', detail: describeError(here.reason) };
    if (there.status === 'rejected') {
      return done(`told here; ${settings.otherRegion} could not be told: ${describeError(there.reason)}`);
    }
    return done('told in both regions');
  };
}

/** For a person who was asleep a minute ago: what is true now, what to look at, and what not to do. */
export function announcement(
  state: RunState,
  epoch: number,
  { region, otherRegion, environmentSuffix }: Omit<AnnouncePorts, 'own' | 'other'>,
): { readonly subject: string; readonly text: string } {
  const { runId, trigger, kind } = state;
  const notDone = Object.entries(state.steps).filter(([, { status }]) => status === 'failed');
  const lines = [
    `${region} is the active region under epoch ${epoch}: it takes writes, and clients are sent there.`,
    `Run ${runId}, ${trigger.kind === 'operator' ? `started by ${trigger.who}` : 'started by the alarm'}.`,
    ...(kind === 'switchover' ? [pauseLine(state)] : lossLines(state)),
    ...notDone.map(([name, { detail }]) => `Not done: ${name}${detail === undefined ? '' : ` (${detail})`}.`),
    '',
    'Now:',
    '- Look whether orders are processed: the dashboard here, and the alarms order-queue-age and order-dlq.',
    kind === 'switchover'
      ? `- ${otherRegion} follows and waits. The way back is the same command, to the orchestrator there.`
      : `- Leave ${otherRegion} alone. When it comes back it follows by itself and does not write: the epoch fences it.`,
    '- Nothing goes home by itself. The way back is the fail-back of the README, when its preconditions are met.',
  ];
  return { subject: `[${environmentSuffix}] ${region} is active: ${kind} done`, text: lines.join('\n') };
}

function lossLines({ lossMs, faultAt }: RunState): readonly string[] {
  return [
    faultAt === undefined
      ? 'When the fault began is not known.'
      : `First sign of the fault: ${new Date(faultAt).toISOString()}.`,
    lossMs === undefined
      ? 'How many commits are lost is not known; a person has accepted that.'
      : `Commits of about ${(lossMs / 1_000).toFixed(1)} s may be lost. Orders and payments among them are looked for and executed again.`,
  ];
}

function pauseLine(state: RunState): string {
  const pauseMs = writePauseMs(state);
  return pauseMs === undefined
    ? 'Nothing was lost.'
    : `Nothing was lost; nobody could write for about ${(pauseMs / 1_000).toFixed(0)} s.`;
}
