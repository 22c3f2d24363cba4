import * as z from 'zod/mini';
import type { FoundEntry } from './journal';
import { givesWay } from './decision';
import { estimateRun, takesOf } from './estimate';
import { planOf } from './plan';
import type { RunState } from './run';

/** Seconds: when all is well, and when what is slow is still not broken. */
const takes = z.object({ usual: z.number(), most: z.number() });

const step = z.object({
  name: z.string(),
  purpose: z.string(),
  after: z.array(z.string()),
  /** An estimate, and for RDS an assumption. */
  takes,
  status: z.enum(['waiting', 'started', 'done', 'failed']),
  attempts: z.int(),
  startedAt: z.exactOptional(z.number()),
  endedAt: z.exactOptional(z.number()),
  detail: z.exactOptional(z.string()),
});

/** What the orchestrator answers; for whoever calls it to check. Times in milliseconds since 1970. */
export const orchestratorAnswer = z.discriminatedUnion('kind', [
  /** The event asks for nothing. */
  z.object({ kind: z.literal('ignored'), why: z.string() }),
  /** There has never been a run in this region. */
  z.object({ kind: z.literal('no-run') }),
  /** Nothing was done; `runId` names the run that stands in the way. */
  z.object({ kind: z.literal('refused'), why: z.string(), runId: z.exactOptional(z.string()) }),
  /** Where a run stands when the invocation ends. */
  z.object({
    kind: z.literal('run'),
    runId: z.string(),
    /** What it does; a fail-back is a switchover. */
    plan: z.enum(['failover', 'switchover']),
    /** Which region it makes active. */
    region: z.string(),
    /** Who or what asked for it. */
    startedBy: z.string(),
    startedAt: z.number(),
    endedAt: z.exactOptional(z.number()),
    /** It only asks, or waits for a person, and has claimed nothing: an operator's failover takes its place. */
    givesWay: z.exactOptional(z.literal(true)),
    phase: z.enum(['observing', 'waiting-for-person', 'claiming', 'acting', 'releasing', 'ended']),
    outcome: z.exactOptional(z.enum(['DONE', 'REFUSED', 'ABORTED', 'STUCK', 'DRY_RUN'])),
    why: z.exactOptional(z.string()),
    verdicts: z.array(
      z.object({ guard: z.string(), says: z.enum(['yes', 'ask-again', 'person', 'no']), why: z.string() }),
    ),
    epoch: z.exactOptional(z.number()),
    faultAt: z.exactOptional(z.number()),
    /** Commits that may be lost, or would be; 0 in a switchover, absent when nobody knows. */
    lossMs: z.exactOptional(z.number()),
    /** Only of a dry run: how long it would take, in seconds. */
    estimate: z.exactOptional(
      z.object({
        /** From the request to the end of the last step. */
        runSeconds: takes,
        /** In a switchover, how long nobody can write; in a failover, from the request until the region writes. */
        pauseSeconds: takes,
      }),
    ),
    /** The plan, and how far each step has come. */
    steps: z.array(step),
  }),
]);
export type OrchestratorAnswer = z.output<typeof orchestratorAnswer>;

/** Tells where a run stands. */
export function answerOf(state: RunState): OrchestratorAnswer {
  const { runId, kind, region, trigger, startedAt, phase, verdicts, endedAt, outcome, why, claim, faultAt, lossMs } =
    state;
  return {
    kind: 'run',
    runId,
    plan: kind,
    region,
    startedBy: trigger.kind === 'operator' ? trigger.who : 'the alarm',
    startedAt,
    phase,
    verdicts: verdicts.map((verdict) => ({ ...verdict })),
    steps: planOf(kind).map(({ name, purpose, after }) => ({
      name,
      purpose,
      after: [...after],
      takes: { ...takesOf(name, kind) },
      ...state.steps[name],
    })),
    ...(givesWay(state) && { givesWay: true as const }),
    ...(endedAt !== undefined && { endedAt }),
    ...(outcome && { outcome }),
    ...(why !== undefined && { why }),
    ...(claim && { epoch: claim.epoch }),
    ...(faultAt !== undefined && { faultAt }),
    ...(lossMs !== undefined && { lossMs }),
    ...(state.dryRun && { estimate: estimateRun(kind) }),
  };
}

/** Tells where the run stands that was found in the journal. */
export function answerFound(found: FoundEntry | undefined): OrchestratorAnswer {
  if (!found) return { kind: 'no-run' };
  if (found.state) return answerOf(found.state);
  return { kind: 'refused', runId: found.runId, why: 'the run is of another release, and has ended' };
}
