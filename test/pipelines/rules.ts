import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, type ActionFile, type Job, type Step, type WorkflowFile } from './workflow-files';

/** What a rule finds wrong in one file, each as a sentence. */
export type Rule = (
  file: WorkflowFile,
  all: readonly WorkflowFile[],
  actions: readonly ActionFile[],
) => readonly string[];

/** The verbs of the operator's command. */
const VERBS = [
  ...['preflight', 'outputs', 'status', 'failover', 'switchover', 'failback', 'resume', 'abort', 'reconcile', 'drill'],
  ...['pre-destroy', 'freeze', 'unfreeze', 'evidence'],
];

/** What only a trusted run of the base repository may be: a fork's, and Dependabot's unreviewed code, are not. */
const TRUSTED = [
  'github.event.pull_request.head.repo.full_name == github.repository',
  "github.event.pull_request.user.login != 'dependabot[bot]'",
];

const jobsOf = ({ jobs }: WorkflowFile): readonly (readonly [string, Job])[] => Object.entries(jobs);
const stepsOf = (file: WorkflowFile): readonly Step[] => jobsOf(file).flatMap(([, { steps }]) => steps);
const takesCredentials = ({ permissions }: Job): boolean => permissions?.['id-token'] === 'write';
const callOf = ({ uses }: Job): string | undefined => (uses?.startsWith('./') === true ? uses.slice(2) : undefined);

/** By text and not by structure, so that nothing escapes by standing in an unusual place; the version is for the reader. */
export function pinned({ file, text }: Pick<WorkflowFile, 'file' | 'text'>): readonly string[] {
  return [...text.matchAll(/^\s*(?:- )?uses:\s*(.+)$/gm)]
    .map(([, used = '']) => used.trim())
    .filter((used) => !used.startsWith('./'))
    .filter((used) => !/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used))
    .map((used) => `${file}: ${used} is not pinned by commit with its version beside it`);
}

/** No keys and no account: neither written out, nor as a secret of GitHub, nor handed on. */
export function secretless({ file, text }: Pick<WorkflowFile, 'file' | 'text'>): readonly string[] {
  const forbidden: readonly (readonly [RegExp, string])[] = [
    [/secrets\s*[.[:]/, 'a secret of GitHub'],
    [/\b(AKIA|ASIA)[0-9A-Z]{12,}/, 'a key of AWS'],
    [/aws-(secret-)?access-key|AWS_(SECRET_)?ACCESS_KEY/, 'a long-lived key'],
    [/PASSPHRASE|PULUMI_ACCESS_TOKEN/, 'a passphrase or token'],
    [/arn:aws:/, 'an ARN'],
    [/\b\d{12}\b/, 'an account'],
  ];
  return forbidden.filter(([form]) => form.test(text)).map(([, what]) => `${file} holds ${what}`);
}

export const RULES: Readonly<Record<string, Rule>> = {
  'every action is pinned by its full commit': pinned,

  'no secret is used or written down': secretless,

  "no event lends a stranger's code the base repository's rights": ({ file, on }) =>
    ['pull_request_target', 'workflow_run', 'issue_comment']
      .filter((event) => event in on)
      .map((event) => `${file} runs on ${event}`),

  'reads and nothing more, where a job does not say otherwise': ({ file, permissions }) =>
    JSON.stringify(permissions) === '{"contents":"read"}'
      ? []
      : [`${file} has ${JSON.stringify(permissions)} at the top`],

  'a job that takes credentials writes nothing in GitHub': (file) =>
    jobsOf(file).flatMap(([name, { permissions = {} }]) => {
      const writes = Object.entries(permissions).filter(([, right]) => right === 'write');
      const alone =
        writes.length <= 1 && writes.every(([what]) => ['id-token', 'pull-requests', 'issues'].includes(what));
      return alone ? [] : [`${file.file}: ${name} may write ${writes.map(([what]) => what).join(', ')}`];
    }),

  'a job that takes credentials does so in an environment, never beside another one on the same stack': (file) =>
    jobsOf(file)
      .filter(([, job]) => takesCredentials(job) && callOf(job) === undefined)
      .flatMap(([name, { environment, concurrency }]) => [
        ...(environment === undefined ? [`${file.file}: ${name} has no environment`] : []),
        ...(concurrency === undefined ? [`${file.file}: ${name} has no concurrency group`] : []),
        ...(concurrency?.['cancel-in-progress'] === true ? [`${file.file}: ${name} may be cancelled at work`] : []),
      ]),

  'on a pull request, credentials are for the base repository alone': (file) =>
    'pull_request' in file.on
      ? jobsOf(file)
          .filter(([, job]) => takesCredentials(job))
          .filter(([, job]) => !TRUSTED.every((condition) => job.if?.includes(`&& ${condition}`) === true))
          .map(([name]) => `${file.file}: ${name} takes credentials for a fork or for Dependabot`)
      : [],

  'every job ends by itself, within the life of its credentials': (file) =>
    jobsOf(file)
      .filter(([, job]) => callOf(job) === undefined)
      .flatMap(([name, { steps, ...job }]) => {
        const minutes = job['timeout-minutes'];
        if (minutes === undefined) return [`${file.file}: ${name} has no time-out`];
        const lives = steps
          .filter(({ uses }) => uses?.endsWith('/prepare'))
          .map((step) => Number(step.with['seconds']) / 60);
        return lives.some((life) => life < minutes) ? [`${file.file}: ${name} outlives its credentials`] : [];
      }),

  'the steps of a job run out of time before it does, because that is a failure and not a cancellation': (file) =>
    jobsOf(file)
      .filter(([, job]) => takesCredentials(job) && callOf(job) === undefined)
      .flatMap(([name, { steps, ...job }]) => {
        const sum = steps.reduce((minutes, step) => minutes + (step['timeout-minutes'] ?? 0), 0);
        return sum > 0 && sum < (job['timeout-minutes'] ?? 0)
          ? []
          : [`${file.file}: the steps of ${name} take ${sum} min`];
      }),

  'a clone keeps no token': (file) =>
    stepsOf(file)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'))
      .filter((step) => step.with['persist-credentials'] !== false)
      .map(() => `${file.file}: a checkout keeps its token`),

  'no expression stands in a script: values come by the environment': (file) =>
    stepsOf(file)
      .filter(({ run }) => run?.includes('${{'))
      .map(({ run }) => `${file.file}: ${run ?? ''}`),

  'a pipe fails with its first command': (file) =>
    stepsOf(file).some(({ run }) => run !== undefined) && file.shell !== 'bash'
      ? [`${file.file} has scripts and not the shell bash, which sets pipefail`]
      : [],

  'a failure is never swallowed, but where the step after it judges': (file) => [
    ...stepsOf(file)
      .filter((step) => step['continue-on-error'] && step.name !== 'plan and budget')
      .map(({ name }) => `${file.file}: ${name ?? ''} may fail unnoticed`),
    ...stepsOf(file)
      .filter(({ run }) => /\|\|\s*(true|:)|pulumi (up|destroy)[^\n]*[|>]/.test(run ?? ''))
      .map(({ run }) => `${file.file}: ${run ?? ''} hides a failure or its reason`),
  ],

  'calls only what there is, with the inputs it has': (file, all, actions) => [
    ...jobsOf(file).flatMap(([name, job]) => callProblems(file, name, job, all)),
    ...stepsOf(file)
      .filter(({ uses }) => uses?.startsWith('./'))
      .flatMap(({ uses = '', with: given }) => {
        const action = actions.find((one) => one.file === `${uses.slice(2)}/action.yml`);
        return action
          ? inputProblems(`${file.file}: ${uses}`, action.inputs, given)
          : [`${file.file}: there is no ${uses}`];
      }),
  ],

  'runs only programs, scripts and verbs that there are': (file) =>
    stepsOf(file).flatMap(({ run = '' }) => scriptProblems(run).map((problem) => `${file.file}: ${problem}`)),
};

function callProblems(file: WorkflowFile, name: string, job: Job, all: readonly WorkflowFile[]): readonly string[] {
  const called = callOf(job);
  if (called === undefined) return [];
  const target = all.find((one) => one.file === called);
  const form = target?.on['workflow_call'];
  if (target === undefined || form === undefined)
    return [`${file.file}: ${name} calls ${called}, which takes no calls`];
  const inputs: unknown = Object(form)['inputs'] ?? {};
  const wanted = Object.entries(target.jobs).flatMap(([, { permissions = {} }]) => Object.entries(permissions));
  const rank = ['none', 'read', 'write'];
  const granted = job.permissions ?? file.permissions;
  return [
    ...inputProblems(`${file.file}: ${name}`, Object(inputs), job.with),
    ...wanted
      .filter(([what, right]) => rank.indexOf(granted[what] ?? 'none') < rank.indexOf(right))
      .map(([what, right]) => `${file.file}: ${name} does not hand on ${what}: ${right}`),
  ];
}

function inputProblems(
  who: string,
  inputs: Readonly<Record<string, { readonly required?: boolean }>>,
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  return [
    ...Object.keys(given)
      .filter((name) => !(name in inputs))
      .map((name) => `${who} has no input ${name}`),
    ...Object.entries(inputs)
      .filter(([name, { required = false }]) => required && !(name in given))
      .map(([name]) => `${who} needs the input ${name}`),
  ];
}

const { scripts } = jest.requireActual<{ scripts: Readonly<Record<string, string>> }>(path.join(ROOT, 'package.json'));

function scriptProblems(run: string): readonly string[] {
  const found = (form: RegExp): readonly string[] => [...run.matchAll(form)].map(([, name = '']) => name);
  return [
    ...found(/npm run (?:--silent )?([\w:-]+)/g)
      .filter((name) => !(name in scripts))
      .map((name) => `there is no script ${name}`),
    ...found(/node scripts\/run\.mjs (\S+)/g)
      .concat(found(/^(\.ci\/\S+)/gm))
      .filter((name) => !existsSync(path.join(ROOT, name)))
      .map((name) => `there is no file ${name}`),
    // Without --no a package of the registry that happens to be called tap would be fetched and run.
    ...found(/npx (.*)/g)
      .filter((rest) => !VERBS.some((verb) => `${rest} `.startsWith(`--no tap ${verb} `)))
      .map((rest) => `npx ${rest} is not a verb of our own command`),
  ];
}
