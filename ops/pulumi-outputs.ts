import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { OutputsError } from './outputs-schema';

/** Pulumi answers from its backend; a minute is ample, and a hanging one must not hang a pipeline. */
const PULUMI_TIMEOUT_MS = 60_000;

/** Asks the Pulumi CLI for the outputs of one stack, or of the selected one. @throws OutputsError saying what to do. */
export async function pulumiOutputs(stack: string | undefined): Promise<Record<string, unknown>> {
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
