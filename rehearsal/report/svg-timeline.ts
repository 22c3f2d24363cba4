import type { RunResult } from '../judge/result';
import { html } from './markup';
import type { Markup } from './markup';
import { spansOf } from './phases';
import type { Span } from './phases';
import { at, axisOf, box, figure, line, text } from './svg-parts';
import type { Axis } from './svg-parts';
import { seconds, tenth } from './words';

const WIDTH = 1120;
const LEFT = 150;
const RIGHT = 1040;
const TOP = 30;
const ROW = 27;

/** One run as bars on a time axis, the way to the first good order in colour. @param target in seconds. */
export function timelineSvg(run: RunResult, target: number | undefined): Markup {
  const spans = spansOf(run.timeline).filter(({ phase }) => phase !== 'end');
  const bottom = TOP + spans.length * ROW + 6;
  const last = Math.max(target ?? 0, ...spans.map(({ to }) => to), 10) * 1.02;
  const axis = axisOf({ left: LEFT, right: RIGHT, top: TOP - 6, bottom, to: last });
  const told = spans.map(({ phase, from, to }) => `${phase} ${tenth(from)} to ${tenth(to)} s`).join('; ');
  return figure(
    {
      id: 'timeline',
      title: `Timeline of ${run.plan.scenario}`,
      says: `Seconds after the fault: ${told}`,
      width: WIDTH,
      height: bottom + 26,
    },
    [
      axis.grid,
      run.rtoSeconds !== undefined && [
        line(axis.x(run.rtoSeconds), TOP - 6, axis.x(run.rtoSeconds), bottom, 'rto'),
        text(axis.x(run.rtoSeconds), TOP - 12, `RTO ${seconds(run.rtoSeconds)}`, 'mid rto-text'),
      ],
      target !== undefined && [
        line(axis.x(target), TOP - 6, axis.x(target), bottom, 'target'),
        text(axis.x(target), TOP - 12, `target ${seconds(target)}`, 'mid target-text'),
      ],
      // Last, so that no line crosses what it says.
      spans.map((span, index) => row(span, TOP + index * ROW, axis)),
    ],
  );
}

function row({ phase, from, to, critical, moments }: Span, y: number, { x }: Axis): Markup {
  const middle = y + 10;
  const kind = critical ? 'critical' : 'beside';
  const says = `${phase}: ${moments.map((moment) => `${tenth(moment.at)} s ${moment.text}`).join('; ')}`;
  const drawn =
    to > from
      ? box(x(from), y + 2, Math.max(2, x(to) - x(from)), 16, kind, says)
      : html`<path d="M${at(x(from))} ${at(middle - 7)}l7 7l-7 7l-7 -7z" class="${kind}"><title>${says}</title></path>`;
  const took = to > from ? seconds(to - from) : `at ${seconds(to)}`;
  return html`${text(LEFT - 12, middle + 4, phase, critical ? 'end strong' : 'end')}${drawn}${text(x(to) + 10, middle + 4, took, 'faint')}`;
}
