import { errorBudgetOf } from './error-budget';
import { budgetContent, distributionContent, timelineContent, topologyContent } from './html-charts';
import { costContent } from './html-cost';
import type { CostSection } from './html-cost';
import { section } from './html-parts';
import type { Section } from './html-parts';
import { STYLE } from './html-style';
import {
  assumptionsContent,
  countsContent,
  errorBudgetContent,
  fidelityContent,
  packsContent,
  privilegesContent,
  switchoversContent,
} from './html-tables';
import { html, Markup } from './markup';
import type { Content } from './markup';
import { HONESTY, replayCommand } from './report';
import type { RehearsalReport, Replay } from './report';
import { summarise } from './summary';
import type { Summary } from './summary';
import { verdictOf } from './verdict';
import type { Verdict } from './verdict';
import { count, plural, seconds, tenth } from './words';

/** Failures that the page shows in full. */
const SHOWN_FAILURES = 40;

/** One page that loads nothing: style, drawings and numbers are all in it, and no script; pure. */
export function renderHtml(
  report: RehearsalReport,
  { replay = replayCommand, cost }: { readonly replay?: Replay; readonly cost?: CostSection } = {},
): string {
  const summary = summarise(report);
  const verdict = verdictOf(report, summary);
  const sections = [...sectionsOf(report, summary, verdict, replay), ...costSections(cost), ...groundsOf(report)];
  const word = verdict.passed ? 'PASS' : 'FAIL';
  const title = `${word}: rehearsal of ${report.project}/${report.stack}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <header>
          ${headerContent(report, summary, verdict)}
          <nav aria-label="Contents">${sections.map(({ id, title: name }) => html`<a href="#${id}">${name}</a> `)}</nav>
        </header>
        <main>${sections.map(section)}</main>
        <footer><p>${HONESTY}</p></footer>
      </body>
    </html> `;
  return page.text;
}

function sectionsOf(report: RehearsalReport, summary: Summary, verdict: Verdict, replay: Replay): readonly Section[] {
  const { failures } = summary;
  return [
    ...(failures.length > 0
      ? [{ id: 'violations', title: 'Violations', content: failuresContent(summary, replay) }]
      : []),
    { id: 'topology', title: 'What is rehearsed', content: topologyContent(report) },
    { id: 'run', title: 'One run, moment by moment', content: timelineContent(report) },
    { id: 'distribution', title: 'Recovery time of all runs', content: distributionContent(summary) },
    { id: 'budget', title: 'Budget beside measured', content: budgetContent(report, summary) },
    { id: 'scenarios', title: 'Scenarios', content: packsContent(summary, verdict) },
    ...(summary.switchovers.length > 0
      ? [{ id: 'switchovers', title: 'Switchovers and fail-backs', content: switchoversContent(summary) }]
      : []),
    { id: 'counts', title: 'Orders and calls', content: countsContent(report, summary) },
    { id: 'privileges', title: 'Least privilege', content: privilegesContent(report) },
    {
      id: 'error-budget-section',
      title: 'Error budget',
      content: errorBudgetContent(errorBudgetOf(summary.groups, report.budget)),
    },
  ];
}

/** What everything above stands on: long, and last. */
function groundsOf(report: RehearsalReport): readonly Section[] {
  return [
    { id: 'assumptions', title: 'Assumptions', content: assumptionsContent(report) },
    { id: 'fidelity', title: 'What is modelled', content: fidelityContent(report) },
  ];
}

/** Left out where nobody has handed a cost over. */
function costSections(cost: CostSection | undefined): readonly Section[] {
  return cost ? [{ id: 'cost', title: 'What it costs', content: costContent(cost) }] : [];
}

function headerContent(
  { project, stack, regions }: RehearsalReport,
  summary: Summary,
  { passed, reasons }: Verdict,
): Content {
  const { primary, dr, witness } = regions;
  const explained = passed
    ? 'Every run is as it must be, and every target is met.'
    : `${plural(reasons.length, 'reason')}:`;
  return [
    html`<h1>Rehearsal of ${project}/${stack}</h1>`,
    html`<p class="soft">
      ${plural(summary.totals.runs, 'run')} against primary ${primary} and dr
      ${dr}${witness === undefined ? '' : `, witness ${witness}`}. Simulated in virtual time with the real handlers:
      delays of AWS are injected, not measured at AWS.
    </p>`,
    html`<div class="verdict ${passed ? 'pass' : 'fail'}" role="status">
      <b>${passed ? 'PASS' : 'FAIL'}</b> ${explained}${
        reasons.length > 0 &&
        html`<ul>
          ${reasons.map((reason) => html`<li>${reason}</li>`)}
        </ul>`
      }
    </div>`,
    html`<ul class="facts">
      ${facts(summary).map(([value, says, good]) => html`<li><strong class="${good === undefined ? '' : good ? 'good' : 'bad'}">${value}</strong><span>${says}</span></li>`)}
    </ul>`,
  ];
}

type KeyFigure = readonly [value: string, says: string, good?: boolean];

function facts({ groups, mustNot, totals, lost }: Summary): readonly KeyFigure[] {
  const timed = groups
    .filter(({ runClass }) => runClass === 'A')
    .flatMap(({ chain, rto, bound, runs }): readonly KeyFigure[] => {
      if (!rto) return [];
      const target = bound?.target;
      const says = `RTO p99, ${chain}, ${plural(runs, 'run')}${target === undefined ? '' : `; target ${seconds(target)}`}; max ${seconds(rto.max)}`;
      return [[seconds(rto.p99), says, target === undefined ? undefined : rto.max < target] as KeyFigure];
    });
  const unexplained = lost.filter(({ explained }) => !explained).length;
  return [
    ...timed,
    ...(mustNot.runs > 0
      ? [
          [
            count(mustNot.failedOver.length),
            `false failovers in ${plural(mustNot.runs, 'run')} that must stay`,
            mustNot.failedOver.length === 0,
          ] as const,
        ]
      : []),
    [count(totals.doubleWrites), 'double writes', totals.doubleWrites === 0],
    [
      count(lost.length),
      `lost of ${count(totals.acknowledged)} acknowledged; ${count(unexplained)} unexplained`,
      unexplained === 0,
    ],
    [tenth(groups.reduce((most, { rpoMax }) => Math.max(most, rpoMax), 0)) + ' s', 'RPO, oldest lost before the fault'],
  ];
}

function failuresContent({ failures }: Summary, replay: Replay): Content {
  return [
    failures.slice(0, SHOWN_FAILURES).map(
      ({ plan, scenario, seed, runClass, violations }) =>
        html`<h3>${scenario}, seed ${seed}, class ${runClass}</h3>
          <ul class="bad">
            ${violations.map((violation) => html`<li>${violation}</li>`)}
          </ul>
          <p><code>${replay(plan)}</code></p>`,
    ),
    failures.length > SHOWN_FAILURES &&
      html`<p>and ${plural(failures.length - SHOWN_FAILURES, 'more run')}, all of them in the JSON document</p>`,
  ];
}
