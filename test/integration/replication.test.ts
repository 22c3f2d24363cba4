import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { eventually, flow } from './support/deployment';
import { invoke } from './support/functions';
import { grantLease } from './support/lease';
import type { DeploymentOutputs } from '../../ops/outputs-file';

const missing = (error: unknown): undefined => {
  if (error instanceof Error && /NotFound|NoSuchKey/.test(error.name)) return undefined;
  throw error;
};

async function session(region: string, table: string | undefined, pk: string): Promise<string | undefined> {
  const client = new DynamoDBClient({ region });
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk } } }));
  client.destroy();
  return Item?.['user']?.S;
}

async function object(region: string, bucket: string, key: string): Promise<string | undefined> {
  const client = new S3Client({ region });
  const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch(missing);
  const text = await found?.Body?.transformToString();
  client.destroy();
  return text;
}

async function parameter(region: string, name: string): Promise<string | undefined> {
  const client = new SSMClient({ region });
  const found = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true })).catch(missing);
  client.destroy();
  return found?.Parameter?.Value;
}

/** What the five-minute schedule does, now. */
const reconcileParameters = (stack: DeploymentOutputs): Promise<unknown> =>
  invoke(stack.primaryRegion, stack.parameterReplicatorFunction, { source: 'schedule' });

describe('what is written in one region arrives in the other', () => {
  flow('a session, in both directions', {}, async (stack) => {
    for (const [from, to] of [
      [stack.primaryRegion, stack.drRegion],
      [stack.drRegion, stack.primaryRegion],
    ] as const) {
      const pk = randomUUID();
      const client = new DynamoDBClient({ region: from });
      const expiresAt = String(Math.floor(Date.now() / 1000) + 600);
      const Item = { pk: { S: pk }, user: { S: 'integration' }, expiresAt: { N: expiresAt } };
      await client.send(new PutItemCommand({ TableName: stack.sessionsTable, Item }));
      client.destroy();
      await eventually(
        `the session of ${from} is in ${to}`,
        () => session(to, stack.sessionsTable, pk),
        (user) => user === 'integration',
      );
    }
  });

  flow('an object, in both directions', {}, async (stack) => {
    const places = [
      {
        from: stack.primaryRegion,
        source: stack.primaryConfigBucket,
        to: stack.drRegion,
        target: stack.drConfigBucket,
      },
      {
        from: stack.drRegion,
        source: stack.drConfigBucket,
        to: stack.primaryRegion,
        target: stack.primaryConfigBucket,
      },
    ];
    for (const { from, source, to, target } of places) {
      const key = `rtc/integration/${randomUUID()}.json`;
      const client = new S3Client({ region: from });
      await client.send(new PutObjectCommand({ Bucket: source, Key: key, Body: '{"from":"integration"}' }));
      await eventually(
        `the object of ${from} is in ${to}`,
        () => object(to, target, key),
        (text) => text === '{"from":"integration"}',
        60_000,
      );
      await client.send(new DeleteObjectCommand({ Bucket: source, Key: key }));
      client.destroy();
      await eventually(
        'its deletion too',
        () => object(to, target, key),
        (text) => text === undefined,
        60_000,
      );
    }
  });

  flow('a parameter, and its deletion', { ownsLease: true, parametersByPath: true }, async (stack) => {
    await grantLease(stack, stack.primaryRegion, 1_000);
    const name = `${stack.parameterPath.replace(/\/$/, '')}/integration-${randomUUID()}`;
    const client = new SSMClient({ region: stack.primaryRegion });
    await client.send(new PutParameterCommand({ Name: name, Value: 'first', Type: 'SecureString' }));
    await reconcileParameters(stack);
    await eventually(
      'the parameter is in dr',
      () => parameter(stack.drRegion, name),
      (value) => value === 'first',
    );

    await client.send(new DeleteParameterCommand({ Name: name }));
    client.destroy();
    await reconcileParameters(stack);
    await eventually(
      'its deletion too',
      () => parameter(stack.drRegion, name),
      (value) => value === undefined,
    );
  });
});
