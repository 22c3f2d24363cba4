import type { Evidence } from '../../../lambda/failover-orchestrator/guards';
import type { RunKind } from '../../../lambda/failover-orchestrator/plan';
import { RUN_CONSTANTS, type RunEvent, type RunPolicy, type RunState } from '../../../lambda/failover-orchestrator/run';
import type { Quorum } from '../../../lambda/shared/register/record';
import { look, type Realm, type Setting, type Won } from '../cycles';
import type { Breach } from '../explorer';
import type { Protocol } from '../protocol';
import { clockOf, type Location, type Offsets, otherThan, type Region, TICK } from '../world';
import type { Work } from './rest-of-plan';

/** One invocation of an orchestrator. It may stall anywhere; one that never goes on has crashed. */
export interface Invocation {
  /** Its name in a story. */
  readonly name: string;
  readonly region: Region;
  /** The run as it has last written it, and the revision of that write. */
  readonly run: RunState;
  readonly revision: number;
  /** Commands under way. */
  readonly todo: readonly Work[];
  /** What has come back and is not decided about yet. */
  readonly results: readonly RunEvent[];
  /** The promotion was found to be needed, and is ordered next. */
  readonly ordering: boolean;
  /** Its renewal has a majority, and is copied for the region's functions next. */
  readonly opening: Won | undefined;
  /** Its decision is not in the journal yet; only where a fault has turned the order around. */
  readonly unsaved: boolean;
  /** Time has passed while it was in the middle of something. */
  readonly stalled: boolean;
  /** It has seen to it that its region owns nothing that the run has claimed; what a zombie claims later is another matter. */
  readonly freed: boolean;
}

/** The one item `current` of a region's journal. Times in milliseconds. */
export interface Journal {
  readonly revision: number;
  readonly ownedUntil: number;
  readonly state: RunState;
  /** An operator's wish, beside the run. */
  readonly abortWished: boolean;
}

/** The global database. */
export interface Aurora {
  readonly writer: Region;
  readonly towards?: Region;
  /** What is under way towards it: in a switchover nobody can write until it is over or cancelled. */
  readonly kind?: RunKind;
  /** It was ordered by an invocation that was not replaced. */
  readonly isOwners?: boolean;
  /** An order to fail over that RDS has not answered: it may begin until then, and nothing of it is to be seen before. */
  readonly late?: { readonly towards: Region; readonly until: number; readonly isOwners: boolean };
  /** Fencing of the old writer is best effort: it may go on taking writes. */
  readonly writable: Readonly<Record<Region, boolean>>;
}

export interface State extends Realm {
  readonly journals: Readonly<Record<Region, Journal | undefined>>;
  readonly invocations: readonly Invocation[];
  readonly aurora: Aurora;
  readonly alarm: Evidence['alarm'];
  /** Which epochs a region has won, as bits. */
  readonly won: Readonly<Record<Region, number>>;
  readonly startsLeft: number;
  readonly faultsLeft: number;
  readonly abortsLeft: number;
  readonly stallsLeft: number;
  readonly breach?: Breach;
}

/** How much is explored. */
export interface OrchestratorBounds {
  readonly quorum: Quorum;
  readonly offsets: readonly Offsets[];
  /** Where runs are started: in dr by the alarm, in primary by an operator. */
  readonly runsIn: readonly Region[];
  /** While the alarm is not red an operator starts a switchover in dr. */
  readonly switches: boolean;
  /** An operator's failover in dr takes the place of the alarm's run that gives way. */
  readonly replaces: boolean;
  /** Ticks. */
  readonly lease: number;
  /** Invocations altogether. */
  readonly starts: number;
  /** Lost answers of claims, releases and orders to RDS, and failovers that RDS gives up. */
  readonly faults: number;
  readonly aborts: number;
  /** How often an invocation stalls in the middle of something. */
  readonly stalls: number;
  readonly lost?: Location;
  /** Begins where RDS has promoted dr, and its run is about to open; a fault is a claim of primary's that it does not win. */
  readonly promoted?: true;
  /** One run, whose faults are orders to RDS that are not answered or refused, and nothing else. */
  readonly onlyOrders?: boolean;
  /** Whether the alarm may turn green again. */
  readonly recovers: boolean;
}

/** How long an invocation owns its run, in ticks. */
export const OWNED = 1;

/** How late RDS may begin with an order that it has not answered, in ticks; less than a run waits for it. */
export const LATE = 1;

/** Everything of a run that takes time, in ticks that keep their order: a question, a release, a surrender. */
const TIMES = {
  ...RUN_CONSTANTS,
  mode: 'automatic',
  rpoMs: 12 * TICK,
  cooldownMs: 0,
  freshMs: 2 * TICK,
  verdictMs: 3 * TICK,
  askAgainMs: 0,
  askForMs: 2 * TICK,
  waitForMs: 4 * TICK,
  claimAgainMs: 0,
  claimAttempts: 2,
  stuckAfterMs: 3 * TICK,
  giveUpAfterMs: 5 * TICK,
  endWithinMs: 3 * TICK,
  orderWithinMs: 2 * TICK,
  quietForMs: TICK,
  doubtForMs: 2 * TICK,
  slowAfterMs: Infinity,
  restoreAttempts: 1,
  restoreBusyAttempts: 1,
} as const;

/** What the runs of a region go by. */
export const POLICIES: Readonly<Record<Region, RunPolicy>> = {
  primary: { ...TIMES, region: 'primary' },
  dr: { ...TIMES, region: 'dr' },
};

/** Everybody reaches every register but the one that is lost. */
export function settingOf(protocol: Protocol, { quorum, lease, lost }: OrchestratorBounds): Setting {
  return {
    protocol,
    quorum,
    leaseMs: lease * TICK,
    silent: lost === undefined ? 0 : 1 << quorum.locations.indexOf(lost),
  };
}

/** What a run of a region finds out now; the fault is one that every guard lets through while the alarm is red. */
export function evidenceOf(setting: Setting, state: State, region: Region, lost: Location | undefined): Evidence {
  const at = clockOf(state.tick, region, state.offsets);
  const { ownership, lastRenewal, verdict } = look(setting, state.registers);
  return {
    at,
    alarm: state.alarm,
    episode: 'the fault',
    maintenance: false,
    unhealthyForLong: false,
    witnessAnswers: lost !== 'witness',
    vantage: 'down',
    register:
      ownership.kind === 'unknown'
        ? { known: false, why: ownership.why }
        : {
            known: true,
            activeRegion: ownership.activeRegion,
            epoch: ownership.epoch,
            released: ownership.released,
            lastRenewal,
            ...(verdict && { verdict }),
          },
    firstFailedProbe: at - TICK,
    lag:
      state.aurora.writer === region
        ? { known: false, why: 'the database here is the writer' }
        : { known: true, sample: { calculatedAt: at, lagMs: 0 } },
    readiness: { known: true, blockers: [], checkedAt: at },
    switchover: switchoverOf(state, region, at),
  };
}

/** What a switchover finds out besides: everything is well but for what the state says. */
function switchoverOf({ aurora, journals }: State, region: Region, at: number): NonNullable<Evidence['switchover']> {
  const other = otherThan(region);
  const { writer, towards } = aurora;
  const theirs = journals[other]?.state;
  const clusterStatus = towards === undefined ? 'available' : 'failing-over';
  return {
    here: {
      known: true,
      value: {
        globalStatus: 'available',
        isMember: true,
        isWriter: writer === region,
        clusterStatus,
        isConnected: true,
        ...(towards !== undefined && { inProgress: towards }),
      },
    },
    there: { known: true, value: { isWriter: writer === other, clusterStatus } },
    otherRun: {
      known: true,
      value: { ...(theirs && theirs.phase !== 'ended' && { standing: `run ${theirs.runId} is ${theirs.phase}` }) },
    },
    swept: { known: true, value: { orders: at } },
    healthySince: { known: true, value: { since: 1 } },
  };
}
