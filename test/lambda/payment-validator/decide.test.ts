import fc from 'fast-check';
import { decidePayment } from '../../../lambda/payment-validator/decide';
import { isIban } from '../../../lambda/payment-validator/iban';

const NOON = Date.parse('2026-11-24T12:00:00.000Z');
const GOOD = {
  amount: '125.5',
  currency: 'EUR',
  debtorAccount: 'DE89370400440532013000',
  creditorAccount: 'CH9300762011623852957',
  reference: '',
  validUntil: '2026-11-24T12:15:00.000Z',
};

test.each([
  ['a sound payment is validated', {}, { verdict: 'VALIDATED', reasons: [] }],
  ['the largest amount is validated', { amount: '1000000' }, { verdict: 'VALIDATED', reasons: [] }],
  ['a cent more is not', { amount: '1000000.01' }, { verdict: 'REJECTED', reasons: ['AMOUNT_TOO_LARGE'] }],
  ['nothing is not paid', { amount: '0' }, { verdict: 'REJECTED', reasons: ['AMOUNT_NOT_POSITIVE'] }],
  ['less than nothing is not paid', { amount: '-1' }, { verdict: 'REJECTED', reasons: ['AMOUNT_NOT_POSITIVE'] }],
  [
    'a code that is no currency is rejected',
    { currency: 'EUX' },
    { verdict: 'REJECTED', reasons: ['CURRENCY_UNKNOWN'] },
  ],
  [
    'a wrong check digit is rejected',
    { debtorAccount: 'DE88370400440532013000' },
    { verdict: 'REJECTED', reasons: ['DEBTOR_ACCOUNT_INVALID'] },
  ],
  ['nobody pays himself', { creditorAccount: GOOD.debtorAccount }, { verdict: 'REJECTED', reasons: ['SAME_ACCOUNT'] }],
  [
    'every reason is given at once',
    { amount: '0', currency: 'XXX', debtorAccount: 'A', creditorAccount: 'A' },
    {
      verdict: 'REJECTED',
      reasons: [
        'AMOUNT_NOT_POSITIVE',
        'CURRENCY_UNKNOWN',
        'DEBTOR_ACCOUNT_INVALID',
        'CREDITOR_ACCOUNT_INVALID',
        'SAME_ACCOUNT',
      ],
    },
  ],
  [
    'after validUntil it is expired, sound or not',
    { amount: '0', validUntil: '2026-11-24T11:59:59.999Z' },
    { verdict: 'EXPIRED', reasons: [] },
  ],
])('%s', (_, change, decision) => {
  expect(decidePayment({ ...GOOD, ...change }, NOON)).toEqual(decision);
});

describe('IBAN', () => {
  test.each([
    'DE89370400440532013000',
    'CH9300762011623852957',
    'GB82WEST12345698765432',
    'FR1420041010050500013M02606',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
  ])('%s is one', (account) => expect(isIban(account)).toBe(true));

  test.each([
    '',
    'DE8937040044053201300',
    'DE893704004405320130000',
    'de89370400440532013000',
    'DE89 3704 0044 0532 0130 00',
    '1E89370400440532013000',
  ])('"%s" is none', (account) => expect(isIban(account)).toBe(false));

  test('one wrong digit, or two that changed places, is always found', () => {
    const account = 'DE89370400440532013000';
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 21 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const digit = (Number(account[at]) + by) % 10;
        expect(isIban(account.slice(0, at) + String(digit) + account.slice(at + 1))).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 20 }), (at) => {
        const [one = '', other = ''] = account.slice(at, at + 2);
        fc.pre(one !== other);
        expect(isIban(account.slice(0, at) + other + one + account.slice(at + 2))).toBe(false);
      }),
    );
  });
});
