import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';

/** Lets functions of a region not be called any more; one that runs goes on to its end. */
export async function stopFunctions(region: string, functionNames: readonly string[]): Promise<void> {
  const client = new LambdaClient({ region });
  for (const FunctionName of functionNames)
    await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  client.destroy();
}

/** Undoes {@link stopFunctions}. */
export async function startFunctions(region: string, functionNames: readonly string[]): Promise<void> {
  const client = new LambdaClient({ region });
  for (const FunctionName of functionNames) await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  client.destroy();
}

/** Starts a consumer that a run has stopped. */
export async function startConsumer(region: string, consumerId: string): Promise<void> {
  const client = new LambdaClient({ region });
  await client
    .send(new UpdateEventSourceMappingCommand({ UUID: consumerId, Enabled: true }))
    .finally(() => client.destroy());
}
