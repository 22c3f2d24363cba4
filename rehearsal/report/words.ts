/** 1,234. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 run`, `1,234 runs`. @param many the plural that is not made with an s. */
export function plural(value: number, noun: string, many = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : many}`;
}

/** Seconds with at most one decimal, `243.1 s`. */
export function seconds(value: number): string {
  return `${tenth(value)} s`;
}

/** A number with at most one decimal; never a minus before a zero. */
export function tenth(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return Number.isInteger(rounded) ? String(rounded === 0 ? 0 : rounded) : rounded.toFixed(1);
}

/** A number with one decimal, for columns of them. */
export function fixed(value: number): string {
  const shown = value.toFixed(1);
  return shown === '-0.0' ? '0.0' : shown;
}

/** A share as a percentage, `99.99 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}

/** What the number of crashes means: those that never came were planned for after the last message of their run. */
export function crashesText(planned: number): string {
  return `of ${count(planned)} planned; a function dies at its n-th message, if it comes to that`;
}
