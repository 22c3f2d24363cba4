import type { Crossing } from '../runtime/container';
import { from, within } from './faults';
import type { FaultWindow } from '../faults/fault';
import type { Scenario } from './scenario';

const comesHome = { expectation: 'comes-home', runClass: 'C', chain: 'region' } as const;

/** Primary goes dark for four minutes, and dr takes over. */
const lostAndBack: FaultWindow = within(0, 240, { kind: 'region-lost', region: 'primary', how: 'dark' });

/**
 * When a person begins to ask for the way back, and until when. Primary's database is rebuilt within eleven minutes of its
 * return (rehearsal/aws/rds/nature.ts); then it has to be healthy for five, and the readiness checks have to have seen it.
 */
const ASKED_FROM = 900;
const ASKED_UNTIL = 1_380;
const SECONDS = 1_800;

const switchedBack: FaultWindow = within(ASKED_FROM, ASKED_UNTIL, {
  kind: 'operator-switches-over',
  region: 'primary',
});

/** From this moment on a region has been healthy for as long as a switchover asks. */
const WELL = 330;

/** RDS in primary answers, and takes no order to switch over. */
const orderRefused: FaultWindow = within(WELL - 10, WELL + 300, {
  kind: 'service',
  region: 'primary',
  service: 'rds',
  effect: 'throttled',
  operations: ['SwitchoverGlobalCluster'],
});

/** The way home (X6): a switchover loses nothing, whoever dies in it. */
export const FAIL_BACK: readonly Scenario[] = [
  {
    name: 'fail-back',
    story:
      'Primary goes dark and dr takes over; primary returns and follows; an operator asks for the way back, and again each minute until it is granted.',
    ...comesHome,
    faults: () => [lostAndBack, switchedBack],
    seconds: SECONDS,
  },
  {
    name: 'fail-back-crash',
    story: "The same, and primary's orchestrator dies at any moment of the switchover.",
    ...comesHome,
    faults: (random) => [
      lostAndBack,
      switchedBack,
      from(ASKED_FROM + 1, {
        kind: 'crash',
        region: 'primary',
        function: 'failover-orchestrator',
        crossing: random.pick<Crossing>(['sends', 'hears']),
        // Refusals before it count as well: each asks some twenty questions.
        number: random.whole({ least: 1, most: 500 }),
      }),
    ],
    seconds: SECONDS,
  },
  {
    name: 'switchover-there-and-back',
    story: 'Nothing is wrong: an operator switches over to dr, and back.',
    ...comesHome,
    faults: () => [
      within(30, 600, { kind: 'operator-switches-over', region: 'dr' }),
      within(700, 1_300, { kind: 'operator-switches-over', region: 'primary' }),
    ],
    seconds: 1_700,
  },
  {
    name: 'switchover-unstorable',
    story:
      'An order and a payment are in the tables that no row can have: they are rejected, and a switchover to dr is granted as ever.',
    expectation: 'fails-over',
    runClass: 'C',
    chain: 'region',
    faults: () => [
      from(5, { kind: 'unstorable-items', region: 'primary' }),
      within(WELL, WELL + 200, { kind: 'operator-switches-over', region: 'dr' }),
    ],
    seconds: WELL + 400,
  },
  {
    name: 'switchover-aborted',
    story: "An operator wants dr active; primary's RDS does not take the order, and the operator stops the run.",
    ...comesHome,
    faults: () => [
      orderRefused,
      within(WELL, WELL + 30, { kind: 'operator-switches-over', region: 'dr' }),
      from(WELL + 20, { kind: 'operator-answers', region: 'dr', answer: 'abort' }),
    ],
    seconds: WELL + 400,
  },
  {
    name: 'switchover-not-taken',
    story:
      "An operator wants dr active, and primary's RDS does not take the order: the run gives up by itself, and primary goes on.",
    ...comesHome,
    faults: () => [orderRefused, within(WELL, WELL + 30, { kind: 'operator-switches-over', region: 'dr' })],
    seconds: WELL + 500,
  },
  {
    name: 'switchover-ledger-silent',
    story:
      "An operator switches over to dr while primary's ledger fails: the end of primary's lease is waited for; and then back.",
    ...comesHome,
    faults: () => [
      within(WELL - 10, WELL + 300, { kind: 'function-broken', region: 'primary', function: 'ledger' }),
      within(WELL, WELL + 120, { kind: 'operator-switches-over', region: 'dr' }),
      within(WELL + 700, WELL + 1_200, { kind: 'operator-switches-over', region: 'primary' }),
    ],
    seconds: WELL + 1_600,
  },
  {
    name: 'fail-back-dr-lost',
    story:
      'On the way back dr goes dark in the middle of the switchover: RDS cancels it, and an operator fails over to primary.',
    ...comesHome,
    faults: (random) => [
      // Nothing has been lost before, so that the moment of the switchover is known.
      within(30, 600, { kind: 'operator-switches-over', region: 'dr' }),
      within(900, 960, { kind: 'operator-switches-over', region: 'primary' }),
      from(905 + Math.round(random.between({ least: 0, most: 25 })), {
        kind: 'region-lost',
        region: 'dr',
        how: 'dark',
      }),
      from(1_140, { kind: 'operator-asks', region: 'primary' }),
    ],
    seconds: 1_560,
  },
  {
    name: 'switchover-primary-lost',
    story:
      'Primary goes dark in the middle of a switchover to dr: RDS cancels it, dr gives its epoch back, and takes over by itself like any lost region.',
    expectation: 'fails-over',
    runClass: 'C',
    chain: 'region',
    faults: (random) => [
      within(WELL, WELL + 60, { kind: 'operator-switches-over', region: 'dr' }),
      from(WELL + 5 + Math.round(random.between({ least: 0, most: 25 })), {
        kind: 'region-lost',
        region: 'primary',
        how: 'dark',
      }),
    ],
    seconds: WELL + 900,
  },
  {
    name: 'dr-lost-while-active',
    story: 'dr has taken over and primary is back; then dr is lost, and an operator makes primary active again.',
    ...comesHome,
    faults: () => [
      lostAndBack,
      from(1_100, { kind: 'region-lost', region: 'dr', how: 'dark' }),
      from(1_170, { kind: 'operator-asks', region: 'primary' }),
    ],
    seconds: 1_620,
  },
];
