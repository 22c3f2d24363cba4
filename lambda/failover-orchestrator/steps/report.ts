import { done, type StepAttempt } from './step';
import type { RunReporter } from '../run-reporter';

/** Writes the report of a run that is about to end well. */
export function createReportStep(reporter: RunReporter): StepAttempt {
  return async ({ state }) => done(`the report is ${await reporter.report(state)}`);
}
