import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/bundles';
import { type DeploymentOutputs, OutputsError, parseOutputs } from './outputs-schema';

export { type DeploymentOutputs, OutputsError, outputsSchema, parseOutputs } from './outputs-schema';

/** Where a deployment's outputs are written and the integration tests read them (N10). */
export const OUTPUTS_FILE = path.join(ROOT, 'cfn-outputs', 'flat-outputs.json');

/**
 * What the file holds, or undefined when it is not there.
 * @throws OutputsError when it is there and says nothing: going by another stack's outputs then would be worse.
 */
export function readOutputsFile(file: string = OUTPUTS_FILE): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (isNotThere(cause)) return undefined;
    throw new OutputsError(`${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
  try {
    const values: unknown = JSON.parse(text);
    return values;
  } catch (cause) {
    throw new OutputsError(`${file} is not JSON: ${messageOf(cause)}`, { cause });
  }
}

/**
 * The outputs of the last deployment, or undefined when the file is not there.
 * @throws OutputsError naming the file, and what is wrong with it.
 */
export function readOutputs(file: string = OUTPUTS_FILE): DeploymentOutputs | undefined {
  const values = readOutputsFile(file);
  return values === undefined ? undefined : parseOutputs(values, file);
}

function isNotThere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Writes the file in one step, so that a reader never sees half of it. */
export function writeOutputs(values: Readonly<Record<string, unknown>>, file: string = OUTPUTS_FILE): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const sorted = Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(`${file}.part`, `${JSON.stringify(sorted, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}
