import { NotModelledError } from '../aws/service';
import { SqlError } from './sql-error';

// Types as text, in and out, as PostgreSQL has them (manual, chapter 8): a value is kept in the form in which it
// leaves.

const LEAST_BIGINT = -(2n ** 63n);
const MOST_BIGINT = 2n ** 63n - 1n;

/** `bigint`. @throws SqlError 22P02, 22003. */
export function bigint(text: string): string {
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) {
    if (/^[+-]?0[xob]|_/i.test(trimmed)) throw new NotModelledError(`a bigint written ${text}`);
    throw new SqlError('22P02', `invalid input syntax for type bigint: "${text}"`);
  }
  if (trimmed.length < 16) return String(Number(trimmed));
  const value = BigInt(trimmed);
  if (value < LEAST_BIGINT || value > MOST_BIGINT)
    throw new SqlError('22003', `value "${text}" is out of range for type bigint`);
  return String(value);
}

const DIGITS_BEFORE_POINT = 12;
const DIGITS_AFTER_POINT = 8;

/** `numeric(20, 8)`: rounded half away from zero. @throws SqlError 22P02, 22003. */
export function numeric(text: string): string {
  const parts = /^\s*([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))\s*$/.exec(text);
  if (!parts) {
    if (/nan|inf|e|^\s*[+-]?0[xob]|_/i.test(text)) throw new NotModelledError(`a numeric written ${text}`);
    throw new SqlError('22P02', `invalid input syntax for type numeric: "${text}"`);
  }
  const [, sign = '', whole = '', after = '', afterPoint = ''] = parts;
  const fraction = after || afterPoint;
  const [integer, decimals] =
    fraction.length <= DIGITS_AFTER_POINT
      ? [whole.replace(/^0+(?=\d)/, '') || '0', fraction.padEnd(DIGITS_AFTER_POINT, '0')]
      : rounded(whole, fraction);
  if (integer.length > DIGITS_BEFORE_POINT) throw new SqlError('22003', 'numeric field overflow');
  const negative = sign === '-' && !(integer === '0' && /^0+$/.test(decimals));
  return `${negative ? '-' : ''}${integer}.${decimals}`;
}

function rounded(whole: string, fraction: string): readonly [string, string] {
  let units = BigInt(whole + fraction.slice(0, DIGITS_AFTER_POINT));
  if (fraction.charAt(DIGITS_AFTER_POINT) >= '5') units += 1n;
  const digits = String(units).padStart(DIGITS_AFTER_POINT + 1, '0');
  return [digits.slice(0, -DIGITS_AFTER_POINT), digits.slice(-DIGITS_AFTER_POINT)];
}

const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}(?::\d{2})?)$/;

/**
 * `timestamptz` of an ISO 8601 text; the session's time zone is UTC.
 * @throws NotModelledError for the many other forms that PostgreSQL takes, SqlError 22008 for a date that there is
 * none of.
 */
export function timestamp(text: string): string {
  const parts = ISO.exec(text);
  if (!parts) throw new NotModelledError(`a timestamptz written ${text}`);
  const [, date = '', time = '', fraction = '', zone = ''] = parts;
  const milliseconds = Date.parse(`${date}T${time}${zone.length === 3 ? `${zone}:00` : zone}`);
  if (Number.isNaN(milliseconds)) throw new SqlError('22008', `date/time field value out of range: "${text}"`);
  return timestampOf(milliseconds, fraction);
}

/** `clock_timestamp()`: microseconds. @param at milliseconds since 1970. */
export function timestampAt(at: number): string {
  const microseconds = Math.floor(at * 1_000);
  const seconds = Math.floor(microseconds / 1_000_000);
  return timestampOf(seconds * 1_000, String(microseconds - seconds * 1_000_000).padStart(6, '0'));
}

function timestampOf(wholeSeconds: number, fraction: string): string {
  const iso = new Date(wholeSeconds).toISOString();
  let digits = fraction.length;
  while (digits > 0 && fraction.charCodeAt(digits - 1) === 48) digits -= 1;
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${digits > 0 ? `.${fraction.slice(0, digits)}` : ''}+00`;
}

/**
 * Elements of a `text[]` as node-postgres writes them: every one quoted, or NULL. @throws NotModelledError for other
 * forms.
 */
export function textArray(text: string): readonly (string | null)[] {
  if (text === '{}') return [];
  const elements: (string | null)[] = [];
  const element = /(?:"((?:[^"\\]|\\.)*)"|(NULL))(,|\}$)/gsy;
  element.lastIndex = 1;
  for (;;) {
    const found = text.startsWith('{') ? element.exec(text) : null;
    if (!found) throw new NotModelledError(`a text[] written ${text}`);
    elements.push(found[2] === undefined ? (found[1] ?? '').replace(/\\(.)/gs, '$1') : null);
    if (found[3] !== ',') return elements;
  }
}

/** `text[]` as PostgreSQL writes it: an element is quoted where it must be. */
export function textArrayOut(elements: readonly (string | null)[]): string {
  return `{${elements.map((element) => (element === null ? 'NULL' : quoted(element))).join(',')}}`;
}

function quoted(element: string): string {
  if (element !== '' && !/[{}",\\\s]|^null$/i.test(element)) return element;
  return `"${element.replace(/["\\]/g, '\\$&')}"`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** A setting in milliseconds as `set_config` answers it: in the largest unit that divides it. */
export function settingOf(milliseconds: number): string {
  const unit = UNITS.find(([, size]) => milliseconds > 0 && milliseconds % size === 0);
  if (unit) return `${milliseconds / unit[1]}${unit[0]}`;
  return milliseconds === 0 ? '0' : `${milliseconds}ms`;
}
