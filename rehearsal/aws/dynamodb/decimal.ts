import { invalid } from './invalid-request';

/** (-1)^negative x digits x 10^exponent, exactly. */
interface Decimal {
  readonly units: bigint;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/;
const CANONICAL_INTEGER = /^(?:0|-?[1-9]\d{0,37})$/;

/** Fewer digits than this are told apart, and kept in order, by a double. */
const DOUBLE_DIGITS = 15;

/** DynamoDB developer guide, "Data types", Number: up to 38 digits, 1E-130 to 9.9...E+125. */
const MOST_DIGITS = 38;
const MOST_EXPONENT = 125;
const LEAST_EXPONENT = -130;

/** The order of two numbers that `canonicalNumber` made: exact, however big. */
export function compareNumbers(one: string, other: string): number {
  if (one === other) return 0;
  if (one.length <= DOUBLE_DIGITS && other.length <= DOUBLE_DIGITS) return Number(one) - Number(other);
  const [a, b] = aligned(read(one), read(other));
  return a < b ? -1 : a > b ? 1 : 0;
}

export function addNumbers(one: string, other: string): string {
  return combined(one, other, (a, b) => a + b);
}

export function subtractNumbers(one: string, other: string): string {
  return combined(one, other, (a, b) => a - b);
}

/**
 * The one spelling that DynamoDB answers with: no leading zeros, no zeros at the end of a fraction.
 * That it never has an exponent is assumed.
 *
 * @throws InvalidRequestError for what is no number or does not fit.
 */
export function canonicalNumber(text: string): string {
  return CANONICAL_INTEGER.test(text) ? text : written(read(text));
}

function combined(one: string, other: string, operation: (a: bigint, b: bigint) => bigint): string {
  const [first, second] = [read(one), read(other)];
  const [a, b] = aligned(first, second);
  return written({ units: operation(a, b), exponent: Math.min(first.exponent, second.exponent) });
}

function read(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  if (whole + fraction === '') invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, exponent: Number(power) - fraction.length };
}

function aligned(one: Decimal, other: Decimal): [bigint, bigint] {
  const exponent = Math.min(one.exponent, other.exponent);
  return [scaled(one, exponent), scaled(other, exponent)];
}

function scaled({ units, exponent }: Decimal, to: number): bigint {
  return units * 10n ** BigInt(exponent - to);
}

function written({ units, exponent }: Decimal): string {
  if (units === 0n) return '0';
  const sign = units < 0n ? '-' : '';
  const all = (units < 0n ? -units : units).toString();
  const digits = all.replace(/0+$/, '');
  const power = exponent + all.length - digits.length;
  const magnitude = power + digits.length - 1;
  if (magnitude > MOST_EXPONENT) outOfRange('overflow', 'larger');
  if (magnitude < LEAST_EXPONENT) outOfRange('underflow', 'smaller');
  if (digits.length > MOST_DIGITS) {
    invalid('Attempting to store more than 38 significant digits in a Number');
  }
  if (power >= 0) return sign + digits + '0'.repeat(power);
  const padded = digits.padStart(1 - power, '0');
  return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`;
}

function outOfRange(which: string, how: string): never {
  invalid(`Number ${which}. Attempting to store a number with magnitude ${how} than supported range`);
}
