import { CommandError, shell } from '../../ops/pipeline/command';

const node = (script: string, timeoutMs = 20_000, input?: string) => ({
  program: process.execPath,
  args: ['-e', script],
  timeoutMs,
  ...(input === undefined ? {} : { input }),
});

describe('another program', () => {
  test('is read: only its standard output is the answer', async () => {
    await expect(shell.read(node('console.error("progress"); console.log("answer")'))).resolves.toBe('answer\n');
  });

  test('takes its input', async () => {
    await expect(shell.read(node('process.stdin.pipe(process.stdout)', 20_000, '{"body":1}'))).resolves.toBe(
      '{"body":1}',
    );
  });

  test('that fails says how, and what it wrote, so that the log of a pipeline is enough', async () => {
    await expect(shell.read(node('console.error("no such stack"); process.exit(3)'))).rejects.toThrow(
      /": exit code 3\nno such stack$/,
    );
  });

  test('that is not there is told apart from one that fails', async () => {
    const command = { program: 'no-such-program-anywhere', args: [], timeoutMs: 1_000 };
    await expect(shell.read(command)).rejects.toThrow(CommandError);
    await expect(shell.show(command)).resolves.toMatchObject({
      ending: 'not-found',
      how: 'no-such-program-anywhere is not on the PATH',
    });
  });

  test('that hangs is asked to stop, so that Pulumi can save its state, and counts as timed out', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const script =
      'process.on("SIGINT", () => { console.log("saved"); process.exit(0); }); setInterval(() => {}, 1000); console.log("ready")';
    const outcome = await shell.show(node(script, 1_500));
    write.mockRestore();
    expect(outcome).toMatchObject({ ending: 'timed-out', how: 'did not end within 1.5 s and was stopped' });
    expect(outcome.tail).toBe('ready\nsaved\n');
  });

  test('is shown as it runs, both streams, and its end is kept', async () => {
    const shown: unknown[] = [];
    const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => shown.push(text) > 0);
    const error = jest.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(text) > 0);
    const outcome = await shell.show(node('console.log("x".repeat(100000)); console.error("locked")'));
    out.mockRestore();
    error.mockRestore();
    expect(shown.join('').length).toBe(100_008);
    expect(outcome.tail.length).toBeLessThanOrEqual(64 * 1024);
    expect(outcome.tail).toContain('locked');
  });
});
