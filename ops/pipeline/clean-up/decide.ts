import { pullRequestOf } from '../stack-name';
import type { ListedStack } from '../stacks';

/** A resource of AWS with the tag EnvironmentSuffix. */
export interface TaggedResource {
  readonly arn: string;
  readonly suffix: string;
}

/** What is known. The stacks were listed before the pull requests: one that is opened in between is open, and its stack not seen. */
export interface Findings {
  readonly stacks: readonly ListedStack[];
  readonly openPullRequests: ReadonlySet<number>;
  readonly tagged: readonly TaggedResource[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long a stack is left alone after its last update, in hours: its own pipeline may be at work on it. */
  readonly hours: number;
}

/** A stack and the reason for what is done with it. */
export interface Ruled {
  readonly stack: string;
  readonly why: string;
}

/** Resources that carry the suffix of a pull request without a stack of that name. */
export interface Orphans {
  readonly suffix: string;
  readonly arns: readonly string[];
}

/** What a clean-up does. */
export interface CleanUp {
  /** The oldest first. */
  readonly destroy: readonly Ruled[];
  readonly keep: readonly Ruled[];
  /** Reported and never deleted: nothing says in which order, or whether somebody has put them there on purpose. */
  readonly orphans: readonly Orphans[];
  /** Keys of destroyed stacks: they wait for their deletion for 7 days and more, as they should. */
  readonly keysWaiting: number;
}

const HOUR_MS = 3_600_000;

/** Decides, and does nothing else. A stack that is not of the form pr-NUMBER is never touched and not even listed. */
export function decideCleanUp({ stacks, openPullRequests, tagged, now, hours }: Findings): CleanUp {
  const ruled = stacks
    .flatMap((stack) => {
      const number = pullRequestOf(stack.name);
      return number === undefined ? [] : [{ stack, number }];
    })
    .sort((a, b) => a.stack.lastUpdate - b.stack.lastUpdate || a.number - b.number)
    .map(({ stack, number }) => ({ stack: stack.name, ...rule(stack, openPullRequests.has(number), now, hours) }));
  const orphans = orphansIn(tagged, new Set(stacks.map(({ name }) => name)), openPullRequests);
  const isKey = (arn: string): boolean => /^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(arn);
  return {
    destroy: ruled.filter(({ leaked }) => leaked).map(({ stack, why }) => ({ stack, why })),
    keep: ruled.filter(({ leaked }) => !leaked).map(({ stack, why }) => ({ stack, why })),
    orphans: orphans
      .map(({ suffix, arns }) => ({ suffix, arns: arns.filter((arn) => !isKey(arn)) }))
      .filter(({ arns }) => arns.length > 0),
    keysWaiting: orphans.flatMap(({ arns }) => arns.filter(isKey)).length,
  };
}

/** What is done with one stack, and why. */
export interface Rule {
  readonly leaked: boolean;
  readonly why: string;
}

/** Words of a rule for a stack whose pull request is open. */
export const OPEN = 'its pull request is open';

/**
 * Whether one stack is leaked. A lock counts by its age, as the state does: a young one is a job at work, an old one was left by
 * a job that was killed, because none lives as long as `hours`.
 *
 * @param now milliseconds since 1970.
 */
export function rule({ lastUpdate, lockedAt }: ListedStack, open: boolean, now: number, hours: number): Rule {
  const since = (time: number): number => Math.floor((now - time) / HOUR_MS);
  const young = (time: number): boolean => now - time < hours * HOUR_MS;
  if (open) return { leaked: false, why: OPEN };
  if (lockedAt !== undefined && young(lockedAt)) {
    return { leaked: false, why: `a job has locked it ${since(lockedAt)} h ago, which is less than ${hours} h` };
  }
  const text = `its pull request is not open; last update ${since(lastUpdate)} h ago`;
  return young(lastUpdate)
    ? { leaked: false, why: `${text}, which is less than ${hours} h` }
    : { leaked: true, why: text };
}

function orphansIn(
  tagged: readonly TaggedResource[],
  stacks: ReadonlySet<string>,
  openPullRequests: ReadonlySet<number>,
): readonly Orphans[] {
  const bySuffix = new Map<string, Set<string>>();
  for (const { arn, suffix } of tagged) {
    const number = pullRequestOf(suffix);
    // An open one's stack may be younger than the list of stacks.
    if (number === undefined || stacks.has(suffix) || openPullRequests.has(number)) continue;
    bySuffix.set(suffix, (bySuffix.get(suffix) ?? new Set()).add(arn));
  }
  return [...bySuffix]
    .map(([suffix, arns]) => ({ suffix, arns: [...arns].sort() }))
    .sort((a, b) => (pullRequestOf(a.suffix) ?? 0) - (pullRequestOf(b.suffix) ?? 0));
}
