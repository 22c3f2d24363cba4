import { EXIT, type ExitCode } from '../exit-codes';
import type { RunAnswer } from '../orchestrator';
import type { Begun } from '../run/activate';

/** How a drill stands or ended, in the words of its report. */
export interface DrillEnd {
  readonly code: ExitCode;
  /** What happened; one sentence without its full stop. */
  readonly why: string;
  /** What a person types next; undefined where nothing is left to be done. */
  readonly next: string | undefined;
}

/** Until a drill has ended, its report says so: whoever finds it knows that the terminal is gone, or still at work. */
export function underWay(what: string): DrillEnd {
  return {
    code: EXIT.interrupted,
    why: `${what}; when nobody works on the drill any more, its terminal was interrupted here`,
    next: 'npx tap status; npx tap resume while a run goes on; then npx tap switchover when the wrong region is active',
  };
}

/** What one way came to, where it is not DONE: that ends the drill. */
export function endOfWay({ region, followed }: Begun, code: ExitCode): DrillEnd {
  switch (followed.kind) {
    case 'unknown':
      return {
        code,
        why: `it is not known how the run in ${region} ended: ${followed.why}`,
        next: 'npx tap status; npx tap resume while it goes on; then npx tap switchover when the wrong region is active',
      };
    case 'refused':
      return { code, why: `the run in ${region} was refused: ${followed.why}`, next: 'npx tap status' };
    case 'run':
      return { code, why: runLine(followed.run), next: nextAfter(followed.run) };
  }
}

/** Whether nothing came of a way, so that it may be tried again: nobody has begun anything. */
export function isRefused({ followed }: Begun): boolean {
  return followed.kind === 'refused' || (followed.kind === 'run' && followed.run.outcome === 'REFUSED');
}

/** Why a way was refused. */
export function refusalOf({ followed }: Begun): string {
  return followed.kind === 'run' ? runLine(followed.run) : followed.why;
}

function runLine({ runId, region, phase, outcome, why }: RunAnswer): string {
  return `run ${runId} in ${region}: ${outcome ?? phase}${why === undefined ? '' : ` (${why})`}`;
}

function nextAfter({ outcome, region }: RunAnswer): string {
  if (outcome === 'STUCK') return `mend the step that failed, then npx tap failover --force --to ${region}`;
  return outcome === undefined ? 'npx tap resume' : 'npx tap status says who may write now';
}
