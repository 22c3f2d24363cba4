/** The steps of a failover, by name. */
export type StepName =
  | 'stop-consumers'
  | 'start-consumers'
  | 'promote'
  | 'shift-traffic'
  | 'raise-floor'
  | 'open'
  | 'reconcile'
  | 'verify'
  | 'announce'
  | 'record-change'
  | 'report';

/** One step of the plan. Times in milliseconds. */
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
  { name: 'promote', purpose: "Makes this region's database cluster the writer", after: [], ...critical(8_000) },
  { name: 'shift-traffic', purpose: 'Sends clients here', after: [], ...critical(5_000) },
  { name: 'raise-floor', purpose: 'Raises the floor of the fleet here', after: [], ...bestEffort(5_000, 3) },
  {
    name: 'open',
    purpose: "Installs the epoch in the database and opens the lease, once the other region's is over",
    after: ['promote'],
    ...critical(10_000, 1_000),
  },
  { name: 'reconcile', purpose: 'Has every order since the fault looked for', after: ['open'], ...critical(5_000) },
  {
    name: 'verify',
    purpose: 'Sends one real order through this region',
    after: ['open', 'start-consumers'],
    ...bestEffort(15_000, 3),
  },
  { name: 'announce', purpose: 'Tells people', after: ['open', 'shift-traffic'], ...bestEffort(5_000, 3) },
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

export type Steps = Readonly<Record<StepName, StepState>>;

const WAITING: StepState = { status: 'waiting', attempts: 0 };

/** Every step before the plan begins. */
export const NOT_BEGUN: Steps = {
  'stop-consumers': WAITING,
  'start-consumers': WAITING,
  promote: WAITING,
  'shift-traffic': WAITING,
  'raise-floor': WAITING,
  open: WAITING,
  reconcile: WAITING,
  verify: WAITING,
  announce: WAITING,
  'record-change': WAITING,
  report: WAITING,
};

/** The step of a name. */
export function stepOf(name: StepName): Step {
  const step = PLAN.find((one) => one.name === name);
  if (!step) throw new Error(`the plan has no step ${name}`);
  return step;
}

/** The steps that can begin now. */
export function readySteps(steps: Steps): readonly Step[] {
  return PLAN.filter(
    ({ name, after }) => steps[name].status === 'waiting' && after.every((earlier) => hasEnded(steps[earlier])),
  );
}

/** Whether a step will not change any more. */
export function hasEnded({ status }: StepState): boolean {
  return status === 'done' || status === 'failed';
}
