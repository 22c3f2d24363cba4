import { planOf, type RunKind, type StepName, type Takes } from './plan';

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
  for (const { name, after, takes } of planOf(kind)) {
    ends.set(name, Math.max(0, ...after.map((earlier) => ends.get(earlier) ?? 0)) + takes[which]);
  }
  return ends;
}
