import { PlatformError } from '../shared/errors';
import type { SignalPublisher, SignalValues } from '../shared/signal-publisher';
import { answered } from './answered';
import type { JournalItems } from './journal-items';
import type { Outcome, RunState } from './run';
import type { RunReporter } from './run-reporter';

/** Makes the end of a run known. @throws FinishError when a part of it failed; all of it may be repeated. */
export type Finish = (state: RunState) => Promise<void>;

/** The end of a run is not in its report, or not in the metrics. */
export class FinishError extends PlatformError {
  override readonly name = 'FinishError';
}

/** What finishing touches. */
export interface FinishPorts {
  readonly reporter: RunReporter;
  readonly signals: SignalPublisher;
  readonly items: JournalItems;
}

/** Runs that ended without the region being active; a refusal is no run (design.md section 4). */
const FAILED: readonly (Outcome | undefined)[] = ['ABORTED', 'STUCK'];

const REPORT_MS = 10_000;
const PUBLISH_MS = 4_000;

/** The report, as far as the plan's own last step has not written it, and the signals of how it went. */
export function createFinish({ reporter, signals, items }: FinishPorts): Finish {
  return async (state) => {
    const values = signalsOf(state);
    const parts = await Promise.all([
      answered(REPORT_MS, 'the report', () => reportOnce(state)),
      answered(PUBLISH_MS, 'the signals', () => signals.publish(values, state.endedAt ?? state.startedAt)),
    ]);
    const failures = parts.flatMap((part) => (part.ok ? [] : [part.why]));
    if (failures.length > 0) throw new FinishError(failures.join('; '));
  };

  /**
   * A red alarm is offered every few seconds: the first refusal of an episode is reported for all of them. One whose place an
   * operator's failover took is a person's deed, and always reported; so is the refusal of what a person asked for.
   */
  async function reportOnce(state: RunState): Promise<void> {
    if (state.outcome === 'DRY_RUN' || state.steps.report.status === 'done') return;
    if (state.outcome !== 'REFUSED' || state.replacedBy !== undefined || state.trigger.kind === 'operator') {
      await reporter.report(state);
      return;
    }
    const pk = `refusal#${state.evidence?.episode ?? state.runId}`;
    const reported = await items.get(pk, REFUSAL);
    if (reported && reported['runId'] !== state.runId) return;
    await reporter.report(state);
    await items.putOnce({ pk, sk: REFUSAL, runId: state.runId });
  }
}

const REFUSAL = 'refusal';

/** What the metrics say of a run that has ended. */
export function signalsOf({ outcome, faultAt, steps }: RunState): SignalValues {
  if (FAILED.includes(outcome)) return { RunsFailed: 1 };
  const { status, endedAt } = steps.verify;
  if (outcome !== 'DONE' || faultAt === undefined || status !== 'done' || endedAt === undefined) return {};
  return { FailoverDurationSeconds: Math.max(0, endedAt - faultAt) / 1_000 };
}
