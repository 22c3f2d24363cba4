import { inWords } from '../../../lambda/shared/time-words';

/** `2026-01-05 08:00:14 UTC`, from milliseconds since 1970. */
export function clockTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const DAY_MS = 86_400_000;

/** `8 s`, `3 min 20 s`, `2 h 5 min`, `3 days`, from milliseconds; whole seconds, because more of them pass while it is read. */
export function duration(ms: number): string {
  return ms < 2 * DAY_MS ? inWords(Math.round(ms / 1_000) * 1_000) : `${Math.floor(ms / DAY_MS)} days`;
}

/** `12 s ago`, or `now` within a second. */
export function ago(time: number, now: number): string {
  return now - time < 1_000 ? 'now' : `${duration(now - time)} ago`;
}

/** `0.4 s`: of a loss or a lag, where tenths count. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
