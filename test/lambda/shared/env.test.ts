import { healthEnv } from '../../../lambda/health/env';
import { heartbeatEnv } from '../../../lambda/heartbeat/env';
import { ledgerEnv } from '../../../lambda/ledger/env';
import { orderProcessorEnv } from '../../../lambda/order-processor/env';
import { ordersApiEnv } from '../../../lambda/orders-api/env';
import { parameterReplicatorEnv } from '../../../lambda/parameter-replicator/env';
import { paymentValidatorEnv } from '../../../lambda/payment-validator/env';
import { primaryProbeEnv } from '../../../lambda/primary-probe/env';
import { readinessEnv } from '../../../lambda/readiness/env';
import { replicationMonitorEnv } from '../../../lambda/replication-monitor/env';
import { schemaMigratorEnv } from '../../../lambda/schema-migrator/env';
import { EnvironmentError, readEnv } from '../../../lambda/shared/env';

const DATABASE = [
  'DATABASE_HOST',
  'DATABASE_INSTANCE_HOSTS',
  'DATABASE_NAME',
  'DATABASE_PORT',
  'DATABASE_SECRET_ID',
  'DATABASE_TLS',
];
const REGISTERS = ['DR_REGION', 'LEASE_SECONDS', 'LEASE_TABLE', 'PRIMARY_REGION', 'REGISTER_TABLE', 'WITNESS_REGION'];

describe("a function's environment", () => {
  test('is read with its numbers as numbers, and with the region that Lambda sets', () => {
    const source = {
      ENVIRONMENT_SUFFIX: 'dev',
      ORDERS_TABLE: 'orders-dev',
      LEASE_TABLE: 'lease-dev',
      ORDER_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders-queue-dev',
      ORDER_LIMITS_PARAMETER: '/tap/dev/order-limits',
      ORDER_VALIDITY_SECONDS: '900',
      AWS_REGION: 'eu-central-1',
    };
    expect(readEnv(ordersApiEnv, { ...source, PATH: 'ignored' })).toEqual({ ...source, ORDER_VALIDITY_SECONDS: 900 });
  });

  test('names every missing and wrong key at once, with its value and what is allowed', () => {
    const read = () =>
      readEnv(schemaMigratorEnv, {
        ENVIRONMENT_SUFFIX: 'dev',
        DATABASE_HOST: 'https://x',
        DATABASE_PORT: '65536',
        DATABASE_NAME: '',
        DATABASE_TLS: 'prefer',
      });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(
      [
        "The function's environment is wrong:",
        'DATABASE_HOST is "https://x"; allowed: a host name without scheme or path',
        'DATABASE_INSTANCE_HOSTS is missing; allowed: values separated by commas, or nothing',
        'DATABASE_PORT is "65536"; allowed: a port between 1 and 65535',
        'DATABASE_NAME is ""; allowed: a text that is not empty',
        'DATABASE_SECRET_ID is missing; allowed: a text that is not empty',
        'DATABASE_TLS is "prefer"; allowed: verify-full or disable',
        'AWS_REGION is missing; allowed: the name of a region, for example eu-central-1',
      ].join('\n'),
    );
  });

  test.each([
    ['', []],
    ['health-dev,ledger-dev', ['health-dev', 'ledger-dev']],
  ])('reads the list "%s"', (text, names) => {
    expect(readinessEnv.shape.FUNCTION_NAMES.parse(text)).toEqual(names);
  });

  test.each([
    ['none', true],
    ['eu-west-1', true],
    ['', false],
    ['Ireland', false],
  ])('takes the witness "%s": %s', (witness, allowed) => {
    expect(heartbeatEnv.shape.WITNESS_REGION.safeParse(witness).success).toBe(allowed);
  });

  test.each([
    ['1', true],
    ['65535', true],
    ['0', false],
    ['05432', false],
    ['5432 ', false],
  ])('takes port "%s": %s', (port, allowed) => {
    expect(schemaMigratorEnv.shape.DATABASE_PORT.safeParse(port).success).toBe(allowed);
  });

  test.each([
    [
      'orders-api',
      ordersApiEnv,
      ['LEASE_TABLE', 'ORDERS_TABLE', 'ORDER_LIMITS_PARAMETER', 'ORDER_QUEUE_URL', 'ORDER_VALIDITY_SECONDS'],
    ],
    ['order-processor', orderProcessorEnv, [...DATABASE, 'LEASE_TABLE', 'ORDERS_TABLE']],
    [
      'payment-validator',
      paymentValidatorEnv,
      [...DATABASE, 'LEASE_TABLE', 'PAYMENT_VALIDITY_SECONDS', 'RECEIPTS_BUCKET', 'TRANSACTIONS_TABLE'],
    ],
    [
      'health',
      healthEnv,
      [...DATABASE, 'DATABASE_READER_HOST', 'LEASE_TABLE', 'ORDERS_TABLE', 'PROBE_TABLE', 'VERDICT_INTERVAL_SECONDS'],
    ],
    ['heartbeat', heartbeatEnv, [...REGISTERS, 'HEARTBEAT_INTERVAL_SECONDS', 'METRICS_NAMESPACE']],
    [
      'primary-probe',
      primaryProbeEnv,
      ['LEASE_TABLE', 'METRICS_NAMESPACE', 'PROBE_INTERVAL_SECONDS', 'PROBE_WORKLOAD', 'TARGET_URL'],
    ],
    [
      'replication-monitor',
      replicationMonitorEnv,
      [...DATABASE, 'DATABASE_READER_HOST', 'LAG_SAMPLE_INTERVAL_SECONDS'],
    ],
    [
      'readiness',
      readinessEnv,
      [
        ...REGISTERS,
        'BUCKET_NAMES',
        'CANARY_ALARM',
        'CONCURRENCY_NEEDED',
        'CONSUMER_IDS',
        'DATABASE_SECRET_ID',
        'DEAD_LETTER_URLS',
        'FLEET_FLOOR',
        'FLEET_GROUP',
        'FUNCTION_NAMES',
        'GLOBAL_CLUSTER_ID',
        'JOURNAL_TABLE',
        'MAINTENANCE_ALARM',
        'METRICS_NAMESPACE',
        'MONITOR_FUNCTION',
        'ORCHESTRATOR_ARN',
        'OTHER_CLUSTER_ARN',
        'OTHER_DATABASE_SECRET_ID',
        'OTHER_VANTAGE',
        'OWN_CLUSTER_ARN',
        'OWN_VANTAGE',
        'PARAMETERS_ALARM',
        'PROBE_ALARM',
        'RPO_SECONDS',
        'TABLE_NAMES',
        'TOPIC_ARN',
        'TRAFFIC_ALARM',
        'TRIGGER_ALARM',
        'TRIGGER_ALARM_ARN',
        'ZONE_NAME_SERVERS',
      ],
    ],
    ['ledger', ledgerEnv, DATABASE],
    ['schema-migrator', schemaMigratorEnv, DATABASE],
    [
      'parameter-replicator',
      parameterReplicatorEnv,
      ['LEASE_TABLE', 'PARAMETER_PATH', 'TARGET_KEY_ARN', 'TARGET_REGION'],
    ],
  ])('of %s has these keys and no other', (_, schema, keys) => {
    expect(Object.keys(schema.shape).sort()).toEqual([...keys, 'ENVIRONMENT_SUFFIX'].sort());
  });
});
