import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/bundles';
import { type DeploymentOutputs, parseOutputs } from './outputs-schema';

export { type DeploymentOutputs, OutputsError, outputsSchema, parseOutputs } from './outputs-schema';

/** Where a deployment's outputs are written and the integration tests read them (N10). */
export const OUTPUTS_FILE = path.join(ROOT, 'cfn-outputs', 'flat-outputs.json');

/** The outputs of the last deployment, or undefined when the file is not there. */
export function readOutputs(file: string = OUTPUTS_FILE): DeploymentOutputs | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  return parseOutputs(JSON.parse(text), file);
}

/** Writes the file in one step, so that a reader never sees half of it. */
export function writeOutputs(values: Readonly<Record<string, unknown>>, file: string = OUTPUTS_FILE): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const sorted = Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(`${file}.part`, `${JSON.stringify(sorted, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}
