import { z } from 'zod';

/** An output that is there: an empty one would be taken for a name. */
const text = z.string().min(1);

/** The outputs that commands and integration tests rely on; the file may hold more. Absent: that workload is switched off. */
export const outputsSchema = z.looseObject({
  environmentSuffix: text,
  primaryRegion: text,
  drRegion: text,
  apiEndpoint: z.url(),
  primaryEndpoint: z.url(),
  drEndpoint: z.url(),
  primaryRestApiId: text,
  drRestApiId: text,
  stageName: text,
  leaseTable: text,
  registerTable: text,
  witnessRegion: text,
  journalTable: text,
  failoverOrchestratorFunction: text,
  reconcilerFunction: text,
  heartbeatFunction: text,
  healthFunction: text,
  readinessFunction: text,
  replicationMonitorFunction: text,
  ledgerFunction: text,
  drTriggerAlarm: text,
  globalClusterId: text,
  primaryFleetGroup: text.optional(),
  drFleetGroup: text.optional(),
  primaryOrderConsumerId: text.optional(),
  drOrderConsumerId: text.optional(),
  schemaMigratorFunction: text,
  parameterReplicatorFunction: text,
  parameterPath: text,
  databaseHost: text,
  databasePort: z.coerce.number().int(),
  databaseName: text,
  databaseTls: z.enum(['verify-full', 'disable']),
  databaseSecretName: text,
  primaryArtifactsBucket: text,
  drArtifactsBucket: text,
  primaryAuditLogsBucket: text,
  drAuditLogsBucket: text,
  primaryConfigBucket: text,
  drConfigBucket: text,
  ordersTable: text.optional(),
  sessionsTable: text.optional(),
  transactionsTable: text.optional(),
  primaryOrderQueueUrl: text.optional(),
  drOrderQueueUrl: text.optional(),
  primaryOrderDlqUrl: text.optional(),
  drOrderDlqUrl: text.optional(),
  orderProcessorFunction: text.optional(),
  primaryReceiptsBucket: text.optional(),
  drReceiptsBucket: text.optional(),
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
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole of it'}: ${message}`);
  throw new OutputsError(`${source} does not hold the outputs of a deployed stack:\n  ${wrong.join('\n  ')}`);
}
