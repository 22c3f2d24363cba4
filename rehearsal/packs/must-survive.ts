import { from, primaryLost, within } from './faults';
import type { Crossing } from '../runtime/container';
import type { Scenario } from './scenario';

const survives = { expectation: 'fails-over', chain: 'region' } as const;

/** One crash of the orchestrator, wherever it is by then: class B. */
const CRASHED: Scenario = {
  name: 'region-dark-crash',
  story: 'Primary goes dark, and the orchestrator dies once at any moment of its run.',
  ...survives,
  runClass: 'B',
  faults: (random) => [
    primaryLost('dark'),
    from(0, {
      kind: 'crash',
      region: 'dr',
      function: 'failover-orchestrator',
      crossing: random.pick<Crossing>(['sends', 'hears']),
      number: random.whole({ least: 1, most: 250 }),
    }),
  ],
};

/** What must come to an end by itself, whoever dies. */
export const MUST_SURVIVE: readonly Scenario[] = [
  CRASHED,
  {
    name: 'region-dark-crash-three-times',
    story: 'Primary goes dark, and the orchestrator dies three times.',
    ...survives,
    runClass: 'C',
    faults: (random) => [
      primaryLost('dark'),
      ...[1, 2, 3].map(() =>
        from(0, {
          kind: 'crash',
          region: 'dr',
          function: 'failover-orchestrator',
          crossing: random.pick<Crossing>(['sends', 'hears']),
          number: random.whole({ least: 1, most: 250 }),
        }),
      ),
    ],
    seconds: 700,
  },
  {
    name: 'region-dark-heartbeat-crash',
    story: "Primary goes dark, and dr's heartbeat and reconciler die while the run goes on.",
    ...survives,
    runClass: 'C',
    faults: (random) => [
      primaryLost('dark'),
      ...(['heartbeat', 'reconciler'] as const).map((name) =>
        from(20, {
          kind: 'crash',
          region: 'dr',
          function: name,
          crossing: random.pick<Crossing>(['sends', 'hears']),
          number: random.whole({ least: 1, most: 60 }),
        }),
      ),
    ],
    seconds: 600,
  },
  {
    name: 'region-dark-schedule-lost',
    story:
      "Primary goes dark, and half of the schedule's invocations in dr are lost: it takes over, or asks a person about the loss.",
    expectation: 'survives',
    runClass: 'C',
    chain: 'region',
    faults: () => [
      ...(['heartbeat', 'reconciler', 'primary-probe'] as const).map((name) =>
        from(-60, { kind: 'lost-invocations', region: 'dr', function: name, probability: 0.5 }),
      ),
      primaryLost('dark'),
    ],
    seconds: 700,
  },
  {
    name: 'promotion-fails',
    story: 'Primary goes dark, and the first promotion fails on the side of AWS.',
    expectation: 'survives',
    runClass: 'C',
    chain: 'region',
    faults: () => [from(-10, { kind: 'promotion-fails' }), primaryLost('dark')],
    seconds: 900,
  },
  {
    name: 'promotion-slow',
    story: 'Primary goes dark, and the promotion takes eight minutes.',
    ...survives,
    runClass: 'C',
    faults: () => [from(-10, { kind: 'promotion-takes', ms: 480_000 }), primaryLost('dark')],
    seconds: 720,
  },
  {
    name: 'witness-and-primary-lost',
    story:
      'Primary and the witness are both dark: no region takes over by itself, by design; then the witness returns.',
    expectation: 'fails-over',
    runClass: 'C',
    chain: 'region',
    faults: () => [primaryLost('dark'), within(0, 200, { kind: 'region-lost', region: 'witness', how: 'dark' })],
    seconds: 700,
  },
];

/** The same loss of primary, with a crash of the orchestrator at exactly one message: one scenario per crash point. */
export function crashPoint(crossing: Crossing, number: number): Scenario {
  return {
    ...CRASHED,
    name: `crash-when-it-${crossing}-${number}`,
    story: `Primary goes dark, and the orchestrator dies when it ${crossing} its message number ${number}.`,
    faults: () => [
      primaryLost('dark'),
      from(0, { kind: 'crash', region: 'dr', function: 'failover-orchestrator', crossing, number }),
    ],
  };
}
