import fc from 'fast-check';
import { orderRequest } from '../../../lambda/orders-api/order-request';
import { paymentRequest } from '../../../lambda/payment-validator/payment-form';
import { parseBody } from '../../../lambda/shared/http';
import { isPlain, PLAIN, plain } from '../../../lambda/shared/plain-text';

const ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const FORMS = {
  orders: {
    form: orderRequest,
    body: { orderId: ID, symbol: 'SAP', side: 'BUY', quantity: 10, limitPrice: '180.5', account: 'ACC-1' },
  },
  payments: {
    form: paymentRequest,
    body: {
      paymentId: ID,
      amount: '125.5',
      currency: 'EUR',
      debtorAccount: 'DE89370400440532013000',
      creditorAccount: 'CH9300762011623852957',
      reference: 'invoice 7',
    },
  },
} as const;

/** U+0000 is the one that PostgreSQL refuses; half a character becomes another text there; the rest belongs in no account book. */
const unplain = fc.oneof(
  fc.constant('\0'),
  fc.integer({ min: 0, max: 0x1f }).map((code) => String.fromCharCode(code)),
  fc.integer({ min: 0x7f, max: 0x9f }).map((code) => String.fromCharCode(code)),
  fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
);

describe.each(Object.entries(FORMS))('the public form of %s', (_, { form, body }) => {
  test('takes what it is meant for', () => expect(parseBody(JSON.stringify(body), form)).toMatchObject({ ok: true }));

  test('refuses in every field what would be stored as another text or not at all, and names the field', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(body)), unplain, fc.nat(4), (field, character, place) => {
        const text = 'ABCD'.slice(0, place) + character + 'ABCD'.slice(place);
        const parsed = parseBody(JSON.stringify({ ...body, [field]: text }), form);
        expect(parsed).toEqual({ ok: false, errors: [{ field, message: PLAIN }] });
      }),
    );
  });

  test('answers to a body nested too deep for anybody, instead of failing', () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    expect(parseBody(deep, form)).toMatchObject({ ok: false, errors: [{ field: 'body' }] });
  });
});

test('a whole character outside the first plane is plain, each half of it is not', () => {
  expect(['😀', 'Zoë', 'a\u2028b', '😀'.charAt(0), '😀'.charAt(1), 'a\tb'].map(isPlain)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('what is left of any text is plain, well formed, and the same where it was plain already', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(isPlain(plain(text))).toBe(true);
      expect(plain(text) === text).toBe(isPlain(text));
      expect(Buffer.from(plain(text)).toString()).toBe(plain(text));
    }),
  );
});
