import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from '../lib/bundles';

/** Where a deployment's outputs are written and the integration tests read them (N10). */
export const OUTPUTS_FILE = path.join(ROOT, 'cfn-outputs', 'flat-outputs.json');

/** The outputs that commands and integration tests rely on; the file may hold more. Absent: that workload is switched off. */
export const outputsSchema = z.looseObject({
  environmentSuffix: z.string(),
  primaryRegion: z.string(),
  drRegion: z.string(),
  apiEndpoint: z.url(),
  primaryEndpoint: z.url(),
  drEndpoint: z.url(),
  primaryRestApiId: z.string(),
  drRestApiId: z.string(),
  stageName: z.string(),
  leaseTable: z.string(),
  registerTable: z.string(),
  witnessRegion: z.string(),
  journalTable: z.string(),
  failoverOrchestratorFunction: z.string(),
  reconcilerFunction: z.string(),
  heartbeatFunction: z.string(),
  healthFunction: z.string(),
  readinessFunction: z.string(),
  drTriggerAlarm: z.string(),
  globalClusterId: z.string(),
  primaryFleetGroup: z.string().optional(),
  drFleetGroup: z.string().optional(),
  primaryOrderConsumerId: z.string().optional(),
  drOrderConsumerId: z.string().optional(),
  schemaMigratorFunction: z.string(),
  parameterReplicatorFunction: z.string(),
  parameterPath: z.string(),
  databaseHost: z.string(),
  databasePort: z.coerce.number().int(),
  databaseName: z.string(),
  databaseTls: z.enum(['verify-full', 'disable']),
  databaseSecretName: z.string(),
  primaryArtifactsBucket: z.string(),
  drArtifactsBucket: z.string(),
  primaryConfigBucket: z.string(),
  drConfigBucket: z.string(),
  ordersTable: z.string().optional(),
  sessionsTable: z.string().optional(),
  transactionsTable: z.string().optional(),
  primaryOrderQueueUrl: z.string().optional(),
  drOrderQueueUrl: z.string().optional(),
  primaryOrderDlqUrl: z.string().optional(),
  drOrderDlqUrl: z.string().optional(),
  orderProcessorFunction: z.string().optional(),
  primaryReceiptsBucket: z.string().optional(),
  drReceiptsBucket: z.string().optional(),
});

export type DeploymentOutputs = z.infer<typeof outputsSchema>;

/** The outputs are missing, or not those of this program. */
export class OutputsError extends Error {
  override readonly name = 'OutputsError';
}

/** @throws OutputsError naming every output that is missing or wrong. */
export function parseOutputs(values: unknown, source: string): DeploymentOutputs {
  const parsed = outputsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new OutputsError(`${source} does not hold the outputs of a deployed stack:\n  ${wrong.join('\n  ')}`);
}

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
