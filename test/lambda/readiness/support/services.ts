import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Readable } from 'node:stream';
import { composeReadiness } from '../../../../lambda/readiness/compose';
import type { ReadinessSettings } from '../../../../lambda/readiness/env';
import { createLocalItems } from '../../../../lambda/shared/local-items';
import { fakeAws, type SentRequest } from '../../support/fake-aws';
import { fakeDynamodb } from '../../support/fake-dynamodb';
import { fakeQuery } from '../../support/fake-query';
import type { Telemetry } from '../../../../lambda/shared/telemetry';
import { absentRecord } from '../../../../lambda/shared/register/record';
import { createRegisterStore } from '../../../../lambda/shared/register/register-store';
import { recordedTelemetry } from '../../support/fakes';
import { DR, LOCATIONS, PRIMARY, QUORUM, WITNESS } from '../../support/registers';
import { NOW, ORCHESTRATOR_ARN, OTHER_ARN, OWN_ARN, TRIGGER_ARN } from './ready';
import { type Script, SILENT, WELL } from './script';

const SETTINGS: ReadinessSettings = {
  ENVIRONMENT_SUFFIX: 'dev',
  AWS_REGION: DR,
  REGISTER_TABLE: 'register-dev',
  LEASE_TABLE: 'lease-dev',
  PRIMARY_REGION: PRIMARY,
  DR_REGION: DR,
  WITNESS_REGION: WITNESS,
  LEASE_SECONDS: 60,
  GLOBAL_CLUSTER_ID: 'trading-dev',
  OWN_CLUSTER_ARN: OWN_ARN,
  OTHER_CLUSTER_ARN: OTHER_ARN,
  DATABASE_SECRET_ID: 'trading/database',
  OTHER_DATABASE_SECRET_ID: 'trading/database',
  MONITOR_FUNCTION: 'replication-monitor-dev',
  RPO_SECONDS: 60,
  FUNCTION_NAMES: ['health-dev', 'ledger-dev'],
  CONCURRENCY_NEEDED: 280,
  CONSUMER_IDS: ['c-1'],
  FLEET_GROUP: 'fleet-dev',
  FLEET_FLOOR: 4,
  TABLE_NAMES: ['orders-dev'],
  JOURNAL_TABLE: 'journal-dev',
  BUCKET_NAMES: ['receipts-dev'],
  DEAD_LETTER_URLS: [`https://sqs.${DR}.amazonaws.com/123456789012/orders-dlq-dev`],
  TOPIC_ARN: `arn:aws:sns:${DR}:123456789012:alerts-dev`,
  TRIGGER_ALARM: 'failover-trigger-dev',
  MAINTENANCE_ALARM: 'maintenance-dev',
  CANARY_ALARM: 'canary-stopped-dev',
  PARAMETERS_ALARM: 'parameters-old-dev',
  PROBE_ALARM: 'probe-stopped-dev',
  TRAFFIC_ALARM: 'failover-active-dev',
  ORCHESTRATOR_ARN,
  TRIGGER_ALARM_ARN: TRIGGER_ARN,
  OWN_VANTAGE: 'vantage-dr',
  OTHER_VANTAGE: 'vantage-primary',
  ZONE_NAME_SERVERS: ['192.0.2.1'],
  METRICS_NAMESPACE: 'tap-dev',
};

/** dr's readiness with the SDK all the way; a test changes what AWS says. */
export function readiness(change: Partial<Script> = {}, settings: Partial<ReadinessSettings> = {}) {
  const script: Script = {
    query: { ...WELL.query, ...change.query },
    json: { ...WELL.json, ...change.json },
    replication: change.replication ?? WELL.replication,
    dns: { ...WELL.dns, ...change.dns },
  };
  const query = (place = '') => fakeQuery((action) => script.query[`${place}${action}`] ?? SILENT);
  const json = (place = '') => fakeAws((request) => script.json[`${place}${lookedAt(request)}`] ?? SILENT);
  const stores = Object.fromEntries(LOCATIONS.map((location) => [location, fakeDynamodb()]));
  const storeIn = (location: string) => new DynamoDBClient(fakeAws(stores[location]?.answer ?? (() => SILENT)).options);
  const sent = {
    rds: query(),
    rdsThere: query('there:'),
    lambda: json(),
    lambdaThere: json('there:'),
    alarms: json(),
    metrics: fakeAws(() => ({ body: {} })),
    monitor: fakeAws(() => script.json['monitor'] ?? SILENT),
    topics: query(),
    queues: json(),
    tables: json(),
  };
  const warned: { readonly message: string; readonly fields: object | undefined }[] = [];
  const telemetry: Telemetry = {
    ...recordedTelemetry(),
    warn: (message, fields) => void warned.push({ message, fields }),
  };
  const registers = Object.fromEntries(LOCATIONS.map((location) => [location, storeIn(location)]));
  const leases = storeIn(DR);
  const clock = { at: NOW };
  const asked: string[] = [];
  const run = composeReadiness(
    { ...SETTINGS, ...settings },
    {
      rds: { here: new RDSClient(sent.rds.options), there: new RDSClient(sent.rdsThere.options) },
      lambda: { here: new LambdaClient(sent.lambda.options), there: new LambdaClient(sent.lambdaThere.options) },
      secrets: {
        here: new SecretsManagerClient(json().options),
        there: new SecretsManagerClient(json('there:').options),
      },
      monitor: new LambdaClient(sent.monitor.options),
      autoScaling: new AutoScalingClient(query().options),
      cloudwatch: new CloudWatchClient(sent.alarms.options),
      dynamodb: new DynamoDBClient(sent.tables.options),
      s3: new S3Client(fakeXml(script.replication)),
      sns: new SNSClient(sent.topics.options),
      sqs: new SQSClient({ ...sent.queues.options, region: DR }),
      registers,
      leases,
      metrics: new CloudWatchClient(sent.metrics.options),
      dns: {
        addressesOf: async () => ['192.0.2.1'],
        textsOf: async (record) => {
          asked.push(record);
          const texts = script.dns[record];
          if (texts === undefined || texts.length === 0) throw new Error('ENOTFOUND');
          return texts;
        },
      },
    },
    telemetry,
    () => clock.at,
  );
  /** primary renews for another minute. */
  const renew = async (): Promise<void> => {
    const store = createRegisterStore(registers, SETTINGS.REGISTER_TABLE, QUORUM, () => 'write');
    const record = { ...absentRecord(PRIMARY), leaseEnds: { [PRIMARY]: clock.at + 60_000 }, version: 1 };
    await store.write(LOCATIONS.map((location) => ({ location, expectedVersion: 0, record })));
  };
  return {
    renew,
    run: () => run({ source: 'schedule' }),
    raw: run,
    sent,
    stores,
    asked,
    clock,
    warned,
    script,
    items: createLocalItems(leases, 'lease-dev'),
  };
}

/** The operation of a JSON service; for Lambda the part of the path that says it. */
function lookedAt({ operation, path }: SentRequest): string {
  const part = /\/(configuration|policy|account-settings|event-source-mappings)(\/|$)/.exec(path)?.[1];
  return part ?? operation;
}

/** Options for a real S3 client that is always answered with this. */
function fakeXml(answer: Script['replication']) {
  const failed = typeof answer !== 'string';
  const xml = failed ? `<Error><Code>${answer.error}</Code><Message>fake</Message></Error>` : answer;
  return {
    region: DR,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      destroy: () => undefined,
      handle: async () => ({
        response: {
          statusCode: failed ? 404 : 200,
          headers: { 'content-type': 'application/xml' },
          body: Readable.from([Buffer.from(xml)]),
        },
      }),
    },
  };
}

/** What was published, by metric. */
export function published({ sent }: Pick<ReturnType<typeof readiness>, 'sent'>): Readonly<Record<string, unknown>> {
  const { MetricData } = sent.metrics.sent.at(-1)?.body ?? {};
  if (!Array.isArray(MetricData)) throw new Error('nothing was published');
  return Object.fromEntries(MetricData.map(({ MetricName, Value }) => [MetricName, Value]));
}
