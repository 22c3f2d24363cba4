import type { ErrorBudget } from './error-budget';
import type { Markup } from './markup';
import { box, figure, line, text } from './svg-parts';
import { percent, tenth } from './words';

const WIDTH = 1120;
const LEFT = 16;
const RIGHT = 1104;

/** Minutes of a year: what each kind of incident uses at p99, and what is left. */
export function errorBudgetSvg({ target, minutes, costs, usedP99, leftP99 }: ErrorBudget): Markup {
  const most = Math.max(minutes, usedP99) * 1.02;
  const x = (value: number): number => LEFT + (value / most) * (RIGHT - LEFT);
  let used = 0;
  const parts = costs.map(({ incident, minutesP99 }, index) => {
    const from = used;
    used += minutesP99;
    const says = `${incident.id}: ${tenth(minutesP99)} min a year`;
    return [
      box(x(from), 26, x(used) - x(from) - 1, 34, `share share-${index % 4}`, says),
      box(LEFT + index * 260, 78, 11, 11, `share share-${index % 4}`),
      text(LEFT + 18 + index * 260, 88, says, 'faint'),
    ];
  });
  return figure(
    {
      id: 'error-budget',
      title: `Error budget of ${percent(target)}: ${tenth(minutes)} minutes a year`,
      says: `${tenth(usedP99)} minutes used at the 99th percentile of simulated runs, ${tenth(leftP99)} left`,
      width: WIDTH,
      height: 98,
    },
    [
      box(LEFT, 26, x(minutes) - LEFT, 34, 'rest', `left: ${tenth(leftP99)} minutes`),
      parts,
      leftP99 > minutes / 8 && text(x(usedP99) + 8, 48, `left ${tenth(leftP99)} min`, 'strong'),
      line(x(minutes), 18, x(minutes), 68, 'target'),
      text(x(minutes), 14, `${tenth(minutes)} min`, 'end target-text'),
    ],
  );
}
