import type { RunResult } from '../judge/result';
import { spansOf } from './phases';
import type { Span } from './phases';
import { oneLine, stretch, wrap } from './text';
import type { Ink } from './text';
import { fixed, plural, seconds, tenth } from './words';

const PHASE_WIDTH = 20;
const MOMENT_WIDTH = 16;
const AXIS = 36;
const TEXT_INDENT = ' '.repeat(4);

/** One run, phase by phase on one axis, and then moment by moment. */
export function timelineSection(run: RunResult, ink: Ink): readonly string[] {
  const { scenario, seed, runClass } = run.plan;
  const spans = spansOf(run.timeline);
  const rto = run.rtoSeconds === undefined ? 'no good order stayed good' : `RTO ${seconds(run.rtoSeconds)}`;
  const title = `ONE RUN: ${oneLine(scenario)}, seed ${oneLine(seed)}, class ${runClass}: ${rto}`;
  if (spans.length === 0) return [ink.strong(title), '  nothing was recorded'];
  // The end of a run is long after everything else, and would press the rest together.
  const last = Math.max(1, ...spans.filter(({ phase }) => phase !== 'end').map(({ to }) => to));
  return [
    ink.strong(title),
    ink.faint(
      `  ${'phase'.padEnd(PHASE_WIDTH)}${'from'.padStart(8)}${'to'.padStart(8)}${'took'.padStart(8)}   0 s${`${tenth(last)} s`.padStart(AXIS - 3)}`,
    ),
    ...spans.map((span) => phaseLine(span, last, ink)),
    ...wrap('* on the way to the first good order; a phase begins when what it waits for is done.', '  ').map(
      ink.faint,
    ),
    '',
    ...moments(spans, ink),
    ...outcome(run),
  ];
}

function phaseLine({ phase, from, to, critical }: Span, last: number, ink: Ink): string {
  const name = `${critical ? '*' : ' '} ${phase}`.padEnd(PHASE_WIDTH);
  const numbers = [from, to, to - from].map((value) => fixed(value).padStart(8)).join('');
  const drawn = phase === 'end' && to > last ? '' : stretch(from / last, to / last, AXIS);
  return `  ${name}${numbers}   ${critical ? ink.mark(drawn) : drawn}`.trimEnd();
}

function moments(spans: readonly Span[], ink: Ink): readonly string[] {
  const all = spans.flatMap((span) => span.moments).sort((a, b) => a.at - b.at);
  return all.flatMap(({ at, phase, text }) => {
    const head = `  ${`${fixed(at)} s`.padStart(9)}  ${phase.padEnd(MOMENT_WIDTH)}  `;
    const [first = '', ...rest] = wrap(text, ' '.repeat(head.length));
    return [`${ink.faint(head)}${first.trimStart()}`, ...rest];
  });
}

function outcome({ failovers, promotionSeconds, auroraLagSeconds, dynamodbLagSeconds }: RunResult): readonly string[] {
  const promotion = promotionSeconds === undefined ? '' : `promotion took ${seconds(promotionSeconds)}, `;
  const given = `${promotion}the database was ${seconds(auroraLagSeconds)} behind and the global tables ${seconds(dynamodbLagSeconds)}`;
  const ended = failovers.map(
    ({ region, epoch, outcome: end }) => `${oneLine(region)} took epoch ${epoch}: ${oneLine(end)}`,
  );
  return [
    '',
    ...wrap(`injected: ${given}`, '  '),
    ...wrap(`${plural(failovers.length, 'failover')}: ${ended.join('; ') || 'none'}`, TEXT_INDENT.slice(2)),
  ];
}
