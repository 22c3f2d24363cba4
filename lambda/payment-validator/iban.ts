/** Two letters for the country, two check digits, up to 30 characters of account (ISO 13616). */
const FORM = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;

/** Lengths by country (SWIFT IBAN registry) where the checksum alone would let a cut-off number through. */
const LENGTHS: Readonly<Record<string, number>> = {
  AT: 20,
  BE: 16,
  CH: 21,
  DE: 22,
  DK: 18,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  IE: 22,
  IT: 27,
  LI: 21,
  LU: 20,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  SE: 24,
};

/** Whether an account number has the form, the length and the checksum (ISO 7064, modulus 97 = 1) of an IBAN. */
export function isIban(account: string): boolean {
  if (!FORM.test(account)) return false;
  const length = LENGTHS[account.slice(0, 2)];
  if (length !== undefined && account.length !== length) return false;
  return remainder(account.slice(4) + account.slice(0, 4)) === 1;
}

/** Letters count as 10 to 35; digit by digit, because the number is far beyond what a double holds. */
function remainder(rearranged: string): number {
  let rest = 0;
  for (const character of rearranged) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}
