import { main, type MigrateParts } from '../../ops/migrate';

/** A stack whose migrators answer as told, and everything that was asked of them. */
function stack(status: 'MIGRATED' | 'READ_ONLY' = 'MIGRATED') {
  const outputs = jest.fn(() => ({
    primaryRegion: 'eu-central-1',
    drRegion: 'eu-central-2',
    schemaMigratorFunction: 'schema-migrator-dev',
  }));
  const invoke = jest.fn((region: string, _name: string) =>
    Promise.resolve(region === 'eu-central-1' ? { status, to: 3 } : { status: 'READ_ONLY' as const }),
  );
  return { outputs, invoke };
}

const said = { out: '', err: '' };
beforeEach(() => {
  Object.assign(said, { out: '', err: '' });
  jest.spyOn(console, 'log').mockImplementation((line: string) => void (said.out += `${line}\n`));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void (said.err += `${line}\n`));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

describe('npm run migrate', () => {
  // It changes a live database: whoever looks what it does, or mistypes, has not begun it.
  test.each(['--help', '-h'])('%s is answered with the help, and nothing is read or migrated', async (option) => {
    const parts = stack();
    await main([option], parts);
    expect(said.out).toContain('usage: npm run migrate');
    expect([parts.outputs.mock.calls, parts.invoke.mock.calls]).toEqual([[], []]);
    expect(process.exitCode).toBeUndefined();
  });

  test.each([[['--stack', 'prod']], [['--dry-run']], [['prod']]])(
    '%j is a wrong command line: exit code 2, named, and nothing is read or migrated',
    async (argv) => {
      const parts = stack();
      await main(argv, parts);
      expect(process.exitCode).toBe(2);
      expect(said.err).toContain(argv[0]);
      expect(said.err).toContain('usage: npm run migrate');
      expect([parts.outputs.mock.calls, parts.invoke.mock.calls]).toEqual([[], []]);
    },
  );

  test('without options it migrates in both regions, and tells what each has answered', async () => {
    const parts = stack();
    await main([], parts);
    expect(parts.invoke.mock.calls).toEqual([
      ['eu-central-1', 'schema-migrator-dev'],
      ['eu-central-2', 'schema-migrator-dev'],
    ]);
    expect(said.out).toBe('eu-central-1: MIGRATED, schema version 3\neu-central-2: READ_ONLY\n');
  });

  test('fails where neither database takes writes, and without a deployment', async () => {
    await expect(main([], stack('READ_ONLY'))).rejects.toThrow('takes writes in neither region');
    const parts: MigrateParts = { ...stack(), outputs: () => undefined };
    await expect(main([], parts)).rejects.toThrow('run "npm run outputs"');
  });
});
