import { from } from './faults';
import type { Scenario } from './scenario';

const stays = { expectation: 'stays', runClass: 'C', chain: 'region' } as const;

/** Days on which nothing is wrong. */
export const EVERYDAY: readonly Scenario[] = [
  {
    name: 'parameters-change',
    story: 'Parameters are made, changed and deleted, first in primary and then in dr.',
    ...stays,
    seconds: 420,
    faults: () => [
      from(5, { kind: 'parameter', region: 'primary', operation: 'create' }),
      from(40, { kind: 'parameter', region: 'primary', operation: 'change' }),
      from(80, { kind: 'parameter', region: 'primary', operation: 'delete' }),
      from(140, { kind: 'parameter', region: 'dr', operation: 'create' }),
      from(180, { kind: 'parameter', region: 'dr', operation: 'change' }),
      from(220, { kind: 'parameter', region: 'dr', operation: 'delete' }),
    ],
  },
];
