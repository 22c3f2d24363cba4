import { z } from 'zod';

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
  replicationMonitorFunction: z.string(),
  ledgerFunction: z.string(),
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
  primaryAuditLogsBucket: z.string(),
  drAuditLogsBucket: z.string(),
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
