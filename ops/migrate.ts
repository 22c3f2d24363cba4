import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { type DeploymentOutputs, OutputsError, readOutputs } from './outputs-file';

const USAGE = `usage: npm run migrate [-- --help]

Brings the database schema of the deployed stack to this release's version, now: in both regions, of which the one that is
active does it and the other one follows. It changes the live database; a schedule does the same within five minutes. The stack
is that of cfn-outputs/flat-outputs.json; it takes the operator's role (output operatorRoleArn).
  --help  this text, and nothing is done

Exit code 0: the schema has this release's version; 1: it has not, and the text says why; 2: a wrong option, nothing was done.`;

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

/** What the command reads and does; a test has its own. */
export interface MigrateParts {
  readonly outputs: () => Pick<DeploymentOutputs, 'primaryRegion' | 'drRegion' | 'schemaMigratorFunction'> | undefined;
  readonly invoke: typeof invokeMigrator;
}

/**
 * The command `npm run migrate`. The command line is checked before anything is read or done.
 *
 * @throws OutputsError without a deployment; Error when no region could migrate.
 */
export async function main(
  argv: readonly string[],
  parts: MigrateParts = { outputs: readOutputs, invoke: invokeMigrator },
): Promise<void> {
  const wish = wishOf(argv);
  if (wish === 'migrate') return migrate(parts);
  if (wish === 'help') {
    console.log(USAGE);
    return;
  }
  console.error(`${wish.wrong}\n\n${USAGE}`);
  process.exitCode = 2;
}

function wishOf(argv: readonly string[]): 'migrate' | 'help' | { readonly wrong: string } {
  try {
    const { values } = parseArgs({ args: [...argv], options: { help: { type: 'boolean', short: 'h' } } });
    return values.help ? 'help' : 'migrate';
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Brings the database schema to this release's version, at once: the migrators' own schedule would do so within five
 * minutes. Only the active region's database can be written to; the other one says
 * READ_ONLY or NO_WRITER and follows by replication.
 */
async function migrate({ outputs: read, invoke }: MigrateParts): Promise<void> {
  const outputs = read();
  if (!outputs)
    throw new OutputsError('cfn-outputs/flat-outputs.json is not there: run "npm run outputs" after "pulumi up"');
  const results = await Promise.all(
    [outputs.primaryRegion, outputs.drRegion].map(async (region) => {
      const result = await invoke(region, outputs.schemaMigratorFunction);
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
