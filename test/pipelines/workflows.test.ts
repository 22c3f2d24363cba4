import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LONGEST_TEAR_DOWN_MS } from '../../ops/pipeline/tear-down';
import { pinned, RULES, secretless } from './rules';
import { actions, readWorkflow, ROOT, workflow, workflows, type WorkflowFile } from './workflow-files';

const { dependencies } = jest.requireActual<{ dependencies: Readonly<Record<string, string>> }>(
  path.join(ROOT, 'package.json'),
);

/** One planted fault per rule: the workflow, what is replaced there, and by what. */
const PLANTED: Readonly<Record<keyof typeof RULES, readonly [file: string, from: string | RegExp, to: string]>> = {
  'every action is pinned by its full commit': ['checks', /@[0-9a-f]{40} # v6\.0\.2/, '@v6'],
  'no secret is used or written down': ['main', 'stack: dev', 'stack: ${{ secrets.STACK }}'],
  "no event lends a stranger's code the base repository's rights": [
    'pull-request',
    'pull_request:',
    'pull_request_target:',
  ],
  'reads and nothing more, where a job does not say otherwise': [
    'drill',
    'permissions:\n  contents: read',
    'permissions:\n  contents: write',
  ],
  'a job that takes credentials writes nothing in GitHub': [
    'drill',
    'id-token: write',
    'id-token: write\n      issues: write',
  ],
  'a job that takes credentials does so in an environment, never beside another one on the same stack': [
    'deploy-stack',
    'cancel-in-progress: false',
    'cancel-in-progress: true',
  ],
  'on a pull request, credentials are for the base repository alone': [
    'pull-request',
    / &&\n {6}github\.event\.pull_request\.head\.repo\.full_name == github\.repository/,
    '',
  ],
  'every job ends by itself, within the life of its credentials': [
    'deploy-stack',
    "seconds: '7200'",
    "seconds: '3600'",
  ],
  'the steps of a job run out of time before it does, because that is a failure and not a cancellation': [
    'deploy-stack',
    'timeout-minutes: 70',
    'timeout-minutes: 90',
  ],
  'a clone keeps no token': ['clean-up', 'persist-credentials: false', 'persist-credentials: true'],
  'no expression stands in a script: values come by the environment': [
    'deploy-stack',
    '--stack "$STACK"',
    '--stack ${{ inputs.stack }}',
  ],
  'a pipe fails with its first command': ['drill', 'shell: bash', 'shell: sh'],
  'a failure is never swallowed, but where the step after it judges': [
    'deploy-stack',
    /(pulumi up .*)$/m,
    '$1 >/dev/null',
  ],
  'calls only what there is, with the inputs it has': [
    'pull-request',
    'environment: pull-requests',
    'enviroment: pull-requests',
  ],
  'runs only programs, scripts and verbs that there are': ['drill', 'npx --no tap drill', 'npx tap drill'],
};

describe.each(Object.entries(RULES))('%s', (rule, check) => {
  test('in every workflow', () => {
    expect(workflows.flatMap((file) => check(file, workflows, actions))).toEqual([]);
  });

  test('and the rule notices a planted fault', () => {
    const [name, from, to] = PLANTED[rule] ?? ['', '', ''];
    const { file, text } = workflow(name);
    const broken = readWorkflow(file, text.replace(from, to));
    expect(broken.text).not.toBe(text);
    expect(check(broken, workflows, actions)).not.toEqual([]);
  });
});

describe('the action that every job with credentials begins with', () => {
  const [prepare] = actions;
  const at = (part: string): number =>
    prepare?.steps.findIndex(({ uses, run }) => (uses ?? run ?? '').includes(part)) ?? -1;

  test('is the only one, is pinned and holds no secret', () => {
    expect(actions.map(({ file }) => file)).toEqual(['.github/actions/prepare/action.yml']);
    expect(actions.flatMap((file) => [...pinned(file), ...secretless(file)])).toEqual([]);
  });

  test('installs packages before there are credentials, so that their scripts see none', () => {
    expect(at('npm ci')).toBeGreaterThanOrEqual(0);
    expect(at('aws-actions/configure-aws-credentials@')).toBeGreaterThan(at('npm ci'));
    expect(at('aws-actions/configure-aws-credentials@')).toBe((prepare?.steps.length ?? 0) - 1);
  });

  test('installs the Pulumi CLI of the version of the SDK, which a newer CLI may refuse', () => {
    const cli = prepare?.steps[at('pulumi/actions@')]?.with['pulumi-version'];
    expect(cli).toBe(dependencies['@pulumi/pulumi']);
  });
});

test('an action has one commit everywhere, so that it is updated everywhere', () => {
  const commits = new Map<string, Set<string>>();
  for (const { text } of [...workflows, ...actions]) {
    for (const [, action = '', commit = ''] of text.matchAll(/uses: ([\w./-]+)@([0-9a-f]{40} # \S+)/g)) {
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    }
  }
  expect([...commits].filter(([, of]) => of.size > 1)).toEqual([]);
  expect([...commits.keys()].sort()).toEqual([
    'actions/checkout',
    'actions/setup-node',
    'actions/upload-artifact',
    'aws-actions/configure-aws-credentials',
    'pulumi/actions',
  ]);
});

describe('the stack of a pull request', () => {
  const { jobs, on } = workflow('pull-request');
  const { jobs: called } = workflow('deploy-stack');

  test('is made by the events that change it, and destroyed by the one that closes', () => {
    expect(on).toEqual({ pull_request: { types: ['opened', 'synchronize', 'reopened', 'closed'] } });
    expect(jobs['deploy']?.if).toMatch(/^github\.event\.action != 'closed' &&/);
    expect(jobs['destroy']?.if).toMatch(/^github\.event\.action == 'closed' &&/);
  });

  test('is deployed and destroyed in one concurrency group, so that the end waits for what is under way', () => {
    const group = called['deploy']?.concurrency?.group.replace(
      '${{ inputs.stack }}',
      String(jobs['deploy']?.with['stack']),
    );
    expect(jobs['destroy']?.concurrency?.group).toBe(group);
    expect(group).toBe('stack-pr-${{ github.event.pull_request.number }}');
  });

  test('is destroyed in an environment of its own, because a merge is not run for a ref of the pull request', () => {
    expect(jobs['deploy']?.with['environment']).toBe('pull-requests');
    expect(jobs['destroy']?.environment).toBe('pull-requests-destroy');
    const page = readFileSync(path.join(ROOT, 'docs/pipelines.md'), 'utf8');
    // "If the pull request was merged, this is the branch it was merged into" (GitHub, github.ref).
    expect(page).toMatch(/^\| `pull-requests-destroy` +\| `refs\/pull\/\*\/merge`, `main`/m);
    expect(page).toMatch(/^\| `pull-requests` +\| `refs\/pull\/\*\/merge` +\|/m);
  });

  test('calls people when it was not destroyed, and not when a deployment took the place of a destroy that waited', () => {
    expect(jobs['alert']).toMatchObject({
      needs: 'destroy',
      if: "always() && needs.destroy.result == 'failure'",
      uses: './.github/workflows/alert.yml',
      permissions: { contents: 'read', issues: 'write' },
    });
  });

  test('is not made again when the pull request was closed while its checks ran', () => {
    const steps = called['deploy']?.steps ?? [];
    const guard = steps.findIndex(({ run }) => run?.includes('"$state" != open'));
    expect(guard).toBeGreaterThanOrEqual(0);
    expect(guard).toBeLessThan(steps.findIndex(({ uses }) => uses === './.github/actions/prepare'));
    expect(jobs['deploy']?.with['pull-request']).toContain('github.event.pull_request.number');
  });

  test('is deployed only after the checks and the plan, which has no credentials', () => {
    expect(jobs['deploy']?.needs).toEqual(['checks', 'plan']);
    expect(jobs['plan']?.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
  });

  test('has the time that two attempts to destroy it may take', () => {
    const minutes = jobs['destroy']?.steps.find(({ run }) => run?.includes('destroy-stack.ts'))?.['timeout-minutes'];
    expect(minutes).toBeGreaterThan(LONGEST_TEAR_DOWN_MS / 60_000);
  });
});

test('a deployment looks first, deploys, and proves what it has deployed', () => {
  const steps = workflow('deploy-stack').jobs['deploy']?.steps.flatMap(({ run }) => run ?? []) ?? [];
  expect(steps.slice(-7)).toEqual([
    'node scripts/run.mjs ops/pipeline/select-stack.ts --stack "$STACK"',
    'npx --no tap preflight --stack "$STACK"',
    'pulumi preview --non-interactive --stack "$STACK"',
    'pulumi up --yes --skip-preview --non-interactive --stack "$STACK"',
    'npm run outputs -- --stack "$STACK"',
    'npm run migrate',
    'npm run test:integration',
  ]);
});

test('main deploys dev first, and the others only after it and behind their own environment', () => {
  const { jobs } = workflow('main');
  expect(jobs['dev']?.with).toEqual({ stack: 'dev', environment: 'dev' });
  expect([jobs['dev']?.needs, jobs['us']?.needs]).toEqual(['checks', 'dev']);
  expect(jobs['us']?.with).toEqual({ stack: 'us', environment: 'us' });
});

describe('the drill', () => {
  const { jobs, on } = workflow('drill');
  const steps = jobs['drill']?.steps ?? [];

  test('is weekly and by hand, and shares its group with the deployments of the stack', () => {
    expect(Object.keys(on).sort()).toEqual(['schedule', 'workflow_dispatch']);
    expect(jobs['drill']?.concurrency?.group).toBe("stack-${{ inputs.stack || 'dev' }}");
  });

  test('acts as an operator, whose role is taken anew every hour, with no right of its own', () => {
    const profile = steps.findIndex(({ run }) => run?.includes('profile.operator.role_arn "$role"'));
    const drill = steps.find(({ run }) => run?.includes('npx --no tap drill'));
    expect(profile).toBeGreaterThan(steps.findIndex(({ uses }) => uses === './.github/actions/prepare'));
    expect(steps.findIndex((step) => step === drill)).toBeGreaterThan(profile);
    expect(drill?.env).toEqual({ AWS_PROFILE: 'operator' });
  });

  test("is confirmed by the stack's name, as every switchover, and reads the outputs from their file", () => {
    const drill = steps.find(({ run }) => run?.includes('npx --no tap drill'));
    expect(drill?.run).toContain('npx --no tap drill --confirm "$STACK" --report drill/report.json --json');
    expect(drill?.run).not.toContain('--stack');
  });

  test('leaves its report and calls people, also when it has failed or was stopped', () => {
    expect(steps.at(-1)).toMatchObject({ if: 'always()', with: { path: 'drill/' } });
    expect(jobs['alert']).toMatchObject({ needs: 'drill', uses: './.github/workflows/alert.yml' });
    expect(jobs['alert']?.if).toContain('["failure", "cancelled"]');
  });
});

test('the clean-up destroys by schedule, and by hand only when it is told to', () => {
  const step = workflow('clean-up').jobs['clean-up']?.steps.at(-1);
  expect(step?.env['MODE']).toBe(
    "${{ (github.event_name == 'schedule' || inputs.destroy) && '--destroy' || '--dry-run' }}",
  );
  expect(step?.run).toBe('node scripts/run.mjs ops/pipeline/clean-up.ts "$MODE"');
});

test('docs/pipelines.md names every workflow, environment and variable', () => {
  const page = readFileSync(path.join(ROOT, 'docs/pipelines.md'), 'utf8');
  const environments = workflows.flatMap(({ jobs }) =>
    Object.values(jobs).flatMap((job) => [job.environment, job.with['environment']]),
  );
  const variables = workflows.flatMap(({ text }) => [...text.matchAll(/vars\.(\w+)/g)].map(([, name]) => name));
  const names = [...workflows.map(({ file }: WorkflowFile) => path.basename(file)), ...environments, ...variables]
    .filter((name) => name !== undefined && !String(name).includes('${{'))
    .map((name) => `\`${String(name)}\``);
  expect([...new Set(names)].filter((name) => !page.includes(name))).toEqual([]);
});
