import { ASSUMPTIONS } from '../../../lib/budget/assumptions';
import type { Budget, Chain, PathTerm, Range, Term } from '../../../lib/budget/types';
import type { Fate, Moment, RunPlan, RunResult } from '../../../rehearsal/judge/result';
import { boundsOf } from '../../../rehearsal/report/report';
import type { Pack, RehearsalReport } from '../../../rehearsal/report/report';
import type { Topology, TopologyRegion } from '../../../rehearsal/report/topology';

/** Numbers that look like chance and are the same every time: Knuth's multiplicative hash. */
export function share(index: number): number {
  return ((index * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;
}

const range = (best: number, expected: number, worst: number): Range => ({ best, expected, worst });

function chainOf(id: string, says: string, target: Chain['target'], detect: Range): Chain {
  const term = (step: string, text: string, seconds: Range): PathTerm => ({ step, says: text, seconds, origins: [] });
  const path = [
    term('detected', 'ticks until the alarm is red', detect),
    term('called', 'the composite alarm calls the orchestrator', range(0.2, 2.5, 10)),
    term('claimed', 'guards and the claim', range(0.5, 1.5, 15)),
    term('promoted', 'promotion', range(60, 120, 180)),
    term('promoted', 'until the next look at the promotion', range(0, 2.5, 5)),
    term('open', 'installing the epoch', range(0.5, 2, 10)),
    term('first good order', "a client's next attempt", range(0.5, 1.5, 5)),
  ];
  const sum = (measure: keyof Range): number => path.reduce((total, { seconds }) => total + seconds[measure], 0);
  const terms = (step: string): readonly Term[] => path.filter((one) => one.step === step);
  const steps = ['detected', 'called', 'claimed', 'promoted', 'open', 'first good order'];
  return {
    id,
    says,
    target,
    seconds: range(sum('best'), sum('expected'), sum('worst')),
    critical: { best: path, expected: path, worst: path },
    beside: [],
    breakEvenPromotion: target.seconds - (sum('worst') - 180),
    steps: steps.map((step, index) => ({
      id: step,
      says: `${step} as a step`,
      after: steps.slice(index - 1, index),
      terms: terms(step),
    })),
  };
}

/** 61.7 to 285 s for a lost region, 91.7 to 335 s for the database alone. */
export const BUDGET: Budget = {
  failoverMode: 'automatic',
  targets: { rtoSeconds: 300, databaseRtoSeconds: 360, rpoSeconds: 60 },
  promotionAssumed: range(60, 120, 180),
  chains: [
    chainOf('region-lost', 'the region is gone', { key: 'rtoSeconds', seconds: 300 }, range(20, 45, 60)),
    chainOf('database-alone', 'the database is gone', { key: 'databaseRtoSeconds', seconds: 360 }, range(80, 95, 110)),
  ],
  losses: [
    { store: 'Aurora', seconds: range(0, 1, 5), bound: 'the lag guard', strength: 'watched', origins: [], notes: [] },
  ],
  table: [{ promotionSeconds: 240, chains: [{ id: 'region-lost', expected: 290, worst: 345, meets: false }] }],
  misses: [],
  allowed: true,
};

/** A region that is lost, told from the fault to the end; seconds after the fault. */
export function timeline(rto: number): readonly Moment[] {
  const detect = rto * 0.2;
  const claim = detect + 4;
  const promoted = rto - 6;
  return [
    { at: 0, phase: 'fault', text: 'primary goes dark' },
    { at: detect - 20, phase: 'detect', text: 'the probe fails for the first time' },
    { at: detect, phase: 'detect', text: 'failover-trigger-dev is red' },
    { at: detect + 2, phase: 'decide', text: 'every guard says yes' },
    { at: claim, phase: 'claim', text: 'epoch 2 by two of three registers' },
    { at: claim + 3, phase: 'stop', text: "primary's consumers do not answer; given up" },
    { at: claim + 1, phase: 'promote', text: 'RDS has the order to fail over' },
    { at: promoted, phase: 'promote', text: 'the writer is here' },
    { at: claim + 70, phase: 'dns', text: 'Route 53 answers dr' },
    { at: claim + 95, phase: 'capacity', text: 'two instances in service' },
    { at: promoted + 3, phase: 'open', text: 'epoch installed, lease open' },
    { at: rto, phase: 'first good order', text: 'an order of a client is processed' },
    { at: rto + 4, phase: 'verify', text: 'one real order through' },
    { at: rto + 6, phase: 'notify', text: 'report written' },
    { at: 600, phase: 'end', text: 'the run is over' },
  ];
}

const NO_FATES: Readonly<Record<Fate, number>> = {
  processed: 0,
  delayed: 0,
  expired: 0,
  redone: 0,
  late: 0,
  waiting: 0,
  lost: 0,
};

/** One run; by default class A, a lost region, everything in order. */
export function run(index: number, plan: Partial<RunPlan> = {}, result: Partial<RunResult> = {}): RunResult {
  const rto = 150 + Math.round(share(index) * 1_000) / 10;
  const stays = plan.expectation === 'stays';
  return {
    plan: {
      stack: 'dev',
      scenario: 'region-dark',
      seed: `dev-${index}`,
      runClass: 'A',
      expectation: 'fails-over',
      chain: 'region',
      faults: [{ fault: { kind: 'region-lost', region: 'primary', how: 'dark' }, from: 0 }],
      seconds: 600,
      ...plan,
    },
    failovers: stays ? [] : [{ at: 50, region: 'eu-central-2', epoch: 2, outcome: 'COMPLETED' }],
    switchovers: [],
    ...(stays ? {} : { rtoSeconds: rto, promotionSeconds: rto - 70 }),
    rpoSeconds: 0,
    auroraLagSeconds: 0.4,
    dynamodbLagSeconds: 1,
    counts: {
      submissions: 205,
      acknowledged: 200,
      fates: { ...NO_FATES, processed: 190, delayed: 8, redone: 2 },
      doubleWrites: 0,
      sdkCalls: 6_000 + index,
      invocations: 900,
      crashes: 0,
      denied: 0,
    },
    findings: [],
    timeline: stays ? [] : timeline(rto),
    violations: [],
    traceDigest: index.toString(16).padStart(64, '0'),
    deniedCalls: [],
    busyMs: 650,
    ...result,
  };
}

/** A run that lost one order. @param ageAtFault in seconds; the injected lag is `lag`. */
export function losing(index: number, { ageAtFault = 0.8, lag = 1.2, replicated = false } = {}): RunResult {
  const lost = run(index);
  return {
    ...lost,
    rpoSeconds: Math.max(0, ageAtFault),
    dynamodbLagSeconds: lag,
    counts: { ...lost.counts, fates: { ...NO_FATES, processed: 199, lost: 1 } },
    findings: [{ id: `order-${index}`, kind: 'order', fate: 'lost', ageAtFault, replicated }],
  };
}

const MUST_NOT = ['partition-43-seconds', 'deploy-blip', 'one-zone', 'broken-canary', '5xx-storm', 'dr-side-partition'];

export const PACKS: readonly Pack[] = [
  {
    name: 'must-fail-over',
    says: 'what must move to dr',
    expectation: 'fails-over',
    scenarios: ['region-dark', 'region-half-open', 'database-gone'],
  },
  { name: 'must-not-fail-over', says: 'what must stay', expectation: 'stays', scenarios: MUST_NOT },
  {
    name: 'must-survive',
    says: 'a crash at every await',
    expectation: 'survives',
    scenarios: ['crash-in-promote', 'dr-lost-while-active'],
  },
];

/** 200 runs, all in order: 120 of A and the region, 20 of A and the database, 20 of B, 10 of C, 30 that stay. */
export function goodRuns(): readonly RunResult[] {
  const times = (count: number, make: (index: number) => RunResult): readonly RunResult[] =>
    Array.from({ length: count }, (_, index) => make(index));
  return [
    ...times(117, (index) => run(index, index % 3 === 0 ? { scenario: 'region-half-open' } : {})),
    ...times(3, (index) => losing(117 + index, { ageAtFault: 0.3 + index / 4 })),
    ...times(20, (index) =>
      run(200 + index, { scenario: 'database-gone', chain: 'database' }, { rtoSeconds: 220 + index * 4 }),
    ),
    ...times(20, (index) => run(300 + index, { scenario: 'crash-in-promote', runClass: 'B', expectation: 'survives' })),
    ...times(9, (index) => run(400 + index, { scenario: 'random', runClass: 'C', expectation: 'survives' })),
    withoutRto(run(409, { scenario: 'random', runClass: 'C', expectation: 'survives' })),
    ...times(30, (index) =>
      run(500 + index, { scenario: MUST_NOT[index % 5] ?? '', runClass: 'C', expectation: 'stays' }),
    ),
  ];
}

export function withoutRto({ rtoSeconds: _, ...result }: RunResult): RunResult {
  return result;
}

function regionOf(role: TopologyRegion['role'], region: string): TopologyRegion {
  return {
    role,
    region,
    api: { name: 'trading-api-dev', functions: ['health-dev', 'orders-api-dev', 'payment-validator-dev'] },
    queues: [{ name: 'orders-queue-dev', consumers: ['order-processor-dev'] }],
    globalTables: ['orders-dev', 'sessions-dev', 'transactions-dev'],
    regionalTables: ['journal-dev', 'lease-dev', 'register-dev'],
    database: {
      name: `aurora-${region}-dev`,
      member: role === 'primary' ? 'writer' : 'secondary',
      instances: role === 'primary' ? 2 : 1,
    },
    fleet: { name: 'application-fleet-dev', running: role === 'primary' ? 2 : 1, most: 6 },
    control: [
      'failover-orchestrator-dev',
      'heartbeat-dev',
      'ledger-dev',
      'readiness-dev',
      'reconciler-dev',
      'replication-monitor-dev',
    ],
    topics: ['alerts-dev'],
    alarms: 50,
    buckets: 6,
  };
}

export const TOPOLOGY: Topology = {
  regions: [regionOf('primary', 'eu-central-1'), regionOf('dr', 'eu-central-2')],
  names: [
    {
      name: 'api.dev.trading.example.com',
      answers: [
        { role: 'PRIMARY', region: 'eu-central-1', check: '2 of 2: endpoint, 30 s × 3, alarm failover-active-dev' },
        { role: 'SECONDARY', region: 'eu-central-2', check: 'endpoint, 30 s × 3' },
      ],
    },
  ],
  witness: { region: 'eu-west-1', tables: ['register-dev'] },
  trigger: {
    alarm: 'failover-trigger-dev',
    rule: 'ALARM("probe-failed-dev") AND ALARM("heartbeat-silent-dev")',
    region: 'eu-central-2',
    legs: ['probe-failed-dev', 'heartbeat-silent-dev', 'heartbeat-unhealthy-dev', 'canary-peer-failed-dev'],
    calls: 'failover-orchestrator-dev',
  },
  databases: [{ from: 'eu-central-1', to: 'eu-central-2', names: ['aurora-global-dev'] }],
  tables: [{ from: 'eu-central-1', to: 'eu-central-2', names: ['orders-dev', 'sessions-dev', 'transactions-dev'] }],
  buckets: [
    { from: 'eu-central-1', to: 'eu-central-2', names: ['receipts'] },
    { from: 'eu-central-2', to: 'eu-central-1', names: ['receipts'] },
  ],
};

/** A whole report; everything is in order unless told otherwise. */
export function report(changes: Partial<RehearsalReport> = {}): RehearsalReport {
  const results = changes.results ?? goodRuns();
  return {
    project: 'tap',
    stack: 'dev',
    regions: { primary: 'eu-central-1', dr: 'eu-central-2', witness: 'eu-west-1' },
    budget: BUDGET,
    bounds: boundsOf(BUDGET, 30),
    narrated: results[0] ?? run(0),
    results,
    packs: PACKS,
    privileges: {
      grants: 412,
      used: 398,
      allowedUnused: 14,
      unused: [],
      staleAllowances: [],
      denied: [],
      wildcards: [],
      passed: true,
    },
    allowances: [{ holder: 'application-fleet-*', sids: ['FetchArtifact'], why: 'not run', exercisedBy: 'test/fleet' }],
    assumptions: Object.entries(ASSUMPTIONS).map(([id, assumption]) => ({ id, ...assumption })),
    fidelity: [
      {
        behaviour: 'An alarm acts on a transition',
        model: 'exact',
        how: 'as documented',
        source: 'CloudWatch guide',
        test: 'acts once',
      },
    ],
    topology: TOPOLOGY,
    measured: { wallSeconds: 80, workers: 2 },
    ...changes,
  };
}
