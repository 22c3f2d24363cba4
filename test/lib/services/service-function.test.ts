import { ServiceFunction } from '../../../lib/services/service-function';
import { evaluate } from '../../support/evaluate';
import type { Graph, GraphResource } from '../../support/evaluate';
import {
  ACCOUNT,
  keyIn,
  listed,
  misplaced,
  networkIn,
  reachBoth,
  settingsIn,
  statementsOf,
  variablesOf,
} from './two-regions';
import type { Statement } from './two-regions';

interface SampleEnv {
  readonly ORDERS_TABLE: string;
}

let graph: Graph;
beforeAll(async () => {
  graph = await evaluate(() => {
    const { primary, dr } = reachBoth();
    for (const region of [primary, dr]) {
      const sample = {
        ...settingsIn(region),
        functionName: 'orders-api',
        description: 'A sample',
        environment: { ORDERS_TABLE: 'orders-test' },
        statements: [{ Sid: 'Own', Action: 'sqs:SendMessage', Resource: 'arn:queue' }],
        timeoutSeconds: 10,
        memoryMegabytes: 512,
      };
      new ServiceFunction<SampleEnv>(`open-${region.role}`, sample, { provider: region.provider });
      const inside = { ...sample, functionName: 'health', network: networkIn(region.role) };
      new ServiceFunction<SampleEnv>(`inside-${region.role}`, inside, { provider: region.provider });
    }
  });
});

const handler = (name: string): GraphResource => graph.one('aws:lambda/function:Function', `${name}-function`);
const statements = (name: string): readonly Statement[] =>
  statementsOf(graph.one('aws:iam/rolePolicy:RolePolicy', `${name}-policy`).inputs['policy']);
const statement = (name: string, sid: string): Statement | undefined => statements(name).find(({ Sid }) => Sid === sid);

test('everything of a function is created by its own region’s provider', () => {
  expect(misplaced(graph)).toEqual([]);
});

test.each(['log', 'policy'])(
  'the %s exists before the function, because a schedule may call it in its first second',
  (part) => {
    const type = part === 'log' ? 'aws:cloudwatch/logGroup:LogGroup' : 'aws:iam/rolePolicy:RolePolicy';
    expect(graph.dependsOn(handler('open-primary'), graph.one(type, `open-primary-${part}`))).toBe(true);
  },
);

test('the log group is the one Lambda would make, encrypted and with an end, and the function writes JSON to it', () => {
  expect(graph.one('aws:cloudwatch/logGroup:LogGroup', 'open-dr-log').inputs).toEqual({
    name: '/aws/lambda/orders-api-test',
    retentionInDays: 30,
    kmsKeyId: keyIn('dr'),
  });
  expect(handler('open-dr').inputs['loggingConfig']).toEqual({
    logFormat: 'JSON',
    logGroup: '/aws/lambda/orders-api-test',
  });
});

test('both regions run the same bundle with the same settings (C1)', () => {
  const { code, runtime, architectures, timeout, memorySize, tracingConfig } = handler('open-dr').inputs;
  expect(handler('open-primary').inputs).toMatchObject({
    code,
    runtime,
    architectures,
    timeout,
    memorySize,
    tracingConfig,
  });
  expect({ code, runtime, architectures, tracingConfig, handler: handler('open-dr').inputs['handler'] }).toMatchObject({
    code: { path: 'dist/functions/orders-api' },
    runtime: 'nodejs24.x',
    architectures: ['x86_64'],
    tracingConfig: { mode: 'Active' },
    handler: 'index.handler',
  });
});

test('roles are global, so their names differ by region, and no concurrency is reserved (N5, N15)', () => {
  const names = graph.all('aws:iam/role:Role').map(({ inputs }) => inputs['name']);
  expect(names).toEqual([
    'orders-api-eu-central-1-test',
    'health-eu-central-1-test',
    'orders-api-eu-central-2-test',
    'health-eu-central-2-test',
  ]);
  expect(handler('open-primary').inputs).not.toHaveProperty('reservedConcurrentExecutions');
});

test('a function outside the VPC has its own statements, its log, traces and its environment, and no more', () => {
  const arn = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:orders-api-test`;
  expect(statements('open-primary')).toEqual([
    {
      Sid: 'WriteOwnLog',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/orders-api-test:*`,
    },
    {
      Sid: 'SendTraces',
      Effect: 'Allow',
      Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      Resource: '*',
    },
    {
      Sid: 'DecryptOwnEnvironment',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: keyIn('primary'),
      Condition: { StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': arn } },
    },
    { Sid: 'Own', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:queue' },
  ]);
  expect(handler('open-primary').inputs).not.toHaveProperty('vpcConfig');
});

test('a function in the VPC lets Lambda manage interfaces, and never its own code', () => {
  expect(handler('inside-dr').inputs['vpcConfig']).toEqual({
    subnetIds: ['subnet-dr-a', 'subnet-dr-b', 'subnet-dr-c'],
    securityGroupIds: ['sg-functions-dr'],
  });
  const allowed = statement('inside-dr', 'AttachToVpc');
  expect(listed(allowed?.Action ?? [])).toEqual([
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ]);
  expect(statement('inside-dr', 'NeverFromOwnCode')).toMatchObject({
    Effect: 'Deny',
    Action: allowed?.Action,
    Condition: {
      ArnEquals: { 'lambda:SourceFunctionArn': `arn:aws:lambda:eu-central-2:${ACCOUNT}:function:health-test` },
    },
  });
});

test('the handler’s own variables arrive beside those of the runtime, encrypted with the region’s key', () => {
  expect(variablesOf(handler('inside-dr'))).toEqual({
    ORDERS_TABLE: 'orders-test',
    NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
    POWERTOOLS_SERVICE_NAME: 'health',
    POWERTOOLS_METRICS_NAMESPACE: 'trading-platform-test',
    POWERTOOLS_LOG_LEVEL: 'INFO',
  });
  expect(handler('inside-dr').inputs['kmsKeyArn']).toBe(keyIn('dr'));
});

test('deletion has time for AWS to let go of network interfaces', () => {
  expect(handler('inside-primary').options.customTimeouts).toEqual({ create: '20m', update: '20m', delete: '30m' });
});
