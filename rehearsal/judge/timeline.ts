import * as z from 'zod/mini';
import type { Observer } from '../world/observers';
import type { World } from '../world/world';
import type { Moment, Phase } from './result';

/** The line by which the orchestrator says how its run goes on (lambda/failover-orchestrator/executor.ts). */
const runLine = z.object({
  message: z.literal('the run goes on'),
  runId: z.string(),
  event: z.string(),
  phase: z.string(),
  step: z.optional(z.string()),
  kind: z.optional(z.string()),
  detail: z.optional(z.string()),
  outcome: z.optional(z.string()),
  why: z.optional(z.string()),
});

/** RDS: the global failover is complete (aws-facts.md 1.1). */
const FAILOVER_COMPLETE = 'RDS-EVENT-0238';
/** RDS: the switchover is finished, told in the new writer's region (aws-facts.md 1.1). */
const SWITCHOVER_FINISHED = 'RDS-EVENT-0185';

const MARK = '"the run goes on"';

/** Which phase of the story a step of the plan belongs to. */
const PHASE_OF_STEP: Readonly<Record<string, Phase>> = {
  'stop-consumers': 'stop',
  'start-consumers': 'stop',
  'end-writes': 'stop',
  promote: 'promote',
  'switch-over': 'promote',
  'lower-floor': 'capacity',
  'restore-consumers': 'capacity',
  'move-rpo-bound': 'notify',
  'shift-traffic': 'dns',
  'raise-floor': 'capacity',
  open: 'open',
  reconcile: 'verify',
  verify: 'verify',
  announce: 'notify',
  'record-change': 'notify',
  report: 'notify',
};

/** What a run of the orchestrator came to, as far as its log tells. */
export interface ObservedRun {
  readonly runId: string;
  readonly region: string;
  readonly phase: string;
  readonly outcome?: string;
}

/** Tells the story of a run from what can be observed of it: alarms, the orchestrator's log, Route 53, the fleet. */
export class Timeline {
  readonly moments: Moment[] = [];
  readonly runs = new Map<string, ObservedRun>();
  /** Orders to fail over that RDS took. */
  promotions = 0;
  /** From the last order that RDS took to the new writer. */
  promotionSeconds: number | undefined;
  /** Switchovers that RDS has carried out: when, and to which region. */
  readonly switchovers: { readonly region: string; readonly at: number }[] = [];
  private acceptedAt = 0;

  constructor(
    private readonly world: World,
    private readonly faultAt: number,
  ) {
    const { apiHost } = world.setting;
    const observer: Observer = {
      alarm: ({ region, alarm, to }) => {
        if (world.deciding.has(`${region}/${alarm}`)) this.add('detect', `${alarm} in ${region} is ${to}`);
      },
      answer: ({ name, type, values }) => {
        if (name === apiHost && type === 'A') this.add('dns', `${name} leads to ${values.join(', ')}`);
      },
      capacity: ({ region, group, healthy, desired, why }) =>
        this.add('capacity', `${group} in ${region} has ${healthy} of ${desired} instances: ${why}`),
      call: ({ operation, region }, answer) => {
        if (operation === 'SwitchoverGlobalCluster' && answer !== 'no answer' && answer.ok) {
          this.add('promote', `RDS in ${region} has taken the order to switch over`);
        }
        if (operation !== 'FailoverGlobalCluster' || answer === 'no answer' || !answer.ok) return;
        this.promotions += 1;
        this.acceptedAt = world.clock.now();
        this.add('promote', `RDS in ${region} has taken the order to fail over`);
      },
      event: (region, { detail }) => {
        if (detail['EventID'] === SWITCHOVER_FINISHED) {
          this.switchovers.push({ region, at: world.clock.now() });
          this.add('promote', `RDS has switched over to ${region}`);
        }
        if (detail['EventID'] !== FAILOVER_COMPLETE || this.promotions === 0) return;
        this.promotionSeconds = (world.clock.now() - this.acceptedAt) / 1_000;
        this.add('promote', `the database of ${region} takes writes`);
      },
      log: ({ region }, line) => {
        if (line.includes(MARK)) this.runSays(region, line);
      },
    };
    world.observers.add(observer);
  }

  add(phase: Phase, text: string): void {
    this.moments.push({ at: (this.world.clock.now() - this.faultAt) / 1_000, phase, text });
    this.world.trace.add(phase, text);
  }

  private runSays(region: string, line: string): void {
    const parsed = z.safeParse(runLine, JSON.parse(line));
    if (!parsed.success) return;
    const { runId, event, phase, step, kind, outcome, why, detail } = parsed.data;
    this.runs.set(runId, { runId, region, phase, ...(outcome !== undefined && { outcome }) });
    if (outcome !== undefined && phase === 'ended') {
      this.add('end', `the run in ${region} ends ${outcome}${why === undefined ? '' : `: ${why}`}`);
    } else if (event === 'step' && step !== undefined) {
      // A step that waits says so again and again.
      if (kind !== 'pending')
        this.add(PHASE_OF_STEP[step] ?? 'verify', `${step}${detail === undefined ? '' : `: ${detail}`}`);
    } else if (event === 'claimed') {
      this.add('claim', `${region} ${phase === 'acting' ? 'owns the next epoch' : 'has not won the epoch yet'}`);
    } else if (event === 'observed') {
      this.add('decide', `${region} has looked: ${why ?? phase}`);
    } else {
      this.add('decide', `${region}: ${event}, ${phase}`);
    }
  }
}
