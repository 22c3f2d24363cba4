/** What a run does. A fail-back is a switchover to the home role: the same plan in both directions. */
export type RunKind = 'failover' | 'switchover';

/** The steps of both plans, by name. */
export type StepName =
  | 'stop-consumers'
  | 'start-consumers'
  | 'end-writes'
  | 'promote'
  | 'switch-over'
  | 'shift-traffic'
  | 'raise-floor'
  | 'lower-floor'
  | 'restore-consumers'
  | 'move-rpo-bound'
  | 'open'
  | 'reconcile'
  | 'verify'
  | 'announce'
  | 'record-change'
  | 'report';

/** One step of a plan. Times in milliseconds. */
export interface Step {
  readonly name: StepName;
  /** What it does, in the operator's words. */
  readonly purpose: string;
  /** Steps that must have ended first. */
  readonly after: readonly StepName[];
  /** A critical step is tried until the run gives up; any other may fail, and the plan goes on without it. */
  readonly critical: boolean;
  /** How long one attempt may take. */
  readonly attemptMs: number;
  /** How often a step that is not critical is tried. */
  readonly attempts: number;
  /** How long to wait before the next attempt, or before asking again what a step is waiting for. */
  readonly againMs: number;
}

const bestEffort = (attemptMs: number, attempts: number) => ({ critical: false, attemptMs, attempts, againMs: 2_000 });
const critical = (attemptMs: number, againMs = 5_000) => ({
  critical: true,
  attemptMs,
  attempts: Number.MAX_SAFE_INTEGER,
  againMs,
});

/**
 * The plan of a failover (design.md section 4): a DAG, so that what need not wait does not. Everything in it may be repeated,
 * is bounded in time, and is journaled before and after.
 */
export const PLAN: readonly Step[] = [
  {
    name: 'stop-consumers',
    purpose: "Stops the other region's consumers, if it can be reached",
    after: [],
    ...bestEffort(4_000, 1),
  },
  {
    name: 'start-consumers',
    purpose: 'Starts the consumers here, which an earlier run may have stopped',
    after: [],
    ...critical(5_000),
  },
  {
    name: 'promote',
    purpose: "Makes this region's database cluster the writer",
    after: [],
    ...critical(8_000),
  },
  { name: 'shift-traffic', purpose: 'Sends clients here', after: [], ...critical(5_000) },
  {
    name: 'raise-floor',
    purpose: 'Raises the floor of the fleet here',
    after: [],
    ...bestEffort(5_000, 3),
  },
  {
    name: 'open',
    purpose: "Installs the epoch in the database and opens the lease, once the other region's is over",
    after: ['promote'],
    ...critical(10_000, 1_000),
  },
  {
    name: 'reconcile',
    purpose: 'Has every order since the fault looked for',
    after: ['open'],
    ...critical(5_000),
  },
  {
    name: 'verify',
    purpose: 'Sends one real order through this region',
    after: ['open', 'start-consumers'],
    ...bestEffort(15_000, 3),
  },
  {
    name: 'announce',
    purpose: 'Tells people',
    after: ['open', 'shift-traffic'],
    ...bestEffort(5_000, 3),
  },
  {
    name: 'record-change',
    purpose: 'Writes the informational record active.<zone>',
    after: ['open', 'shift-traffic'],
    ...bestEffort(5_000, 1),
  },
  {
    name: 'report',
    purpose: 'Writes the report of the run',
    after: ['stop-consumers', 'raise-floor', 'reconcile', 'verify', 'announce', 'record-change'],
    ...bestEffort(10_000, 3),
  },
];

/**
 * The plan of a switchover, which loses nothing: the other region writes no more before its database is asked to hand over, and
 * clients come only when an order has gone through this region.
 */
export const SWITCHOVER_PLAN: readonly Step[] = [
  {
    name: 'stop-consumers',
    purpose: "Stops the other region's consumers",
    after: [],
    ...critical(4_000, 2_000),
  },
  {
    name: 'end-writes',
    purpose: "Ends the other region's writes: by the new epoch in its database, or when its lease is over",
    after: [],
    ...critical(15_000, 2_000),
  },
  {
    name: 'start-consumers',
    purpose: 'Starts the consumers here, which an earlier run may have stopped',
    after: [],
    ...critical(5_000),
  },
  {
    name: 'raise-floor',
    purpose: 'Raises the floor of the fleet here',
    after: [],
    ...bestEffort(5_000, 3),
  },
  {
    name: 'switch-over',
    purpose: "Has the writer's region hand the database over to this one, without loss",
    after: ['stop-consumers', 'end-writes'],
    ...critical(9_000, 2_000),
  },
  {
    name: 'open',
    purpose: 'Opens the lease here; the epoch is in the database already, or is installed now',
    after: ['switch-over'],
    ...critical(10_000, 1_000),
  },
  {
    name: 'reconcile',
    purpose: 'Has every order looked for that the other region may have left without an effect',
    after: ['open'],
    ...critical(5_000),
  },
  {
    name: 'verify',
    purpose: 'Sends one real order through this region, before clients come',
    after: ['open', 'start-consumers'],
    ...bestEffort(15_000, 3),
  },
  {
    name: 'shift-traffic',
    purpose: 'Sends clients here',
    after: ['verify', 'raise-floor'],
    ...critical(5_000),
  },
  {
    name: 'move-rpo-bound',
    purpose: 'Moves the bound of the replication lag together with the writer, if there is one',
    after: ['open'],
    ...bestEffort(12_000, 3),
  },
  {
    name: 'lower-floor',
    purpose: "Lowers the floor of the other region's fleet to that of a region that waits",
    after: ['shift-traffic'],
    ...bestEffort(5_000, 3),
  },
  {
    name: 'restore-consumers',
    purpose: "Starts the other region's consumers again: a region that waits keeps its own, and they are fenced",
    after: ['shift-traffic'],
    ...bestEffort(5_000, 3),
  },
  { name: 'announce', purpose: 'Tells people', after: ['shift-traffic'], ...bestEffort(5_000, 3) },
  {
    name: 'record-change',
    purpose: 'Writes the informational record active.<zone>',
    after: ['shift-traffic'],
    ...bestEffort(5_000, 1),
  },
  {
    name: 'report',
    purpose: 'Writes the report of the run',
    after: ['reconcile', 'move-rpo-bound', 'lower-floor', 'restore-consumers', 'announce', 'record-change'],
    ...bestEffort(10_000, 3),
  },
];

const PLANS: Readonly<Record<RunKind, readonly Step[]>> = { failover: PLAN, switchover: SWITCHOVER_PLAN };

/** The plan of a run. */
export function planOf(kind: RunKind): readonly Step[] {
  return PLANS[kind];
}

/** The step by which the database changes its writer: once RDS has accepted it, there is no way back. */
export function roleChangeOf(kind: RunKind): 'promote' | 'switch-over' {
  return kind === 'failover' ? 'promote' : 'switch-over';
}

/** Whether nothing has been asked of RDS while a step of this name is under way: it is a way to the change of roles. */
export function comesBeforeRoleChange(name: StepName, kind: RunKind): boolean {
  return stepOf(roleChangeOf(kind), kind).after.includes(name);
}

/** How far a step has come. `started` is written before anything is done, so a crash leaves it behind. */
export interface StepState {
  readonly status: 'waiting' | 'started' | 'done' | 'failed';
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** What the last attempt said. */
  readonly detail?: string;
}

/** Every step there is; one that is not in the run's plan waits for ever, and nobody asks. */
export type Steps = Readonly<Record<StepName, StepState>>;

/** A step before it begins. */
export const WAITING: StepState = { status: 'waiting', attempts: 0 };

/** Every step before a plan begins. */
export const NOT_BEGUN: Steps = {
  'stop-consumers': WAITING,
  'start-consumers': WAITING,
  'end-writes': WAITING,
  promote: WAITING,
  'switch-over': WAITING,
  'shift-traffic': WAITING,
  'raise-floor': WAITING,
  'lower-floor': WAITING,
  'restore-consumers': WAITING,
  'move-rpo-bound': WAITING,
  open: WAITING,
  reconcile: WAITING,
  verify: WAITING,
  announce: WAITING,
  'record-change': WAITING,
  report: WAITING,
};

/** The step of a name. @throws Error when the plan has none. */
export function stepOf(name: StepName, kind: RunKind = 'failover'): Step {
  const step = planOf(kind).find((one) => one.name === name);
  if (!step) throw new Error(`the plan of a ${kind} has no step ${name}`);
  return step;
}

/** The steps that can begin now. */
export function readySteps(steps: Steps, kind: RunKind = 'failover'): readonly Step[] {
  return planOf(kind).filter(
    ({ name, after }) => steps[name].status === 'waiting' && after.every((earlier) => hasEnded(steps[earlier])),
  );
}

/** Whether a step will not change any more. */
export function hasEnded({ status }: StepState): boolean {
  return status === 'done' || status === 'failed';
}
