import { parseConfig } from '../../lib/config';
import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { readStack } from '../../analysis/graph/stack-files';
import { report } from '../../ops/plan';
import { CommandError } from '../../ops/pipeline/command';
import { commentText, LONGEST_COMMENT, MARKER } from '../../ops/pipeline/comment-text';
import { GitHub, keepComment } from '../../ops/pipeline/github';
import { parsePlan, type PlanDocument } from '../../ops/pipeline/plan-document';
import { failed, FakeShell } from './fake-shell';
import { ROOT } from './workflow-files';

const range = (best: number, expected: number, worst: number) => ({ best, expected, worst });
const plan: PlanDocument = {
  stack: 'pr-12',
  resources: 5,
  warnings: [],
  places: [
    {
      place: 'eu-central-1',
      resources: 4,
      concerns: [
        { concern: 'data', types: { Queue: 1, Table: 2 } },
        { concern: 'data', types: { Queue: 1 } },
      ],
    },
    { place: 'global', resources: 1, concerns: [{ concern: 'routing', types: { Record: 1 } }] },
  ],
  budget: {
    promotionAssumed: range(60, 120, 180),
    chains: [
      {
        id: 'region-lost',
        says: 'the region is gone',
        target: { key: 'rtoSeconds', seconds: 300 },
        seconds: range(78, 172.6, 294),
        breakEvenPromotion: 186,
      },
      {
        id: 'processing-alone',
        says: 'nothing is processed',
        target: { key: 'databaseRtoSeconds', seconds: 360 },
        seconds: range(123.9, 228.75, 355.5),
        breakEvenPromotion: 184.5,
      },
    ],
    losses: [{ store: 'database (Aurora)', seconds: range(0, 1, 60), bound: 'the guards', strength: 'enforced' }],
    misses: [],
    allowed: true,
  },
};
const missing: PlanDocument = {
  ...plan,
  budget: {
    ...plan.budget,
    misses: [
      {
        chain: 'region-lost',
        target: { key: 'rtoSeconds', seconds: 200 },
        bySeconds: 94,
        blame: [{ name: 'probe-alarm', seconds: 60, properties: ['period 10', 'evaluationPeriods 3'] }],
      },
    ],
    allowed: false,
  },
};
const commit = '0123456789abcdef0123456789abcdef01234567';

describe('the comment', () => {
  test('begins with the line by which it is known again, and says first whether the targets are met', () => {
    expect(commentText(plan, commit).split('\n').slice(0, 4)).toEqual([
      MARKER,
      '### Stack `pr-12`: every target is met in the worst case',
      '',
      "5 resources, as of 0123456789ab. Computed from the stack's own resources, given a promotion of Aurora of at most 180 s; nothing of it was measured in AWS.",
    ]);
  });

  test('has every chain with its target', () => {
    const text = commentText(plan, commit);
    expect(text).toContain('| the region is gone | 78 | 172.6 | 294 | 300 | 186 |');
    expect(text).toContain('| nothing is processed | 123.9 | 228.8 | 355.5 | 360 | 184.5 |');
  });

  test('says which target is missed, by how much, and where the time goes', () => {
    const text = commentText(missing, commit);
    expect(text).toContain('### Stack `pr-12`: misses rtoSeconds, so it will not deploy');
    expect(text).toContain(
      '`region-lost` is 94 s above `rtoSeconds`:\n- 60 s from `probe-alarm`: period 10, evaluationPeriods 3',
    );
  });

  test('an alert-only stack may miss: it is said and allowed', () => {
    const text = commentText({ ...missing, budget: { ...missing.budget, allowed: true } }, commit);
    expect(text).toContain('misses rtoSeconds, allowed because it is alert-only');
  });

  test('has the data loss per store with what bounds it', () => {
    expect(commentText(plan, commit)).toContain('| database (Aurora) | 0 | 1 | 60 | enforced: the guards |');
  });

  test('counts the resources by place and concern, the most frequent first', () => {
    const text = commentText(plan, commit);
    expect(text).toContain('<details><summary>What it consists of: eu-central-1 4, global 1</summary>');
    expect(text).toContain('| eu-central-1 | data | 2 Queue, 2 Table |\n| global | routing | 1 Record |');
  });

  test('words of the program cannot break the table, begin HTML or call anybody', () => {
    const text = commentText({ ...plan, warnings: ['a|b\n<img src=x> @team'] }, undefined);
    expect(text).toContain('> **Warning:** a\\|b &lt;img src=x> @\u200bteam');
  });

  test('stays within what GitHub takes, and says that it was cut', () => {
    const text = commentText({ ...plan, warnings: Array.from({ length: 2_000 }, () => 'x'.repeat(60)) }, commit);
    expect(text).toHaveLength(LONGEST_COMMENT);
    expect(text).toMatch(/\(cut: the summary of the job has all of it\)$/);
  });

  test('the same plan gives the same text, so that a comment changes only with the plan', () => {
    expect(commentText(structuredClone(plan), commit)).toBe(commentText(plan, commit));
  });
});

describe('what npm start prints', () => {
  test('is read as it is, for the template of the pull requests', async () => {
    const { project, stack, config: raw } = readStack(ROOT, 'pr');
    const config = parseConfig(raw, { project, stack });
    const { text } = report({ graph: await evaluateStack('pr'), config, seconds: 1, json: true });
    const read = parsePlan(text, 'plan.json');
    expect(read.budget.chains.map(({ id }) => id)).toContain('region-lost');
    const comment = commentText(read, commit);
    expect(comment).toContain('every target is met in the worst case');
    expect(comment).toMatch(/\| eu-central-2 \| recovery \| \d+ /);
    expect(comment.length).toBeLessThan(LONGEST_COMMENT / 2);
  });

  test.each([
    ['nothing, because the command failed', '', 'plan.json is empty: "npm start" failed before it had a plan'],
    ['the plan for people', 'stack dev', 'plan.json is not JSON'],
    ['another document', '{"stack":"pr"}', /plan\.json is not a plan:\n {2}resources: /],
  ])('%s is no plan, and says so', (_, text, message) => {
    expect(() => parsePlan(text, 'plan.json')).toThrow(message);
  });
});

describe('one comment is kept up to date', () => {
  const LIST = 'gh api --paginate repos/o/r/issues/12/comments';
  const comment = (id: number, login: string, first: string): string => JSON.stringify({ id, login, first });
  const ours = (id: number): string => comment(id, 'github-actions[bot]', MARKER);
  const waited: number[] = [];
  const keep = (shell: FakeShell): Promise<string> =>
    keepComment(
      new GitHub(shell, 'o/r'),
      { pullRequest: 12, marker: MARKER, body: 'text' },
      async (ms) => void waited.push(ms),
    );

  test('the first push adds it', async () => {
    const shell = new FakeShell([LIST, ''], ['gh api --method POST repos/o/r/issues/12/comments --input -', '{}']);
    await expect(keep(shell)).resolves.toBe('added');
    expect(shell.inputs).toEqual([undefined, '{"body":"text"}']);
  });

  test('the next one replaces it: the oldest, if a race has made two', async () => {
    const shell = new FakeShell(
      [LIST, `${ours(9)}\n${ours(7)}\n`],
      ['gh api --method PATCH repos/o/r/issues/comments/7 --input -', '{}'],
    );
    await expect(keep(shell)).resolves.toBe('replaced');
  });

  test('a person who quotes it, or another bot, keeps their own comment', async () => {
    const others = [
      comment(3, 'jo', MARKER),
      comment(4, 'github-actions[bot]', 'Hello'),
      comment(5, 'other[bot]', MARKER),
    ];
    const shell = new FakeShell([LIST, others.join('\n')], ['gh api --method POST', '{}']);
    await expect(keep(shell)).resolves.toBe('added');
  });

  test('an answer that was lost does not comment twice: every attempt looks again', async () => {
    const shell = new FakeShell(
      [LIST, ''],
      [LIST, ours(7)],
      ['gh api --method POST', failed('timeout')],
      ['gh api --method PATCH', '{}'],
    );
    await expect(keep(shell)).resolves.toBe('replaced');
    expect(waited.at(-1)).toBe(5_000);
  });

  test('three failures are an error with the words of GitHub', async () => {
    const shell = new FakeShell([LIST, failed('HTTP 403: Resource not accessible by integration')]);
    await expect(keep(shell)).rejects.toThrow(CommandError);
    await expect(keep(shell)).rejects.toThrow('HTTP 403: Resource not accessible by integration');
    expect(shell.ran).toHaveLength(6);
  });
});

describe('the open pull requests', () => {
  const LIST = 'gh api --paginate repos/o/r/pulls?state=open';

  test('are read from every page', async () => {
    await expect(new GitHub(new FakeShell([LIST, '12\n3\n']), 'o/r').openPullRequests()).resolves.toEqual(
      new Set([12, 3]),
    );
  });

  test.each(['null', '{"message":"Bad credentials"}'])(
    '%s is not taken for none: every stack would look leaked',
    async (text) => {
      await expect(new GitHub(new FakeShell([LIST, text]), 'o/r').openPullRequests()).rejects.toThrow();
    },
  );
});
