import { allowanceFor, ALLOWED_UNUSED, staleAllowances, type Allowance } from './allowed-unused';
import type { Grant } from './grants';
import type { Denial, Usage } from './usage';
import { wildcardFindings, type WildcardFinding } from './wildcards';

/** A grant that no run has used. */
export interface UnusedGrant extends Grant {
  /**
   * What to take away: the action or the resource from its statement, because nothing there uses it; or, where both are used but
   * never together, the statement has to be split.
   */
  readonly remedy: 'remove the action' | 'remove the resource' | 'split the statement';
}

/** What the packs have shown about the rights of a stack: plain data. */
export interface PrivilegeReport {
  readonly grants: number;
  readonly used: number;
  readonly allowedUnused: number;
  readonly unused: readonly UnusedGrant[];
  /** Entries of the allow-list that cover nothing, or something that was used. */
  readonly staleAllowances: readonly string[];
  readonly denied: readonly Denial[];
  /** Told, not counted as failures. */
  readonly wildcards: readonly WildcardFinding[];
  /** No unused grant, no stale allowance, no denied call. */
  readonly passed: boolean;
}

/** Grants that nobody used and no allowance excuses, in the graph's order. */
export function unusedGrants(
  grants: readonly Grant[],
  usage: Usage,
  allowances: readonly Allowance[] = ALLOWED_UNUSED,
): readonly UnusedGrant[] {
  const used = new Set(usage.used);
  const usedPairs = new Set(
    grants.filter(({ id }) => used.has(id)).flatMap((grant) => [key(grant, grant.action), key(grant, grant.resource)]),
  );
  return grants
    .filter((grant) => !used.has(grant.id) && allowanceFor(grant, allowances) === undefined)
    .map((grant) => ({ ...grant, remedy: remedyOf(grant, usedPairs) }));
}

const key = ({ statement, holder }: Grant, part: string): string => [statement, holder, part].join('\t');

function remedyOf(grant: Grant, usedPairs: ReadonlySet<string>): UnusedGrant['remedy'] {
  if (!usedPairs.has(key(grant, grant.action))) return 'remove the action';
  return usedPairs.has(key(grant, grant.resource)) ? 'split the statement' : 'remove the resource';
}

/**
 * Least privilege by execution (X9, F6), from all that the packs have used.
 *
 * @throws Error when the usage is of another graph: its grants would all be called unused.
 */
export function privilegeReport(
  grants: readonly Grant[],
  usage: Usage,
  allowances: readonly Allowance[] = ALLOWED_UNUSED,
): PrivilegeReport {
  const known = new Set(grants.map(({ id }) => id));
  const foreign = usage.used.find((id) => !known.has(id));
  if (foreign !== undefined) throw new Error(`the usage is of another graph, which has the grant ${foreign}`);
  const used = new Set(usage.used);
  const unused = unusedGrants(grants, usage, allowances);
  const stale = staleAllowances(grants, used, allowances);
  return {
    grants: grants.length,
    used: used.size,
    allowedUnused: grants.length - used.size - unused.length,
    unused,
    staleAllowances: stale,
    denied: usage.denied,
    wildcards: wildcardFindings(grants, used),
    passed: unused.length === 0 && stale.length === 0 && usage.denied.length === 0,
  };
}

/** The report as lines for a terminal. */
export function renderPrivileges(report: PrivilegeReport): readonly string[] {
  const { grants, used, allowedUnused, unused, denied, wildcards } = report;
  return [
    `grants ${grants}, used ${used}, allowed unused ${allowedUnused}, unused ${unused.length}, denied ${denied.length}`,
    ...denied.map(
      ({ caller, action, resource, why, times }) => `denied ${times} times: ${caller} ${action} on ${resource}: ${why}`,
    ),
    ...unused.map(
      ({ holder, sid, action, resource, remedy, blame }) =>
        `unused: ${holder} ${sid} ${action} on ${resource}: ${remedy} in ${blame}`,
    ),
    ...report.staleAllowances.map((line) => `allow-list: ${line}`),
    ...wildcards.map(({ holder, sid, action, blame }) => `on everything: ${holder} ${sid} ${action} in ${blame}`),
  ];
}
