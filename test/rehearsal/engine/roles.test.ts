import { readFileSync } from 'node:fs';
import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { driftOf, type Drift, membersOf } from '../../../rehearsal/engine/cloud';
import { destroy, type Member } from '../../../rehearsal/engine/destroy';
import { askGuard, GUARD } from '../../../rehearsal/engine/guard';
import { roundsOf } from '../../../rehearsal/engine/rounds';
import { scenarioOf } from '../../../rehearsal/packs/packs';
import { planOf } from '../../../rehearsal/packs/scenario';
import { stageOf } from '../../../rehearsal/pool/worker';
import { rehearse } from '../../../rehearsal/rehearse';
import { compileHandlers } from '../../../rehearsal/runtime/code';
import { Runtime } from '../../../rehearsal/runtime/runtime';
import { stageDataOf } from '../../../rehearsal/campaign';
import { Graph, type GraphResource } from '../../../analysis/graph/graph';
import type { Stage } from '../../../rehearsal/rehearse';
import type { World } from '../../../rehearsal/world/world';

// X5, N8: what `pulumi up --refresh` and `pulumi destroy` meet in every state that a bad night can leave behind. The states are
// those of real runs of the handlers; what the engine does is compared with what the provider reads.

let graph: Graph;
let stage: Stage;

beforeAll(async () => {
  const [evaluated, code] = await Promise.all([evaluateStack('dev'), compileHandlers()]);
  graph = evaluated;
  stage = stageOf(stageDataOf(graph, []), new Runtime(code));
}, 120_000);

interface State {
  readonly drift: readonly Drift[];
  readonly members: readonly Member[];
  /** What the guard answers, invoked as the provider does: why an `up` that touches it fails, and why a destroy does. */
  readonly guard: { readonly update: string | undefined; readonly delete: string | undefined };
}

const reached = new Map<string, Promise<State>>();

/** What the last moment of a rehearsed run looks like from outside; each is played once. */
function after(way: Way): Promise<State> {
  const key = `${way.scenario} ${way.seconds} ${way.lostFor}`;
  const state = reached.get(key) ?? play(way);
  reached.set(key, state);
  return state;
}

async function play({ scenario, seconds, lostFor }: Way): Promise<State> {
  const worlds: World[] = [];
  const states: Omit<State, 'guard'>[] = [];
  const plan = planOf(scenarioOf(scenario), 'dev', 'roles');
  const faults = plan.faults.map((window) =>
    window.fault.kind === 'region-lost' && lostFor !== undefined ? { ...window, until: lostFor } : window,
  );
  await rehearse({ ...plan, faults, seconds: seconds ?? plan.seconds }, stage, (world) => {
    worlds.push(world);
    states.push({ drift: driftOf(graph, world), members: membersOf(graph, world) });
  });
  const [world] = worlds;
  const [state] = states;
  if (!world || !state) throw new Error(`${scenario} has not ended`);
  const update = await askGuard(graph, world, 'update');
  return { ...state, guard: { update, delete: await askGuard(graph, world, 'delete') } };
}

const namesOf = (resources: readonly GraphResource[]): readonly string[] => resources.map(({ name }) => name);

const writerOf = ({ members }: State): string | undefined =>
  members.find(({ isWriter }) => isWriter)?.clusterArn.split(':')[3];

const compared = ({ drift }: State): readonly string[] =>
  drift
    .filter(({ ignored }) => !ignored)
    .map(
      ({ resource, property, program, cloud }) =>
        `${resource.name}.${property}: ${JSON.stringify(program)} is ${JSON.stringify(cloud)}`,
    );

/** Until a region that is back has joined the global database again. */
const REJOINED_SECONDS = 1_500;

/** How a state comes about. */
interface Way {
  readonly scenario: string;
  /** @default the scenario's own */
  readonly seconds?: number;
  /** A region that is lost is back after so many seconds. @default the scenario's own */
  readonly lostFor?: number;
}

interface StateRow extends Way {
  readonly state: string;
  readonly writer: string;
  /** What the guard says to a destroy. */
  readonly refusal?: RegExp;
}

const PRE_DESTROY = /DestroyRefusedError.*The writer of the database is in eu-central-2.* First: npx tap pre-destroy/;
/** The guard stands in primary, like half of what is to be deleted. */
const DARK = /^invoking Lambda Function \(failover-orchestrator-dev\): no answer$/;

const STATES: readonly StateRow[] = [
  { state: 'nothing', scenario: 'canaries-broken', writer: 'eu-central-1' },
  {
    state: 'a failover, with the lost region back as a follower',
    scenario: 'region-dark-then-back',
    seconds: REJOINED_SECONDS,
    writer: 'eu-central-2',
    refusal: PRE_DESTROY,
  },
  { state: 'a failover, with the lost region dark', scenario: 'region-dark', writer: 'eu-central-2', refusal: DARK },
  {
    state: 'a failover whose first promotion failed',
    scenario: 'promotion-fails',
    writer: 'eu-central-2',
    refusal: DARK,
  },
  {
    state: 'a failover that was aborted, with the lost region dark',
    scenario: 'operator-aborts',
    writer: 'eu-central-1',
    refusal: DARK,
  },
  {
    state: 'a failover that was aborted, with the lost region back',
    scenario: 'operator-aborts',
    lostFor: 300,
    writer: 'eu-central-1',
  },
  {
    state: 'a switchover that has begun',
    scenario: 'switchover-not-taken',
    seconds: 345,
    writer: 'eu-central-1',
    refusal:
      /DestroyRefusedError.*Run \S+ of the failover orchestrator in eu-central-2 is \w+, since 2026-.* First: wait until/,
  },
  { state: 'a switchover that RDS did not take', scenario: 'switchover-not-taken', writer: 'eu-central-1' },
  { state: 'a failover and a fail-back', scenario: 'fail-back', writer: 'eu-central-1' },
  { state: 'a failover and another one home', scenario: 'operator-there-and-back', writer: 'eu-central-1' },
];

describe.each<StateRow>(STATES)('after $state', ({ writer, refusal, scenario, seconds, lostFor }) => {
  let state: State;

  beforeAll(async () => {
    state = await after({ scenario, ...(seconds && { seconds }), ...(lostFor && { lostFor }) });
  }, 120_000);

  test(`the writer is in ${writer}`, () => {
    expect(writerOf(state)).toBe(writer);
  });

  test('`up --refresh` changes nothing: everything that carries a role is the runtime’s (X5)', () => {
    expect(compared(state)).toEqual([]);
  });

  test('a plain `destroy` leaves nothing, or says what comes first and has deleted nothing (N8, X12)', () => {
    const { guard, members } = state;
    if (refusal === undefined) expect(guard.delete).toBeUndefined();
    else expect(guard.delete).toMatch(refusal);
    for (const continueOnError of [false, true]) {
      const { refusals, left } = destroy(graph, members, { guard: guard.delete, continueOnError });
      expect(namesOf(refusals.map(({ resource }) => resource))).toEqual(refusal ? ['destroy-guard'] : []);
      expect(namesOf(left)).toEqual(refusal ? namesOf(graph.created) : []);
    }
  });

  test('an `up` that touches the guard is not refused by it (X5)', () => {
    // What the provider does not reach it can change nowhere else in the region either.
    expect(state.guard.update).toEqual(refusal === DARK ? expect.stringMatching(DARK) : undefined);
  });

  const isHome = writer === 'eu-central-1';

  test(`without the guard \`destroy\` ${isHome ? 'leaves nothing' : 'is refused by the writer that is followed, and leaves nothing once the clusters are apart'} (N8)`, () => {
    const { refusals, left } = destroy(graph, state.members, { continueOnError: true });
    if (isHome) {
      expect(namesOf(left)).toEqual([]);
      return;
    }
    expect(refusals.map(({ resource }) => resource.name)).toEqual(['aurora-dr-instance-1']);
    expect(left.length).toBeGreaterThan(10);
    expect(namesOf(destroy(graph, []).left)).toEqual([]);
    const onlyWriter = state.members.filter(({ isWriter }) => isWriter);
    expect(namesOf(destroy(graph, onlyWriter).left)).toEqual([]);
  });
});

describe('the order of a destroy', () => {
  const roundOf = (rounds: ReturnType<typeof roundsOf>, name: string): number =>
    rounds.findIndex((round) => round.some((resource) => resource.name === name));

  test('the guard goes first and alone: everything else is only begun after it has let the destroy pass', () => {
    const [first = []] = roundsOf(graph);
    expect(first.map(({ type }) => type)).toEqual([GUARD]);
  });

  test('a destroy starts no failover: the trigger goes before anything whose silence it would take for a loss', () => {
    const rounds = roundsOf(graph);
    const trigger = roundOf(rounds, 'detection-peer-dr-failover-trigger');
    const heard = ['control-primary-heartbeat', 'control-dr-heartbeat', 'control-dr-primary-probe'].map((name) =>
      roundOf(rounds, `${name}-schedule-target`),
    );
    const canaries = ['own', 'peer'].map((name) => roundOf(rounds, `detection-canary-dr-${name}`));
    expect(trigger).toBeGreaterThan(0);
    for (const later of [...heard, ...canaries]) expect(later).toBeGreaterThan(trigger);
  });

  test('a guard that does not depend on everything is found out: what it leaves out is gone when it refuses', () => {
    const resources = graph.resources.map((one) =>
      one.type === GUARD ? { ...one, dependencies: one.dependencies.slice(0, 20) } : one,
    );
    const faulty = new Graph(graph.project, graph.stack, resources, graph.invokes, graph.outputs, graph.warnings);
    expect(destroy(faulty, [], { guard: 'no', continueOnError: true }).left.length).toBeLessThan(graph.created.length);
  });
});

test('the runbook shows the refusal as it is, and the name under which the guard can be forgotten', async () => {
  const page = readFileSync('docs/runbooks/destroy.md', 'utf8');
  const { guard } = await after({ scenario: 'region-dark-then-back', seconds: REJOINED_SECONDS });
  // AWS puts more into the answer after the message.
  expect(page).toContain(guard.delete?.replace(/}$/, ','));
  expect(page).toContain(`pulumi state delete '${graph.all(GUARD)[0]?.urn}'`);
}, 120_000);

test('a failover does change what the program would otherwise set back: the comparison is no empty one', async () => {
  const { drift } = await after({ scenario: 'region-dark-then-back', seconds: REJOINED_SECONDS });
  expect(namesOf(drift.map(({ resource }) => resource))).toEqual(
    expect.arrayContaining(['aurora-primary-cluster', 'services-dr-fleet-group', 'vantage-active']),
  );
  expect(drift.map(({ property }) => property)).toEqual(
    expect.arrayContaining(['replicationSourceIdentifier', 'minSize', 'records']),
  );
}, 120_000);
