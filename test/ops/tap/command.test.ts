import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../../lib/bundles';
import type { Machine } from '../../../ops/tap/context';
import { explain, explainLine } from '../../../ops/tap/errors';
import { EXIT_TABLE } from '../../../ops/tap/exit-codes';
import { OutputsError } from '../../../ops/outputs-schema';
import { runTap } from '../../../ops/tap/run-tap';
import { termsIn } from '../../../ops/tap/terms';
import { VERBS } from '../../../ops/tap/verbs/registry';

/** A laptop without AWS: enough for everything that asks nothing of it. */
function laptop(outputs: Partial<Machine['outputs']> = {}) {
  const said = { out: '', err: '' };
  const nothing = () => Promise.reject(new OutputsError('there is no stack'));
  const machine: Machine = {
    screen: {
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      isTerminal: false,
      ask: () => Promise.resolve(undefined),
      env: {},
    },
    outputs: {
      file: () => Promise.resolve(undefined),
      pulumi: nothing,
      write: () => Promise.resolve('out.json'),
      ...outputs,
    },
    save: nothing,
    user: 'ann@laptop',
    now: () => 0,
    sleep: nothing,
    newId: () => 'id',
  };
  return { machine, said };
}

async function helpOf(verb: string): Promise<string> {
  const { machine, said } = laptop();
  expect(await runTap([verb, '--help'], machine)).toBe(0);
  return said.out;
}

describe('the help of every verb', () => {
  const verbs = VERBS.map(({ name }) => name);

  test('is listed by name in the help of the command, with the exit codes', async () => {
    const { machine, said } = laptop();
    expect(await runTap(['--help'], machine)).toBe(0);
    for (const { name, summary } of VERBS) {
      expect(said.out).toContain(`  ${name} `);
      expect(said.out.replace(/\s+/g, ' ')).toContain(summary);
    }
    for (const [code, what] of EXIT_TABLE) expect(said.out).toContain(`${String(code).padStart(5)}  ${what}`);
  });

  test.each(verbs)('%s explains the words of ours that it uses, and those of the explanations', async (name) => {
    const help = await helpOf(name);
    const [before = '', after = ''] = help.split('Words:');
    const explained = [...after.matchAll(/^ {2}(\S.*?) {2}/gm)].map(([, term]) => term);
    const used = termsIn(
      `${before} ${after.split('Exit codes:')[0] ?? ''}`.replace(
        /(cfn-outputs|--[a-z-]+|npx tap [a-z-]+|Usage: .*)/g,
        '',
      ),
    );
    expect(used.filter((term) => !explained.includes(term))).toEqual([]);
  });

  test.each(verbs)('%s shows examples that it takes itself, and the exit codes', async (name) => {
    const help = await helpOf(name);
    const verb = VERBS.find((one) => one.name === name);
    expect(verb?.examples.length).toBeGreaterThan(0);
    for (const [command] of verb?.examples ?? []) {
      const [, tap, called = '', ...words] = command.split(' && ')[0]?.split(' ') ?? [];
      expect(tap).toBe('tap');
      const page = called === name ? help : await helpOf(called);
      for (const option of words.filter((word) => word.startsWith('--'))) expect(page).toContain(`  ${option}`);
    }
    expect(help).toContain('Exit codes:\n    0  done, or nothing to do');
  });
});

describe('the command line', () => {
  test.each([
    [[], 'Usage: tap VERB [options]'],
    [['fial-over'], "error: unknown command 'fial-over'"],
    [['status', '--regoin', 'dr'], "error: unknown option '--regoin'\n(Did you mean --region?)"],
  ])('%j is wrong usage, and says what is right', async (argv, told) => {
    const { machine, said } = laptop();
    expect(await runTap(argv, machine)).toBe(2);
    expect(said.err).toContain(told);
  });

  test('without outputs a verb says where they come from; with --json a program hears it too', async () => {
    const { machine, said } = laptop();
    expect(await runTap(['status', '--json'], machine)).toBe(2);
    expect(said.err).toContain('tap: there are no outputs to go by: there is no stack\nRun "npx tap outputs"');
    expect(JSON.parse(said.out)).toMatchObject({ exitCode: 2, error: expect.stringContaining('there is no stack') });
  });

  test('outputs that Pulumi cannot give are told in its words, with the code for what cannot be asked', async () => {
    const { machine, said } = laptop();
    expect(await runTap(['outputs'], machine)).toBe(4);
    expect(said.err).toBe('tap: there is no stack\n');
  });

  test('outputs of another program are refused, and nothing is written', async () => {
    const write = jest.fn();
    const { machine, said } = laptop({ pulumi: () => Promise.resolve({ bucket: 'b' }), write });
    expect(await runTap(['outputs', '--stack', 'other'], machine)).toBe(4);
    expect(said.err).toContain('stack other does not hold the outputs of a deployed stack');
    expect(write).not.toHaveBeenCalled();
  });

  // The command as it is typed after `npm ci`: bundled on the fly, from whatever folder.
  test('runs by its bin entry, and ends with its exit code', async () => {
    const bin = path.join(ROOT, 'ops', 'tap', 'tap.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [bin, 'help', 'failover'], {
      cwd: path.join(ROOT, 'docs'),
    });
    expect(stdout).toContain('Usage: tap failover [options]');
    await expect(promisify(execFile)(process.execPath, [bin, 'failover', '--yes'])).rejects.toMatchObject({ code: 2 });
  }, 30_000);
});

describe('errors in one line', () => {
  const thrown = (name: string, message: string, cause?: unknown) =>
    Object.assign(new Error(message, { cause }), { name });

  test.each([
    ['an expired token', thrown('ExpiredTokenException', 'x'), 'credentials', 'have expired: log in again'],
    [
      'an expired session of SSO',
      thrown('CredentialsProviderError', 'x', thrown('UnauthorizedSSOTokenError', 'y')),
      'credentials',
      'have expired',
    ],
    [
      'a key that AWS does not know',
      thrown('UnrecognizedClientException', 'x'),
      'credentials',
      'does not accept these credentials',
    ],
    [
      'no credentials',
      thrown('CredentialsProviderError', 'Could not load credentials from any providers'),
      'credentials',
      'there are no AWS credentials',
    ],
    [
      'a right that is missing',
      thrown('AccessDeniedException', 'a\n  b'),
      'denied',
      "not allowed: a b; take the operator's role",
    ],
    [
      'throttling below an error of ours',
      thrown('CallError', 'x', thrown('TooManyRequestsException', 'y')),
      'throttled',
      'too many requests',
    ],
    ['a name that is not there', thrown('Error', 'getaddrinfo ENOTFOUND api'), 'silent', 'no answer (ENOTFOUND)'],
    [
      'no connection',
      thrown('TimeoutError', 'Socket timed out without establishing a connection within 2000 ms'),
      'silent',
      'no answer (no connection)',
    ],
    ['no answer in time', thrown('DeadlineError', 'x took longer than 8000 ms'), 'silent', 'no answer in time'],
    [
      'anything else',
      thrown('InvalidGlobalClusterStateFault', 'busy'),
      'other',
      'InvalidGlobalClusterStateFault: busy',
    ],
    ['what is no error', 'broken', 'other', 'broken'],
  ])('%s', (_, error, kind, says) => {
    const explained = explain(error);
    expect(explained.kind).toBe(kind);
    expect(explained.says).toContain(says);
    expect(explained.says).not.toContain('\n');
  });

  test('of a read that has become a line already', () => {
    expect(explainLine('ExpiredTokenException: The security token is expired').kind).toBe('credentials');
    expect(explainLine('the register item has another form')).toEqual({
      kind: 'other',
      says: 'Error: the register item has another form',
    });
  });
});
