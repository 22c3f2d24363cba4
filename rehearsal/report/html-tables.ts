import type { ModelledBehaviour } from '../aws/fidelity';
import { ERROR_BUDGET_HONESTY } from './error-budget';
import type { ErrorBudget } from './error-budget';
import { firstOf, folded, note, tableOf } from './html-parts';
import type { Column } from './html-parts';
import { html } from './markup';
import type { Content } from './markup';
import { deniedText, unusedText } from './privileges';
import type { RehearsalReport } from './report';
import type { Summary } from './summary';
import { errorBudgetSvg } from './svg-error-budget';
import type { Verdict } from './verdict';
import { count, crashesText, percent, plural, seconds, tenth } from './words';

/** Rows of one table; what is beyond is said. */
const SHOWN = 120;

const columns = (...heads: readonly string[]): readonly Column[] =>
  heads.map((head) => (head.startsWith('#') ? { head: head.slice(1), kind: 'number' } : { head }));

export function packsContent({ packs, mustNot }: Summary, { notShown }: Verdict): Content {
  return [
    mustNot.runs > 0 &&
      html`<p class="${mustNot.failedOver.length === 0 ? 'good' : 'bad'}">
        ${plural(mustNot.failedOver.length, 'false failover')} in ${plural(mustNot.runs, 'run')} that must not fail
        over.
      </p>`,
    packs.filter(({ runs }) => runs > 0).map(packContent),
    notShown.length > 0 &&
      html`<h3>Not shown by these runs</h3>
        <ul>
          ${notShown.map((line) => html`<li>${line}</li>`)}
        </ul>`,
    notRunContent(packs),
  ];
}

function packContent({ name, says, runs, passed, scenarios }: Summary['packs'][number]): Content {
  const played = scenarios.filter((one) => one.runs > 0);
  return [
    html`<h3>${name}: ${count(passed)} of ${plural(runs, 'run')} passed</h3>
      ${note(says)}`,
    firstOf(played, SHOWN, (shown) =>
      tableOf(
        `Scenarios of ${name}`,
        columns('scenario', 'result', '#runs', '#passed', '#failed over', '#RTO p50', '#RTO max'),
        shown.map((one) => ({
          cells: [
            one.scenario,
            one.failed > 0 ? `FAIL, ${count(one.failed)}` : 'pass',
            count(one.runs),
            count(one.passed),
            count(one.failedOver),
            one.rto ? seconds(one.rto.p50) : '–',
            one.rto ? seconds(one.rto.max) : '–',
          ],
          bad: one.failed > 0,
        })),
      ),
    ),
  ];
}

/** By name: a scenario that nobody ran has no figures. */
function notRunContent(packs: Summary['packs']): Content {
  const notRun = packs
    .map(({ name, scenarios }) => ({ name, scenarios: scenarios.filter(({ runs }) => runs === 0) }))
    .filter(({ scenarios }) => scenarios.length > 0);
  if (notRun.length === 0) return [];
  return folded(
    'The scenarios that were not run',
    html`<ul>
      ${notRun.map(({ name, scenarios }) => html`<li>${name}: ${scenarios.map(({ scenario }) => scenario).join(', ')}</li>`)}
    </ul>`,
  );
}

/** Planned changes of the active region (X6); nothing where there was none. */
export function switchoversContent({ switchovers }: Summary): Content {
  const figure = (value: number | undefined): string => (value === undefined ? '–' : seconds(value));
  return [
    note(
      'Pause: nobody can write, from the claim to the first commit in the new region. Through: from the request to the first good order that a client sent through the new region.',
    ),
    tableOf(
      'Switchovers that were carried out',
      columns('scenario', 'to', '#runs', '#lost', '#pause p50', '#pause max', '#through p50', '#through max'),
      switchovers.map(({ scenario, region, runs, lost, redone, pause, through }) => ({
        cells: [
          scenario,
          region,
          count(runs),
          count(lost + redone),
          figure(pause?.p50),
          figure(pause?.max),
          figure(through?.p50),
          figure(through?.max),
        ],
        bad: lost + redone > 0,
      })),
    ),
  ];
}

export function countsContent(
  { measured }: RehearsalReport,
  { totals, lost, unaccounted, expiredInA }: Summary,
): Content {
  const { runs, fates } = totals;
  const perRun = (value: number): string => (runs === 0 ? '–' : count(Math.round(value / runs)));
  const row = (name: string, value: number, says: string, bad = false) => ({
    cells: [name, count(value), perRun(value), says],
    bad,
  });
  return [
    tableOf('Sums of all runs', columns('what', '#in all', '#a run', 'meaning'), [
      row('submissions', totals.submissions, 'orders and payments that clients sent'),
      row('acknowledged', totals.acknowledged, 'promised to a client; each is followed to its end'),
      row('processed', fates.processed, 'one effect in the surviving region, in time'),
      row('delayed', fates.delayed, 'longer than a client waits, and one effect'),
      row('expired', fates.expired, 'reported as expired, never executed', expiredInA.length > 0),
      row('redone', fates.redone, 'lost with the old writer and executed again; one effect stands'),
      row('late', fates.late, 'reappeared when the lost region returned'),
      row('waiting', fates.waiting, 'sent in the last two minutes, or no region was active at the end'),
      row(
        'lost',
        fates.lost,
        'acknowledged, and no effect',
        lost.some(({ explained }) => !explained),
      ),
      row('duplicated', totals.doubleWrites, 'double writes', totals.doubleWrites > 0),
      row('SDK calls', totals.sdkCalls, 'real clients, simulated answers'),
      row('invocations', totals.invocations, 'of real handlers'),
      ...(totals.crashes.planned === 0
        ? []
        : [row('crashes', totals.crashes.happened, crashesText(totals.crashes.planned))]),
      row('denied', totals.denied, "calls that the caller's policy does not allow", totals.denied > 0),
    ]),
    measured &&
      note(
        `${tenth(runs / Math.max(measured.wallSeconds, 0.001))} runs a second: ${plural(runs, 'run')} in ${seconds(measured.wallSeconds)} on ${plural(measured.workers, 'process', 'processes')}, ${perRun(totals.busyMs)} ms a run that a thread was busy.`,
      ),
    unaccounted.length > 0 &&
      firstOf(unaccounted, SHOWN, (rows) =>
        tableOf(
          'Acknowledged and without a fate',
          columns('scenario', 'seed', '#acknowledged', '#fates'),
          rows.map((one) => ({ cells: [one.scenario, one.seed, one.acknowledged, one.fates], bad: true })),
        ),
      ),
    html`<h3>Lost: ${plural(lost.length, 'submission')}</h3>`,
    note(
      'Only what had not reached dr when the fault began, and is no older than the injected lag of the global tables and the target for data loss, may be lost.',
    ),
    lost.length > 0 && lostTable(lost),
  ];
}

function lostTable(lost: Summary['lost']): Content {
  // What nothing explains comes first: a list that is cut short may not hide it.
  const ordered = [...lost.filter(({ explained }) => !explained), ...lost.filter(({ explained }) => explained)];
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  return firstOf(ordered, SHOWN, (rows) =>
    tableOf(
      'Every lost submission',
      columns(
        'submission',
        'kind',
        '#age at the fault',
        '#injected lag',
        'within lag',
        'within RPO',
        'had arrived',
        'scenario',
        'seed',
      ),
      rows.map((one) => ({
        cells: [
          one.id,
          one.kind,
          seconds(one.ageAtFault),
          seconds(one.dynamodbLagSeconds),
          yes(one.withinLag),
          yes(one.withinRpo),
          yes(one.replicated),
          one.scenario,
          one.seed,
        ],
        bad: !one.explained,
      })),
    ),
  );
}

export function privilegesContent({ privileges, allowances }: RehearsalReport): Content {
  if (!privileges) return note('Not shown: the packs that would use every grant were not all run.');
  const { grants, used, allowedUnused, unused, denied, staleAllowances, wildcards } = privileges;
  const list = (title: string, lines: readonly string[]): Content =>
    lines.length > 0 &&
    html`<h3 class="bad">${title}: ${count(lines.length)}</h3>
      ${firstOf(
        lines,
        SHOWN,
        (shown) =>
          html`<ul>
            ${shown.map((each) => html`<li>${each}</li>`)}
          </ul>`,
      )}`;
  return [
    html`<p>
      ${count(used)} of ${plural(grants, 'grant')} used by a run, ${count(allowedUnused)} allowed unused,
      ${count(unused.length)} unused, ${plural(denied.length, 'kind')} of calls denied.
    </p>`,
    list('Unused', unused.map(unusedText)),
    list('Denied', denied.map(deniedText)),
    list('Stale entries of the allow-list', staleAllowances),
    allowances.length > 0 &&
      tableOf(
        'Grants that may stay unused',
        columns('holder', 'statements', 'why', 'exercised by'),
        allowances.map(({ holder, sids, why, exercisedBy }) => ({
          cells: [holder, sids.join(', '), why, exercisedBy],
        })),
      ),
    wildcards.length > 0 &&
      note(`${plural(wildcards.length, 'used grant')} on every resource, told and not counted as a failure.`),
  ];
}

export function errorBudgetContent(budget: ErrorBudget): Content {
  const { target, minutes, costs, usedP50, usedP99, leftP50, leftP99 } = budget;
  return [
    html`<p>
      ${percent(target)} is ${tenth(minutes)} minutes a year. At the 99th percentile ${tenth(usedP99)} are used and
      <strong class="${leftP99 < 0 ? 'bad' : 'good'}">${tenth(leftP99)}</strong> left; at the median ${tenth(usedP50)}
      and ${tenth(leftP50)}.
    </p>`,
    errorBudgetSvg(budget),
    tableOf(
      'Stated rates times measured times',
      columns('incident', '#a year', '#p50', '#p99', '#minutes p50', '#minutes p99', '#exhausts at, a year'),
      costs.map(({ incident, p50, p99, minutesP50, minutesP99, exhaustedAt }) => ({
        cells: [
          `${incident.id}: ${incident.says}`,
          tenth(incident.perYear),
          seconds(p50),
          seconds(p99),
          tenth(minutesP50),
          tenth(minutesP99),
          tenth(exhaustedAt),
        ],
      })),
    ),
    tableOf(
      'Where these rates and times come from',
      columns('incident', 'how often', 'how long'),
      costs.map(({ incident, basis }) => ({
        cells: [incident.id, `${incident.rateConfidence}: ${incident.rateSource}`, basis],
      })),
    ),
    note(ERROR_BUDGET_HONESTY),
  ];
}

export function assumptionsContent({ assumptions }: RehearsalReport): Content {
  return tableOf(
    'What we take AWS and clients to do',
    columns('assumption', '#best', '#expected', '#worst', 'confidence', 'source'),
    assumptions.map(({ says, seconds: range, confidence, source }) => ({
      cells: [says, seconds(range.best), seconds(range.expected), seconds(range.worst), confidence, source],
    })),
  );
}

export function fidelityContent({ fidelity }: RehearsalReport): Content {
  const shareOf = (model: ModelledBehaviour['model']): string =>
    `${count(fidelity.filter((one) => one.model === model).length)} ${model}`;
  return [
    note(
      `${plural(fidelity.length, 'behaviour')} of AWS: ${shareOf('exact')}, ${shareOf('simplified')}, ${shareOf('assumed')}. A test holds each of them.`,
    ),
    folded(
      'Every modelled behaviour, its fidelity, its source and the test that holds it',
      tableOf(
        'Modelled behaviours',
        columns('behaviour of AWS', 'model', 'how', 'source', 'test'),
        fidelity.map(({ behaviour, model, how, source, test }) => ({ cells: [behaviour, model, how, source, test] })),
      ),
    ),
  ];
}
