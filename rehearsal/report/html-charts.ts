import type { Chain } from '../../lib/budget/types';
import { firstOf, folded, note, tableOf } from './html-parts';
import { html } from './markup';
import type { Content } from './markup';
import { PERCENTILE_METHOD } from './distribution';
import type { RehearsalReport } from './report';
import type { GroupSummary, Summary } from './summary';
import { histogramSvg } from './svg-histogram';
import { timelineSvg } from './svg-timeline';
import { topologySvg } from './svg-topology';
import { waterfallSvg } from './svg-waterfall';
import { count, plural, seconds, tenth } from './words';

/** Rows of one table; what is beyond is said. */
const SHOWN = 60;

export function topologyContent({ topology }: RehearsalReport): Content {
  return [note('Drawn from the resources of the graph: the same that pulumi up would create.'), topologySvg(topology)];
}

export function timelineContent({ narrated, budget }: RehearsalReport): Content {
  const { plan, timeline, rtoSeconds, promotionSeconds, auroraLagSeconds, dynamodbLagSeconds, failovers } = narrated;
  const target = budget.targets[plan.chain === 'region' ? 'rtoSeconds' : 'databaseRtoSeconds'];
  const promotion = promotionSeconds === undefined ? '' : `promotion ${seconds(promotionSeconds)}, `;
  return [
    html`<p>
      ${plan.scenario}, seed <code>${plan.seed}</code>, class ${plan.runClass}:
      ${rtoSeconds === undefined ? 'no good order stayed good' : `first good order that stays good after ${seconds(rtoSeconds)}`}.
    </p>`,
    note(
      `Injected: ${promotion}database ${seconds(auroraLagSeconds)} behind, global tables ${seconds(dynamodbLagSeconds)} behind. ` +
        failovers.map(({ region, epoch, outcome }) => `${region} took epoch ${epoch}: ${outcome}.`).join(' '),
    ),
    timelineSvg(narrated, target),
    note('Colour: on the way to the first good order. Grey: beside it. A phase begins when what it waits for is done.'),
    folded(
      `All ${plural(timeline.length, 'moment')}`,
      firstOf(timeline, 300, (moments) =>
        tableOf(
          'Seconds after the fault',
          [{ head: 'at', kind: 'number' }, { head: 'phase', kind: 'nowrap' }, { head: 'what happened' }],
          moments.map(({ at, phase, text }) => ({ cells: [seconds(at), phase, text] })),
        ),
      ),
    ),
  ];
}

export function distributionContent({ groups }: Summary): Content {
  return [
    note(
      `Percentiles by ${PERCENTILE_METHOD}. Class A: one region lost, promotion within the assumption, TTL honoured. Class B: A and one crash of the orchestrator. Class C: everything else, no claim about time.`,
    ),
    tableOf(
      'Seconds from the first fault to the first good order that stays good',
      [
        { head: 'class, chain', kind: 'nowrap' },
        ...['runs', 'no RTO', 'p50', 'p90', 'p99', 'max', 'bound', 'outside', 'over target', 'RPO max'].map((head) => ({
          head,
          kind: 'number' as const,
        })),
      ],
      groups.map(groupRow),
    ),
    groups.map((group) => [
      group.rtos.length > 1 &&
        html`<h3>Class ${group.runClass}, ${group.chain}</h3>
          ${histogramSvg(group)}`,
      exceptions(group),
    ]),
  ];
}

function groupRow({ runClass, chain, runs, rto, withoutRto, bound, outside, late, rpoMax }: GroupSummary) {
  const claims = runClass !== 'C';
  return {
    cells: [
      `${runClass}, ${chain}`,
      count(runs),
      count(withoutRto.length),
      ...[rto?.p50, rto?.p90, rto?.p99, rto?.max].map((value) => (value === undefined ? '–' : tenth(value))),
      bound ? `${tenth(bound.best)}–${tenth(bound.worst)}` : 'no claim',
      bound ? count(outside.length) : '–',
      bound?.target === undefined ? '–' : count(late),
      tenth(rpoMax),
    ],
    bad: claims && (withoutRto.length > 0 || outside.length > 0 || late > 0),
  };
}

function exceptions({ withoutRto, outside }: GroupSummary): Content {
  const all = [
    ...withoutRto.map(({ scenario, seed }) => [scenario, seed, 'no good order stayed good']),
    ...outside.map(({ scenario, seed, rtoSeconds }) => [scenario, seed, `${seconds(rtoSeconds)}, outside the bound`]),
  ];
  if (all.length === 0) return undefined;
  return firstOf(all, SHOWN, (rows) =>
    tableOf(
      'Runs without RTO or outside the bound',
      [{ head: 'scenario' }, { head: 'seed', kind: 'nowrap' }, { head: 'what' }],
      rows.map((cells) => ({ cells })),
    ),
  );
}

export function budgetContent({ budget, bounds }: RehearsalReport, { groups }: Summary): Content {
  const { promotionAssumed, chains, table, losses } = budget;
  const missed = new Set(budget.misses.map(({ chain }) => chain));
  return [
    html`<p>
      Computed from the resource graph before anything is deployed, given promotion ${tenth(promotionAssumed.best)} to
      ${seconds(promotionAssumed.worst)}. Pale: worst case. Solid: expected. Below: what simulated runs of class A took.
    </p>`,
    drawn(chains).map(
      (chain) =>
        html`<h3>${chain.id}: ${chain.says}</h3>
          ${waterfallSvg(chain, phasesOf(chain, groups))}`,
    ),
    tableOf(
      'Every chain, seconds; the last columns are the worst case if a promotion took that long',
      [
        { head: 'chain' },
        ...[
          'best',
          'expected',
          'worst',
          'target',
          'break-even promotion',
          ...table.map(({ promotionSeconds }) => `at ${promotionSeconds} s`),
        ].map((head) => ({ head, kind: 'number' as const })),
      ],
      chains.map(({ id, says, seconds: range, target, breakEvenPromotion }) => ({
        cells: [
          `${id}: ${says}`,
          tenth(range.best),
          tenth(range.expected),
          tenth(range.worst),
          tenth(target.seconds),
          breakEvenPromotion === undefined ? 'none' : tenth(breakEvenPromotion),
          ...table.map((row) => {
            const cell = row.chains.find((one) => one.id === id);
            return cell ? `${tenth(cell.worst)}${cell.meets ? '' : ' ✗'}` : '–';
          }),
        ],
        bad: missed.has(id),
      })),
    ),
    tableOf(
      'What a failover may lose, seconds',
      [
        { head: 'store' },
        ...['best', 'expected', 'worst'].map((head) => ({ head, kind: 'number' as const })),
        { head: 'bound' },
      ],
      losses.map(({ store, seconds: range, bound, strength }) => ({
        cells: [store, tenth(range.best), tenth(range.expected), tenth(range.worst), `${strength}: ${bound}`],
      })),
    ),
    bounds.some(({ runClass }) => runClass === 'B') &&
      note(
        `Class B: ${bounds
          .filter(({ runClass }) => runClass === 'B')
          .map(({ says, best, worst }) => `${says}, ${tenth(best)} to ${seconds(worst)}`)
          .join('; ')}.`,
      ),
  ];
}

/** The first chain of every target; the others stand in the table. */
function drawn(chains: readonly Chain[]): readonly Chain[] {
  return chains.filter((chain) => chains.find(({ target }) => target.key === chain.target.key) === chain);
}

function phasesOf({ target }: Chain, groups: readonly GroupSummary[]): GroupSummary['phases'] {
  const chain = target.key === 'rtoSeconds' ? 'region' : 'database';
  return groups.find((group) => group.runClass === 'A' && group.chain === chain)?.phases ?? [];
}
