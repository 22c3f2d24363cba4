import type { Finding, RunResult } from '../judge/result';
import { runOf } from './run-reference';
import type { RunReference } from './run-reference';

/** A lost submission and what explains it. */
export interface LostSubmission extends RunReference {
  readonly id: string;
  readonly kind: Finding['kind'];
  /** Seconds between its acknowledgement and the fault; negative when it came after the fault. */
  readonly ageAtFault: number;
  readonly replicated: boolean;
  /** What the run injected, in seconds. */
  readonly dynamodbLagSeconds: number;
  readonly withinLag: boolean;
  readonly withinRpo: boolean;
  /** Only what had not reached dr, and is no older than the lag and the target, may be lost (design.md section 4). */
  readonly explained: boolean;
}

/** Every lost submission of one run, each judged for itself. @param rpoSeconds the target. */
export function lostIn(result: RunResult, rpoSeconds: number): readonly LostSubmission[] {
  const { dynamodbLagSeconds } = result;
  return result.findings
    .filter(({ fate }) => fate === 'lost')
    .map(({ id, kind, ageAtFault, replicated }) => {
      const withinLag = ageAtFault <= dynamodbLagSeconds;
      const withinRpo = ageAtFault <= rpoSeconds;
      return {
        ...runOf(result),
        id,
        kind,
        ageAtFault,
        replicated,
        dynamodbLagSeconds,
        withinLag,
        withinRpo,
        // A replica without lag has everything: then nothing explains a loss.
        explained: !replicated && withinLag && withinRpo && dynamodbLagSeconds > 0,
      };
    });
}
