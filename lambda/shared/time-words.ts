/** `0.4 s`, `14 s`, `2 min 30 s`, `1 h 5 min`: a time as a person says it, from milliseconds. Tenths only below ten seconds. */
export function inWords(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 9.95) return `${tenths(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return withRest(`${minutes} min`, whole % 60, 's');
  const all = Math.round(whole / 60);
  return withRest(`${Math.floor(all / 60)} h`, all % 60, 'min');
}

/**
 * `0.4 s`, `91 s`: of a loss, never less than it is, and in seconds alone, because a person who accepts it types seconds.
 * From milliseconds.
 */
export function secondsOfLoss(ms: number): string {
  if (!Number.isFinite(ms)) return 'any time';
  const upInTenths = Math.ceil(Math.max(0, ms) / 100) / 10;
  return upInTenths < 10 ? `${tenths(upInTenths)} s` : `${Math.ceil(ms / 1_000)} s`;
}

function tenths(seconds: number): string {
  return seconds.toFixed(1).replace(/\.0$/, '');
}

function withRest(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}
