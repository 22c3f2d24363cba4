import { from, primaryLost, within } from './faults';
import type { Scenario } from './scenario';

const classA = { expectation: 'fails-over', runClass: 'A', chain: 'region' } as const;
const classC = { expectation: 'fails-over', runClass: 'C', chain: 'region' } as const;

/** One region lost, and nothing else: the runs of class A. How long the promotion takes is drawn from the assumed range (aws-facts.md 1.2). */
export const REGION_LOST: readonly Scenario[] = [
  {
    name: 'region-dark',
    story: 'Everything in primary stops at one moment.',
    ...classA,
    faults: () => [primaryLost('dark')],
  },
  {
    name: 'region-cut-off',
    story: 'Nothing passes into primary or out of it; inside, everything goes on.',
    ...classA,
    faults: () => [primaryLost('cut-off')],
  },
];

/** What dr has to take over, whatever else is wrong. */
export const MUST_FAIL_OVER: readonly Scenario[] = [
  ...REGION_LOST,
  {
    name: 'region-half-open',
    story: 'Primary hears everything and nobody hears an answer.',
    ...classC,
    faults: () => [primaryLost('half-open')],
    seconds: 700,
  },
  {
    name: 'region-slow',
    story: 'Every message to and from primary takes ten seconds longer.',
    ...classC,
    faults: () => [from(0, { kind: 'region-slow', region: 'primary', slowerMs: { least: 10_000, most: 15_000 } })],
    seconds: 700,
  },
  {
    name: 'database-gone',
    story: "Primary's database takes nothing for three minutes and more.",
    expectation: 'fails-over',
    runClass: 'A',
    chain: 'database',
    faults: () => [from(0, { kind: 'database-gone', region: 'primary' })],
    seconds: 520,
  },
  {
    name: 'processing-dead',
    story: "Every invocation of primary's order processor fails.",
    expectation: 'fails-over',
    runClass: 'A',
    chain: 'database',
    faults: () => [from(0, { kind: 'function-broken', region: 'primary', function: 'order-processor' })],
    seconds: 520,
  },
  {
    name: 'region-dark-events-twice',
    story: 'Primary goes dark, and events and messages come twice and late.',
    ...classC,
    faults: () => [
      from(-60, { kind: 'duplicate-events', probability: 0.5 }),
      from(-60, { kind: 'duplicate-messages', probability: 0.3 }),
      from(-60, { kind: 'late-messages', lateMs: { least: 0, most: 5_000 } }),
      primaryLost('dark'),
    ],
  },
  {
    name: 'region-dark-control-plane-of-names-down',
    story: "Primary goes dark, and Route 53's control plane with it: no record can be changed.",
    ...classC,
    faults: () => [from(0, { kind: 'route53-control-plane-down' }), primaryLost('dark')],
  },
  {
    name: 'region-dark-no-capacity',
    story: 'Primary goes dark, and EC2 launches nothing in dr.',
    ...classC,
    faults: () => [from(0, { kind: 'no-capacity', region: 'dr' }), primaryLost('dark')],
  },
  {
    name: 'region-cut-off-fencing-times-out',
    story: 'Primary is cut off, and Aurora cannot stop the old writer.',
    ...classC,
    faults: () => [from(0, { kind: 'fencing-times-out' }), primaryLost('cut-off')],
  },
  {
    name: 'region-dark-clock-skew',
    story: "Primary goes dark, and dr's clocks are four seconds ahead.",
    ...classC,
    faults: () => [from(-100, { kind: 'clock-skew', region: 'dr', ms: 4_000 }), primaryLost('dark')],
  },
  {
    name: 'region-dark-then-back',
    story: 'Primary goes dark and comes back four minutes later, with everything that it had stored.',
    ...classC,
    faults: () => [within(0, 240, { kind: 'region-lost', region: 'primary', how: 'dark' })],
    seconds: 700,
  },
  {
    name: 'region-cut-off-then-back',
    story: 'Primary is cut off and comes back while dr is being promoted.',
    ...classC,
    faults: (random) => [
      within(0, Math.round(random.between({ least: 100, most: 200 })), {
        kind: 'region-lost',
        region: 'primary',
        how: 'cut-off',
      }),
    ],
    seconds: 700,
  },
];
