/** `2026-01-05 08:00:14 UTC`, from milliseconds since 1970. */
export function clockTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`, from milliseconds. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** `12 s ago`, or `now` within a second. */
export function ago(time: number, now: number): string {
  return now - time < 1_000 ? 'now' : `${duration(now - time)} ago`;
}

/** `0.4 s`: of a loss or a lag, where tenths count. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
