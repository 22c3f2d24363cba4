/** A call that was refused, and how often. */
export interface Denial {
  /** The caller's name, `heartbeat-dev`. */
  readonly caller: string;
  /** The role's ARN or the service principal. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly why: string;
  readonly times: number;
}

/** What some runs have used and what was refused them: plain data, so that workers can send it. */
export interface Usage {
  /** Ids of grants, sorted. */
  readonly used: readonly string[];
  /** Sorted by caller, action and resource. */
  readonly denied: readonly Denial[];
}

export const NO_USAGE: Usage = { used: [], denied: [] };

/** Puts the usage of several runs or workers together; the order does not matter. */
export function mergeUsage(...usages: readonly Usage[]): Usage {
  const denied = new Map<string, Denial>();
  for (const denial of usages.flatMap((usage) => usage.denied)) {
    const key = denialKey(denial);
    denied.set(key, { ...denial, times: denial.times + (denied.get(key)?.times ?? 0) });
  }
  return {
    used: [...new Set(usages.flatMap(({ used }) => used))].sort(),
    denied: [...denied].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, denial]) => denial),
  };
}

/** What tells two denials apart. */
export function denialKey({ caller, principal, action, resource, why }: Omit<Denial, 'times'>): string {
  return [caller, action, resource, principal, why].join('\t');
}
