import type { FaultWindow } from '../faults/fault';
import type { Kind } from '../traffic/submission';

/**
 * What a run may be judged by. A: one region lost, promotion within the assumption, TTL honoured: inside the budget's best and
 * worst. B: A and one crash of the orchestrator: its own bound. C: everything else: no claim about time, only safety and an end.
 */
export type RunClass = 'A' | 'B' | 'C';

/** What is expected of a run. */
export type Expectation = 'fails-over' | 'stays' | 'survives' | 'comes-home';

/** One run, as data: the same plan gives the same trace, byte for byte. */
export interface RunPlan {
  /** The stack file that the graph is evaluated from. */
  readonly stack: string;
  /** Its name in a pack, or `random`. */
  readonly scenario: string;
  readonly seed: string;
  readonly runClass: RunClass;
  readonly expectation: Expectation;
  /** Which chain of the budget holds: the region's, or that of the database or of processing alone. */
  readonly chain: 'region' | 'database';
  readonly faults: readonly FaultWindow[];
  /** Virtual seconds after the fault at which the run is over. */
  readonly seconds: number;
}

/** What became of an acknowledged submission (design.md section 2). */
export type Fate =
  /** One effect in the surviving region, in time. */
  | 'processed'
  /** It took longer than a client waits, and has its one effect. */
  | 'delayed'
  /** Reported as expired, never executed. */
  | 'expired'
  /** Its commit was lost with the old writer, and it was executed again: one effect stands. */
  | 'redone'
  /** It reappeared when the lost region returned. */
  | 'late'
  /** Nothing was decided when the run ended: it was sent in the last two minutes, or no region was active at the end. */
  | 'waiting'
  | 'lost';

/** An acknowledged submission that needs a word. */
export interface Finding {
  readonly id: string;
  readonly kind: Kind;
  readonly fate: Exclude<Fate, 'processed' | 'delayed' | 'waiting'>;
  /** Seconds between the writing of its item and the fault; negative when it was written after the fault. */
  readonly ageAtFault: number;
  /** Whether its item had reached the surviving region when the fault began. */
  readonly replicated: boolean;
}

/** One moment of the timeline, in seconds after the fault. */
export interface Moment {
  readonly at: number;
  /** `fault`, `detect`, `decide`, `claim`, `promote`, `dns`, `capacity`, `open`, `first good order`, `verify`, `end`. */
  readonly phase: Phase;
  readonly text: string;
}

export type Phase =
  | 'fault'
  | 'detect'
  | 'decide'
  | 'claim'
  | 'stop'
  | 'promote'
  | 'dns'
  | 'capacity'
  | 'open'
  | 'first good order'
  | 'verify'
  | 'notify'
  | 'end';

/** What a run cost and counted. */
export interface Counts {
  readonly submissions: number;
  readonly acknowledged: number;
  readonly fates: Readonly<Record<Fate, number>>;
  /** Acknowledged commits under an epoch after the first commit under a higher one, and second effects of one order. */
  readonly doubleWrites: number;
  readonly sdkCalls: number;
  readonly invocations: number;
  /** Planned crashes that happened: one after the last message of a run never does. */
  readonly crashes: number;
  /** Calls that the caller's policy does not allow. */
  readonly denied: number;
}

/** A switchover that has made a region active. Seconds. */
export interface SwitchoverResult {
  readonly region: string;
  readonly epoch: number;
  /** When a person asked for it, after the fault. */
  readonly askedAt: number;
  /** From the claim, which takes the old region's right to write, to the first commit in the new one. */
  readonly pauseSeconds?: number;
  /** From the request to the first good order that came in through the new region. */
  readonly throughSeconds?: number;
  /** Acknowledged submissions without an effect at the end, of those received since shortly before the request. */
  readonly lost: number;
  /** Commits that went with the old writer. */
  readonly redone: number;
}

/** What one run showed. */
export interface RunResult {
  readonly plan: RunPlan;
  /** Runs of the orchestrator that claimed an epoch, by the region that claimed. */
  readonly failovers: readonly {
    readonly at: number;
    readonly region: string;
    readonly epoch: number;
    readonly outcome: string;
  }[];
  /** Switchovers that have come to their end, in order. */
  readonly switchovers: readonly SwitchoverResult[];
  /** Seconds from the first fault to the first good order that stays good; undefined when there is none. */
  readonly rtoSeconds?: number;
  /** Age of the oldest acknowledged submission that is lost, in seconds before the fault; 0 when none is lost. */
  readonly rpoSeconds: number;
  /** The database's lag at the fault, and the lag of the global tables that the run injected, in seconds. */
  readonly auroraLagSeconds: number;
  readonly dynamodbLagSeconds: number;
  /** How long the simulated promotion took, in seconds. */
  readonly promotionSeconds?: number;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  /** Told of one run of a campaign; empty in all others. */
  readonly timeline: readonly Moment[];
  /** What is wrong with this run; empty when it is as it must be. */
  readonly violations: readonly string[];
  /** SHA-256 of the trace. */
  readonly traceDigest: string;
  readonly deniedCalls: readonly string[];
  /** Milliseconds that the run kept a thread busy, waiting for a core included; not part of the trace. */
  readonly busyMs: number;
}
