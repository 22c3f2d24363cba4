import type { Distribution } from './distribution';
import type { Summary } from './summary';
import { oneLine, table, wrap } from './text';
import type { Ink } from './text';
import { count, fixed } from './words';

/** Every switchover that was carried out, fail-backs among them (X6). */
export function switchoverSection({ switchovers }: Summary, ink: Ink): readonly string[] {
  if (switchovers.length === 0) return [];
  const head = ['scenario', 'to', 'runs', 'lost', 'pause p50', 'p90', 'max', 'home p50', 'p90', 'max'];
  const rows = switchovers.map(({ scenario, region, runs, lost, redone, pause, through }) => [
    oneLine(scenario),
    oneLine(region),
    count(runs),
    count(lost + redone),
    ...percentilesOf(pause),
    ...percentilesOf(through),
  ]);
  return [
    ink.strong('SWITCHOVERS AND FAIL-BACKS, seconds'),
    ...table([head, ...rows], ['left', 'left', ...new Array<'right'>(8).fill('right')]),
    ...wrap(
      'Lost: acknowledged submissions without an effect, and commits that went with the old writer. Pause: nobody can write, from ' +
        'the claim to the first commit in the new region; orders are accepted all the while. Home: from the request to the first ' +
        'good order that a client sent through the new region, resolvers included.',
      '  ',
    ).map(ink.faint),
  ];
}

function percentilesOf(distribution: Distribution | undefined): readonly string[] {
  const { p50, p90, max } = distribution ?? {};
  return [p50, p90, max].map((value) => (value === undefined ? '-' : fixed(value)));
}
