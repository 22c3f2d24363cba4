import { from, primaryLost, within } from './faults';
import type { Scenario } from './scenario';

const lost = { expectation: 'fails-over', runClass: 'C', chain: 'region' } as const;

/** What is lost, and what is not, when data was on its way. */
export const LOST_ORDERS: readonly Scenario[] = [
  {
    name: 'tables-without-lag',
    story: "The control: the global tables have no lag, and the database's is usual. Nothing may be lost.",
    ...lost,
    faults: () => [from(-70, { kind: 'dynamodb-lag', ms: 0 }), primaryLost('dark')],
  },
  {
    name: 'tables-far-behind',
    story: 'The global tables are up to fifty seconds behind when primary goes dark.',
    ...lost,
    faults: (random) => [
      from(-70, { kind: 'dynamodb-lag', ms: Math.round(random.between({ least: 1_000, most: 50_000 })) }),
      primaryLost('dark'),
    ],
    seconds: 520,
  },
  {
    name: 'database-far-behind',
    story: "The database's log is up to forty seconds behind when primary goes dark: every commit of them is redone.",
    ...lost,
    faults: (random) => [
      from(-70, { kind: 'aurora-lag', ms: Math.round(random.between({ least: 2_000, most: 40_000 })) }),
      primaryLost('dark'),
    ],
    seconds: 620,
  },
  {
    name: 'orders-reappear',
    story:
      'The global tables are behind when primary goes dark; it returns after five minutes, and what was on its way arrives.',
    ...lost,
    faults: (random) => [
      from(-70, { kind: 'dynamodb-lag', ms: Math.round(random.between({ least: 5_000, most: 50_000 })) }),
      within(0, 300, { kind: 'region-lost', region: 'primary', how: 'dark' }),
    ],
    seconds: 760,
  },
  {
    name: 'results-not-written',
    story:
      "Primary's tables refuse most writes for half a minute, and then it goes dark: orders are executed there whose results were never written.",
    ...lost,
    faults: () => [
      within(-40, 0, {
        kind: 'service',
        region: 'primary',
        service: 'dynamodb',
        effect: 'throttled',
        operations: ['PutItem'],
        share: 0.7,
      }),
      primaryLost('dark'),
    ],
    seconds: 620,
  },
];
