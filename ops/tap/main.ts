import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline/promises';
import { isatty } from 'node:tty';
import { createSleep } from '../../lambda/shared/ticks';
import { OUTPUTS_FILE, readOutputsFile, writeOutputs } from '../outputs-file';
import { pulumiOutputs } from '../pulumi-outputs';
import type { Machine, OutputsPort } from './context';
import { EXIT } from './exit-codes';
import { runTap } from './run-tap';
import type { Screen } from './terminal';

/** The operator's command on this machine: `npx tap VERB`. Sets the process' exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // A pipe that is closed early (`tap status | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.done);
  });
  process.once('SIGINT', () => {
    console.error('\ninterrupted. What an orchestrator has begun goes on without this terminal: npx tap status');
    process.exit(EXIT.interrupted);
  });
  process.exitCode = await runTap(argv, machine());
}

function machine(): Machine {
  return {
    screen: screen(),
    outputs,
    async save(name, text) {
      const file = path.resolve(name);
      await writeFile(file, text);
      return file;
    },
    user: `${userName()}@${os.hostname()}`,
    now: Date.now,
    sleep: createSleep(),
    newId: randomUUID,
  };
}

/** Some containers run under a number that has no name. */
function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return process.env['USER'] ?? 'unknown';
  }
}

function screen(): Screen {
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isTerminal: isatty(0) && isatty(1),
    env: process.env,
    async ask(question) {
      const lines = readline.createInterface({ input: process.stdin, output: process.stderr });
      try {
        // Ctrl-D ends the input, and the question would never be answered.
        const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
        return await Promise.race([lines.question(question), ended]);
      } finally {
        lines.close();
      }
    },
  };
}

const outputs: OutputsPort = {
  file: () => new Promise((resolve) => resolve(readOutputsFile())),
  pulumi: pulumiOutputs,
  write(values) {
    writeOutputs(values);
    return Promise.resolve(OUTPUTS_FILE);
  },
};
