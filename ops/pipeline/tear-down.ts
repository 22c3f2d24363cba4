import type { Command, Outcome, Shell } from './command';

/** What tearing a stack down touches. */
export interface TearDownPorts {
  readonly shell: Pick<Shell, 'show'>;
  readonly wait: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/**
 * Asked before a second attempt: why the stack has to stay after all; undefined: go on.
 * @param touched whether the first attempt may have changed the stack, so that the age of its state says nothing any more.
 */
export type ReasonToStop = (touched: boolean) => Promise<string | undefined>;

/** One stack, which has been selected before, so that its file is there. */
export interface TearDownOrder {
  readonly stack: string;
  /** With it, a lock on the stack is broken when it names no reason. Undefined: nobody asks, and locks stay. */
  readonly reasonToStop: ReasonToStop | undefined;
}

/** How it ended. `kept`: the stack has to stay, and is as it was. `failed`: it should be gone; why it is not, for a person. */
export type TearDownEnd = { readonly end: 'gone' } | { readonly end: 'kept' | 'failed'; readonly why: string };

const MINUTE_MS = 60_000;
/** Twice, because what fails once is mostly something that AWS needed longer for; a third time would outlast the job. */
const ATTEMPTS = 2;
const PAUSE_MS = MINUTE_MS;
/** Functions in a VPC keep its network interfaces for up to 45 minutes (aws-lambda, "Lambda Hyperplane ENIs"). */
const DESTROY_MS = 60 * MINUTE_MS;
const PRE_DESTROY_MS = 8 * MINUTE_MS;
const QUICK_MS = 2 * MINUTE_MS;

/** The longest that `tearDown` takes, in milliseconds: who has less left should not begin. */
export const LONGEST_TEAR_DOWN_MS = ATTEMPTS * (PRE_DESTROY_MS + DESTROY_MS + QUICK_MS) + PAUSE_MS + QUICK_MS;

/** Pulumi's own words for a lock in a bucket (pulumi, diy backend: "the stack is currently locked by 1 lock(s)"). */
const LOCKED = /the stack is currently locked by/;

/**
 * Destroys a stack and removes it from the state: `tap pre-destroy`, which brings Aurora's roles home where a failover has
 * swapped them and does nothing elsewhere; `pulumi destroy`; `pulumi stack rm`. A pre-destroy that fails does not stop the
 * destroy: a stack that was only half made has nothing to prepare, and the destroy itself says what is in its way.
 */
export async function tearDown(order: TearDownOrder, ports: TearDownPorts): Promise<TearDownEnd> {
  const { stack } = order;
  const { shell, say, wait } = ports;
  say(`${stack}: attempt 1 of ${ATTEMPTS}`);
  let last = await attempt(stack, [], ports);
  for (let number = 2; number <= ATTEMPTS && last.destroyed.ending !== 'succeeded'; number += 1) {
    if (last.destroyed.ending === 'not-found') break;
    await wait(PAUSE_MS);
    const stopped = await lookBeforeAgain(last, order, ports);
    if (stopped !== undefined) return stopped;
    say(`${stack}: attempt ${number} of ${ATTEMPTS}`);
    // Asks AWS first what the one before has left.
    last = await attempt(stack, ['--refresh'], ports);
  }
  const { destroyed } = last;
  if (destroyed.ending === 'succeeded') return await remove(stack, shell);
  if (LOCKED.test(destroyed.tail)) return failed(lockedAdvice(stack));
  return failed(
    `pulumi destroy ${destroyed.how}; the log above names the resources. It can be run again: what is gone stays gone`,
  );
}

interface Attempt {
  readonly prepared: Outcome;
  readonly destroyed: Outcome;
}

async function attempt(stack: string, flags: readonly string[], { shell, say }: TearDownPorts): Promise<Attempt> {
  const prepared = await shell.show(preDestroy(stack));
  if (prepared.ending !== 'succeeded') say(`${stack}: pre-destroy ${prepared.how}; destroying nevertheless`);
  const destroyed = await shell.show(destroy(stack, flags));
  if (destroyed.ending !== 'succeeded') say(`${stack}: destroy ${destroyed.how}`);
  return { prepared, destroyed };
}

/**
 * Up to an hour has passed since anybody looked: what is open or at work by now is left alone. What else is not, and stood in the
 * way, is taken out of it: a lock that nobody holds, a guard that cannot answer.
 */
async function lookBeforeAgain(
  { prepared, destroyed }: Attempt,
  { stack, reasonToStop }: TearDownOrder,
  { shell, say }: TearDownPorts,
): Promise<TearDownEnd | undefined> {
  // Pulumi takes the lock before it does anything: who finds one has changed nothing.
  const locked = LOCKED.test(destroyed.tail);
  if (locked && reasonToStop === undefined) return failed(lockedAdvice(stack));
  const why = await reasonToStop?.(!locked);
  if (why !== undefined) return locked ? { end: 'kept', why } : failed(halfAdvice(stack, why));
  if (locked) {
    say(`${stack}: breaking the lock that a killed job has left`);
    await shell.show(pulumi(['cancel', stack, '--yes', '--non-interactive'], QUICK_MS));
  } else if (prepared.ending === 'succeeded' && isGuardBroken(destroyed)) {
    say(`${stack}: destroy-guard cannot answer, and pre-destroy has: going on without it`);
    await shell.show(forgetGuard(stack));
  }
  return undefined;
}

async function remove(stack: string, shell: TearDownPorts['shell']): Promise<TearDownEnd> {
  const removed = await shell.show(pulumi(['stack', 'rm', stack, '--yes', '--non-interactive'], QUICK_MS));
  if (removed.ending === 'succeeded') return { end: 'gone' };
  return failed(`everything is destroyed, but pulumi stack rm ${removed.how}`);
}

function failed(why: string): TearDownEnd {
  return { end: 'failed', why };
}

/** `--no`: only our own command of that name, never a package of the registry. */
function preDestroy(stack: string): Command {
  return {
    program: 'npx',
    args: ['--no', 'tap', 'pre-destroy', '--stack', stack, '--confirm', stack],
    timeoutMs: PRE_DESTROY_MS,
  };
}

function destroy(stack: string, more: readonly string[]): Command {
  const flags = ['--yes', '--skip-preview', '--non-interactive', '--continue-on-error', ...more];
  return pulumi(['destroy', '--stack', stack, ...flags], DESTROY_MS);
}

/**
 * The provider's words when the stack's guard (lib/recovery/destroy-guard.ts) stays, and how the answer of one that works begins
 * (lambda/failover-orchestrator/destroy-guard.ts): the kind of the error is Lambda's to write, and not every host of functions does.
 */
const GUARD_FAILED = /invoking Lambda Function \(failover-orchestrator-/;
const GUARD_REFUSED = /"Nothing was deleted\. /;

/** The pull request's own code may have broken the function, and nobody would mend it. */
function isGuardBroken({ tail }: Outcome): boolean {
  return GUARD_FAILED.test(tail) && !GUARD_REFUSED.test(tail);
}

/** Takes it out of the state; in AWS nothing changes. */
function forgetGuard(stack: string): Command {
  const urn = `urn:pulumi:${stack}::tap::tap:index:TapStack$aws:lambda/invocation:Invocation::destroy-guard`;
  return pulumi(['state', 'delete', urn, '--stack', stack, '--yes', '--non-interactive'], QUICK_MS);
}

function pulumi(args: readonly string[], timeoutMs: number): Command {
  return { program: 'pulumi', args, timeoutMs };
}

function lockedAdvice(stack: string): string {
  return (
    `the state is locked. If no other job is at work on it, a killed one has left the lock: ` +
    `"pulumi cancel ${stack}", then run this again (the nightly clean-up does both)`
  );
}

function halfAdvice(stack: string, why: string): string {
  return (
    `${why}, and a first attempt to destroy ${stack} has begun and failed before. Nothing more was taken away; ` +
    `run the deployment of the pull request again, which makes what is missing`
  );
}
