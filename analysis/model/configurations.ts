import { PLAN, SWITCHOVER_PLAN } from '../../lambda/failover-orchestrator/plan';
import { type Exploration, explore, type ExploreOptions, type Model } from './explorer';
import { type Protocol, REAL } from './protocol';
import { owned, type RegisterSetting, untouched, WORKERS } from './registers/starts';
import type { OrchestratorBounds } from './runs/orchestrator-state';
import { orchestratorModel } from './runs/orchestrator';
import { runModel } from './runs/plan-run';
import { type Offsets, quorum } from './world';
import { writersModel } from './writers';

/** `small` is for every test run, `large` for a person with minutes. */
export const BOUNDS = ['small', 'large'] as const;
export type Bound = (typeof BOUNDS)[number];

/** One focussed part of the whole, explored to its end. */
export interface Configuration {
  readonly name: string;
  /** What is in it, in one line. */
  readonly about: string;
  /** @param protocol undefined for the product as it is. */
  readonly explore: (protocol: Protocol | undefined, bound: Bound, options?: ExploreOptions) => Exploration;
}

function configuration<S>(
  name: string,
  about: string,
  models: Readonly<Record<Bound, (protocol: Protocol) => Model<S>>>,
): Configuration {
  return { name, about, explore: (protocol = REAL, bound, options) => explore(models[bound](protocol), options) };
}

/** Clocks as far apart as they may be, each way; the large bound also looks at what lies between. */
const PRIMARY_SLOW: Offsets = { primary: -1, dr: 1 };
const PRIMARY_FAST: Offsets = { primary: 1, dr: -1 };
/** Where skew is not the question. */
const TOGETHER: Offsets = { primary: 0, dr: 0 };
const EVERY_SKEW: readonly Offsets[] = ([-1, 0, 1] as const).flatMap((primary) =>
  ([-1, 0, 1] as const).map((dr) => ({ primary, dr })),
);

const BY_HAND = { kind: 'operator', who: 'an operator', force: false } as const;

/** One claim, and nothing goes wrong. */
const CALM: Omit<RegisterSetting, 'workers'> = {
  offsets: [PRIMARY_SLOW],
  lease: 3,
  claims: 1,
  faults: 0,
  stalls: 0,
  late: 0,
  witness: true,
  losses: ['primary', 'dr', 'witness'],
};

/** One run in dr, and nothing goes wrong but what it is there for. */
const RUNS: OrchestratorBounds = {
  quorum: quorum(true),
  offsets: [TOGETHER],
  runsIn: ['dr'],
  switches: false,
  replaces: false,
  lease: 1,
  starts: 1,
  stalls: 0,
  faults: 0,
  aborts: 0,
  recovers: false,
};

/** The writers of both regions. @param ends whether dr ends primary's writes by its own epoch. */
function writersOf(name: string, about: string, ends: boolean): Configuration {
  const setting = { quorum: quorum(true), lease: 3, ends };
  return configuration(name, about, {
    small: (protocol) =>
      writersModel(protocol, {
        ...setting,
        offsets: [PRIMARY_SLOW],
        claims: 1,
        writers: ['primary', 'primary', 'dr'],
      }),
    large: (protocol) =>
      writersModel(protocol, {
        ...setting,
        offsets: [PRIMARY_SLOW, PRIMARY_FAST],
        claims: 2,
        writers: ['primary', 'primary', 'dr', 'dr'],
      }),
  });
}

const { primarysHeartbeat, drsHeartbeat, drsRun, drsZombie, primarysRun, drsRelease } = WORKERS;

/** Everything that is explored, in the order in which a reader understands it. */
export const CONFIGURATIONS: readonly Configuration[] = [
  configuration('a claim', 'two heartbeats and one claim in dr, every interleaving', {
    small: (protocol) => untouched(protocol, { ...CALM, workers: [primarysHeartbeat, drsHeartbeat, drsRun] }),
    large: (protocol) =>
      untouched(protocol, {
        ...CALM,
        offsets: EVERY_SKEW,
        claims: 2,
        workers: [primarysHeartbeat, drsHeartbeat, drsRun],
      }),
  }),
  configuration('a bad network', "primary's heartbeat and a claim in dr; lost and late messages, cut paths", {
    small: (protocol) =>
      untouched(protocol, { ...CALM, lease: 2, faults: 2, late: 1, workers: [primarysHeartbeat, drsRun] }),
    large: (protocol) =>
      untouched(protocol, {
        ...CALM,
        lease: 2,
        faults: 2,
        late: 1,
        workers: [primarysHeartbeat, drsHeartbeat, drsRun],
      }),
  }),
  configuration('stalls', "primary's heartbeat and a claim in dr, each of which may stall anywhere", {
    small: (protocol) => untouched(protocol, { ...CALM, stalls: 1, workers: [primarysHeartbeat, drsRun] }),
    large: (protocol) =>
      untouched(protocol, {
        ...CALM,
        lease: 2,
        stalls: 1,
        faults: 1,
        late: 1,
        workers: [primarysHeartbeat, drsHeartbeat, drsRun],
      }),
  }),
  configuration('claimants', 'several invocations claim at once and again, each for itself', {
    small: (protocol) => untouched(protocol, { ...CALM, lease: 2, claims: 3, workers: [drsRun, drsZombie] }),
    large: (protocol) =>
      untouched(protocol, { ...CALM, lease: 2, claims: 3, faults: 1, workers: [drsRun, drsZombie, primarysRun] }),
  }),
  configuration('a release', 'dr gives its epoch back, and primary takes the next one', {
    small: (protocol) =>
      owned(protocol, {
        ...CALM,
        lease: 2,
        offsets: [PRIMARY_FAST],
        workers: [primarysHeartbeat, drsHeartbeat, drsRelease],
      }),
    large: (protocol) =>
      owned(protocol, {
        ...CALM,
        lease: 2,
        stalls: 1,
        offsets: [PRIMARY_FAST, PRIMARY_SLOW],
        workers: [primarysHeartbeat, drsHeartbeat, drsRelease],
      }),
  }),
  configuration('no witness', "one register, primary's; two heartbeats and a claim in dr", {
    small: (protocol) =>
      untouched(protocol, {
        ...CALM,
        lease: 2,
        faults: 1,
        late: 1,
        witness: false,
        losses: ['dr'],
        workers: [primarysHeartbeat, drsHeartbeat, drsRun],
      }),
    large: (protocol) =>
      untouched(protocol, {
        ...CALM,
        claims: 2,
        stalls: 1,
        faults: 1,
        late: 1,
        witness: false,
        losses: ['dr'],
        workers: [primarysHeartbeat, drsHeartbeat, drsRun],
      }),
  }),
  writersOf(
    'writers',
    "transactions of both regions' functions, which may stall anywhere, over renewals and claims",
    false,
  ),
  writersOf(
    'writes that are ended',
    "dr ends primary's writes by its epoch in primary's database, and says that the lease is over, as a switchover does",
    true,
  ),
  configuration('a run', 'the decision about one run: every answer in every order, crashes, an abort', {
    small: (protocol) =>
      runModel(protocol, { kind: 'failover', steps: ['promote', 'open', 'verify'], crashes: 1, aborts: 1 }),
    large: (protocol) =>
      runModel(protocol, {
        kind: 'failover',
        steps: PLAN.map(({ name }) => name).filter((name) => name !== 'raise-floor' && name !== 'announce'),
        crashes: 1,
        aborts: 1,
      }),
  }),
  configuration("an operator's run", 'the decision about a failover that a person has asked for, and has to accept', {
    small: (protocol) =>
      runModel(protocol, { kind: 'failover', trigger: BY_HAND, steps: ['promote', 'open'], crashes: 1, aborts: 1 }),
    large: (protocol) =>
      runModel(protocol, {
        kind: 'failover',
        trigger: BY_HAND,
        steps: ['stop-consumers', 'promote', 'shift-traffic', 'open', 'verify'],
        crashes: 2,
        aborts: 1,
      }),
  }),
  configuration('a switchover', 'the decision about one switchover, which RDS may take and cancel', {
    small: (protocol) =>
      runModel(protocol, { kind: 'switchover', steps: ['end-writes', 'switch-over', 'open'], crashes: 1, aborts: 1 }),
    large: (protocol) =>
      runModel(protocol, {
        kind: 'switchover',
        steps: SWITCHOVER_PLAN.map(({ name }) => name).filter(
          (name) =>
            ![
              'raise-floor',
              'lower-floor',
              'restore-consumers',
              'move-rpo-bound',
              'announce',
              'record-change',
              'report',
            ].includes(name),
        ),
        crashes: 1,
        aborts: 1,
      }),
  }),
  configuration(
    'runs and their journal',
    'invocations in dr, of which one may stall and be replaced; RDS, heartbeats',
    {
      small: (protocol) => orchestratorModel(protocol, { ...RUNS, starts: 2, stalls: 1 }),
      large: (protocol) => orchestratorModel(protocol, { ...RUNS, starts: 3, stalls: 2, aborts: 1, recovers: true }),
    },
  ),
  configuration(
    'an abort',
    'a run in dr whose answers are lost, which RDS gives up, and which an operator wants aborted',
    {
      small: (protocol) => orchestratorModel(protocol, { ...RUNS, faults: 1, aborts: 1 }),
      large: (protocol) =>
        orchestratorModel(protocol, { ...RUNS, starts: 2, stalls: 2, faults: 2, aborts: 1, recovers: true }),
    },
  ),
  configuration(
    'an order without an answer',
    'RDS takes an order, refuses it, never gets it or begins late, and the run hears nothing of it, or dies',
    {
      small: (protocol) => orchestratorModel(protocol, { ...RUNS, onlyOrders: true, starts: 2, faults: 1, aborts: 1 }),
      large: (protocol) =>
        orchestratorModel(protocol, { ...RUNS, starts: 3, stalls: 1, faults: 2, aborts: 1, recovers: true }),
    },
  ),
  configuration('an opening', 'RDS has promoted dr, whose run opens it while somebody contests its epoch', {
    small: (protocol) => orchestratorModel(protocol, { ...RUNS, promoted: true, starts: 1, stalls: 1, faults: 1 }),
    large: (protocol) =>
      orchestratorModel(protocol, { ...RUNS, promoted: true, starts: 2, stalls: 2, faults: 2, aborts: 1 }),
  }),
  configuration(
    'a run that gives way',
    "an operator's failover takes the place of the alarm's run, whose invocation works, has stalled, or has died",
    {
      small: (protocol) => orchestratorModel(protocol, { ...RUNS, replaces: true, starts: 2, stalls: 1 }),
      large: (protocol) =>
        orchestratorModel(protocol, { ...RUNS, replaces: true, starts: 3, stalls: 2, faults: 1, recovers: true }),
    },
  ),
  configuration('primary is lost', 'a run in dr with nothing left of primary', {
    small: (protocol) => orchestratorModel(protocol, { ...RUNS, faults: 1, lost: 'primary' }),
    large: (protocol) =>
      orchestratorModel(protocol, { ...RUNS, starts: 2, stalls: 1, faults: 1, aborts: 1, lost: 'primary' }),
  }),
  configuration('runs in both regions', 'the alarm starts one in dr, an operator one in primary', {
    small: (protocol) => orchestratorModel(protocol, { ...RUNS, runsIn: ['dr', 'primary'], starts: 2 }),
    large: (protocol) =>
      orchestratorModel(protocol, { ...RUNS, runsIn: ['dr', 'primary'], starts: 3, stalls: 1, recovers: true }),
  }),
  configuration(
    'switchovers and their journal',
    'an operator switches over to dr: RDS takes the order or not, cancels it or not; a failover may follow',
    {
      small: (protocol) => orchestratorModel(protocol, { ...RUNS, switches: true, faults: 1, aborts: 1 }),
      large: (protocol) =>
        orchestratorModel(protocol, {
          ...RUNS,
          runsIn: ['dr', 'primary'],
          switches: true,
          starts: 3,
          stalls: 1,
          faults: 2,
          aborts: 1,
        }),
    },
  ),
];
