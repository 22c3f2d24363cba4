import { within } from '../shared/deadline';
import { DeadlineError, describeError } from '../shared/errors';
import type { RegisterKeeper } from '../shared/register-keeper';
import type { Telemetry } from '../shared/telemetry';
import type { Alerts } from './alerts';
import { decide } from './decide';
import type { Finish } from './finish';
import type { Hold } from './hold';
import { type Journal, ReplacedError, type Wishes } from './journal';
import type { Observe } from './observe';
import type { Command, NotRestored, RunEvent, RunPolicy, RunState, StepResult } from './run';
import type { StepAttempt, StepAttempts } from './steps/step';

/** How what a run decides is done. */
export interface ExecutorPorts {
  readonly journal: Pick<Journal, 'wishes'>;
  readonly observe: Observe;
  readonly registers: Pick<RegisterKeeper, 'claim' | 'release'>;
  readonly steps: StepAttempts;
  /** Starts the other region's consumers again, which a run has stopped that was given up. */
  readonly restoreConsumers: StepAttempt;
  readonly alerts: Alerts;
  readonly finish: Finish;
  readonly policy: RunPolicy;
  readonly telemetry: Pick<Telemetry, 'info' | 'warn' | 'error'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A command that something comes back from. */
type Work = Exclude<Command, { do: 'alert' }>;

/** With less of the invocation left than this, in milliseconds, the run is left to the next one: no attempt takes longer. */
const RESERVE_MS = 20_000;

/** How long a claim may take: three rounds of calls to the registers, each bounded by their clients. */
const CLAIM_MS = 10_000;
const RELEASE_MS = 10_000;
const RESTORE_MS = 5_000;

/** How long alerts that are under way are waited for at the end. */
const TELL_MS = 5_000;

/**
 * Does what a run decides until it has ended, waits for a person, or the invocation is about to end. Each decision is in the
 * journal before anything of it is done, and everything that is done may be done again: a crash at any point leaves a run that
 * another invocation goes on with.
 *
 * @param commands what the decision that the hold began with wants done.
 * @param remainingMs how much of the invocation is left.
 * @throws ReplacedError when another invocation has taken the run over; whatever else throws leaves the run to be resumed.
 */
export async function execute(
  ports: ExecutorPorts,
  hold: Hold,
  commands: readonly Command[],
  remainingMs: () => number,
): Promise<RunState> {
  const state = () => hold.entry.state;
  const work = createWorkbench(ports, hold);
  const telling = createTelling(ports, hold);
  const wished = createWishing(ports, hold);

  async function apply(event: RunEvent): Promise<readonly Command[]> {
    const decision = decide(state(), event, ports.policy);
    if (decision.state === state() && decision.commands.length === 0) return [];
    await hold.save(decision);
    log(ports, event, state());
    return decision.commands;
  }

  try {
    let wanted = commands;
    while (isRunning(state())) {
      // Before anything is begun: an abort must not come after the order that it was to prevent.
      const wish = await wished();
      if (wish) wanted = [...(wish.type === 'accepted' ? [] : wanted), ...(await apply(wish))];
      telling.start();
      if (!isRunning(state())) break;
      if (remainingMs() < RESERVE_MS) {
        await hold.letGo();
        return state();
      }
      work.start(wanted);
      wanted = await apply(await work.next());
    }
  } finally {
    work.stop();
  }
  telling.start();
  await telling.end();
  await leave(ports, hold);
  return state();
}

/** Whether there is something to be done without a person. */
function isRunning({ phase }: RunState): boolean {
  return phase !== 'ended' && phase !== 'waiting-for-person';
}

/** Ends the hold: a run that has ended is closed once everybody knows of it, and else looked at again. */
async function leave({ finish, telemetry }: ExecutorPorts, hold: Hold): Promise<void> {
  const { state, alerts } = hold.entry;
  if (state.phase !== 'ended') return hold.letGo();
  try {
    await finish(state);
  } catch (error) {
    telemetry.error('the end of the run is not known to everybody yet', error, { runId: state.runId });
    return hold.letGo();
  }
  return alerts.length === 0 ? hold.close() : hold.letGo();
}

/** The commands under way, each of which becomes one event. */
function createWorkbench(ports: ExecutorPorts, hold: Hold) {
  const underWay = new Map<number, Promise<{ readonly id: number; readonly event: RunEvent }>>();
  let count = 0;
  let isOpen = true;

  async function begin(command: Work): Promise<RunEvent> {
    if (command.delayMs > 0) await ports.sleep(command.delayMs);
    // The environment may live on, and with it what still sleeps: by then the run is another invocation's.
    if (!isOpen) throw new ReplacedError(`${command.do} is left to the next invocation`);
    return perform(ports, hold, command);
  }

  return {
    start(commands: readonly Command[]): void {
      for (const command of commands) {
        if (command.do === 'alert') continue;
        const id = (count += 1);
        const doing = begin(command).then((event) => ({ id, event }));
        // Nobody may be waiting any more when it fails.
        doing.catch(() => undefined);
        underWay.set(id, doing);
      }
    },
    /** The first event there is. */
    async next(): Promise<RunEvent> {
      if (underWay.size === 0) throw new Error(`run ${hold.entry.state.runId} waits for nothing`);
      const { id, event } = await Promise.race(underWay.values());
      underWay.delete(id);
      return event;
    },
    stop: () => void (isOpen = false),
  };
}

async function perform(ports: ExecutorPorts, hold: Hold, command: Work): Promise<RunEvent> {
  const { observe, registers, now } = ports;
  const { state } = hold.entry;
  switch (command.do) {
    case 'observe': {
      const evidence = await observe({ ...hold.entry, kind: state.kind });
      return { type: 'observed', now: now(), evidence };
    }
    case 'claim': {
      const result = await within(CLAIM_MS, 'the claim', () => registers.claim(state.runId)).catch(
        (error: unknown) => ({ won: false, why: describeError(error) }) as const,
      );
      return { type: 'claimed', now: now(), result };
    }
    case 'release': {
      const ok = await within(RELEASE_MS, 'the release', () => registers.release(epochOf(state))).then(
        ({ kind }) => kind !== 'pending',
        () => false,
      );
      const consumers = ok ? await restore(ports, state) : undefined;
      return { type: 'released', now: now(), ok, ...(consumers && { consumers }) };
    }
    case 'step': {
      const result = await attempt(ports.steps[command.step], state, command.step, command.attemptMs);
      return { type: 'step', now: now(), step: command.step, result };
    }
  }
}

/** Why the other region's consumers, which the run may have stopped, do not start again; undefined when they do. */
async function restore({ restoreConsumers }: ExecutorPorts, state: RunState): Promise<NotRestored | undefined> {
  if (state.steps['stop-consumers'].status === 'waiting') return undefined;
  const { kind, detail } = await attempt(restoreConsumers, state, 'the start of the consumers there', RESTORE_MS);
  return kind === 'done' ? undefined : { why: detail, isBusy: kind === 'pending' };
}

async function attempt(step: StepAttempt, state: RunState, name: string, limitMs: number): Promise<StepResult> {
  try {
    return await within(limitMs, name, (signal) => step({ state, epoch: epochOf(state), signal }));
  } catch (error) {
    // What an attempt that is out of time has sent, it may have sent just now.
    return {
      kind: 'failed',
      detail: describeError(error),
      ...(error instanceof DeadlineError && { unanswered: true }),
    };
  }
}

function epochOf({ claim, runId }: RunState): number {
  if (!claim) throw new Error(`run ${runId} has no epoch`);
  return claim.epoch;
}

/** What somebody asks of the run meanwhile, as events; a wish that the run knows already is none. */
function createWishing({ journal, telemetry, now }: ExecutorPorts, hold: Hold) {
  let refused = false;

  /** Past the point of no return an abort is answered once: decide has people told that it was refused. */
  const mayAbort = ({ abortBy, promotionAccepted }: RunState): boolean => {
    if (!promotionAccepted) return abortBy === undefined;
    const isFirst = !refused;
    refused = true;
    return isFirst;
  };

  async function read({ runId }: RunState): Promise<Wishes> {
    try {
      return await journal.wishes(runId);
    } catch (error) {
      // The next round looks again: a run must not stop because nobody can ask it to.
      telemetry.warn('it cannot be read what people want of the run', { runId, why: describeError(error) });
      return {};
    }
  }

  return async (): Promise<RunEvent | undefined> => {
    const { state } = hold.entry;
    const { abortBy, accepted } = await read(state);
    if (abortBy !== undefined && mayAbort(state)) return { type: 'abort', now: now(), who: abortBy };
    const isNew = accepted?.who !== state.accepted?.who || accepted?.lossMs !== state.accepted?.lossMs;
    if (accepted && isNew && state.phase === 'observing') return { type: 'accepted', now: now(), by: accepted };
    return undefined;
  };
}

/** Sends what the hold has untold, side by side and beside everything else. */
function createTelling({ alerts, telemetry }: ExecutorPorts, hold: Hold) {
  const underWay = new Map<string, Promise<void>>();

  const tell = (key: string): Promise<void> => {
    const alert = hold.entry.alerts.find((one) => one.key === key);
    return alert ? alerts.send(alert).then(() => hold.told(key)) : Promise.resolve();
  };

  return {
    start(): void {
      for (const { key } of hold.entry.alerts) {
        if (underWay.has(key)) continue;
        const sending = tell(key).catch((error: unknown) =>
          telemetry.error('an alert could not be sent', error, { key }),
        );
        underWay.set(key, sending);
      }
    },
    /** Waits for what is under way, and tries once more what has failed. */
    async end(): Promise<void> {
      await within(TELL_MS, 'telling', () => Promise.all(underWay.values())).catch(() => undefined);
      const again = hold.entry.alerts.map(({ key }) => tell(key));
      await within(TELL_MS, 'telling again', () => Promise.all(again)).catch((error: unknown) =>
        telemetry.error('an alert was not sent', error, { runId: hold.entry.state.runId }),
      );
    },
  };
}

function log({ telemetry }: ExecutorPorts, event: RunEvent, { runId, phase, outcome, why }: RunState): void {
  const step = event.type === 'step' ? { step: event.step, ...event.result } : {};
  telemetry.info('the run goes on', { runId, event: event.type, ...step, phase, outcome, why });
}
