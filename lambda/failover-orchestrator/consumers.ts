import { type LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';

/** The consumers of one region's queues: their event source mappings. */
export interface Consumers {
  /** @throws Lambda's errors; ResourceConflictException and ResourceInUseException while another change is under way. */
  set(consumerId: string, enabled: boolean): Promise<void>;
}

/** Consumers of the client's region; its time-outs and attempts bound each call. */
export function createConsumers(client: LambdaClient): Consumers {
  return {
    async set(consumerId, enabled) {
      await client.send(new UpdateEventSourceMappingCommand({ UUID: consumerId, Enabled: enabled }));
    },
  };
}
