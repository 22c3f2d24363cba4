import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { OUTPUTS_FILE, OutputsError, parseOutputs, writeOutputs } from './outputs-file';

const USAGE = `usage: npm run outputs -- [--stack NAME] [--file FILE]

Writes the outputs of a deployed stack to cfn-outputs/flat-outputs.json, which the integration tests read.
  --stack NAME  the stack; default: the one that "pulumi stack select" chose
  --file FILE   another place to write to`;

/** Pulumi answers from its backend; a minute is ample, and a hanging one must not hang a pipeline. */
const PULUMI_TIMEOUT_MS = 60_000;

/** Asks Pulumi for the outputs and writes them flat: name to value. @throws OutputsError saying what to do. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      stack: { type: 'string' },
      file: { type: 'string', default: OUTPUTS_FILE },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const outputs = await stackOutputs(values.stack);
  parseOutputs(outputs, `stack ${values.stack ?? '(selected)'}`);
  writeOutputs(outputs, values.file);
  console.log(`${Object.keys(outputs).length} outputs written to ${values.file}`);
}

async function stackOutputs(stack: string | undefined): Promise<Record<string, unknown>> {
  const args = ['stack', 'output', '--json', ...(stack === undefined ? [] : ['--stack', stack])];
  try {
    const { stdout } = await promisify(execFile)('pulumi', args, {
      timeout: PULUMI_TIMEOUT_MS,
      maxBuffer: 16 * 1024 * 1024,
    });
    return z.record(z.string(), z.unknown()).parse(JSON.parse(stdout));
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const what = missing
      ? 'the Pulumi CLI is not on the PATH: https://www.pulumi.com/docs/install/'
      : `"pulumi ${args.join(' ')}" failed: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new OutputsError(what, { cause });
  }
}
