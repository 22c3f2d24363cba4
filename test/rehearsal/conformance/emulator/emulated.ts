import { CreateAutoScalingGroupCommand, CreateLaunchConfigurationCommand } from '@aws-sdk/client-auto-scaling';
import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { PutCompositeAlarmCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CreateFunctionCommand, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateGlobalClusterCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { zipSync } from 'fflate';
import { ACCOUNT, HERE, THERE } from '../support';
import {
  ALARM,
  BUCKET,
  CLUSTER,
  clientsOf,
  COMPOSITE,
  ENGINE,
  FUNCTION,
  GLOBAL,
  GROUP,
  OPTIONS,
  PARAMETERS,
  QUEUE,
  SECRET,
  SECRET_TEXT,
  SIZES,
  TOPIC,
} from './sides';
import type { Side } from './sides';

/** An emulator with the same stack. */
export async function emulatedSide(endpoint: string): Promise<Side> {
  const side = clientsOf({ endpoint, forcePathStyle: true });
  const { QueueUrl: queueUrl = '' } = await side.sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
  const { TopicArn: topicArn = '' } = await side.sns.send(new CreateTopicCommand({ Name: TOPIC }));
  for (const parameter of PARAMETERS) await side.ssm.send(new PutParameterCommand(parameter));
  await side.secrets.send(
    new CreateSecretCommand({
      Name: SECRET,
      SecretString: SECRET_TEXT,
      KmsKeyId: 'alias/secrets',
      AddReplicaRegions: [{ Region: THERE, KmsKeyId: 'alias/secrets' }],
    }),
  );
  const LocationConstraint = HERE;
  await side.s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint } }));
  await makeAlarms(side.cloudwatch);
  await makeFleet(side.autoscaling);
  await makeFunction(side.lambda, endpoint);
  return { ...side, names: { queueUrl, topicArn, clusterArn: await makeDatabase(side.rds, endpoint) } };
}

async function makeAlarms(client: CloudWatchClient): Promise<void> {
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: ALARM,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0.5,
      EvaluationPeriods: 1,
      Period: 60,
      Statistic: 'Maximum',
      Namespace: 'demo',
      MetricName: 'm',
      TreatMissingData: 'notBreaching',
    }),
  );
  const composite = new PutCompositeAlarmCommand({ AlarmName: COMPOSITE, AlarmRule: `ALARM(${ALARM})` });
  await client.send(composite).catch((error: unknown) => {
    // A page of text is how an emulator says that it has no such thing (known.ts).
    if (!(error instanceof SyntaxError)) throw error;
  });
}

async function makeFleet(client: AutoScalingClient): Promise<void> {
  const LaunchConfigurationName = 'application';
  await client.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName,
      ImageId: 'ami-12345678',
      InstanceType: 't4g.small',
    }),
  );
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: GROUP,
      LaunchConfigurationName,
      AvailabilityZones: [`${HERE}a`],
      ...SIZES,
    }),
  );
}

/** @returns the ARN of the cluster here. */
async function makeDatabase(here: RDSClient, endpoint: string): Promise<string> {
  const there = new RDSClient({ ...OPTIONS, region: THERE, endpoint });
  const of = { GlobalClusterIdentifier: GLOBAL, ...ENGINE };
  await here.send(new CreateGlobalClusterCommand({ ...of, StorageEncrypted: true }));
  const user = { MasterUsername: 'app', MasterUserPassword: 'secret-secret', DatabaseName: 'trading' };
  const { DBCluster } = await here.send(
    new CreateDBClusterCommand({ DBClusterIdentifier: CLUSTER, ...of, ...user, StorageEncrypted: true }),
  );
  await there.send(new CreateDBClusterCommand({ DBClusterIdentifier: 'trading-there', ...of }));
  for (const [client, DBClusterIdentifier] of [
    [here, CLUSTER],
    [there, 'trading-there'],
  ] as const) {
    const DBInstanceIdentifier = `${DBClusterIdentifier}-1`;
    const DBInstanceClass = 'db.r6g.large';
    await client.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier,
        DBClusterIdentifier,
        DBInstanceClass,
        Engine: ENGINE.Engine,
      }),
    );
  }
  return DBCluster?.DBClusterArn ?? '';
}

async function makeFunction(client: LambdaClient, endpoint: string): Promise<void> {
  // A role must be there; IAM's own client is none of our packages.
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const body = new URLSearchParams({
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: 'sample',
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
  const authorization =
    'AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0';
  await fetch(endpoint, { method: 'POST', headers: { authorization }, body });
  const ZipFile = zipSync({ 'index.js': new TextEncoder().encode('exports.handler = async () => 1;') });
  const Role = `arn:aws:iam::${ACCOUNT}:role/sample`;
  await client.send(
    new CreateFunctionCommand({
      FunctionName: FUNCTION,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role,
      Code: { ZipFile },
    }),
  );
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 20, minDelay: 1 }, { FunctionName: FUNCTION });
}
