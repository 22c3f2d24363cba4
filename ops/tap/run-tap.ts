import { CommanderError } from 'commander';
import { createClients } from './clients';
import type { Machine } from './context';
import { explain, TapError } from './errors';
import { EXIT, type ExitCode } from './exit-codes';
import { createProgram } from './program';

/**
 * Runs one command line from its words to its exit code. Nothing is thrown: every end has a line of text and a code of
 * exit-codes.ts.
 */
export async function runTap(argv: readonly string[], machine: Machine): Promise<ExitCode> {
  const clients = createClients();
  const json = argv.includes('--json');
  let code: ExitCode = EXIT.done;
  try {
    await createProgram(machine, clients, (ended) => {
      code = ended;
    }).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const { exitCode, message } = endOf(error);
    machine.screen.err(`tap: ${message}\n`);
    if (json) machine.screen.out(`${JSON.stringify({ error: message, exitCode }, null, 2)}\n`);
    return exitCode;
  } finally {
    clients.close();
  }
}

function endOf(error: unknown): { readonly exitCode: ExitCode; readonly message: string } {
  if (error instanceof TapError) return error;
  const { kind, says } = explain(error);
  return { exitCode: kind === 'other' ? EXIT.failed : EXIT.unreachable, message: says };
}
