import { decidePreDestroy } from '../../../ops/tap/pre-destroy/decide';
import { ADMINISTRATOR, Scene } from './support/scene';
import { setStage, type Stage } from './support/stage';

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
  beforeAll(async () => {
    stage = await setStage();
  }, 120_000);

  const admin = { role: ADMINISTRATOR };

  test('has nothing to do on a fresh stack', async () => {
    const scene = await Scene.open(stage);
    expect(await scene.tap('pre-destroy', admin)).toMatchObject({
      code: 0,
      out: 'Nothing has to be done: the writer is at home, in primary. Go on: pulumi destroy\n',
    });
  });

  test('after a failover it detaches the follower, waits for it, and then the writer; a dry run changes nothing', async () => {
    const scene = await Scene.open(stage);
    await scene.tap('failover', { types: ['dev'] });
    // The old writer has to follow again before anything else is accepted.
    await scene.pass(900_000);
    const dry = await scene.tap('pre-destroy --dry-run', admin);
    expect(dry.code).toBe(0);
    expect(JSON.parse((await scene.tap('pre-destroy --dry-run --json', admin)).out)).toMatchObject({ kind: 'detach' });
    expect(dry.calls.filter((call) => call.includes('RemoveFromGlobalCluster'))).toEqual([]);

    const typed = await scene.tap('pre-destroy', { ...admin, types: ['dev'] });
    expect(typed.code).toBe(0);
    expect(typed.calls.filter((call) => call.includes('RemoveFromGlobalCluster'))).toEqual([
      'rds.RemoveFromGlobalCluster eu-central-1 ok',
      'rds.RemoveFromGlobalCluster eu-central-2 ok',
    ]);
    expect(typed.out.split('\n').slice(-4)).toEqual([
      '  eu-central-1 (primary) has left',
      '  eu-central-2 (dr) has left',
      'Done. Go on: pulumi destroy',
      '',
    ]);
    // Repeated, as after a terminal that died in the middle, it finds nothing more to do.
    expect((await scene.tap('pre-destroy', admin)).code).toBe(0);
  });

  test('whose terminal dies after the first cluster has nothing left that a destroy could not do', async () => {
    const scene = await Scene.open(stage);
    await scene.tap('failover', { types: ['dev'] });
    await scene.pass(900_000);
    await scene.tap('pre-destroy', { ...admin, types: ['dev'], diesAfterMs: 20_000 });
    await scene.pass(60_000);
    expect((await scene.tap('pre-destroy', admin)).out).toMatch(
      /^Nothing has to be done: the global database has no two members/,
    );
  });

  test('is not the operator’s to do: the role has no right to take the database apart', async () => {
    const scene = await Scene.open(stage);
    await scene.tap('failover', { types: ['dev'] });
    await scene.pass(900_000);
    const typed = await scene.tap('pre-destroy', { types: ['dev'] });
    expect(typed.code).toBe(4);
    expect(typed.err).toContain('is not authorized to perform rds:RemoveFromGlobalCluster');
  });

  test('needs the stack’s name, and --yes is none', async () => {
    const scene = await Scene.open(stage);
    expect(await scene.tap('pre-destroy --yes', admin)).toMatchObject({ code: 2, calls: [] });
    await scene.tap('failover', { types: ['dev'] });
    await scene.pass(900_000);
    expect((await scene.tap('pre-destroy', { ...admin, types: ['prod'] })).code).toBe(3);
    expect((await scene.tap('pre-destroy', { ...admin, isTerminal: false })).code).toBe(3);
    expect(scene.calls.filter(({ operation }) => operation === 'RemoveFromGlobalCluster')).toEqual([]);
  });
});
