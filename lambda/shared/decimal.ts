/** A decimal number as text: up to 12 digits before and 8 after the point, no exponent. */
export const DECIMAL = /^-?\d{1,12}(\.\d{1,8})?$/;

const PLACES = 8;

/** The value in units of 1e-8, exactly; undefined when the text is not a decimal. Money is never a floating-point number. */
export function decimalUnits(text: string): bigint | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const [whole = '', fraction = ''] = text.split('.');
  const units = BigInt(whole.replace('-', '') + fraction.padEnd(PLACES, '0'));
  return whole.startsWith('-') ? -units : units;
}

/** The one spelling of a decimal: no leading zeros, no zeros at the end, so that equal values are equal texts. */
export function canonicalDecimal(text: string): string {
  const units = decimalUnits(text);
  if (units === undefined) return text;
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${fraction && `.${fraction}`}`;
}
