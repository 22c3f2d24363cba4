import type { Command, Outcome, Shell } from './command';

/** What tearing a stack down touches. */
export interface TearDownPorts {
  readonly shell: Pick<Shell, 'show'>;
  readonly wait: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/** One stack, which has been selected before, so that its file is there. */
export interface TearDownOrder {
  readonly stack: string;
  /** Whether a lock may be broken: only where nothing can be at work on the stack any more. */
  readonly breakLocks: boolean;
}

/** Undefined: it is gone. Otherwise why it is not, for a person. */
export type WhyNot = string | undefined;

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
export async function tearDown({ stack, breakLocks }: TearDownOrder, ports: TearDownPorts): Promise<WhyNot> {
  const { shell, say, wait } = ports;
  let before: Outcome | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    say(`${stack}: attempt ${attempt} of ${ATTEMPTS}`);
    if (before !== undefined && LOCKED.test(before.tail)) {
      if (!breakLocks) return lockedAdvice(stack);
      say(`${stack}: breaking the lock that a killed job has left`);
      await shell.show(pulumi(['cancel', stack, '--yes', '--non-interactive'], QUICK_MS));
    }
    const prepared = await shell.show(preDestroy(stack));
    if (prepared.ending !== 'succeeded') say(`${stack}: pre-destroy ${prepared.how}; destroying nevertheless`);
    before = await shell.show(destroy(stack, attempt));
    if (before.ending === 'succeeded') return await remove(stack, shell);
    say(`${stack}: destroy ${before.how}`);
    if (before.ending === 'not-found') break;
    if (attempt === ATTEMPTS) break;
    if (prepared.ending === 'succeeded' && isGuardBroken(before)) {
      say(`${stack}: destroy-guard cannot answer, and pre-destroy has: going on without it`);
      await shell.show(forgetGuard(stack));
    }
    await wait(PAUSE_MS);
  }
  if (before !== undefined && LOCKED.test(before.tail)) return lockedAdvice(stack);
  return `pulumi destroy ${before?.how ?? 'was not tried'}; the log above names the resources. It can be run again: what is gone stays gone`;
}

async function remove(stack: string, shell: TearDownPorts['shell']): Promise<WhyNot> {
  const removed = await shell.show(pulumi(['stack', 'rm', stack, '--yes', '--non-interactive'], QUICK_MS));
  return removed.ending === 'succeeded' ? undefined : `everything is destroyed, but pulumi stack rm ${removed.how}`;
}

/** `--no`: only our own command of that name, never a package of the registry. */
function preDestroy(stack: string): Command {
  return {
    program: 'npx',
    args: ['--no', 'tap', 'pre-destroy', '--stack', stack, '--confirm', stack],
    timeoutMs: PRE_DESTROY_MS,
  };
}

/** The second attempt asks AWS first what the one before has left. */
function destroy(stack: string, attempt: number): Command {
  const flags = ['--yes', '--skip-preview', '--non-interactive', '--continue-on-error'];
  return pulumi(['destroy', '--stack', stack, ...flags, ...(attempt > 1 ? ['--refresh'] : [])], DESTROY_MS);
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
