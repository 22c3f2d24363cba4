import type { CallLog, OutgoingCall } from './call-log';
import type { Journal } from './journal';
import type { ReportStore } from './report-store';
import type { RunState } from './run';

/** Writes up a run. */
export interface RunReporter {
  /** Answers with the object's key; the same run has the same report, however often this is called. */
  report(state: RunState): Promise<string>;
}

/** Collects every call of the run: those that the journal has, and those that it will only take with its next write. */
export function createRunReporter(
  journal: Pick<Journal, 'history'>,
  callLog: Pick<CallLog, 'sinceDrained'>,
  store: ReportStore,
): RunReporter {
  return {
    async report(state) {
      const history = await journal.history(state.runId);
      const calls: OutgoingCall[] = [...history.flatMap((entry) => entry.calls), ...callLog.sinceDrained()];
      return store.write(state, calls);
    },
  };
}
