import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { type AwsPatience, awsClientOptions } from '../../lambda/shared/aws';

/**
 * A person can wait a little, and sits far away: 2 s to connect, 4 s for an answer, 3 attempts (the SDK's standard retries, for
 * throttling and what passes). A region that is lost costs a question 6 s and its back-off.
 */
export const OPERATOR_PATIENCE: AwsPatience = { connectionTimeoutMs: 2_000, requestTimeoutMs: 4_000, attempts: 3 };

/** AWS clients by region, made when they are first asked for. */
export interface Clients {
  dynamodb(region: string): DynamoDBClient;
  cloudwatch(region: string): CloudWatchClient;
  s3(region: string): S3Client;
  rds(region: string): RDSClient;
  /** @param requestTimeoutMs how long one answer may take; a function that works longer than the default needs more. */
  lambda(region: string, requestTimeoutMs?: number): LambdaClient;
  /** Lets go of all connections. */
  close(): void;
}

interface Closable {
  destroy(): void;
}

/** Clients with the operator's own credentials, as the SDK finds them: environment, profile, SSO, role. */
export function createClients(): Clients {
  const made = new Map<string, Closable>();

  function kept<C extends Closable>(key: string, isOne: (client: Closable) => client is C, make: () => C): C {
    const known = made.get(key);
    if (known && isOne(known)) return known;
    const client = make();
    made.set(key, client);
    return client;
  }

  const options = (region: string, patience: AwsPatience = {}) =>
    awsClientOptions(region, { ...OPERATOR_PATIENCE, ...patience });
  return {
    dynamodb: (region) =>
      kept(
        `dynamodb ${region}`,
        (client) => client instanceof DynamoDBClient,
        () => new DynamoDBClient(options(region)),
      ),
    cloudwatch: (region) =>
      kept(
        `cloudwatch ${region}`,
        (client) => client instanceof CloudWatchClient,
        () => new CloudWatchClient(options(region)),
      ),
    s3: (region) =>
      kept(
        `s3 ${region}`,
        (client) => client instanceof S3Client,
        () => new S3Client(options(region)),
      ),
    rds: (region) =>
      kept(
        `rds ${region}`,
        (client) => client instanceof RDSClient,
        () => new RDSClient(options(region)),
      ),
    lambda: (region, requestTimeoutMs = 10_000) =>
      kept(
        `lambda ${region} ${requestTimeoutMs}`,
        (client) => client instanceof LambdaClient,
        () => new LambdaClient(options(region, { requestTimeoutMs })),
      ),
    close() {
      for (const client of made.values()) client.destroy();
      made.clear();
    },
  };
}
