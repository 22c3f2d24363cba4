import type { Context } from '../context';
import { EXIT, type ExitCode } from '../exit-codes';
import type { RunAnswer } from '../orchestrator';
import type { Followed } from './follow';
import { figures, guardLines, headline } from './render';

/** Tells how following a run ended, and what to do next. */
export function conclude({ terminal, machine }: Context, region: string, followed: Followed): ExitCode {
  terminal.result({ region, ...followed });
  if (followed.kind === 'unknown') {
    terminal.line(`It is not known how the run in ${region} ended: ${followed.why}.`);
    terminal.line('What was begun goes on without this terminal. Look again: npx tap status');
    return EXIT.unreachable;
  }
  if (followed.kind === 'refused') {
    terminal.line(terminal.paint('warn', `Refused: ${followed.why}.`));
    const other = followed.runId === undefined ? '' : ' The run that stands: npx tap resume';
    terminal.line(`Nothing was changed by this command.${other}`);
    return EXIT.refused;
  }
  const { run } = followed;
  terminal.line(headline(terminal, run, machine.now()));
  if (run.phase === 'waiting-for-person' || run.outcome === 'REFUSED') {
    for (const line of guardLines(terminal, run)) terminal.line(line);
  }
  const told = figures(run);
  if (run.outcome === 'DONE' && told.length > 0) terminal.line(`  ${told.join('; ')}`);
  for (const line of nextSteps(run)) terminal.line(line);
  return codeOf(run);
}

/** What a person does next. */
function nextSteps({ phase, outcome, region }: RunAnswer): readonly string[] {
  if (phase === 'waiting-for-person') {
    return [
      'To accept the loss:  npx tap resume --accept-loss SECONDS  (or: unknown)',
      'To give it up:       npx tap abort',
    ];
  }
  if (outcome === 'DONE') return [`${region} is active. Every order since the fault is looked for now: npx tap status`];
  if (outcome === 'STUCK') {
    return [`Read the steps above, mend what failed, then start it again: npx tap failover --force --to ${region}`];
  }
  return outcome === 'ABORTED' ? ['Who may write now: npx tap status'] : [];
}

function codeOf({ phase, outcome }: RunAnswer): ExitCode {
  if (phase === 'waiting-for-person') return EXIT.waiting;
  if (outcome === 'DONE' || outcome === 'DRY_RUN') return EXIT.done;
  return outcome === 'REFUSED' ? EXIT.refused : EXIT.failed;
}
