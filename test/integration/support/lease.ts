import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { regionsOf } from './deployment';
import type { DeploymentOutputs } from '../../../ops/outputs-file';

const HOUR_MS = 3_600_000;

/** Writes both regions' local lease items, as a claim and the heartbeat do: `active` may write for an hour, the other may not. */
export async function grantLease(stack: DeploymentOutputs, active: string, epoch: number): Promise<void> {
  await Promise.all(
    regionsOf(stack).map(async (region) => {
      const client = new DynamoDBClient({ region });
      const leaseEnd = region === active ? Date.now() + HOUR_MS : Date.now() - HOUR_MS;
      await client.send(
        new PutItemCommand({
          TableName: stack.leaseTable,
          Item: {
            pk: { S: 'lease' },
            activeRegion: { S: active },
            epoch: { N: String(epoch) },
            leaseEnd: { N: String(leaseEnd) },
          },
        }),
      );
      client.destroy();
    }),
  );
}
