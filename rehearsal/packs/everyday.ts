import { from, primaryLost, within } from './faults';
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
  {
    name: 'people-look',
    story: 'People look at both regions, at orders and at payments.',
    ...stays,
    seconds: 420,
    faults: () => [
      from(5, { kind: 'person-looks', region: 'primary' }),
      from(10, { kind: 'person-looks', region: 'dr' }),
    ],
  },
  {
    name: 'operator-there-and-back',
    story:
      'Nothing is lost: an operator makes dr active, its heartbeat breaks and is replaced by the second renewer, parameters change there, and an operator ' +
      "makes primary active again while primary's orchestrator dies once.",
    expectation: 'fails-over',
    runClass: 'C',
    chain: 'region',
    seconds: 1_500,
    faults: () => [
      from(20, { kind: 'operator-asks', region: 'dr' }),
      within(400, 520, { kind: 'function-broken', region: 'dr', function: 'heartbeat' }),
      // The active region's parameters are the ones that are copied.
      from(590, { kind: 'floor-lowered', region: 'primary' }),
      from(600, { kind: 'parameter', region: 'dr', operation: 'create' }),
      from(640, { kind: 'parameter', region: 'dr', operation: 'change' }),
      from(680, { kind: 'parameter', region: 'dr', operation: 'delete' }),
      from(1_100, {
        kind: 'crash',
        region: 'primary',
        function: 'failover-orchestrator',
        crossing: 'hears',
        number: 60,
      }),
      from(1_100, { kind: 'operator-asks', region: 'primary' }),
      from(1_104, { kind: 'operator-answers', region: 'primary', answer: 'accept' }),
    ],
  },
  {
    name: 'operator-accepts-the-loss',
    story: 'Primary goes dark while the database is far behind: the run waits for a person, who accepts the loss.',
    expectation: 'fails-over',
    runClass: 'C',
    chain: 'region',
    seconds: 760,
    faults: () => [
      from(-140, { kind: 'aurora-lag', ms: 120_000 }),
      primaryLost('dark'),
      from(200, { kind: 'operator-answers', region: 'dr', answer: 'accept' }),
    ],
  },
  {
    name: 'operator-aborts',
    story: 'The same, and the person wants no failover.',
    expectation: 'survives',
    runClass: 'C',
    chain: 'region',
    seconds: 420,
    faults: () => [
      from(-140, { kind: 'aurora-lag', ms: 120_000 }),
      primaryLost('dark'),
      from(200, { kind: 'operator-answers', region: 'dr', answer: 'abort' }),
    ],
  },
];
