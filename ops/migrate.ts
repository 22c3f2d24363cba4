import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { OutputsError, readOutputs } from './outputs-file';

/** The migrator may take two minutes; the SDK must wait longer than the function. */
const REQUEST_TIMEOUT_MS = 150_000;

/** What the schema migrator answers in one region. */
const resultSchema = z.looseObject({
  status: z.enum(['MIGRATED', 'UP_TO_DATE', 'READ_ONLY', 'NO_WRITER']),
  from: z.number().optional(),
  to: z.number().optional(),
});

export type MigrationResult = z.infer<typeof resultSchema>;

/** Invokes one region's migrator and waits for it. No retry of our own: the step is idempotent and the operator sees the error. */
export async function invokeMigrator(region: string, functionName: string): Promise<MigrationResult> {
  const client = new LambdaClient({ region, maxAttempts: 1, requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS } });
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: '{}' }),
    );
    const text = Payload?.transformToString() ?? '';
    if (FunctionError) throw new Error(`${functionName} in ${region} failed: ${text}`);
    return resultSchema.parse(JSON.parse(text));
  } finally {
    client.destroy();
  }
}

/**
 * Brings the database schema to this release's version, at once: the migrators' own schedule would do so within five
 * minutes. Only the active region's database can be written to; the other one says
 * READ_ONLY or NO_WRITER and follows by replication.
 *
 * @throws OutputsError without a deployment; Error when no region could migrate.
 */
export async function main(): Promise<void> {
  const outputs = readOutputs();
  if (!outputs)
    throw new OutputsError('cfn-outputs/flat-outputs.json is not there: run "npm run outputs" after "pulumi up"');
  const results = await Promise.all(
    [outputs.primaryRegion, outputs.drRegion].map(async (region) => {
      const result = await invokeMigrator(region, outputs.schemaMigratorFunction);
      console.log(`${region}: ${result.status}${result.to === undefined ? '' : `, schema version ${result.to}`}`);
      return result;
    }),
  );
  if (results.every(({ status }) => status === 'READ_ONLY' || status === 'NO_WRITER')) {
    throw new Error(
      'the database takes writes in neither region: a failover may be in progress; the schedule tries again',
    );
  }
}
