import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Graph } from '../../../analysis/graph/graph';
import { ROOT } from '../../../lib/bundles';
import type { Machine } from '../../../ops/tap/context';
import { TapError } from '../../../ops/tap/errors';
import { createClients } from '../../../ops/tap/clients';
import { type Finding, outcomeOf, type Report } from '../../../ops/tap/preflight/finding';
import type { PreflightPorts } from '../../../ops/tap/preflight/ports';
import { createTerminal } from '../../../ops/tap/terminal';
import { preflightWith } from '../../../ops/tap/verbs/preflight';

const row = (id: string, rest: Pick<Finding, 'severity' | 'verdict'> & { readonly region?: string }): Finding => ({
  id,
  looksAt: `what ${id} looks at`,
  why: `why ${id} matters`,
  fix: `aws mend ${id}`,
  ...rest,
});
const ok = row('zones-enough', { severity: 'blocker', verdict: { state: 'ok' } });
const blocker = row('quota-vpcs', { severity: 'blocker', verdict: { state: 'failed', found: ['5 vpcs and 1 more'] } });
const warning = row('request-rate-enough', { severity: 'warning', verdict: { state: 'failed', found: ['too slow'] } });
const silent = row('ami-present', { severity: 'blocker', verdict: { state: 'unknown', why: 'not allowed' } });
const silentWarning: Finding = { ...silent, id: 'concurrency-enough', severity: 'warning' };
const hidden = row('instance-class-offered', {
  severity: 'blocker',
  region: 'eu-central-2',
  verdict: { state: 'unknown', why: 'it is behind engine-version-offered', behind: 'engine-version-offered' },
});

const reportOf = (findings: readonly Finding[]): Report => ({
  stack: 'dev',
  regions: ['eu-central-1', 'eu-central-2'],
  account: '111122223333',
  caller: 'arn:aws:iam::111122223333:user/ann',
  findings,
  score: {
    ok: findings.filter(({ verdict }) => verdict.state === 'ok').length,
    failed: findings.filter(({ verdict }) => verdict.state === 'failed').length,
    unknown: findings.filter(({ verdict }) => verdict.state === 'unknown').length,
  },
  outcome: outcomeOf(findings),
  tookMs: 1_000,
});

/** Types the verb on a machine whose account has these findings. */
async function type(
  findings: readonly Finding[],
  {
    stack = 'dev',
    json = false,
    isTerminal = false,
    ports = {},
  }: {
    readonly stack?: string | undefined;
    readonly json?: boolean;
    readonly isTerminal?: boolean;
    readonly ports?: Partial<PreflightPorts>;
  } = {},
) {
  const said = { out: '', err: '' };
  const screen: Machine['screen'] = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    isTerminal,
    ask: () => Promise.resolve(undefined),
    env: {},
  };
  const nobody = () => Promise.reject(new Error('preflight goes by no outputs'));
  const verb = preflightWith(() => ({
    stacks: () => ['dev', 'us'],
    evaluate: (name) => Promise.resolve(new Graph('tap', name, [], [], {}, [])),
    look: () => Promise.resolve(reportOf(findings)),
    ...ports,
  }));
  const machine: Machine = {
    screen,
    outputs: { file: nobody, pulumi: nobody, write: nobody },
    save: nobody,
    user: 'ann@laptop',
    now: () => Date.UTC(2026, 10, 26, 9),
    sleep: nobody,
    newId: () => 'id',
  };
  const stackOption = stack === '' ? undefined : stack;
  const context = {
    machine,
    clients: createClients(),
    terminal: createTerminal(screen, json),
    stackOption,
    stack: nobody,
  };
  const code = await verb.run(context, {});
  return { code, ...said };
}

describe('the exit code', () => {
  test.each([
    ['everything is ok', [ok], 0],
    ['a warning failed, or could not be looked at', [ok, warning, silentWarning], 0],
    ['a blocker failed', [ok, blocker], 3],
    ['a blocker could not be looked at', [ok, silent], 4],
    ['one failed and another could not be looked at: what is certain counts', [silent, blocker], 3],
    ['a blocker is behind something that is not known', [hidden], 4],
  ])('%s: %#', async (_, findings, code) => {
    expect((await type(findings)).code).toBe(code);
  });
});

test('tells the worst first: what was found, why it matters, what to type; and nothing of what is ok', async () => {
  const { out } = await type([ok, warning, silent, hidden, blocker]);
  expect(out).toBe(
    [
      'Preflight of stack dev, 2026-11-26 09:00:00 UTC',
      '    account  111122223333, as arn:aws:iam::111122223333:user/ann',
      '    regions  eu-central-1 (primary), eu-central-2 (dr)',
      '',
      'Blockers: the deployment would stop half way (1)',
      '  quota-vpcs',
      '    found    5 vpcs and 1 more',
      '    why      why quota-vpcs matters',
      '    fix      aws mend quota-vpcs',
      '',
      'Not known (1)',
      '  ami-present (blocker): what ami-present looks at',
      '    asked    not allowed',
      '',
      'Warnings: the deployment would succeed (1)',
      '  request-rate-enough',
      '    found    too slow',
      '    why      why request-rate-enough matters',
      '    fix      aws mend request-rate-enough',
      '',
      'Not looked at, because something else has to be mended first',
      '  behind engine-version-offered: instance-class-offered',
      '',
      '5 checks: 1 ok, 2 failed, 2 not known. Not ready: mend the blockers, then look again.',
      '',
    ].join('\n'),
  );
});

test('a program gets every check in one document, and people’s text stays out of it', async () => {
  const { out, err } = await type([ok, blocker], { json: true });
  expect(JSON.parse(out)).toEqual(reportOf([ok, blocker]));
  expect(err).toContain('quota-vpcs');
});

test('colours are for a terminal alone', async () => {
  const escape = '\u001b[';
  expect((await type([ok, blocker])).out).not.toContain(escape);
  expect((await type([ok, blocker], { isTerminal: true })).out).toContain(escape);
});

describe('before AWS is asked', () => {
  const look = jest.fn(() => Promise.reject(new Error('nobody looks')));

  test.each([
    ['', 'preflight takes --stack NAME; stacks with a file: dev, us'],
    ['prod', '--stack prod is not allowed: there is no Pulumi.prod.yaml; stacks with a file: dev, us'],
  ])('stack "%s" is wrong usage, and the right ones are named', async (stack, message) => {
    await expect(type([], { stack, ports: { look } })).rejects.toEqual(new TapError(2, message));
    expect(look).not.toHaveBeenCalled();
  });

  test.each([
    'dist/ was built from other sources: run "npm run build"',
    'drRegion is "eu-central-1"; allowed: another region than primaryRegion',
  ])('a stack that cannot be evaluated is refused in the words of whoever knows: %s', async (says) => {
    const evaluate = () => Promise.reject(new Error(says));
    await expect(type([], { ports: { evaluate, look } })).rejects.toEqual(
      new TapError(3, `stack dev cannot be deployed: ${says}`),
    );
    expect(look).not.toHaveBeenCalled();
  });
});

// As it is typed, with the real program and the real SDK: without credentials, so that nothing leaves this machine but a look-up.
test('runs by its bin entry, and says what to do where there are no credentials', async () => {
  const bin = path.join(ROOT, 'ops', 'tap', 'tap.mjs');
  const { PATH } = process.env;
  const env = { PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' };
  const typed = promisify(execFile)(process.execPath, [bin, 'preflight', '--stack', 'dev'], { cwd: ROOT, env });
  await expect(typed).rejects.toMatchObject({
    code: 4,
    stderr: expect.stringContaining('preflight cannot ask AWS: there are no AWS credentials'),
  });
}, 60_000);
