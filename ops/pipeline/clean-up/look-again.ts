import { pullRequestOf } from '../stack-name';
import type { ListedStack } from '../stacks';
import { OPEN, rule } from './decide';

/** What a second look asks. Each throws when it gets no answer: nothing is destroyed on an old one. */
export interface LookAgainPorts {
  readonly stack: (name: string) => Promise<ListedStack | undefined>;
  readonly openPullRequests: () => Promise<ReadonlySet<number>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Looks at one stack once more, by the rule of the plan: the plan is hours old when the last of its stacks is destroyed, and a pull
 * request may have been opened again, or its stack deployed, since.
 *
 * @param order `hours` as in the plan; `touched`: whether we have changed the stack ourselves since, so that its age is ours.
 * @returns why it has to stay; undefined: it is leaked still.
 */
export async function lookAgain(
  name: string,
  { hours, touched }: { readonly hours: number; readonly touched: boolean },
  ports: LookAgainPorts,
): Promise<string | undefined> {
  const number = pullRequestOf(name);
  if (number === undefined) return 'it is no stack of a pull request';
  // In the order of the plan: who is opened now is seen, whose stack was written before is seen too.
  const stack = await ports.stack(name);
  const open = (await ports.openPullRequests()).has(number);
  if (touched) return open ? OPEN : undefined;
  if (stack === undefined) return 'it is gone: another job has destroyed it';
  const { leaked, why } = rule(stack, open, ports.now(), hours);
  return leaked ? undefined : why;
}
