import { healthEnv } from '../../../lambda/health/env';
import { orderProcessorEnv } from '../../../lambda/order-processor/env';
import { ordersApiEnv } from '../../../lambda/orders-api/env';
import { paymentValidatorEnv } from '../../../lambda/payment-validator/env';
import { schemaMigratorEnv } from '../../../lambda/schema-migrator/env';
import { readEnv } from '../../../lambda/shared/env';
import type { Graph, GraphResource } from '../../support/evaluate';
import { ACCOUNT, REGION, listed, misplaced, variablesOf } from './two-regions';
import type { Statement } from './two-regions';
import { NAMES, evaluateWorkloads, handlerIn, statementsIn } from './workloads';
import type { FunctionName, Role } from './workloads';

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateWorkloads();
});

const handler = (name: FunctionName, role: Role): GraphResource => handlerIn(graph, name, role);
const statementsOfFunction = (name: FunctionName, role: Role): readonly Statement[] => statementsIn(graph, name, role);

test('every part of a workload is created by its own region’s provider', () => {
  expect(misplaced(graph)).toEqual([]);
});

describe('each handler accepts the environment that it is deployed with', () => {
  type Source = Readonly<Record<string, string>>;
  const readers: readonly (readonly [FunctionName, (source: Source) => unknown])[] = [
    ['orders-api', (source) => readEnv(ordersApiEnv, source)],
    ['order-processor', (source) => readEnv(orderProcessorEnv, source)],
    ['payment-validator', (source) => readEnv(paymentValidatorEnv, source)],
    ['health', (source) => readEnv(healthEnv, source)],
    ['schema-migrator', (source) => readEnv(schemaMigratorEnv, source)],
  ];
  test.each(readers)('%s', (name, read) => {
    for (const role of ['primary', 'dr'] as const) {
      const variables = variablesOf(handler(name, role));
      expect(() => read({ ...variables, AWS_REGION: REGION[role] })).not.toThrow();
    }
  });
});

test('each region’s functions are told of that region’s own things', () => {
  expect(variablesOf(handler('orders-api', 'dr'))).toMatchObject({
    ENVIRONMENT_SUFFIX: 'test',
    ORDERS_TABLE: 'orders-test',
    LEASE_TABLE: 'lease-test',
    ORDER_QUEUE_URL: `https://sqs.eu-central-2.amazonaws.com/${ACCOUNT}/orders-queue-test`,
    ORDER_LIMITS_PARAMETER: '/parameters-test/order-limits',
    ORDER_VALIDITY_SECONDS: '900',
  });
  expect(variablesOf(handler('health', 'dr'))).toMatchObject({
    DATABASE_HOST: 'cluster.dr.example',
    DATABASE_INSTANCE_HOSTS: 'instance-1.dr.example,instance-2.dr.example',
    DATABASE_READER_HOST: 'reader.dr.example',
    DATABASE_SECRET_ID: `arn:aws:secretsmanager:eu-central-2:${ACCOUNT}:secret:database-AbCdEf`,
    DATABASE_TLS: 'verify-full',
    PROBE_TABLE: 'orders-test',
  });
  expect(variablesOf(handler('payment-validator', 'primary'))).toMatchObject({
    TRANSACTIONS_TABLE: 'transactions-test',
    RECEIPTS_BUCKET: 'receipts-primary',
    PAYMENT_VALIDITY_SECONDS: '900',
  });
});

/** The statements that name no resource, because AWS has none to name. */
const UNNAMEABLE: Readonly<Record<string, string>> = {
  SendTraces: 'X-Ray has no resource for writing traces',
  AttachToVpc: 'Lambda checks for * when it creates the function; the interfaces do not exist yet',
  NeverFromOwnCode: 'takes away what AttachToVpc gives, so it names the same',
};

test.each(NAMES)('%s names every resource that AWS can name, and only in its own region', (name) => {
  for (const role of ['primary', 'dr'] as const) {
    const other = role === 'primary' ? 'dr' : 'primary';
    for (const { Sid, Action, Resource } of statementsOfFunction(name, role)) {
      expect([Sid, listed(Resource).includes('*')]).toEqual([Sid, Sid in UNNAMEABLE]);
      expect([Sid, listed(Action).filter((action) => action.includes('*'))]).toEqual([Sid, []]);
      expect([Sid, listed(Resource).filter((arn) => arn.includes(`:${REGION[other]}:`))]).toEqual([Sid, []]);
    }
  }
});

const table = (name: string): readonly string[] => [`arn:aws:dynamodb:eu-central-2:${ACCOUNT}:table/${name}-test`];
const ORDERS_QUEUE = [`arn:aws:sqs:eu-central-2:${ACCOUNT}:orders-queue-test`];
const ORDER_LIMITS = [`arn:aws:ssm:eu-central-2:${ACCOUNT}:parameter/parameters-test/order-limits`];
const SECRET = [`arn:aws:secretsmanager:eu-central-2:${ACCOUNT}:secret:database-AbCdEf`];
const RECEIPTS = ['arn:aws:s3:::receipts-dr/rtc/*', 'arn:aws:s3:::receipts-dr/bulk/*'];
const LEASE_READ = ['ReadLease', ['dynamodb:GetItem'], table('lease')] as const;
const SECRET_READ = ['ReadDatabaseSecret', ['secretsmanager:GetSecretValue'], SECRET] as const;

/** The calls that each handler makes, written out by hand: all of them, with what each is made on. */
const GRANTS: readonly (readonly [
  FunctionName,
  readonly (readonly [string, readonly string[], readonly string[]])[],
])[] = [
  [
    'orders-api',
    [
      ['RecordAndReadOrders', ['dynamodb:PutItem', 'dynamodb:Query'], table('orders')],
      LEASE_READ,
      ['QueueOrders', ['sqs:SendMessage'], ORDERS_QUEUE],
      ['ReadOrderLimits', ['ssm:GetParameter'], ORDER_LIMITS],
    ],
  ],
  [
    'order-processor',
    [
      ['RecordResults', ['dynamodb:PutItem'], table('orders')],
      LEASE_READ,
      ['ConsumeOrders', ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], ORDERS_QUEUE],
      SECRET_READ,
    ],
  ],
  [
    'payment-validator',
    [
      ['RecordAndReadPayments', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], table('transactions')],
      LEASE_READ,
      ['WriteReceipts', ['s3:PutObject'], RECEIPTS],
      SECRET_READ,
    ],
  ],
  [
    'health',
    [
      ['ReadLeaseAndVerdict', ['dynamodb:GetItem'], table('lease')],
      ['WriteVerdict', ['dynamodb:PutItem'], table('lease')],
      ['ReadProbeTable', ['dynamodb:Query'], table('orders')],
      SECRET_READ,
    ],
  ],
  ['schema-migrator', [SECRET_READ]],
];

/** Statements that every function has, and those that open data of its own through the key. */
const BESIDES = /^(WriteOwnLog|SendTraces|DecryptOwnEnvironment|AttachToVpc|NeverFromOwnCode|KeyThrough\w+)$/;

test.each(GRANTS)(
  '%s may make the calls that it makes, on exactly the things it uses, and no other',
  (name, grants) => {
    const own = statementsOfFunction(name, 'dr').filter(({ Sid }) => !BESIDES.test(Sid));
    expect(own.map(({ Sid, Action, Resource }) => [Sid, listed(Action), listed(Resource)])).toEqual(grants);
  },
);

test.each([
  ['orders-api', ['dynamodb', 'sqs', 'ssm']],
  ['order-processor', ['secretsmanager', 'dynamodb', 'sqs']],
  ['payment-validator', ['secretsmanager', 'dynamodb', 's3']],
  ['health', ['secretsmanager', 'dynamodb']],
  ['schema-migrator', ['secretsmanager']],
] as const)('%s opens encrypted data of the services that it calls, through them only', (name, services) => {
  const through = statementsOfFunction(name, 'dr').filter(({ Sid }) => Sid.startsWith('KeyThrough'));
  expect(through.map(({ Condition }) => Condition)).toMatchObject(
    services.map((service) => ({ StringEquals: { 'kms:ViaService': `${service}.eu-central-2.amazonaws.com` } })),
  );
});

test('the database secret opens with whichever key its owner chose, and no other secret does', () => {
  const statement = statementsOfFunction('health', 'dr').find(({ Sid }) => Sid === 'KeyThroughSecretsManager');
  expect(statement).toMatchObject({
    Action: 'kms:Decrypt',
    Resource: `arn:aws:kms:eu-central-2:${ACCOUNT}:key/*`,
    Condition: {
      StringEquals: {
        'kms:ViaService': 'secretsmanager.eu-central-2.amazonaws.com',
        'kms:EncryptionContext:SecretARN': `arn:aws:secretsmanager:eu-central-2:${ACCOUNT}:secret:database-AbCdEf`,
      },
    },
  });
});

test.each(NAMES)('%s never calls the key itself, only through the service that holds the data', (name) => {
  for (const { Sid, Action, Condition } of statementsOfFunction(name, 'primary')) {
    if (!listed(Action).some((action) => action.startsWith('kms:'))) continue;
    expect([Sid, JSON.stringify(Condition)]).toEqual([
      Sid,
      expect.stringMatching(/kms:(ViaService|EncryptionContext)/),
    ]);
  }
});

test('only functions that talk to PostgreSQL are in the VPC: an order is accepted while the network is in trouble', () => {
  const inside = NAMES.filter((name) => 'vpcConfig' in handler(name, 'dr').inputs);
  expect(inside).toEqual(['order-processor', 'payment-validator', 'health', 'schema-migrator']);
});

test('the schema is looked after every 5 minutes in both regions, by a rule that may call only this function', () => {
  for (const role of ['primary', 'dr'] as const) {
    const rule = graph.one('aws:cloudwatch/eventRule:EventRule', `schema-${role}-schedule-rule`);
    expect(rule.inputs).toMatchObject({ name: 'schema-migration-test', scheduleExpression: 'rate(5 minutes)' });
    const permission = graph.one('aws:lambda/permission:Permission', `schema-${role}-schedule-permission`);
    expect(permission.inputs).toMatchObject({
      function: 'schema-migrator-test',
      principal: 'events.amazonaws.com',
      sourceArn: `arn:aws:events:${REGION[role]}:${ACCOUNT}:rule/schema-migration-test`,
    });
    const target = graph.one('aws:cloudwatch/eventTarget:EventTarget', `schema-${role}-schedule-target`);
    expect(graph.dependsOn(target, permission)).toBe(true);
    expect(target.inputs['arn']).toBe(`arn:aws:lambda:${REGION[role]}:${ACCOUNT}:function:schema-migrator-test`);
  }
});
