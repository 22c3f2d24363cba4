import { planOf, type RunKind, type StepName } from './plan';

/** How long something takes, in seconds: when all is well, and when what is slow is still not broken. */
export interface Takes {
  readonly usual: number;
  readonly most: number;
}

/**
 * What an operator is told; nothing goes by it. How long RDS takes is assumed: a promotion "a few minutes" (aws-facts.md 1.2), a
 * switchover "a short time" (RDS API reference, SwitchoverGlobalCluster).
 */
const TAKES: Readonly<Record<RunKind, Readonly<Partial<Record<StepName, Takes>>>>> = {
  failover: {
    'stop-consumers': { usual: 1, most: 4 },
    'start-consumers': { usual: 1, most: 10 },
    promote: { usual: 120, most: 180 },
    'shift-traffic': { usual: 5, most: 10 },
    'raise-floor': { usual: 1, most: 15 },
    open: { usual: 2, most: 15 },
    reconcile: { usual: 1, most: 5 },
    verify: { usual: 3, most: 45 },
    announce: { usual: 1, most: 15 },
    'record-change': { usual: 1, most: 5 },
    report: { usual: 1, most: 10 },
  },
  switchover: {
    'stop-consumers': { usual: 1, most: 10 },
    'end-writes': { usual: 2, most: 65 },
    'start-consumers': { usual: 1, most: 10 },
    'raise-floor': { usual: 1, most: 15 },
    'switch-over': { usual: 75, most: 130 },
    open: { usual: 2, most: 15 },
    reconcile: { usual: 1, most: 5 },
    verify: { usual: 3, most: 45 },
    'shift-traffic': { usual: 1, most: 10 },
    'move-rpo-bound': { usual: 1, most: 36 },
    'lower-floor': { usual: 1, most: 15 },
    'restore-consumers': { usual: 1, most: 15 },
    announce: { usual: 1, most: 15 },
    'record-change': { usual: 1, most: 5 },
    report: { usual: 1, most: 10 },
  },
};

/** A step's own time; none for a step that the plan does not have. */
export function takesOf(name: StepName, kind: RunKind): Takes {
  return TAKES[kind][name] ?? { usual: 0, most: 0 };
}

/** How long a run would take, in seconds. */
export interface RunEstimate {
  /** From the request to the end of the last step. */
  readonly runSeconds: Takes;
  /** In a switchover, how long nobody can write; in a failover, from the request until this region writes. */
  readonly pauseSeconds: Takes;
}

/** The guards, the claim and the journal before the plan begins. */
const BEFORE: Takes = { usual: 3, most: 15 };

/** The longest paths through a plan (design.md section 4). What the run waits for from a person is not in it. */
export function estimateRun(kind: RunKind): RunEstimate {
  const along = (which: keyof Takes): { readonly open: number; readonly all: number } => {
    const ends = endsOf(kind, which);
    return { open: ends.get('open') ?? 0, all: Math.max(...ends.values()) };
  };
  const [usual, most] = [along('usual'), along('most')];
  const before = kind === 'failover' ? BEFORE : { usual: 0, most: 0 };
  return {
    runSeconds: { usual: BEFORE.usual + usual.all, most: BEFORE.most + most.all },
    pauseSeconds: { usual: before.usual + usual.open, most: before.most + most.open },
  };
}

/** When each step ends, in seconds after the claim: a plan names every step after those it waits for. */
function endsOf(kind: RunKind, which: keyof Takes): ReadonlyMap<StepName, number> {
  const ends = new Map<StepName, number>();
  for (const { name, after } of planOf(kind)) {
    ends.set(name, Math.max(0, ...after.map((earlier) => ends.get(earlier) ?? 0)) + takesOf(name, kind)[which]);
  }
  return ends;
}
