import type { Moment, Phase } from '../judge/result';

/** The order in which a reader expects them. */
export const PHASES: readonly Phase[] = [
  'fault',
  'detect',
  'decide',
  'claim',
  'stop',
  'promote',
  'dns',
  'capacity',
  'open',
  'first good order',
  'verify',
  'notify',
  'end',
];

/** What each phase waits for in the orchestrator's plan (design.md section 4): its time begins when that is done. */
const AFTER: Readonly<Record<Phase, Phase | undefined>> = {
  fault: undefined,
  detect: 'fault',
  decide: 'detect',
  claim: 'decide',
  stop: 'claim',
  promote: 'claim',
  dns: 'claim',
  capacity: 'claim',
  open: 'promote',
  'first good order': 'open',
  verify: 'open',
  notify: 'verify',
  end: undefined,
};

/** A phase on the time axis; seconds after the fault. */
export interface Span {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
  /** Whether it stands on the way from the fault to the first good order. */
  readonly critical: boolean;
  readonly moments: readonly Moment[];
}

/**
 * Phases from moments: a phase lasts from the end of what it waits for to its own last moment, or from its own first moment
 * when that is earlier (Route 53's own checks do not wait for a claim). Phases without a moment are left out. Alarms go on
 * changing long after the decision; what they detect then decides nothing and lengthens no phase.
 */
export function spansOf(timeline: readonly Moment[]): readonly Span[] {
  const moments = new Map<Phase, readonly Moment[]>();
  for (const moment of timeline) moments.set(moment.phase, [...(moments.get(moment.phase) ?? []), moment]);
  const decidedAt = decisionOf(moments);
  const lastOf = (phase: Phase): number | undefined => {
    const own = moments.get(phase);
    const heard = phase === 'detect' ? own?.filter(({ at }) => at <= decidedAt) : undefined;
    return extreme(heard && heard.length > 0 ? heard : own, Math.max);
  };
  const critical = wayTo('first good order', moments);
  return PHASES.flatMap((phase) => {
    const own = moments.get(phase);
    const to = lastOf(phase);
    const first = extreme(own, Math.min);
    if (!own || to === undefined || first === undefined) return [];
    const before = present(AFTER[phase], moments);
    const from = before === undefined ? first : Math.min(first, lastOf(before) ?? first);
    return [{ phase, from, to, critical: critical.has(phase), moments: inOrder(own) }];
  });
}

/** When the decision was made that led to the first claim; never, when there was none. */
function decisionOf(moments: ReadonlyMap<Phase, readonly Moment[]>): number {
  const claimedAt = extreme(moments.get('claim'), Math.min) ?? Infinity;
  const decisions = moments.get('decide')?.filter(({ at }) => at <= claimedAt);
  return extreme(decisions, Math.max) ?? Infinity;
}

/** The phase itself, or the nearest before it that the run had. */
function present(phase: Phase | undefined, moments: ReadonlyMap<Phase, unknown>): Phase | undefined {
  if (phase === undefined || moments.has(phase)) return phase;
  return present(AFTER[phase], moments);
}

function wayTo(phase: Phase, moments: ReadonlyMap<Phase, unknown>): ReadonlySet<Phase> {
  const way = new Set<Phase>();
  if (!moments.has(phase)) return way;
  for (let at: Phase | undefined = phase; at !== undefined; at = present(AFTER[at], moments)) way.add(at);
  return way;
}

const inOrder = (moments: readonly Moment[]): readonly Moment[] => [...moments].sort((a, b) => a.at - b.at);

function extreme(moments: readonly Moment[] | undefined, pick: (a: number, b: number) => number): number | undefined {
  return moments && moments.length > 0 ? moments.map(({ at }) => at).reduce((a, b) => pick(a, b)) : undefined;
}
