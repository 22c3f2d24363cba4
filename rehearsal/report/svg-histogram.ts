import { histogram } from './distribution';
import { html } from './markup';
import type { Markup } from './markup';
import type { GroupSummary } from './summary';
import { axisOf, box, figure, line, text } from './svg-parts';
import type { Axis } from './svg-parts';
import { count, plural, seconds } from './words';

const WIDTH = 1120;
const LEFT = 60;
const RIGHT = 1090;
const TOP = 74;
const BOTTOM = 300;

interface Mark {
  readonly says: string;
  readonly at: number;
  readonly kind: string;
}

/** RTO of the runs of one group, with percentiles, target and the budget's bounds. */
export function histogramSvg({ runClass, chain, rtos, rto, bound }: GroupSummary): Markup {
  if (!rto) return html``;
  // As many bins as the runs can fill; more would show their number and not their shape.
  const bins = histogram(rtos, Math.min(48, Math.max(6, Math.ceil(2 * Math.sqrt(rtos.length)))));
  const least = Math.min(rto.min, bound?.best ?? rto.min);
  const from = Math.max(0, Math.floor((least - 30) / 30) * 30);
  const to = Math.max(rto.max, bound?.worst ?? 0, bound?.target ?? 0) + 30;
  const axis = axisOf({ left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM, from, to });
  const most = Math.max(...bins.map((bin) => bin.count));
  const height = (runs: number): number => (runs / most) * (BOTTOM - TOP - 8);
  const title = `RTO of ${plural(rtos.length, 'run')}, class ${runClass}, ${chain} chain`;
  const says = `Median ${seconds(rto.p50)}, 90th percentile ${seconds(rto.p90)}, 99th ${seconds(rto.p99)}, longest ${seconds(rto.max)}.`;
  return figure({ id: `rto-${runClass}-${chain}`, title, says, width: WIDTH, height: BOTTOM + 28 }, [
    bound &&
      box(
        axis.x(bound.best),
        TOP,
        axis.x(bound.worst) - axis.x(bound.best),
        BOTTOM - TOP,
        'bound',
        `bound: ${bound.says}`,
      ),
    axis.grid,
    text(LEFT - 8, BOTTOM - height(most) + 4, count(most), 'end tick'),
    text(LEFT - 8, BOTTOM + 4, '0', 'end tick'),
    bins
      .filter((bin) => bin.count > 0)
      .map((bin) => {
        const tall = height(bin.count);
        const wide = axis.x(bin.to) - axis.x(bin.from);
        return box(
          axis.x(bin.from) + 0.5,
          BOTTOM - tall,
          wide - 1,
          tall,
          'critical',
          `${bin.from} to ${bin.to} s: ${plural(bin.count, 'run')}`,
        );
      }),
    line(LEFT, BOTTOM, RIGHT, BOTTOM, 'base'),
    marksSvg(marks(rto, bound), axis),
  ]);
}

function marks(rto: NonNullable<GroupSummary['rto']>, bound: GroupSummary['bound']): readonly Mark[] {
  const own = [
    { says: 'p50', at: rto.p50, kind: 'rto' },
    { says: 'p90', at: rto.p90, kind: 'rto' },
    { says: 'p99', at: rto.p99, kind: 'rto' },
  ];
  const bounds = bound
    ? [
        { says: 'best', at: bound.best, kind: 'edge' },
        { says: 'worst', at: bound.worst, kind: 'edge' },
        ...(bound.target === undefined ? [] : [{ says: 'target', at: bound.target, kind: 'target' }]),
      ]
    : [];
  // In the order of the axis, so that neighbours never share a line of text.
  return [...own, ...bounds].sort((a, b) => a.at - b.at);
}

/** Labels at three heights, and after all lines, so that neither a neighbour nor its line runs through one. */
function marksSvg(all: readonly Mark[], { x }: Axis): Markup {
  const height = (index: number): number => TOP - 8 - (index % 3) * 18;
  const lines = all.map(({ at, kind }, index) => line(x(at), height(index) + 4, x(at), BOTTOM, kind));
  const labels = all.map(({ says, at, kind }, index) =>
    text(x(at), height(index), `${says} ${seconds(at)}`, `mid ${kind}-text`),
  );
  return html`${lines}${labels}`;
}
