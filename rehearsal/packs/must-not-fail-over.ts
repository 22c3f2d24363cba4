import { within } from './faults';
import type { Random } from '../kernel/random';
import type { Scenario } from './scenario';

const stays = { expectation: 'stays', runClass: 'C', chain: 'region', seconds: 420 } as const;
const jitter = (random: Random, least: number, most: number): number => Math.round(random.between({ least, most }));

/** Days on which nothing must be left: a failover would be the outage. */
export const MUST_NOT_FAIL_OVER: readonly Scenario[] = [
  {
    name: 'partition-43-seconds',
    story: 'The two regions do not hear each other for 43 seconds (GitHub, October 2018).',
    ...stays,
    faults: () => [within(0, 43, { kind: 'partition', between: ['primary', 'dr'] })],
  },
  {
    name: 'partition-10-minutes',
    story: 'The two regions do not hear each other for ten minutes; everybody else reaches both.',
    ...stays,
    seconds: 720,
    faults: () => [within(0, 600, { kind: 'partition', between: ['primary', 'dr'] })],
  },
  {
    name: 'partition-one-way',
    story: 'For five minutes nothing from primary reaches dr; the other direction is well.',
    ...stays,
    faults: () => [within(0, 300, { kind: 'partition', between: ['primary', 'dr'], oneWay: true })],
  },
  {
    name: 'deployment',
    story: 'All functions of primary get new code, and for twenty seconds some requests fail.',
    ...stays,
    faults: (random) => [
      within(0, 1, { kind: 'deployment', region: 'primary' }),
      within(0, 20, {
        kind: 'api-errors',
        region: 'primary',
        status: 500,
        share: random.between({ least: 0.1, most: 0.5 }),
      }),
    ],
  },
  {
    name: 'zone-lost',
    story: 'One of three zones of primary is lost; the database fails over inside the region.',
    ...stays,
    faults: () => [within(0, 300, { kind: 'zone-lost', region: 'primary' })],
  },
  {
    name: 'writer-fails-45-seconds',
    story: "Primary's writer fails over inside the region, which takes 45 seconds.",
    ...stays,
    faults: () => [within(0, 60, { kind: 'writer-fails', region: 'primary', ms: 45_000 })],
  },
  {
    name: 'canaries-broken',
    story: 'The canaries of both regions fail whatever they find.',
    ...stays,
    faults: () => [
      within(0, 400, { kind: 'canary-broken', region: 'dr' }),
      within(0, 400, { kind: 'canary-broken', region: 'primary' }),
    ],
  },
  {
    name: 'errors-5xx',
    story: "A third of all requests to primary's API fail with 500 for three minutes.",
    ...stays,
    faults: (random) => [
      within(0, 180, { kind: 'api-errors', region: 'primary', status: 500, share: jitter(random, 20, 40) / 100 }),
    ],
  },
  {
    name: 'observer-cut-off',
    story: 'Not primary but dr is cut off from everything for four minutes.',
    ...stays,
    faults: () => [within(0, 240, { kind: 'region-lost', region: 'dr', how: 'cut-off' })],
  },
  {
    name: 'observer-half-cut-off',
    story: 'dr reaches neither primary nor the witness; the rest of the world it does.',
    ...stays,
    faults: () => [
      within(0, 240, { kind: 'partition', between: ['primary', 'dr'] }),
      within(0, 240, { kind: 'partition', between: ['witness', 'dr'] }),
    ],
  },
  {
    name: 'alarm-stuck',
    story: 'The alarm of the write probe is red although every probe is good.',
    ...stays,
    faults: () => [within(0, 400, { kind: 'alarm-stuck', region: 'dr', alarm: 'probe-failed', state: 'ALARM' })],
  },
  {
    name: 'trigger-stuck',
    story: 'The alarm that calls the orchestrator is red although neither of its legs is.',
    ...stays,
    faults: () => [within(0, 400, { kind: 'alarm-stuck', region: 'dr', alarm: 'failover-trigger', state: 'ALARM' })],
  },
  {
    name: 'probes-throttled',
    story: "Primary's API answers every order with 429 for three minutes; primary's own verdict is good.",
    ...stays,
    faults: () => [within(0, 180, { kind: 'api-errors', region: 'primary', status: 429, share: 1, path: '/orders' })],
  },
  {
    name: 'witness-lost',
    story: 'The witness region is dark for five minutes.',
    ...stays,
    faults: () => [within(0, 300, { kind: 'region-lost', region: 'witness', how: 'dark' })],
  },
  {
    name: 'heartbeat-broken',
    story: "Primary's heartbeat function fails at every invocation; the second renewer takes its place.",
    ...stays,
    faults: () => [within(0, 300, { kind: 'function-broken', region: 'primary', function: 'heartbeat' })],
  },
  {
    name: 'probe-broken',
    story: 'The probe itself fails at every invocation.',
    ...stays,
    faults: () => [within(0, 300, { kind: 'function-broken', region: 'dr', function: 'primary-probe' })],
  },
  {
    name: 'control-plane-down',
    story: "Primary's control planes are down; what runs, runs.",
    ...stays,
    faults: () => [within(0, 300, { kind: 'control-plane-down', region: 'primary' })],
  },
  {
    name: 'lag-grows-then-freezes',
    story: "The database's lag grows to twenty seconds and its calculation then stands still.",
    ...stays,
    faults: () => [within(0, 120, { kind: 'aurora-lag', ms: 20_000 }), within(120, 300, { kind: 'aurora-lag-frozen' })],
  },
  {
    name: 'metrics-late',
    story: "CloudWatch shows dr's metrics a minute late.",
    ...stays,
    faults: () => [within(0, 300, { kind: 'metrics-late', region: 'dr', ms: 60_000 })],
  },
  {
    name: 'load-backlog',
    story:
      'For two minutes clients send twice as many orders as slowed processors execute: they wait for longer and longer.',
    ...stays,
    faults: () => [
      within(0, 300, { kind: 'function-slow', region: 'primary', function: 'order-processor', ms: 250 }),
      within(0, 120, { kind: 'load', perSecond: 9 }),
    ],
  },
  {
    name: 'stale-reads',
    story: 'Eventually consistent reads in both regions see the state of half a minute ago.',
    ...stays,
    faults: () => [
      within(0, 300, { kind: 'stale-reads', region: 'primary', ms: 30_000 }),
      within(0, 300, { kind: 'stale-reads', region: 'dr', ms: 30_000 }),
    ],
  },
];
