import type { PlanDocument } from './plan-document';

/** By this line a program knows its own comment again; GitHub does not show it. */
export const MARKER = '<!-- trading-platform: plan and budget -->';

/** What GitHub takes in one comment, in characters. */
export const LONGEST_COMMENT = 65_536;

const CUT = '\n\n(cut: the summary of the job has all of it)';

/**
 * The comment on a pull request: whether the targets are met, the budget, and what the stack consists of. Pure; the same plan
 * gives the same text.
 *
 * @param commit what was planned, in full; undefined outside a pipeline.
 */
export function commentText(plan: PlanDocument, commit: string | undefined): string {
  const text = [
    MARKER,
    `### Stack \`${plan.stack}\`: ${verdict(plan)}`,
    '',
    `${plan.resources} resources${commit === undefined ? '' : `, as of ${commit.slice(0, 12)}`}. Computed from the stack's own resources, ` +
      `given a promotion of Aurora of at most ${plan.budget.promotionAssumed.worst} s; nothing of it was measured in AWS.`,
    ...warnings(plan),
    ...recovery(plan),
    ...misses(plan),
    ...losses(plan),
    ...resources(plan),
  ].join('\n');
  return text.length <= LONGEST_COMMENT ? text : text.slice(0, LONGEST_COMMENT - CUT.length) + CUT;
}

function verdict({ budget }: PlanDocument): string {
  const { misses } = budget;
  if (misses.length === 0) return 'every target is met in the worst case';
  const names = [...new Set(misses.map(({ target }) => target.key))].join(', ');
  return budget.allowed
    ? `misses ${names}, allowed because it is alert-only`
    : `misses ${names}, so it will not deploy`;
}

function warnings({ warnings }: PlanDocument): readonly string[] {
  return warnings.length === 0 ? [] : ['', ...warnings.map((warning) => `> **Warning:** ${inLine(warning)}`)];
}

function recovery({ budget }: PlanDocument): readonly string[] {
  return [
    '',
    '**Time to recover (RTO), seconds**',
    '',
    ...table(
      ['what is lost', 'best', 'expected', 'worst', 'target', 'promotion it still takes'],
      budget.chains.map(({ says, seconds, target, breakEvenPromotion }) => [
        says,
        figure(seconds.best),
        figure(seconds.expected),
        `${figure(seconds.worst)}${seconds.worst > target.seconds ? ' (missed)' : ''}`,
        figure(target.seconds),
        breakEvenPromotion === undefined ? 'none' : figure(breakEvenPromotion),
      ]),
    ),
  ];
}

function losses({ budget }: PlanDocument): readonly string[] {
  return [
    '',
    '**Data loss (RPO), seconds**',
    '',
    ...table(
      ['store', 'best', 'expected', 'worst', 'what bounds it'],
      budget.losses.map(({ store, seconds, bound, strength }) => [
        store,
        figure(seconds.best),
        figure(seconds.expected),
        figure(seconds.worst),
        `${strength}: ${bound}`,
      ]),
    ),
  ];
}

/** Which resources to look at, the greatest share first. */
function misses({ budget }: PlanDocument): readonly string[] {
  return budget.misses.flatMap(({ chain, target, bySeconds, blame }) => [
    '',
    `\`${chain}\` is ${figure(bySeconds)} s above \`${target.key}\`:`,
    ...blame.map(
      ({ name, seconds, properties }) => `- ${figure(seconds)} s from \`${name}\`: ${inLine(properties.join(', '))}`,
    ),
  ]);
}

function resources({ places }: PlanDocument): readonly string[] {
  const rows = places.flatMap(({ place, concerns }) => {
    const byConcern = new Map<string, Map<string, number>>();
    for (const { concern, types } of concerns) {
      const sum = byConcern.get(concern) ?? new Map<string, number>();
      for (const [type, count] of Object.entries(types)) sum.set(type, (sum.get(type) ?? 0) + count);
      byConcern.set(concern, sum);
    }
    return [...byConcern].map(([concern, types]) => [place, concern, countsOf(types)]);
  });
  const counts = places.map(({ place, resources }) => `${place} ${resources}`).join(', ');
  return [
    '',
    `<details><summary>What it consists of: ${counts}</summary>`,
    '',
    ...table(['where', 'concern', 'resources'], rows),
    '',
    '</details>',
  ];
}

function countsOf(types: ReadonlyMap<string, number>): string {
  return [...types]
    .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
    .map(([type, count]) => `${count} ${type}`)
    .join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(inLine).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** One decimal at most, as the plan prints it. */
function figure(seconds: number): string {
  return String(Math.round(seconds * 10) / 10);
}

/** Text of the program's own that must not end a cell or a line, begin HTML or call anybody by @name. */
function inLine(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('@', '@\u200b');
}
