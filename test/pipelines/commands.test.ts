import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main as cleanUp } from '../../ops/pipeline/clean-up';
import { main as destroyStack } from '../../ops/pipeline/destroy-stack';
import { main as planComment } from '../../ops/pipeline/plan-comment';
import { main as selectStack } from '../../ops/pipeline/select-stack';

/** The programs as a workflow calls them, with tools on the PATH that answer from a file and nothing else. */
let tools = '';
beforeEach(() => {
  tools = mkdtempSync(path.join(tmpdir(), 'tools-'));
});
afterEach(() => rmSync(tools, { recursive: true }));

/** Puts a tool there: what it prints, and its exit code. A tool that is not there fails the command. */
function tool(name: string, prints: string, code = 0): void {
  const file = path.join(tools, name);
  writeFileSync(file, `#!/bin/sh\ncat <<'END'\n${prints}\nEND\nexit ${code}\n`);
  chmodSync(file, 0o755);
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
    PATH: `${tools}:/usr/bin:/bin`,
    GITHUB_REPOSITORY: 'octo-org/platform',
    GITHUB_STEP_SUMMARY: '',
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

const STACKS =
  '[{"name":"dev","lastUpdate":"2020-01-01T00:00:00.000Z"},{"name":"pr-7","lastUpdate":"2020-01-01T00:00:00.000Z"},{"name":"pr-8","lastUpdate":"2020-01-01T00:00:00.000Z"}]';
const TAGGED =
  '{"ResourceTagMappingList":[{"ResourceARN":"arn:aws:sqs:eu-central-1:123456789012:orders-pr-3","Tags":[{"Key":"EnvironmentSuffix","Value":"pr-3"}]}]}';

describe('clean-up', () => {
  test('a dry run prints the plan and a warning for GitHub, and destroys nothing', async () => {
    tool('pulumi', STACKS);
    tool('gh', '8');
    tool('aws', TAGGED);
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
    tool('pulumi', STACKS);
    tool('gh', '8');
    tool('aws', 'Could not connect to the endpoint URL', 255);
    const { code, out, err } = await run('clean-up', '--dry-run');
    expect([code, out.includes('dry run: nothing was destroyed')]).toEqual([1, true]);
    expect(err).toContain('not asked for tags: eu-central-2: "aws resourcegroupstaggingapi get-resources');
  });

  test('without the list of open pull requests nothing is decided: every stack would look leaked', async () => {
    tool('pulumi', STACKS);
    tool('gh', 'HTTP 503', 1);
    tool('aws', TAGGED);
    const { code, out, err } = await run('clean-up', '--destroy');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('HTTP 503');
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
    tool('pulumi', STACKS);
    expect(await run('destroy-stack', '--stack', 'pr-99')).toMatchObject({
      code: 0,
      out: 'there is no stack pr-99: nothing to destroy\n',
    });
  });

  test('without the Pulumi CLI it says so', async () => {
    const { err } = await run('destroy-stack', '--stack', 'pr-99');
    expect(err).toContain('pulumi is not on the PATH');
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
