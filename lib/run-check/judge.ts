/** What a region's journal says about runs of the failover orchestrator. */
export type RunReading =
  /** No run stands; also where the stack has never been deployed. */
  | { readonly kind: 'none' }
  | { readonly kind: 'run'; readonly runId: string; readonly phase: string; readonly startedAt: string }
  /** There are no credentials that AWS takes: nothing can be deployed with them either. */
  | { readonly kind: 'no-account'; readonly why: string }
  /** The region's name leads nowhere from here. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** It was asked, and there is no answer to go by. */
  | { readonly kind: 'unknown'; readonly why: string };

/** One region and what it says. */
export interface RegionReading {
  readonly region: string;
  readonly reading: RunReading;
}

/** What comes of the readings: at most one of the two. */
export interface RunJudgement {
  readonly refusal?: string;
  readonly warning?: string;
}

const OVERRIDE = 'to deploy all the same: pulumi config set tap:deployDuringRun allow, and back to refuse afterwards';

/**
 * Refuses while a run stands, and where a region that can be deployed to does not say that none does: a region in the dark is
 * when runs are most likely. What cannot be deployed to in any case is left to the provider, which says more about it.
 */
export function judgeRuns(readings: readonly RegionReading[]): RunJudgement {
  const refusals = readings.flatMap(({ region, reading }) => {
    if (reading.kind === 'run') {
      const { runId, phase, startedAt } = reading;
      return [`the run ${runId} of the failover orchestrator in ${region} is ${phase}, since ${startedAt}`];
    }
    return reading.kind === 'unknown' ? [`whether a run stands in ${region} is not known: ${reading.why}`] : [];
  });
  const cutOff = readings.flatMap(({ region, reading }) =>
    reading.kind === 'unreachable' ? [`${region} cannot be reached: ${reading.why}`] : [],
  );
  const isOffline = cutOff.length === readings.length;
  const reasons = isOffline ? refusals : [...refusals, ...cutOff];
  if (reasons.length > 0) {
    return {
      refusal: [
        'Nothing was changed, because this stack may be in the middle of a failover:',
        ...reasons.map((reason) => `  ${reason}`),
        `See "npx tap status"; ${OVERRIDE}`,
      ].join('\n'),
    };
  }
  const unasked = readings.flatMap(({ region, reading }) =>
    reading.kind === 'no-account' || reading.kind === 'unreachable' ? [`${region}: ${reading.why}`] : [],
  );
  if (unasked.length === 0) return {};
  return { warning: `Nobody could be asked whether a failover is in progress (${unasked.join('; ')})` };
}
