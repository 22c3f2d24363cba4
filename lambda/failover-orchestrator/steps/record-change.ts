import { ChangeResourceRecordSetsCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { done, type StepAttempt } from './step';

/** Which record says in public who is active. */
export interface ActiveRecord {
  readonly zoneId: string;
  readonly recordName: string;
  readonly region: string;
}

const TTL_SECONDS = 60;

/**
 * The one change of a record, for people to read: nothing follows it, because Route 53's control plane may be lost together
 * with a region (aws-facts.md 2.1).
 */
export function createRecordChange(client: Route53Client, { zoneId, recordName, region }: ActiveRecord): StepAttempt {
  return async ({ epoch, signal }) => {
    const value = `${region} epoch=${epoch}`;
    await client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        ChangeBatch: {
          Changes: [
            {
              Action: 'UPSERT',
              ResourceRecordSet: {
                Name: recordName,
                Type: 'TXT',
                TTL: TTL_SECONDS,
                ResourceRecords: [{ Value: `"${value}"` }],
              },
            },
          ],
        },
      }),
      { abortSignal: signal },
    );
    return done(`${recordName} says "${value}"`);
  };
}
