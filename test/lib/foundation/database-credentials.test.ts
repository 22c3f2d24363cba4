import fc from 'fast-check';
import { readCredentials } from '../../../lib/foundation/database-credentials';

const GOOD = { username: 'trading_app', password: 'correct-horse' };
const read = (change: object) => readCredentials(JSON.stringify({ ...GOOD, ...change }));
const problems = (change: object): readonly string[] => {
  const reading = read(change);
  return reading.ok ? [] : reading.problems;
};

/** Printable ASCII without `/`, `"`, `@` and the space: what the Aurora guide lets into a password. */
const ALLOWED = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).filter(
  (one) => !'/"@'.includes(one),
);
const allowed = (least: number, most: number) =>
  fc.array(fc.constantFrom(...ALLOWED), { minLength: least, maxLength: most }).map((parts) => parts.join(''));
const refused = fc.oneof(
  fc.constantFrom('/', '"', '@', ' ', '\t', '\n', '\u007F', 'é', '€'),
  fc.integer({ min: 0, max: 31 }).map((code) => String.fromCharCode(code)),
);

// Aurora guide, "Settings for Aurora DB clusters": Master username, Master password, for Aurora PostgreSQL.
describe('the database secret', () => {
  test('is read with every password that RDS takes, and other keys beside it', () => {
    fc.assert(
      fc.property(allowed(8, 99), (password) => {
        expect(read({ password, engine: 'postgres' })).toEqual({ ok: true, credentials: { ...GOOD, password } });
      }),
    );
  });

  test('is refused with a character that RDS refuses, wherever it stands, and no part of it is repeated', () => {
    fc.assert(
      fc.property(allowed(8, 40), refused, allowed(8, 40), (before, wrong, after) => {
        const found = problems({ password: before + wrong + after });
        expect(found).toEqual([
          'password has a character that RDS refuses: printable ASCII only, without / " @ and spaces',
        ]);
        expect(found.join()).not.toContain(before);
      }),
    );
  });

  test.each([
    [{ password: 'x'.repeat(7) }, 'password is shorter than 8 characters'],
    [{ password: 'x'.repeat(100) }, 'password is longer than 99 characters'],
    [{ password: undefined }, 'password is missing'],
    [{ password: 12_345_678 }, 'password is missing'],
    [{ username: undefined }, 'username is missing'],
    [{ username: '' }, 'username must be 1 to 63 letters, digits and underscores and begin with a letter'],
    [{ username: '1st' }, 'username must be 1 to 63 letters, digits and underscores and begin with a letter'],
    [{ username: 'db-user' }, 'username must be 1 to 63 letters, digits and underscores and begin with a letter'],
    [{ username: 'u'.repeat(64) }, 'username must be 1 to 63 letters, digits and underscores and begin with a letter'],
    [{ username: 'User' }, 'username is a word that PostgreSQL or RDS reserves'],
    [{ username: 'admin' }, 'username is a word that PostgreSQL or RDS reserves'],
    [{ username: 'rdsadmin' }, 'username is a word that PostgreSQL or RDS reserves'],
    [{ username: 'pg_monitor' }, 'username is a word that PostgreSQL or RDS reserves'],
  ])('is refused as %j: %s', (change, problem) => {
    expect(problems(change)).toEqual([problem]);
  });

  test('may name the user that the console proposes, and one of 63 characters', () => {
    for (const username of ['postgres', 'dbadmin', 'u'.repeat(63)]) expect(problems({ username })).toEqual([]);
  });

  test.each([
    [undefined, 'the secret holds bytes and no text'],
    ['', 'the secret is not JSON text'],
    ['hunter2-not-json', 'the secret is not JSON text'],
    ['"hunter2"', 'the secret is not a JSON object with username and password'],
    ['null', 'the secret is not a JSON object with username and password'],
  ])('is refused as the text %j', (text, problem) => {
    expect(readCredentials(text)).toEqual({ ok: false, problems: [problem] });
  });

  test('tells of everything that is wrong at once', () => {
    expect(problems({ username: 'user', password: 'a b' })).toEqual([
      'username is a word that PostgreSQL or RDS reserves',
      'password is shorter than 8 characters',
      'password has a character that RDS refuses: printable ASCII only, without / " @ and spaces',
    ]);
  });
});
