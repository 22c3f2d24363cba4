import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { RDSClient } from '@aws-sdk/client-rds';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { VantagePort } from '../shared/vantage';
import { monitorAnswer } from '../shared/calls';
import { within } from '../shared/deadline';
import { describeError } from '../shared/errors';
import type { FunctionCalls } from '../shared/invoke';
import type { Quorum } from '../shared/register/record';
import type { RegisterPort } from '../shared/register/register-store';
import type { ReadinessSettings } from './env';
import type { Fact, Facts, Gathered } from './facts';
import { lagOf, readAlarms, readSubscriptions, registersOf } from './readers/control';
import { readCluster, readGlobalCluster, readInstances, readSecret } from './readers/database';
import { readAlarmCallers, readConcurrency, readConsumers, readFleet, readFunctions } from './readers/services';
import { readBackups, readBuckets, readDeadLetters, readTables } from './readers/stores';

/** Clients of one service in this region and in the one that it would take over from. */
export interface BothRegions<Client> {
  readonly here: Client;
  readonly there: Client;
}

/** What the checks ask. */
export interface GatherPorts {
  readonly rds: BothRegions<RDSClient>;
  readonly lambda: BothRegions<LambdaClient>;
  readonly secrets: BothRegions<SecretsManagerClient>;
  readonly autoScaling: AutoScalingClient;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly calls: Pick<FunctionCalls, 'ask'>;
  readonly registers: RegisterPort;
  readonly quorum: Quorum;
  readonly vantage: BothRegions<VantagePort>;
}

/** The longest that one fact takes, in milliseconds; all are asked for side by side. */
const FACT_MS = 8_000;

/** Asks everything at once. What cannot be asked is a fact that says why; nothing here rejects. */
export async function gatherFacts(ports: GatherPorts, env: ReadinessSettings): Promise<Gathered> {
  const parts = await Promise.all([
    databaseFacts(ports, env),
    serviceFacts(ports, env),
    controlFacts(ports, env),
    storeFacts(ports, env),
  ]);
  return parts.reduce((all, part) => ({ ...all, ...part }), {});
}

async function databaseFacts({ rds, secrets, calls }: GatherPorts, env: ReadinessSettings): Promise<Gathered> {
  const [globalCluster, clusterHere, clusterThere, instancesHere, instancesThere, secretHere, secretThere, lag] =
    await Promise.all([
      ask('the global cluster', () => readGlobalCluster(rds.here, env.GLOBAL_CLUSTER_ID)),
      ask('the cluster', () => readCluster(rds.here, env.OWN_CLUSTER_ARN)),
      ask('the cluster there', () => readCluster(rds.there, env.OTHER_CLUSTER_ARN)),
      ask('the instances', () => readInstances(rds.here, env.OWN_CLUSTER_ARN)),
      ask('the instances there', () => readInstances(rds.there, env.OTHER_CLUSTER_ARN)),
      ask('the secret', () => readSecret(secrets.here, env.DATABASE_SECRET_ID)),
      ask('the secret there', () => readSecret(secrets.there, env.OTHER_DATABASE_SECRET_ID)),
      ask('the lag', () => calls.ask(env.MONITOR_FUNCTION, { action: 'sample' }, monitorAnswer, FACT_MS)),
    ]);
  return {
    globalCluster,
    clusterHere,
    clusterThere,
    instancesHere,
    instancesThere,
    secretHere,
    secretThere,
    lag: lagOf(lag),
  };
}

async function serviceFacts({ lambda, autoScaling }: GatherPorts, env: ReadinessSettings): Promise<Gathered> {
  const { FLEET_GROUP: group } = env;
  const [functionsHere, functionsThere, consumers, concurrency, fleetHere] = await Promise.all([
    ask('the functions', () => readFunctions(lambda.here, env.FUNCTION_NAMES)),
    ask('the functions there', () => readFunctions(lambda.there, env.FUNCTION_NAMES)),
    ask('the consumers', () => readConsumers(lambda.here, env.CONSUMER_IDS)),
    ask('the concurrency', async () => ({ [env.AWS_REGION]: await readConcurrency(lambda.here) })),
    ask('the fleet', async () => (group === undefined ? ('none' as const) : readFleet(autoScaling, group))),
  ]);
  return { functionsHere, functionsThere, consumers, concurrency, fleetHere };
}

async function controlFacts(
  { registers: store, quorum, cloudwatch, lambda, sns, vantage }: GatherPorts,
  env: ReadinessSettings,
): Promise<Gathered> {
  const { PROBE_ALARM: probe, TRAFFIC_ALARM: traffic, ORCHESTRATOR_ARN: orchestrator } = env;
  const names = {
    trigger: env.TRIGGER_ALARM,
    maintenance: env.MAINTENANCE_ALARM,
    canary: env.CANARY_ALARM,
    parameters: env.PARAMETERS_ALARM,
    ...(probe !== undefined && { probe }),
    ...(traffic !== undefined && { traffic }),
  };
  const [registers, alarms, orchestratorCallers, subscriptions, vantageHere, vantageThere] = await Promise.all([
    ask('the registers', async () => registersOf(await store.read(), quorum)),
    ask('the alarms', () => readAlarms(cloudwatch, names)),
    ask('the policy of the orchestrator', async () =>
      orchestrator === undefined ? [] : readAlarmCallers(lambda.here, orchestrator),
    ),
    ask('the subscriptions', () => readSubscriptions(sns, env.TOPIC_ARN)),
    ask('the vantage record', () => heard(vantage.here)),
    ask('the vantage record of the other region', () => heard(vantage.there)),
  ]);
  return { registers, alarms, orchestratorCallers, subscriptions, vantageHere, vantageThere };
}

async function storeFacts({ dynamodb, s3, sqs }: GatherPorts, env: ReadinessSettings): Promise<Gathered> {
  const [tables, backups, buckets, deadLetters] = await Promise.all([
    ask('the tables', () => readTables(dynamodb, env.TABLE_NAMES)),
    ask('the backups', () => readBackups(dynamodb, [...env.TABLE_NAMES, env.JOURNAL_TABLE])),
    ask('the buckets', () => readBuckets(s3, env.BUCKET_NAMES)),
    ask('the dead-letter queues', () => readDeadLetters(sqs, env.DEAD_LETTER_URLS)),
  ]);
  return { tables, backups, buckets, deadLetters };
}

async function heard(vantage: VantagePort): Promise<Facts['vantageHere']> {
  const said = await vantage.read();
  return said === 'unknown' ? 'silent' : said;
}

async function ask<T>(what: string, work: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { known: true, value: await within(FACT_MS, what, work) };
  } catch (error) {
    return { known: false, why: describeError(error) };
  }
}
