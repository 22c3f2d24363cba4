import fc from 'fast-check';
import { orderRequest } from '../../../lambda/orders-api/order-request';
import { paymentRequest } from '../../../lambda/payment-validator/payment-form';
import { badRequest, createRouter, json, LONGEST_BODY_BYTES, parseBody } from '../../../lambda/shared/http';
import { droppedBy } from '../../../lambda/shared/json-text';
import { recordedTelemetry } from '../support/fakes';

/** What Lambda gives back to API Gateway at the most; more is a 502 and counts as our failure. */
const LAMBDA_ANSWER_BYTES = 6 * 1024 * 1024;

const ORDER = { symbol: 'SAP', side: 'BUY', quantity: 1, limitPrice: '230', account: 'A-1' };
const PAYMENT = {
  amount: '1.00',
  currency: 'EUR',
  debtorAccount: 'DE89370400440532013000',
  creditorAccount: 'GB29NWBK60161331926819',
};
/** The text of an order with something before its own fields. */
const orderWith = (first: string) => `{${first},${JSON.stringify(ORDER).slice(1)}`;
const errorsOf = (body: string, schema: Parameters<typeof parseBody>[1] = orderRequest) => {
  const parsed = parseBody(body, schema);
  return parsed.ok ? [] : parsed.errors;
};

/** An API with one route that reads orders; `reached` are the bodies that the route saw. */
function api() {
  const telemetry = recordedTelemetry();
  const reached: string[] = [];
  const respond = createRouter(
    [
      {
        method: 'POST',
        path: '/orders',
        handle: async ({ body }) => {
          reached.push(body);
          const parsed = parseBody(body, orderRequest);
          return parsed.ok ? json(202, parsed.value) : badRequest(parsed.errors);
        },
      },
    ],
    telemetry,
  );
  const post = async (body: string | null, more: object = {}) => {
    const answer = await respond({ httpMethod: 'POST', path: '/orders', body, ...more }, 'i');
    const parsed: { errors?: { field: string; message: string }[] } = JSON.parse(answer.body);
    return { ...answer, bytes: Buffer.byteLength(answer.body), errors: parsed.errors ?? [] };
  };
  return { post, reached, telemetry };
}

describe('nobody makes an answer that is longer than Lambda may give, which would be a 502 and an alarm', () => {
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `"k${index}":1`).join(',');

  test('of many wrong fields the first twenty are named, and how many there are beyond', async () => {
    const { statusCode, errors, bytes } = await api().post(orderWith(keys(5_000)));
    expect(statusCode).toBe(400);
    expect(errors).toHaveLength(21);
    expect(errors[0]).toEqual({ field: 'k0', message: 'is not known' });
    expect(errors[20]).toEqual({ field: 'body', message: 'and 4980 more errors' });
    expect(bytes).toBeLessThan(4_096);
  });

  test('twenty are all named', async () => {
    const { errors } = await api().post(orderWith(keys(20)));
    expect(errors.map(({ field }) => field)).toEqual(Array.from({ length: 20 }, (_, index) => `k${index}`));
  });

  test('a name is repeated as far as it helps to find it', async () => {
    const { errors } = await api().post(orderWith(`"${'x'.repeat(60_000)}":1`));
    expect(errors).toEqual([{ field: `${'x'.repeat(63)}…`, message: 'is not known' }]);
  });

  test('a body of 100,000 keys is not read at all', async () => {
    const { post, reached, telemetry } = api();
    const body = `{${keys(100_000)}}`;
    const { statusCode, body: text } = await post(body);
    expect([statusCode, JSON.parse(text)]).toEqual([
      413,
      { message: `The body has ${body.length} bytes; at most 65536 are read` },
    ]);
    expect(reached).toEqual([]);
    expect(telemetry.errors).toEqual([]);
  });

  test('no list of errors at all makes one, whoever makes it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 200_000 }), fc.nat({ max: 1_000 }), (count, length) => {
        const one = { field: '\0'.repeat(length), message: '\ud800'.repeat(length) };
        const { body } = badRequest(Array.from({ length: count }, () => one));
        expect(Buffer.byteLength(body)).toBeLessThan(LAMBDA_ANSWER_BYTES / 100);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a body', () => {
  test.each([
    ['of the greatest length', LONGEST_BODY_BYTES, 202],
    ['of one byte more', LONGEST_BODY_BYTES + 1, 413],
  ])('%s', async (_, length, statusCode) => {
    const text = JSON.stringify(ORDER);
    expect(await api().post(text.padEnd(length))).toMatchObject({ statusCode });
    expect(
      await api().post(Buffer.from(text.padEnd(length)).toString('base64'), { isBase64Encoded: true }),
    ).toMatchObject({ statusCode });
  });

  test('is measured in bytes: what is not ASCII has more of them than characters', async () => {
    const { reached, post } = api();
    expect(await post('é'.repeat(LONGEST_BODY_BYTES / 2 + 1))).toMatchObject({ statusCode: 413 });
    expect(reached).toEqual([]);
  });

  test('in base64 is decoded, as API Gateway sends it for a binary media type', async () => {
    const body = Buffer.from(JSON.stringify(ORDER)).toString('base64');
    expect(await api().post(body, { isBase64Encoded: true })).toMatchObject({ statusCode: 202 });
    expect(await api().post(body)).toMatchObject({ statusCode: 400 });
  });

  test('whose bytes are no UTF-8 is refused: read all the same it would say something else', async () => {
    const body = Buffer.from(JSON.stringify({ ...ORDER, account: 'M\xfcller' }), 'latin1').toString('base64');
    const { statusCode, errors } = await api().post(body, { isBase64Encoded: true });
    expect([statusCode, errors]).toEqual([400, [{ field: 'body', message: 'must be UTF-8' }]]);
  });

  test.each([
    ['nothing', null],
    ['a form', 'symbol=SAP&side=BUY'],
    ['half a JSON text', '{"symbol":'],
    ['two JSON texts', '{}{}'],
    ['a byte order mark', `\ufeff${JSON.stringify(ORDER)}`],
    ['brackets beyond what can be read', '['.repeat(LONGEST_BODY_BYTES)],
  ])('of %s is answered with 400 and not with a failure of ours', async (_, body) => {
    const { post, telemetry } = api();
    const { statusCode, errors } = await post(body);
    expect([statusCode, errors]).toEqual([400, [{ field: 'body', message: 'must be JSON' }]]);
    expect(telemetry.errors).toEqual([]);
  });

  test.each([
    ['null', 'null'],
    ['an array', '[1]'],
    ['a number', '1e400'],
    ['nested arrays', `${'['.repeat(32_000)}${']'.repeat(32_000)}`],
    ['nested objects', `[${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}]`],
  ])('of %s is no object', (_, body) => {
    expect(errorsOf(body)).toEqual([{ field: 'body', message: 'must be a JSON object' }]);
  });

  test('with something deep in the place of a field is a wrong field', () => {
    expect(errorsOf(JSON.stringify(ORDER).replace('"SAP"', `${'['.repeat(30_000)}${']'.repeat(30_000)}`))).toEqual([
      { field: 'symbol', message: expect.stringContaining('1 to 12 capital letters') },
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'with the key %s has an unknown one, and takes nothing from it',
    (key) => {
      expect(errorsOf(orderWith(`"${key}":{"orderId":"00000000-0000-4000-8000-000000000000"}`))).toEqual([
        { field: key, message: 'is not known' },
      ]);
      expect(Object.getPrototypeOf({})).toHaveProperty('hasOwnProperty');
      expect({}).not.toHaveProperty('orderId');
    },
  );
});

describe('an order must not become another one on its way', () => {
  test.each([
    ['with another value', '"symbol":"ACME"'],
    ['with the same value', '"symbol":"SAP"'],
    ['spelt with an escape', '"\\u0073ymbol":"ACME"'],
  ])('a field that is there twice %s is refused: one reader takes the first, another the last', (_, first) => {
    expect(errorsOf(orderWith(first))).toEqual([{ field: 'symbol', message: 'is there more than once' }]);
  });

  test('a price with more digits than a JSON number keeps is refused, and taken as text', () => {
    const priced = (limitPrice: string) => JSON.stringify(ORDER).replace('"230"', limitPrice);
    expect(errorsOf(priced('123456789012.12345678'))).toEqual([
      { field: 'limitPrice', message: 'has more digits than a JSON number keeps: send it as text' },
    ]);
    expect(parseBody(priced('"123456789012.12345678"'), orderRequest)).toMatchObject({
      ok: true,
      value: { limitPrice: '123456789012.12345678' },
    });
    expect(parseBody(priced('1234567890.12345'), orderRequest)).toMatchObject({
      ok: true,
      value: { limitPrice: '1234567890.12345' },
    });
  });

  test.each([
    ['U+0000, which PostgreSQL refuses', 'a\\u0000b'],
    ['the first half of a surrogate pair, which it would replace', 'a\\ud83db'],
    ['the second half', '\\ude00'],
  ])('a text with %s is refused: the payment would be accepted and could never be settled', (_, reference) => {
    const body = JSON.stringify(PAYMENT).replace('{', `{"reference":"${reference}",`);
    expect(errorsOf(body, paymentRequest)).toEqual([
      { field: 'reference', message: 'must not have control characters or halves of characters' },
    ]);
  });

  test('any other text is taken as it is', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, (reference) => {
        const parsed = parseBody(JSON.stringify({ ...PAYMENT, reference }), paymentRequest);
        expect(parsed).toMatchObject({ ok: true, value: { reference } });
      }),
    );
  });
});

describe('what JSON.parse drops', () => {
  test('is nothing of what JSON.stringify has written, whatever it is', () => {
    const short = fc.double({ noNaN: true }).map((value) => Number(value.toPrecision(15)));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(fc.string(), short, fc.boolean(), fc.constant(null), tie('array'), tie('object')),
      array: fc.array(tie('any'), { maxLength: 3 }),
      object: fc.dictionary(fc.string(), tie('any'), { maxKeys: 4 }),
    })).any;
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (given, indent) => {
        expect(droppedBy(JSON.stringify(given, undefined, indent))).toEqual({ repeated: [], rounded: [] });
      }),
    );
  });

  test('is found wherever a second field of that name stands', () => {
    const fields = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, maxKeys: 5 });
    fc.assert(
      fc.property(fields, fc.nat(), fc.jsonValue({ maxDepth: 2 }), (given, which, again) => {
        const names = Object.keys(given);
        const name = names[which % names.length] ?? '';
        const text = `${JSON.stringify(given).slice(0, -1)}, ${JSON.stringify(name)} : ${JSON.stringify(again)}}`;
        expect(droppedBy(text).repeated).toEqual([name]);
      }),
    );
  });

  test.each([
    ['{"a":{"b":1,"b":2}}', [], []],
    ['[{"b":1,"b":2}]', [], []],
    ['{"a":"1234567890123456789"}', [], []],
    ['{"a":[1234567890123456789]}', [], []],
    ['{"a":1234567890123456}', [], ['a']],
    ['{"a":-0.001234567890123456e7}', [], ['a']],
    ['{"a":0.00000000000000000001,"b":100000000000000000000,"c":123456789012345e9}', [], []],
    ['{"a":1,"b":2,"a":3,"a":4}', ['a'], []],
    ['1234567890123456789', [], []],
  ])('of %s', (text, repeated, rounded) => {
    expect(droppedBy(text)).toEqual({ repeated, rounded });
  });
});
