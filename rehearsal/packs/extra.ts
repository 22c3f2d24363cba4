import { from, primaryLost, within } from './faults';
import type { FaultWindow } from '../faults/fault';
import type { Scenario } from './scenario';

const failsOver = { expectation: 'fails-over', runClass: 'C', chain: 'region' } as const;
const waits = { expectation: 'stays', runClass: 'C', chain: 'region', seconds: 420 } as const;

/** Primary hears neither dr nor the witness, and its clients notice nothing: the one loss in which both regions have work to do. */
const primaryAlone: readonly FaultWindow[] = [
  within(0, 260, { kind: 'partition', between: ['primary', 'dr'] }),
  within(0, 260, { kind: 'partition', between: ['primary', 'witness'] }),
  from(0, { kind: 'fencing-times-out' }),
];

/** Days that the other packs leave out, found by faults that were planted and not seen. */
export const EXTRA: readonly Scenario[] = [
  {
    name: 'primary-alone',
    story: 'Primary reaches neither dr nor the witness, and Aurora cannot fence it; its clients still reach it.',
    ...failsOver,
    faults: () => primaryAlone,
    seconds: 720,
  },
  {
    name: 'processing-dead-then-alone',
    story: 'Primary processes no orders, is then alone, and dr is promoted within a second: its lease is still long.',
    ...failsOver,
    faults: () => [
      from(-10, { kind: 'promotion-takes', ms: 1_000 }),
      from(-10, { kind: 'fencing-times-out' }),
      from(0, { kind: 'function-broken', region: 'primary', function: 'order-processor' }),
      within(102, 300, { kind: 'partition', between: ['primary', 'dr'] }),
      within(102, 300, { kind: 'partition', between: ['primary', 'witness'] }),
    ],
    seconds: 720,
  },
  {
    name: 'region-dark-witness-answers-lost',
    story: 'Primary goes dark, and for three minutes the witness does what it is told and nobody hears of it.',
    ...failsOver,
    faults: () => [
      {
        from: 0,
        until: 180,
        fault: {
          kind: 'service',
          region: 'witness',
          service: 'dynamodb',
          effect: 'done-silently',
          operations: ['PutItem'],
        },
      },
      primaryLost('dark'),
    ],
    seconds: 700,
  },
  {
    name: 'promotion-unanswered',
    story:
      'Primary goes dark, and RDS in dr answers every order to fail over with 503 and does nothing; after the ten minutes and two ' +
      'of looks the run gives its epoch back, and primary, which has returned, is active again.',
    expectation: 'comes-home',
    runClass: 'C',
    chain: 'region',
    faults: () => [
      within(0, 400, { kind: 'region-lost', region: 'primary', how: 'dark' }),
      from(0, {
        kind: 'service',
        region: 'dr',
        service: 'rds',
        effect: 'unavailable',
        operations: ['FailoverGlobalCluster'],
      }),
    ],
    seconds: 1_200,
  },
  {
    name: 'promotion-answers-lost',
    story: 'Primary goes dark; for a minute RDS in dr takes orders to fail over, and nobody hears its answer.',
    ...failsOver,
    faults: () => [
      within(0, 180, {
        kind: 'service',
        region: 'dr',
        service: 'rds',
        effect: 'done-silently',
        operations: ['FailoverGlobalCluster'],
      }),
      primaryLost('dark'),
    ],
    seconds: 700,
  },
  {
    name: 'operator-not-answered',
    story:
      'Nothing is lost: an operator asks for a failover while the monitor is silent, and never answers how much may be lost; ' +
      'an hour of looks later nothing has begun.',
    expectation: 'stays',
    runClass: 'C',
    chain: 'region',
    faults: () => [
      within(-30, 200, { kind: 'function-broken', region: 'dr', function: 'replication-monitor' }),
      from(30, { kind: 'operator-fails-over', region: 'dr' }),
    ],
    seconds: 1_200,
  },
  {
    name: 'observer-cut-off-then-region-dark',
    story:
      'dr is cut off from primary and the witness while its readiness checks run; both return, then primary goes dark before the ' +
      'checks run again.',
    ...failsOver,
    faults: () => [
      within(60, 370, { kind: 'partition', between: ['primary', 'dr'] }),
      within(60, 370, { kind: 'partition', between: ['dr', 'witness'] }),
      from(370, { kind: 'lost-invocations', region: 'dr', function: 'readiness', probability: 1 }),
      from(400, { kind: 'region-lost', region: 'primary', how: 'dark' }),
    ],
    seconds: 1_000,
  },
  {
    name: 'region-dark-loss-unknown',
    story: "Primary goes dark, and dr's monitor answers nobody: what would be lost is for a person to accept.",
    ...waits,
    faults: () => [
      from(-60, { kind: 'function-broken', region: 'dr', function: 'replication-monitor' }),
      primaryLost('dark'),
    ],
  },
  {
    name: 'region-dark-too-far-behind',
    story: 'Primary goes dark when its database is two minutes ahead: more would be lost than may be lost unasked.',
    ...waits,
    faults: () => [from(-140, { kind: 'aurora-lag', ms: 120_000 }), primaryLost('dark')],
  },
  {
    name: 'region-dark-nothing-arriving',
    story:
      'Primary goes dark when nothing of its database has arrived in dr for two minutes, and the last lag was small.',
    ...waits,
    faults: () => [from(-140, { kind: 'aurora-lag-frozen' }), primaryLost('dark')],
  },
  {
    name: 'handed-back',
    story:
      'dr has taken over, primary is back and follows; then an operator makes primary active again, and dr lives on.',
    ...failsOver,
    faults: () => [
      within(0, 240, { kind: 'region-lost', region: 'primary', how: 'dark' }),
      from(1_100, { kind: 'operator-asks', region: 'primary' }),
    ],
    seconds: 1_500,
  },
];
