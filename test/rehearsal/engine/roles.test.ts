import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { driftOf, type Drift, membersOf } from '../../../rehearsal/engine/cloud';
import { destroy, type Member } from '../../../rehearsal/engine/destroy';
import { scenarioOf } from '../../../rehearsal/packs/packs';
import { planOf } from '../../../rehearsal/packs/scenario';
import { stageOf } from '../../../rehearsal/pool/worker';
import { rehearse } from '../../../rehearsal/rehearse';
import { compileHandlers } from '../../../rehearsal/runtime/code';
import { workerDataOf } from '../../../rehearsal/campaign';
import type { Graph, GraphResource } from '../../../analysis/graph/graph';
import type { Stage } from '../../../rehearsal/rehearse';

// X5, N8: what `pulumi up --refresh` and `pulumi destroy` meet in every state that a bad night can leave behind. The states are
// those of real runs of the handlers; what the engine does is compared with what the provider reads.

let graph: Graph;
let stage: Stage;

beforeAll(async () => {
  const [evaluated, code] = await Promise.all([evaluateStack('dev'), compileHandlers()]);
  graph = evaluated;
  stage = stageOf(workerDataOf(graph, [], code));
}, 120_000);

interface State {
  readonly drift: readonly Drift[];
  readonly members: readonly Member[];
}

/** What the last moment of a rehearsed run looks like from outside. */
async function after(scenario: string, seconds?: number): Promise<State> {
  const states: State[] = [];
  const plan = planOf(scenarioOf(scenario), 'dev', 'roles');
  await rehearse({ ...plan, seconds: seconds ?? plan.seconds }, stage, (world) =>
    states.push({ drift: driftOf(graph, world), members: membersOf(graph, world) }),
  );
  const [state] = states;
  if (!state) throw new Error(`${scenario} has not ended`);
  return state;
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

interface StateRow {
  readonly state: string;
  readonly scenario: string;
  readonly seconds?: number;
  readonly writer: string;
}

const STATES: readonly StateRow[] = [
  { state: 'nothing', scenario: 'canaries-broken', writer: 'eu-central-1' },
  {
    state: 'a failover, with the lost region back as a follower',
    scenario: 'region-dark-then-back',
    seconds: REJOINED_SECONDS,
    writer: 'eu-central-2',
  },
  { state: 'a failover, with the lost region dark', scenario: 'region-dark', writer: 'eu-central-2' },
  { state: 'a failover whose first promotion failed', scenario: 'promotion-fails', writer: 'eu-central-2' },
  { state: 'a failover that was aborted', scenario: 'operator-aborts', writer: 'eu-central-1' },
  { state: 'a failover and a fail-back', scenario: 'fail-back', writer: 'eu-central-1' },
  { state: 'a failover and another one home', scenario: 'operator-there-and-back', writer: 'eu-central-1' },
];

describe.each<StateRow>(STATES)('after $state', ({ scenario, seconds, writer }) => {
  let state: State;

  beforeAll(async () => {
    state = await after(scenario, seconds);
  }, 120_000);

  test(`the writer is in ${writer}`, () => {
    expect(writerOf(state)).toBe(writer);
  });

  test('`up --refresh` changes nothing: everything that carries a role is the runtime’s (X5)', () => {
    expect(compared(state)).toEqual([]);
  });

  const isHome = writer === 'eu-central-1';

  test(`\`destroy\` ${isHome ? 'leaves nothing' : 'is refused by the writer that is followed, and leaves nothing once the clusters are apart'} (N8)`, () => {
    const { refusals, left } = destroy(graph, state.members);
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

test('a failover does change what the program would otherwise set back: the comparison is no empty one', async () => {
  const { drift } = await after('region-dark-then-back', REJOINED_SECONDS);
  expect(namesOf(drift.map(({ resource }) => resource))).toEqual(
    expect.arrayContaining(['aurora-primary-cluster', 'services-dr-fleet-group', 'vantage-active']),
  );
  expect(drift.map(({ property }) => property)).toEqual(
    expect.arrayContaining(['replicationSourceIdentifier', 'minSize', 'records']),
  );
}, 120_000);
