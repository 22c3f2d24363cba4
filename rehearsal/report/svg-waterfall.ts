import type { Chain, Measure } from '../../lib/budget/types';
import { html } from './markup';
import type { Markup } from './markup';
import type { PhaseSummary } from './summary';
import { axisOf, box, figure, fit, line, text } from './svg-parts';
import type { Axis } from './svg-parts';
import { plural, seconds, tenth } from './words';

const WIDTH = 1120;
const LEFT = 300;
const RIGHT = 1040;
const TOP = 44;
const ROW = 26;

/** One step of a critical path, from when to when after the fault. */
interface Stretch {
  readonly step: string;
  readonly from: number;
  readonly to: number;
  readonly terms: string;
}

/** A chain of the budget as a waterfall, and on the same axis how long the phases of simulated runs took. */
export function waterfallSvg(chain: Chain, phases: readonly PhaseSummary[]): Markup {
  const worst = stretches(chain, 'worst');
  const expected = stretches(chain, 'expected');
  const steps = [...new Set([...worst, ...expected].map(({ step }) => step))];
  const shown = phases.filter(({ phase }) => phase !== 'fault' && phase !== 'end');
  const measuredTop = TOP + steps.length * ROW + 34;
  const bottom = shown.length > 0 ? measuredTop + shown.length * ROW + 4 : TOP + steps.length * ROW + 4;
  const last = Math.max(chain.seconds.worst, chain.target.seconds, ...shown.map(({ ended }) => ended.p99)) + 10;
  const axis = axisOf({ left: LEFT, right: RIGHT, top: TOP - 8, bottom, to: last });
  const { best, expected: middle, worst: longest } = chain.seconds;
  return figure(
    {
      id: `budget-${chain.id}`,
      title: `Budget of ${chain.id} beside what simulated runs took`,
      says: `From the resource graph: best ${seconds(best)}, expected ${seconds(middle)}, worst ${seconds(longest)}, target ${seconds(chain.target.seconds)}.`,
      width: WIDTH,
      height: bottom + 26,
    },
    [
      axis.grid,
      line(axis.x(chain.target.seconds), TOP - 8, axis.x(chain.target.seconds), bottom, 'target'),
      text(axis.x(chain.target.seconds), TOP - 14, `target ${seconds(chain.target.seconds)}`, 'mid target-text'),
      text(16, TOP - 18, 'Budget, from the graph', 'strong'),
      steps.map((step, index) => stepRow(step, TOP + index * ROW, { chain, worst, expected, axis })),
      shown.length > 0 && [
        line(16, measuredTop - 26, WIDTH - 16, measuredTop - 26, 'grid'),
        text(16, measuredTop - 8, 'Simulated runs, median and 99th percentile', 'strong'),
        shown.map((phase, index) => phaseRow(phase, measuredTop + index * ROW, axis)),
      ],
    ],
  );
}

/** The terms of each step together; a path goes through a step once. */
function stretches(chain: Chain, measure: Measure): readonly Stretch[] {
  const all: Stretch[] = [];
  let now = 0;
  for (const term of chain.critical[measure]) {
    const from = now;
    now += term.seconds[measure];
    const says = `${term.says} ${seconds(term.seconds[measure])}`;
    const before = all.at(-1);
    if (before?.step === term.step) all[all.length - 1] = { ...before, to: now, terms: `${before.terms}; ${says}` };
    else all.push({ step: term.step, from, to: now, terms: says });
  }
  return all;
}

interface Waterfall {
  readonly chain: Chain;
  readonly worst: readonly Stretch[];
  readonly expected: readonly Stretch[];
  readonly axis: Axis;
}

function stepRow(step: string, y: number, { chain, worst, expected, axis: { x } }: Waterfall): Markup {
  const says = chain.steps.find(({ id }) => id === step)?.says ?? step;
  const most = worst.find((one) => one.step === step);
  const usual = expected.find((one) => one.step === step);
  const end = Math.max(most?.to ?? 0, usual?.to ?? 0);
  // A term below zero makes a stretch that runs backwards: drawn from its lower end.
  const drawn = (one: Stretch, kind: string, top: number, height: number): Markup =>
    box(
      x(Math.min(one.from, one.to)),
      y + top,
      Math.max(2, Math.abs(x(one.to) - x(one.from))),
      height,
      kind,
      `${says}: ${one.terms}`,
    );
  const took = [usual, most].map((one) => (one ? tenth(one.to - one.from) : '-')).join(' / ');
  return html`${text(LEFT - 12, y + 14, fit(says, 44), 'end')}${most && drawn(most, 'worst', 1, 18)}${usual && drawn(usual, 'critical', 6, 8)}${text(x(end) + 8, y + 14, `${took} s`, 'faint')}`;
}

function phaseRow({ phase, runs, took, ended }: PhaseSummary, y: number, { x }: Axis): Markup {
  const from = ended.p50 - took.p50;
  const says = `${phase}, ${plural(runs, 'run')}: took ${seconds(took.p50)} (median), ${seconds(took.p99)} (p99); ended ${seconds(ended.p50)} and ${seconds(ended.p99)} after the fault`;
  return html`${text(LEFT - 12, y + 14, phase, 'end')}${box(x(from), y + 4, Math.max(3, x(ended.p50) - x(from)), 12, 'measured', says)}${line(x(ended.p50), y + 10, x(ended.p99), y + 10, 'whisker')}${line(x(ended.p99), y + 5, x(ended.p99), y + 15, 'whisker')}${text(x(ended.p99) + 8, y + 14, `${tenth(took.p50)} / ${tenth(took.p99)} s`, 'faint')}`;
}
