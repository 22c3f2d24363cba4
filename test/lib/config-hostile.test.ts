import fc from 'fast-check';

import { parseConfig } from '../../lib/config/parse';
import { printable } from '../../lib/config/printable';
import { asText } from '../../lib/config/key';
import { CONFIG_KEYS, keyFacts, type ConfigKey } from '../../lib/config/schema';
import { configured, LEAST, problemsOf, type Values } from './config-support';

/** What a terminal obeys, hides or turns around. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

const faultsOf = (values: Values) => problemsOf(() => configured(values));
/** A right value of a key as Pulumi hands it over. */
const rightText = (key: ConfigKey, item = keyFacts(key).example) =>
  keyFacts(key).type === 'array' ? JSON.stringify([item]) : item;
const keysOf = (...types: readonly string[]) => CONFIG_KEYS.filter((key) => types.includes(keyFacts(key).type));

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\n',
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '-1',
    '1e9',
    '[]',
    '{}',
    '[[]]',
    '["\\u0000"]',
  ),
  fc.constantFrom('__proto__', 'constructor', '$(id)', '`id`', "';", '${x}', '../..', '%00', '\u001b[2J', '\u202e'),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
  fc.integer().map((value) => `0x${value.toString(16)}`),
  fc
    .nat({ max: 10_000 })
    .map((value) => value.toString().replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))),
);

describe('whatever somebody sets', () => {
  test('it is taken as it is spelt, or refused in one line that names key, value and what is allowed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CONFIG_KEYS), hostile, (key, text) => {
        const { allowed, neverShown, type } = keyFacts(key);
        const values = { ...LEAST, [key]: text };
        const faults = faultsOf(values);
        const mine = faults.filter((line) => line.startsWith(`tap:${key} is `));
        if (mine.length === 0) {
          if (faults.length > 0) return;
          const taken = configured(values)[key];
          if (type === 'integer' || type === 'boolean') expect(String(taken)).toBe(text);
          expect(text).not.toMatch(UNSEEN);
          expect(text).toBe(text.trim());
          return;
        }
        const [line = ''] = mine;
        expect(mine).toHaveLength(1);
        expect(line).toContain(`. Allowed: ${allowed}. `);
        expect(line).toMatch(/: pulumi config (set|rm) /);
        if (text !== '' && neverShown !== true) expect(line).toContain(printable(text));
        expect(line).not.toMatch(UNSEEN);
      }),
      { numRuns: 500 },
    );
  });

  test('a name that is no key is refused, __proto__ as well, and names nothing that a shell takes apart', () => {
    const names = fc.oneof(
      hostile,
      fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'toString', 'domain ', ' domain'),
    );
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(!CONFIG_KEYS.some((key) => key === name));
        const raw = Object.entries(LEAST).map(([key, value]) => [`tap:${key}`, value] as const);
        const lines = problemsOf(() =>
          parseConfig(Object.fromEntries([...raw, [`tap:${name}`, 'a value']]), { project: 'tap', stack: 'dev' }),
        );
        expect(lines).toEqual([expect.stringContaining(`tap:${printable(name)} is not a key of this program`)]);
        expect(lines[0]).not.toMatch(UNSEEN);
        expect(lines[0]).not.toContain('a value.');
        const command = /pulumi config rm (.*)$/.exec(lines[0] ?? '')?.[1];
        if (command !== undefined) expect(command).toMatch(/^tap:[\w.-]+$/);
      }),
      { numRuns: 150 },
    );
  });

  test.each(CONFIG_KEYS)('a megabyte in %s is refused at once and not repeated', (key) => {
    for (const text of ['1', 'a', 'a.', '10.', '["', '["a@b.example",', ' ', '\0', '-']) {
      const started = process.cpuUsage().user;
      const lines = faultsOf({ ...LEAST, [key]: text.repeat(1_000_000 / text.length) });
      expect(lines.join('\n')).toContain(`tap:${key} is `);
      expect(lines.join('\n').length).toBeLessThan(3_000);
      expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
    }
  });

  test('a megabyte as the name of a key is neither compared at length nor repeated', () => {
    const lines = problemsOf(() => configured({ ['k'.repeat(1_000_000)]: '1' }));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.length).toBeLessThan(1_000);
    expect(lines[0]).toContain('Remove it from Pulumi.dev.yaml');
  });
});

describe('a right value with something that cannot be seen is not right', () => {
  const UNSEEN_PARTS = ['\0', '\n', '\r\n', '\t', '\u00a0', '\u200b', '\u202e', '\u2028', '\ufeff', '\u0301'];
  // A combining accent too: AWS takes letters in tags, and it is none.
  test.each(CONFIG_KEYS)('%s', (key) => {
    const { example } = keyFacts(key);
    for (const part of [...UNSEEN_PARTS, ' ']) {
      for (const item of [example + part, part + example, `${example.slice(0, 1)}${part}${example.slice(1)}`]) {
        // A blank inside a tag's text is one of its characters.
        if (part === ' ' && item.trim() === item) continue;
        expect([item, faultsOf({ ...LEAST, [key]: rightText(key, item) })]).toEqual([
          item,
          [expect.stringContaining(`tap:${key} is `)],
        ]);
      }
    }
  });
});

describe('a whole number has one spelling', () => {
  test.each(keysOf('integer'))('%s', (key) => {
    const right = keyFacts(key).example;
    const arabic = right.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)));
    const wide = right.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
    const others = [
      `+${right}`,
      `-${right}`,
      `0${right}`,
      `${right}.0`,
      `${right}.`,
      `${right}e0`,
      `${right}n`,
      `${right}_000`,
    ];
    const spelt = [
      ...others,
      `0x${Number(right).toString(16)}`,
      `0b1`,
      `0o7`,
      arabic,
      wide,
      `"${right}"`,
      `${right},0`,
    ];
    for (const text of spelt) {
      expect([text, faultsOf({ ...LEAST, [key]: text })]).toEqual([text, [expect.stringContaining(`tap:${key} is `)]]);
    }
  });
});

test.each(keysOf('boolean'))('%s is true or false and nothing like it', (key) => {
  for (const text of ['True', 'TRUE', 'true ', ' true', 'true\n', 't', '1', '0', 'yes', 'on', '"true"', 'truе']) {
    expect([text, faultsOf({ ...LEAST, [key]: text })]).toEqual([text, [expect.stringContaining(`tap:${key} is `)]]);
  }
});

describe('what looks like a value and is none', () => {
  test.each([
    ['author', ' Ann', 'tap:author is " Ann", which begins or ends with a space. '],
    ['costCenter', ' ', 'tap:costCenter is " ", which begins or ends with a space. '],
    ['repository', 'AWS:x', 'tap:repository is "AWS:x", which begins with aws:, which AWS reserves. '],
    ['tags', '["Team=fx "]', 'item 0 ("Team=fx ") has a value that begins or ends with a space'],
    ['tags', '["Team =fx"]', 'item 0 ("Team =fx") has a key that begins or ends with a space'],
    ['tags', '["Team=aws:fx"]', 'item 0 ("Team=aws:fx") has a value that begins with aws:, which AWS reserves'],
    ['databaseHost', 'a..b', 'tap:databaseHost is "a..b". '],
    ['databaseHost', 'a.-b', 'tap:databaseHost is "a.-b". '],
    ['databaseHost', '10.0.0.256', 'tap:databaseHost is "10.0.0.256". '],
    ['databaseHost', '10.0.7', 'tap:databaseHost is "10.0.7". '],
    ['databaseHost', '2130706433', 'tap:databaseHost is "2130706433". '],
  ])('%s %s', (key, text, said) => {
    expect(problemsOf(() => configured({ [key]: text }, 'local'))).toEqual([expect.stringContaining(said)]);
  });

  test.each(['10.0.0.255', 'localhost', 'db-1.example.com', 'a.b7'])('a database host may be %s', (databaseHost) => {
    expect(configured({ databaseHost }, 'local').databaseHost).toBe(databaseHost);
  });
});

test('a value that a terminal would obey is shown by the numbers of its characters', () => {
  expect(faultsOf({ ...LEAST, environment: '\u001b[2Jdev\u202e\u00a0 ' })[0]).toMatch(
    /^tap:environment is "\\u\{1b\}\[2Jdev\\u\{202e\}\\u\{a0\} "\. Allowed: /,
  );
  expect(faultsOf({ ...LEAST, rtoSeconds: `3${'0'.repeat(300)}` })[0]).toContain(
    `tap:rtoSeconds is 3${'0'.repeat(199)}… (301 characters). `,
  );
});

describe('a conflict is told of as soon as the values that are compared are right, whatever is wrong elsewhere', () => {
  /** Values, the key of the conflict, a part of what is said, and the other keys whose values it compares. */
  const CONFLICTS: readonly (readonly [Values, ConfigKey, string, readonly ConfigKey[]])[] = [
    [{ environmentSuffix: 'feature-faster-order-pag' }, 'environmentSuffix', 'has room for 23', []],
    [{ environmentSuffix: 'x'.repeat(60) }, 'environmentSuffix', 'has room for 23', []],
    [{ drRegion: 'eu-central-1' }, 'drRegion', 'the same as primaryRegion', ['primaryRegion']],
    [{ witnessRegion: 'eu-central-1' }, 'witnessRegion', 'the same as primaryRegion', ['primaryRegion']],
    [{ witnessRegion: 'eu-central-2' }, 'witnessRegion', 'the same as drRegion', ['drRegion']],
    [{ witnessRegion: 'none' }, 'witnessRegion', 'there is no majority', ['failoverMode']],
    [{ drVpcCidr: '10.10.0.0/16' }, 'drVpcCidr', 'overlaps primaryVpcCidr', ['primaryVpcCidr']],
    [{ domain: `${'d'.repeat(60)}.example.com` }, 'domain', 'of which ACM takes 64', ['environmentSuffix']],
    [{ databaseHost: '10.0.0.7' }, 'databaseHost', 'this is stack dev', []],
    [{ auroraInstanceClass: 'db.r8g.xlarge' }, 'auroraInstanceClass', 'that eu-central-2 does not have', ['drRegion']],
    [
      { auroraInstanceClass: 'db.r8g.xlarge', primaryRegion: 'eu-central-2', drRegion: 'eu-central-1' },
      'auroraInstanceClass',
      'that eu-central-2 does not have',
      ['primaryRegion'],
    ],
    [{ auroraMaxAcu: '8', auroraMinAcu: '9' }, 'auroraMaxAcu', 'below auroraMinAcu 9', ['auroraMinAcu']],
    [{ fleetPrimarySize: '7' }, 'fleetMaxSize', 'below fleetPrimarySize 7', ['fleetPrimarySize']],
    [{ fleetDrSize: '7' }, 'fleetMaxSize', 'fleetDrSize 7', ['fleetDrSize']],
    [{ trading: 'false', payments: 'false' }, 'trading', 'leaves no workload', ['payments']],
    [{ lagWarningSeconds: '30' }, 'lagWarningSeconds', 'not below lagCriticalSeconds', ['lagCriticalSeconds']],
    [{ lagCriticalSeconds: '61' }, 'lagCriticalSeconds', 'above rpoSeconds 60', ['rpoSeconds']],
    [{ leaseSeconds: '65' }, 'leaseSeconds', 'not less than rpoSeconds 60', ['rpoSeconds']],
    [{ heartbeatIntervalSeconds: '30' }, 'heartbeatIntervalSeconds', 'less than three heartbeats', ['leaseSeconds']],
    [{ orderValiditySeconds: '419' }, 'orderValiditySeconds', 'rtoSeconds 300', ['rtoSeconds']],
    [{ orderValiditySeconds: '479' }, 'orderValiditySeconds', 'databaseRtoSeconds 360', ['databaseRtoSeconds']],
  ];

  test.each(CONFLICTS)('%j', (values, key, said, compared) => {
    const isTold = (lines: readonly string[]) =>
      lines.some((line) => line.startsWith(`tap:${key} is `) && line.includes(said));
    expect(isTold(faultsOf({ ...LEAST, ...values }))).toBe(true);
    for (const other of CONFIG_KEYS) {
      if (other === key || compared.includes(other)) continue;
      const lines = faultsOf({ ...LEAST, ...values, [other]: '\0' });
      expect([other, isTold(lines)]).toEqual([other, true]);
      expect(lines.some((line) => line.startsWith(`tap:${other} is `))).toBe(true);
    }
  });

  test('and with every other key wrong at once', () => {
    const wrong = Object.fromEntries(CONFIG_KEYS.map((key) => [key, '\0']));
    const lines = faultsOf({ ...wrong, primaryRegion: 'eu-central-1', drRegion: 'eu-central-1' });
    expect(lines).toHaveLength(CONFIG_KEYS.length - 1);
    expect(lines.at(-1)).toContain('tap:drRegion is "eu-central-1", the same as primaryRegion');
  });

  test('of what is compared with several values, those that are right are named', () => {
    expect(faultsOf({ ...LEAST, fleetMaxSize: '1', fleetDrSize: 'x' }).at(-1)).toContain(
      'tap:fleetMaxSize is 1, below fleetPrimarySize 2. ',
    );
    expect(faultsOf({ ...LEAST, orderValiditySeconds: '60', databaseRtoSeconds: 'x' }).at(-1)).toContain(
      'rtoSeconds 300 asks for 420. ',
    );
    expect(faultsOf({ ...LEAST, auroraInstanceClass: 'db.r8g.large', primaryRegion: 'x' }).at(-1)).toMatch(
      /of a family that eu-central-2 does not have; it has [r0-9a-z, ]+\. /,
    );
  });
});

test('every default and every example is right, so that no message sends anybody to a wrong value', () => {
  for (const key of CONFIG_KEYS) {
    const { default: given, example, type } = keyFacts(key);
    const texts = [type === 'array' ? JSON.stringify([example]) : example, ...(given === '' ? [] : [asText(given)])];
    for (const text of texts) {
      expect([key, problemsOf(() => configured({ [key]: text }, 'local'))]).toEqual([key, []]);
    }
  }
});
