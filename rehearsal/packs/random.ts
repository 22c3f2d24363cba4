import { within } from './faults';
import type { Random } from '../kernel/random';
import type { Fault, FaultWindow, Location } from '../faults/fault';
import type { Scenario } from './scenario';

/** How far into a run a random fault begins, and how long it lasts, in seconds. */
const BEGINS = { least: 0, most: 200 };
const LASTS = { least: 20, most: 400 };

const places: readonly Location[] = ['primary', 'dr', 'witness'];
const regions: readonly ('primary' | 'dr')[] = ['primary', 'dr'];
const functions = ['heartbeat', 'reconciler', 'failover-orchestrator', 'health', 'order-processor', 'ledger'] as const;

/** One of everything that can go wrong, each as likely as the others. */
const MAKERS: readonly ((random: Random) => Fault)[] = [
  (random) => ({ kind: 'region-lost', region: random.pick(places), how: random.pick(['dark', 'cut-off'] as const) }),
  (random) => ({ kind: 'region-lost', region: random.pick(regions), how: 'half-open' }),
  (random) => ({ kind: 'region-slow', region: random.pick(regions), slowerMs: { least: 200, most: 8_000 } }),
  () => ({ kind: 'partition', between: ['primary', 'dr'] }),
  (random) => ({ kind: 'partition', between: [random.pick(regions), 'witness'] }),
  (random) => ({
    kind: 'partition',
    between: random.pick([
      ['primary', 'dr'],
      ['dr', 'primary'],
    ] as const),
    oneWay: true,
  }),
  (random) => ({
    kind: 'service',
    region: random.pick(places),
    service: 'dynamodb',
    effect: random.pick(['throttled', 'unavailable', 'silent', 'done-silently'] as const),
    share: random.between({ least: 0.1, most: 1 }),
  }),
  (random) => ({
    kind: 'service',
    region: random.pick(regions),
    service: random.pick(['rds', 'cloudwatch', 'sqs', 'lambda', 'secretsmanager', 'sns'] as const),
    effect: random.pick(['throttled', 'unavailable', 'silent', 'done-silently'] as const),
    share: random.between({ least: 0.1, most: 1 }),
  }),
  (random) => ({ kind: 'control-plane-down', region: random.pick(regions) }),
  () => ({ kind: 'route53-control-plane-down' }),
  (random) => ({ kind: 'clock-skew', region: random.pick(regions), ms: random.whole({ least: -4_500, most: 4_500 }) }),
  (random) => ({ kind: 'duplicate-events', probability: random.next() }),
  (random) => ({ kind: 'duplicate-messages', probability: random.next() }),
  () => ({ kind: 'late-messages', lateMs: { least: 0, most: 20_000 } }),
  (random) => ({
    kind: 'lost-invocations',
    region: random.pick(regions),
    function: random.pick(functions),
    probability: random.next(),
  }),
  (random) => ({ kind: 'function-broken', region: random.pick(regions), function: random.pick(functions) }),
  (random) => ({
    kind: 'crash',
    region: random.pick(regions),
    function: random.pick(functions),
    crossing: random.pick(['sends', 'hears'] as const),
    number: random.whole({ least: 1, most: 150 }),
  }),
  (random) => ({ kind: 'stale-reads', region: random.pick(regions), ms: random.whole({ least: 100, most: 50_000 }) }),
  (random) => ({ kind: 'dynamodb-lag', ms: random.whole({ least: 0, most: 40_000 }) }),
  () => ({ kind: 'dynamodb-frozen' }),
  (random) => ({ kind: 'aurora-lag', ms: random.whole({ least: 100, most: 40_000 }) }),
  () => ({ kind: 'aurora-lag-frozen' }),
  (random) => ({ kind: 'promotion-takes', ms: random.whole({ least: 60_000, most: 300_000 }) }),
  () => ({ kind: 'promotion-fails' }),
  () => ({ kind: 'fencing-times-out' }),
  (random) => ({ kind: 'database-gone', region: random.pick(regions) }),
  (random) => ({ kind: 'writer-fails', region: 'primary', ms: random.whole({ least: 5_000, most: 90_000 }) }),
  (random) => ({ kind: 'no-capacity', region: random.pick(regions) }),
  () => ({ kind: 'zone-lost', region: 'primary' }),
  (random) => ({ kind: 'canary-broken', region: random.pick(regions) }),
  (random) => ({
    kind: 'metrics-late',
    region: random.pick(regions),
    ms: random.whole({ least: 1_000, most: 90_000 }),
  }),
  (random) => ({
    kind: 'api-errors',
    region: random.pick(regions),
    status: random.pick([429, 500] as const),
    share: random.next(),
  }),
  (random) => ({ kind: 'deployment', region: random.pick(regions) }),
];

function windowOf(random: Random): FaultWindow {
  const since = random.whole(BEGINS);
  return within(since, since + random.whole(LASTS), random.pick(MAKERS)(random));
}

/** Anything, at any time, at once: no claim about time, only that no order has two effects, none is lost without a reason, and every run ends. */
export const RANDOM: Scenario = {
  name: 'random',
  story: 'One to five faults, drawn from everything that can go wrong.',
  expectation: 'survives',
  runClass: 'C',
  chain: 'region',
  faults: (random) => Array.from({ length: random.whole({ least: 1, most: 5 }) }, () => windowOf(random)),
  seconds: 800,
};
