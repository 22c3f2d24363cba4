import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { readStack } from '../../analysis/graph/stack-files';
import { main as fillPolicyMain } from '../../ops/pipeline/fill-policy';
import { fillPolicy, parseWords } from '../../ops/pipeline/policy-words';
import { parseConfig } from '../../lib/config';
import { DEPLOY, DESTROY, policyTexts } from './policies';
import { ROOT, workflows, type Job } from './workflow-files';

const page = readFileSync(path.join(ROOT, 'docs/pipelines.md'), 'utf8');

/** A role as the page's commands make it. */
interface Made {
  readonly seconds: number;
  readonly trust: string;
  readonly policies: readonly string[];
  /** The words that its policies were filled with. */
  readonly words: Readonly<Record<string, string>>;
}

let tools = '';
beforeEach(() => {
  tools = mkdtempSync(path.join(tmpdir(), 'setup-'));
});
afterEach(() => rmSync(tools, { recursive: true }));

/** A tool on the PATH that writes down how it was called, one call per \x1e and one argument per \x1f, and answers. */
function recorder(name: string, answer: string): void {
  const file = path.join(tools, name);
  writeFileSync(file, `#!/bin/sh\n{ printf '%s\\037' ${name} "$@"; printf '\\036'; } >>"${tools}/log"\n${answer}\n`);
  chmodSync(file, 0o755);
}

/** Runs the page's own commands in bash, with tools that only write down: what the reader's AWS account would be asked. */
function calls(block: string): readonly (readonly string[])[] {
  // What filling prints stands for the filled policy: which one, and with which words.
  recorder('node', 'shift 2; printf "%s " "$@"');
  recorder('aws', 'case "$*" in *create-policy*) echo "arn:aws:iam::123456789012:policy/$4";; esac');
  // Not with -e: a reader's shell does not have it, and the commands themselves have to stop.
  execFileSync('bash', ['--norc', '-c', block], {
    env: { PATH: `${tools}:/usr/bin:/bin` },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 60_000,
  });
  const log = readFileSync(path.join(tools, 'log'), 'utf8');
  return log
    .split('\x1e')
    .slice(0, -1)
    .map((call) => call.split('\x1f').slice(0, -1));
}

const after = (call: readonly string[], flag: string): string => call[call.indexOf(flag) + 1] ?? '';

function rolesOf(made: readonly (readonly string[])[]): ReadonlyMap<string, Made> {
  const aws = made.filter(([tool]) => tool === 'aws');
  const attached = aws.filter(([, , verb]) => verb === 'attach-role-policy');
  return new Map(
    aws
      .filter(([, , verb]) => verb === 'create-role')
      .map((call) => {
        const role = after(call, '--role-name');
        const policies = attached
          .filter((one) => after(one, '--role-name') === role)
          .map((one) => after(one, '--policy-arn').replace(`arn:aws:iam::123456789012:policy/${role}-`, ''));
        const [trust = '', ...words] = after(call, '--assume-role-policy-document').trim().split(' ');
        return [
          role,
          { seconds: Number(after(call, '--max-session-duration')), trust, policies, words: parseWords(words) },
        ];
      }),
  );
}

const [, block = ''] = /```bash\n([^]*?role pull-requests [^]*?)```/.exec(page) ?? [];

describe('the commands of docs/pipelines.md that make the roles, as they stand there', () => {
  const jobs = workflows.flatMap(({ jobs: of }) => Object.values(of));
  const environments = new Set(
    jobs.flatMap(({ environment, with: given }) => [environment, given['environment']]).filter(isName),
  );

  test('make one role for every environment of the workflows, which admits that environment alone', () => {
    const roles = rolesOf(calls(block));
    expect([...roles.keys()].sort()).toEqual([...environments].map((name) => `pipeline-${name}`).sort());
    for (const [role, { trust, words }] of roles) {
      expect(trust).toBe('trust');
      expect(`pipeline-${words['ENVIRONMENT'] ?? ''}`).toBe(role);
    }
  });

  test('give each the policies and the session of the table above them, and those are the tested ones', () => {
    const roles = rolesOf(calls(block));
    for (const [role, { policies, seconds, words }] of roles) {
      const row = page.split('\n').find((line) => line.includes(`| \`${role}\` `)) ?? '';
      const cells = row.split('|').map((cell) => cell.trim());
      expect(cells[1]).toBe(`\`${words['ENVIRONMENT'] ?? ''}\``);
      expect(cells[3]).toBe(`\`${words['STACK'] ?? ''}\``);
      expect([...(cells[4] ?? '').replace(/\(.*\)/, '').matchAll(/`([\w-]+)`/g)].map(([, name]) => name)).toEqual(
        policies,
      );
      expect(cells[5]).toBe(`${seconds / 3600} h`);
    }
    const of = (environment: string) => roles.get(`pipeline-${environment}`)?.policies;
    expect([of('pull-requests'), of('pull-requests-destroy')]).toEqual([DEPLOY, DESTROY]);
    expect([of('dev'), of('clean-up')]).toEqual([DEPLOY, [...DESTROY, 'clean-up']]);
  });

  test('allow each as long a session as its jobs ask for: AWS refuses a longer one', () => {
    const roles = rolesOf(calls(block));
    const asked = jobs.flatMap((job) => environmentsOf(job).map((name) => [name, secondsOf(job)] as const));
    expect(asked.length).toBeGreaterThanOrEqual(environments.size);
    for (const [name, seconds] of asked) {
      expect([name, roles.get(`pipeline-${name}`)?.seconds]).toEqual([name, expect.any(Number)]);
      expect(roles.get(`pipeline-${name}`)?.seconds).toBeGreaterThanOrEqual(seconds);
    }
  });

  test("fill in regions, domain and secret of the stack's own file", () => {
    for (const { words } of rolesOf(calls(block)).values()) {
      const name = words['STACK'] === 'pr-*' ? 'pr' : (words['STACK'] ?? '');
      const { config, project, stack } = readStack(ROOT, name);
      const { primaryRegion, drRegion, domain, databaseSecretName } = parseConfig(config, { project, stack });
      expect([words['PRIMARY_REGION'], words['DR_REGION'], words['DOMAIN'], words['SECRET_NAME']]).toEqual([
        primaryRegion,
        drRegion,
        domain,
        databaseSecretName,
      ]);
    }
  });

  test('every policy of .github/iam is one of somebody, and all of them are filled to the last word', () => {
    const filled = calls(block)
      .filter(([tool]) => tool === 'node')
      .map(
        ([, , , policy = '', ...words]) => [policy, fillPolicy(policyTexts[policy] ?? '', parseWords(words))] as const,
      );
    expect([...new Set(filled.map(([policy]) => policy))].sort()).toEqual(Object.keys(policyTexts).sort());
    for (const [, text] of filled) expect(() => z.object({}).parse(JSON.parse(text))).not.toThrow();
  });

  test('make nothing of a role whose policies cannot be filled in', () => {
    const broken = block.replace('fill() {', 'fill() { return 1;');
    expect(broken).not.toBe(block);
    expect(calls(`${broken}\naws ended`)).toEqual([['aws', 'ended']]);
  });
});

describe('filling a policy in', () => {
  const WORDS = [
    ...['ACCOUNT_ID=123456789012', 'STACK=pr-*', 'DOMAIN=trading.example.com', 'HOSTED_ZONE_ID=Z1'],
    ...['SECRET_NAME=trading/database+a=b@c', 'OWNER=octo-org'],
  ];

  async function printed(...args: readonly string[]): Promise<string> {
    const lines: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((line: unknown) => void lines.push(String(line)));
    try {
      fillPolicyMain(args);
    } finally {
      log.mockRestore();
    }
    return lines.join('\n');
  }

  test('takes a value with a slash, or anything else that its word allows, as it is', async () => {
    const text = await printed('deploy-by-name', ...WORDS);
    expect(text).toContain('"arn:aws:secretsmanager:*:123456789012:secret:trading/database+a=b@c-*"');
    expect(text).toContain('["pr-*.trading.example.com", "*.pr-*.trading.example.com"]');
    expect(text).toContain('"rds:CreateDBInstance"');
  });

  test.each([
    ['ENVIRONMENT=*', 'ENVIRONMENT is "*"'],
    ['ENVIRONMENT=dev:ref', 'ENVIRONMENT is "dev:ref"'],
    ['OWNER=octo*', 'OWNER is "octo*"'],
    ['OWNER=${aws:username}', 'OWNER is "${aws:username}"'],
    ['STACK=*', 'STACK is "*"; wanted is pr-*, or the name of a stack'],
    ['STACK=pr-*\n', 'STACK is "pr-*\\n"'],
    ['STATE_KEY_ID=alias/pulumi-state', "wanted is the key's id, no alias"],
    ['HOSTED_ZONE_ID=/hostedzone/Z1', 'without /hostedzone/'],
    ['SECRET_NAME=arn:aws:secretsmanager:eu-central-1:123456789012:secret:trading', 'the name and no ARN'],
    ['ACCOUNT_ID=', 'ACCOUNT_ID is ""; wanted is 12 digits'],
    ['ACCOUNT=123456789012', 'there is no word ACCOUNT; there are ACCOUNT_ID, '],
  ])('refuses %s: in a policy it would say something else', async (word, message) => {
    await expect(printed('trust', ...WORDS, word)).rejects.toThrow(message);
  });

  test('names every word that is missing, and prints nothing half filled', async () => {
    await expect(printed('trust', 'ACCOUNT_ID=123456789012', 'OWNER=octo-org')).rejects.toThrow(
      'the policy needs OWNER_ID=... (74), REPOSITORY=... (platform), REPOSITORY_ID=... (74), ENVIRONMENT=... (pull-requests)',
    );
  });

  test('names the policies there are', async () => {
    await expect(printed('../trust')).rejects.toThrow('there is no policy ../trust; there are clean-up, ');
  });
});

function isName(name: unknown): name is string {
  return typeof name === 'string' && !name.includes('${{');
}

/** Those a job runs in: its own, or what it hands to the workflow that it calls. */
function environmentsOf({ environment, with: given }: Job): readonly string[] {
  return [environment, given['environment']].filter(isName);
}

/** How long a session a job asks for; of one that calls a workflow, the longest there. */
function secondsOf({ uses, steps }: Job): number {
  const called = workflows.find(({ file }) => uses === `./${file}`);
  const all = called === undefined ? steps : Object.values(called.jobs).flatMap((job) => job.steps);
  return Math.max(...all.map((step) => Number(step.with['seconds'] ?? 0)));
}
