import * as z from 'zod/mini';
import { MalformedError } from './errors';

/** Real or virtual time. */
export interface TickClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What ticks go by. */
export interface TickOptions extends TickClock {
  /** Milliseconds. */
  readonly intervalMs: number;
  /** No tick begins then or later, in milliseconds since 1970. */
  readonly endsAt: number;
  /** Hears of a tick that failed; the next one comes all the same. */
  readonly onError: (error: unknown, index: number) => void;
}

/**
 * Works at every multiple of the interval on the wall clock, so that the ticks of one invocation go on where those of the last
 * one ended. The first tick is at once, because its moment may have passed between two invocations. Never two at once: a tick
 * that takes longer than the interval costs the ones it covers, except the latest.
 *
 * @param tick is given the number of its multiple: `index x intervalMs` is when it was due, in every invocation.
 * @returns how many ticks there were.
 */
export async function everyTick(
  { intervalMs, endsAt, now, sleep, onError }: TickOptions,
  tick: (index: number) => Promise<void>,
): Promise<number> {
  let count = 0;
  let index = Math.floor(now() / intervalMs);
  while (now() < endsAt) {
    await tick(index).catch((error: unknown) => onError(error, index));
    count += 1;
    // A timer may fire a moment early: the clock alone would then give the same number again.
    index = Math.max(index + 1, Math.floor(now() / intervalMs));
    if (index * intervalMs >= endsAt) break;
    const wait = index * intervalMs - now();
    if (wait > 0) await sleep(wait);
  }
  return count;
}

/** Real time, for handlers. */
export function createSleep(): (ms: number) => Promise<void> {
  return (ms) => new Promise((resolve) => void setTimeout(resolve, ms));
}

/** How long an invocation of the one-minute schedule ticks: it is over before the next one begins. */
const TICKING_MS = 55_000;

/** What an invocation still needs after its last tick has begun, in milliseconds, when it is shorter than the schedule. */
const ROOM_FOR_ONE_MS = 9_000;

/**
 * Until when an invocation may begin ticks.
 *
 * @param begun and `end`: when the invocation began and when Lambda ends it, in milliseconds since 1970.
 */
export function endOfTicks(begun: number, end: number): number {
  return Math.min(begun + TICKING_MS, end - ROOM_FOR_ONE_MS);
}

const schedule = z.object({ source: z.literal('schedule') });

/** Whether an event is our schedule's. */
export function isSchedule(event: unknown): boolean {
  return z.safeParse(schedule, event).success;
}

/** @throws MalformedError when an event is not our schedule's. */
export function readSchedule(event: unknown): void {
  if (!isSchedule(event)) throw new MalformedError('the event is not the schedule');
}
