import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main as cleanUp } from '../../ops/pipeline/clean-up';
import { main as destroyStack } from '../../ops/pipeline/destroy-stack';
import { main as planComment } from '../../ops/pipeline/plan-comment';
import { main as selectStack } from '../../ops/pipeline/select-stack';

/** The programs as a workflow calls them, with tools on the PATH that answer from a file and nothing else. */
let tools = '';
/** Where the shell and its cat are. */
let system = '';
beforeEach(() => {
  system = '/usr/bin:/bin';
  tools = mkdtempSync(path.join(tmpdir(), 'tools-'));
});
afterEach(() => rmSync(tools, { recursive: true }));

/** Puts a tool there: what it prints, and its exit code. A tool that is not there fails the command. */
function tool(name: string, prints: string, code = 0): void {
  script(name, `cat <<'END'\n${prints}\nEND\nexit ${code}`);
}

/** Puts a tool there that does what a shell script says; `$*` is how it was called. */
function script(name: string, lines: string): void {
  const file = path.join(tools, name);
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
}

/** The AWS CLI: the keys of the state, below the prefix that it is asked for, and the tagged resources. */
function aws(keys: Readonly<Record<string, string>>, tagged: string, taggedCode = 0): void {
  const of = (prefix: string): string => {
    const found = Object.entries(keys).filter(([key]) => key.startsWith(prefix));
    return JSON.stringify({ keys: found.length === 0 ? null : found.map(([key, at]) => ({ key, at })) });
  };
  const asked = ['pr-', 'pr-7.json', 'pr-8.json', 'pr-99.json'].map((name) => `.pulumi/stacks/tap/${name}`);
  script(
    'aws',
    [
      'case "$*" in',
      ...asked.map((prefix) => `"s3api list-objects-v2 --bucket state --prefix ${prefix} "*) echo '${of(prefix)}';;`),
      `"s3api list-objects-v2 --bucket state --prefix .pulumi/locks/organization/tap/"*) echo '{"keys":null}';;`,
      `resourcegroupstaggingapi*) cat <<'END'\n${tagged}\nEND\nexit ${taggedCode};;`,
      '*) echo "nobody expected: aws $*" >&2; exit 9;;',
      'esac',
    ].join('\n'),
  );
}

const PROGRAMS = {
  'clean-up': cleanUp,
  'destroy-stack': destroyStack,
  'plan-comment': planComment,
  'select-stack': selectStack,
};

/** Runs it in this process; an error is what scripts/run.mjs would print before it ends with exit code 1. */
async function run(
  program: keyof typeof PROGRAMS,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const before = { ...process.env };
  Object.assign(process.env, {
    PATH: `${tools}:${system}`,
    GITHUB_REPOSITORY: 'octo-org/platform',
    GITHUB_STEP_SUMMARY: '',
    PULUMI_BACKEND_URL: 's3://state?region=eu-west-1&awssdk=v2',
    PULUMI_SECRETS_PROVIDER: 'awskms://alias/pulumi-state?region=eu-west-1',
  });
  const out: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: unknown) => void out.push(`${String(line)}\n`));
  try {
    await PROGRAMS[program](args);
    return { code: 0, out: out.join(''), err: '' };
  } catch (error) {
    return { code: 1, out: out.join(''), err: error instanceof Error ? error.message : String(error) };
  } finally {
    log.mockRestore();
    process.env = before;
  }
}

const OLD = '2020-01-01T00:00:00+00:00';
const STACKS = { '.pulumi/stacks/tap/pr-7.json': OLD, '.pulumi/stacks/tap/pr-8.json': OLD };
const TAGGED =
  '{"ResourceTagMappingList":[{"ResourceARN":"arn:aws:sqs:eu-central-1:123456789012:orders-pr-3","Tags":[{"Key":"EnvironmentSuffix","Value":"pr-3"}]}]}';

describe('clean-up', () => {
  test('a dry run prints the plan and a warning for GitHub, and destroys nothing', async () => {
    aws(STACKS, TAGGED);
    tool('gh', '8');
    const { code, out } = await run('clean-up', '--dry-run');
    expect(out.replace(/update \d+ h/, 'update N h').split('\n')).toEqual([
      'leaked, to be destroyed: 1',
      '  pr-7: its pull request is not open; last update N h ago',
      'left alone: 1',
      '  pr-8: its pull request is open',
      'resources without a stack, for a person to look at (docs/pipelines.md, "Resources without a stack"):',
      '  pr-3: 1',
      '    arn:aws:sqs:eu-central-1:123456789012:orders-pr-3',
      '::warning::1 resources of pr-3 belong to no stack',
      'dry run: nothing was destroyed',
      '',
    ]);
    expect(code).toBe(0);
  });

  test('a region that could not be asked fails the job by name, after everything else was done', async () => {
    aws(STACKS, 'Could not connect to the endpoint URL', 255);
    tool('gh', '8');
    const { code, out, err } = await run('clean-up', '--dry-run');
    expect([code, out.includes('dry run: nothing was destroyed')]).toEqual([1, true]);
    expect(err).toContain('not asked for tags: eu-central-2: "aws resourcegroupstaggingapi get-resources');
  });

  test('without the list of open pull requests nothing is decided: every stack would look leaked', async () => {
    aws(STACKS, TAGGED);
    tool('gh', 'HTTP 503', 1);
    const { code, out, err } = await run('clean-up', '--destroy');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('HTTP 503');
  });

  test('a pull request that is opened while the plan is made keeps its stack, and the job does not fail for it', async () => {
    aws(STACKS, TAGGED);
    // None is open at first; the second question is asked just before the first stack is destroyed.
    script('gh', `if [ -e "${tools}/asked" ]; then echo 7; echo 8; fi; : >"${tools}/asked"`);
    tool('pulumi', 'nobody expected pulumi', 1);
    const { code, out } = await run('clean-up', '--destroy');
    expect(code).toBe(0);
    expect(out.split('\n').slice(-5)).toEqual([
      'pr-7: left alone after all: its pull request is open',
      'pr-8: left alone after all: its pull request is open',
      'destroyed: none',
      'left alone after all: pr-7, pr-8',
      '',
    ]);
  });

  test.each([
    [[], 'give either --dry-run or --destroy'],
    [['--dry-run', '--destroy'], 'give either --dry-run or --destroy'],
    [['--dry-run', '--hours', '6'], '--hours is 6; allowed are whole numbers from 7 on'],
  ])('%j is refused before anything is asked', async (args, message) => {
    const { code, err } = await run('clean-up', ...args);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});

describe('destroy-stack', () => {
  test.each(['dev', 'pr', '../pr-1'])('takes no other stack than that of a pull request: %s', async (stack) => {
    const { code, err } = await run('destroy-stack', '--stack', stack);
    expect(code).toBe(1);
    expect(err).toContain(`--stack is ${stack}; allowed are the stacks of pull requests, pr-NUMBER`);
  });

  test('a pull request that was closed before it had a stack is no failure', async () => {
    aws(STACKS, '');
    expect(await run('destroy-stack', '--stack', 'pr-99')).toMatchObject({
      code: 0,
      out: 'there is no stack pr-99: nothing to destroy\n',
    });
  });

  test('a state that does not answer never passes for one without the stack', async () => {
    tool('aws', 'An error occurred (AccessDenied) when calling the ListObjectsV2 operation', 254);
    const { code, err } = await run('destroy-stack', '--stack', 'pr-99');
    expect([code, err.includes('AccessDenied')]).toEqual([1, true]);
  });

  test('without the AWS CLI it says so', async () => {
    system = '/nonexistent';
    const { err } = await run('destroy-stack', '--stack', 'pr-99');
    expect(err).toContain('aws is not on the PATH');
  });
});

test('select-stack takes no name that is not a stack file’s', async () => {
  const { code, err } = await run('select-stack', '--stack', '../../elsewhere', '--file-only');
  expect(code).toBe(1);
  expect(err).toContain('--stack is ../../elsewhere; allowed are pr-NUMBER, dev, local, pr, us');
});

test('plan-comment fails on a plan that is not one, so that no empty comment replaces a good one', async () => {
  const plan = path.join(tools, 'plan.json');
  writeFileSync(plan, '');
  const { code, err } = await run('plan-comment', '--plan', plan, '--pull-request', '12');
  expect(code).toBe(1);
  expect(err).toContain('is empty: "npm start" failed before it had a plan');
});
