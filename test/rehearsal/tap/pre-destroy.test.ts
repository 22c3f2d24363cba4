import { decidePreDestroy } from '../../../ops/tap/pre-destroy/decide';
import { membersOf } from '../../../rehearsal/engine/cloud';
import { destroy } from '../../../rehearsal/engine/destroy';
import { askGuard } from '../../../rehearsal/engine/guard';
import { ADMINISTRATOR, Scene } from './support/scene';
import { setStage, type Stage } from './support/stage';

// A platform's minutes pass in seconds, or in many where other tests want the processor too.
jest.setTimeout(120_000);

describe('what has to be done before a destroy', () => {
  const member = (region: string, isWriter: boolean) => ({ arn: `arn:${region}`, region, isWriter });
  const home = [member('home', true), member('dr', false)];
  const swapped = [member('home', false), member('dr', true)];

  test.each([
    ['no global database is left', undefined, { kind: 'nothing', why: 'there is no global database' }],
    [
      'the writer is at home',
      { status: 'available', members: home },
      { kind: 'nothing', why: 'the writer is at home, in primary' },
    ],
    [
      'one member is left, the writer in dr',
      { status: 'available', members: [member('dr', true)] },
      { kind: 'nothing' },
    ],
    [
      'roles change',
      { status: 'available', change: 'failing-over', members: swapped },
      { kind: 'wait', why: 'a change of roles goes on: failing-over' },
    ],
    [
      'something is modified',
      { status: 'modifying', members: swapped },
      { kind: 'wait', why: 'the global database is modifying' },
    ],
    // The follower first: AWS keeps a writer for as long as another member is there.
    [
      'roles are swapped',
      { status: 'available', members: [...swapped].reverse() },
      {
        kind: 'detach',
        order: [
          { arn: 'arn:home', region: 'home' },
          { arn: 'arn:dr', region: 'dr' },
        ],
      },
    ],
  ])('when %s', (_, look, decision) => {
    expect(decidePreDestroy(look, 'home')).toMatchObject(decision);
  });
});

describe('the command', () => {
  let stage: Stage;
  let scene: Scene;
  beforeAll(async () => {
    stage = await setStage();
    scene = await Scene.open(stage);
  });

  const admin = { role: ADMINISTRATOR };
  const detached = (): readonly string[] =>
    scene.calls
      .filter(({ operation }) => operation === 'RemoveFromGlobalCluster')
      .map(({ region, result }) => `${region} ${result}`);

  /** `pulumi destroy` as the stack is now: what its guard answers, and how much is left. */
  async function plainDestroy(): Promise<{ readonly refusal: string | undefined; readonly left: number }> {
    const { graph } = stage;
    const refusal = await askGuard(graph, scene.world, 'delete');
    return { refusal, left: destroy(graph, membersOf(graph, scene.world), { guard: refusal }).left.length };
  }

  /** With the old writer following again: before that nothing else is accepted. */
  async function failOver(of: Scene): Promise<void> {
    await of.tap('failover', { types: ['dev'] });
    await of.pass(900_000);
  }

  // One story, in this order: each test goes on where the one before has left the stack.
  test('has nothing to do on a fresh stack', async () => {
    expect(await scene.tap('pre-destroy', admin)).toMatchObject({
      code: 0,
      out: 'Nothing has to be done: the writer is at home, in primary. Go on: pulumi destroy\n',
    });
  });

  test('after a failover a plain destroy asks for it; it wants the stack’s name, and --yes is none', async () => {
    expect(await scene.tap('pre-destroy --yes', admin)).toMatchObject({ code: 2, calls: [] });
    await failOver(scene);
    const all = stage.graph.created.length;
    expect(await plainDestroy()).toEqual({ refusal: expect.stringContaining('First: npx tap pre-destroy'), left: all });
    expect((await scene.tap('pre-destroy', { ...admin, types: ['prod'] })).code).toBe(3);
    expect((await scene.tap('pre-destroy', { ...admin, isTerminal: false })).code).toBe(3);
    expect(detached()).toEqual([]);
  });

  test('is not the operator’s to do: the role has no right to take the database apart', async () => {
    const typed = await scene.tap('pre-destroy', { types: ['dev'] });
    expect(typed.code).toBe(4);
    expect(typed.err).toContain('is not authorized to perform rds:RemoveFromGlobalCluster');
    // The hint agrees with the help: it is the operator's role that is wrong here.
    expect(typed.err).toContain(
      "take the credentials of whoever deploys and destroys the stack, not the operator's role",
    );
    const nobody = await scene.tap('pre-destroy --dry-run', { role: 'arn:aws:iam::123456789012:role/nobody' });
    expect(nobody.err).toContain("not the operator's role");
    expect(detached()).toEqual(['eu-central-1 AccessDeniedException']);
  });

  test('a dry run says what would be done, and does nothing', async () => {
    const dry = await scene.tap('pre-destroy --dry-run', admin);
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(
      /^ {2}eu-central-1 \(primary\) {2}arn:aws:rds:.*\n {2}eu-central-2 \(dr\) {2}arn:aws:rds:/m,
    );
    expect(JSON.parse((await scene.tap('pre-destroy --dry-run --json', admin)).out)).toMatchObject({ kind: 'detach' });
    expect(detached()).toHaveLength(1);
  });

  test('detaches the follower, waits for it, and then the writer; once more finds nothing to do', async () => {
    const typed = await scene.tap('pre-destroy', { ...admin, types: ['dev'] });
    expect(typed.code).toBe(0);
    expect(detached().slice(1)).toEqual(['eu-central-1 ok', 'eu-central-2 ok']);
    expect(typed.out.split('\n').slice(-4)).toEqual([
      '  eu-central-1 (primary) has left',
      '  eu-central-2 (dr) has left',
      'Done. Go on: pulumi destroy',
      '',
    ]);
    expect((await scene.tap('pre-destroy', admin)).code).toBe(0);
  });

  test('after it the guard lets the destroy pass, and that leaves nothing (N8)', async () => {
    expect(await plainDestroy()).toEqual({ refusal: undefined, left: 0 });
  });

  test('whose terminal dies after the first cluster leaves nothing that a destroy could not do', async () => {
    const other = await Scene.open(stage);
    await failOver(other);
    await other.tap('pre-destroy', { ...admin, types: ['dev'], diesAfterMs: 20_000 });
    await other.pass(60_000);
    const again = await other.tap('pre-destroy', admin);
    expect(again.out).toMatch(/^Nothing has to be done: the global database has no two members/);
  });
});
