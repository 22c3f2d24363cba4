import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { shell } from './command';
import { commentText, MARKER } from './comment-text';
import { GitHub, keepComment } from './github';
import { parsePlan } from './plan-document';

const USAGE = `usage: node scripts/run.mjs ops/pipeline/plan-comment.ts --plan FILE [--pull-request NUMBER]

For pipelines: says what a pull request deploys, and its RTO and RPO budget: in the job's summary and, with a number, in one
comment that is kept up to date. Fails, after it has said so, when a target is missed.
  --plan FILE            what "npm start --silent -- --stack NAME --json --runs 0" has printed
  --pull-request NUMBER  where to comment; absent or empty: nowhere, because a fork's token may not
  --commit SHA           what was planned

environment: GITHUB_REPOSITORY and GITHUB_STEP_SUMMARY as GitHub sets them; GH_TOKEN to comment`;

/** @throws Error when the plan is unreadable or misses a target; CommandError when GitHub does not take the comment. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      plan: { type: 'string' },
      'pull-request': { type: 'string', default: '' },
      commit: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (values.plan === undefined) throw new Error(`--plan is missing\n${USAGE}`);
  const pullRequest = numberFrom(values['pull-request']);
  const plan = parsePlan(readFileSync(values.plan, 'utf8'), values.plan);
  const text = commentText(plan, values.commit);
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') appendFileSync(summary, `${text}\n`);
  else console.log(text);
  if (pullRequest !== undefined) {
    const repository = process.env['GITHUB_REPOSITORY'];
    if (repository === undefined || repository === '') throw new Error('GITHUB_REPOSITORY is not set: OWNER/NAME');
    const github = new GitHub(shell, repository);
    const done = await keepComment(github, { pullRequest, marker: MARKER, body: text }, (ms) => wait(ms));
    console.log(`comment on pull request ${pullRequest} ${done}`);
  }
  if (!plan.budget.allowed)
    throw new Error(`stack ${plan.stack} misses a target in the worst case; the comment says which`);
}

function numberFrom(text: string): number | undefined {
  if (text === '') return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`--pull-request is ${text}; allowed are the numbers of pull requests`);
}
