import * as lambda from '@pulumi/aws/lambda';
import * as pulumi from '@pulumi/pulumi';
import type { OrderProcessorEnv } from '../../lambda/order-processor/env';
import type { OrdersApiEnv } from '../../lambda/orders-api/env';
import type { RouteSpec } from './api-routes';
import { databaseEnvironment, databaseStatements } from './database-access';
import type { DatabaseAccess } from './database-access';
import { keyThrough, readLease } from './function-policy';
import type { LeaseTableReference, NamedResource } from './named-resource';
import { OrderQueue } from './order-queue';
import type { ApiRoute } from './rest-api';
import { ServiceFunction } from './service-function';
import type { FunctionNetwork, FunctionSettings } from './service-function';

/** The trading workload of one region. */
export interface TradingArgs extends FunctionSettings {
  readonly ordersTable: NamedResource;
  readonly leaseTable: LeaseTableReference;
  readonly orderLimitsParameter: NamedResource;
  readonly orderValiditySeconds: number;
  readonly database: DatabaseAccess;
  readonly network: FunctionNetwork;
}

const ROUTES: readonly RouteSpec[] = [
  { method: 'POST', path: '/orders' },
  { method: 'GET', path: '/orders/{orderId}' },
];

/** Just under API Gateway's 29: an order that is recorded must get its 202 also while its queue does not answer. */
const API_TIMEOUT_SECONDS = 28;
const PROCESSOR_TIMEOUT_SECONDS = 30;
/** Messages per invocation: the largest batch that needs no batching window. */
const BATCH_SIZE = 10;
/** Invocations at once, which is also the processor's share of database connections. */
export const MAXIMUM_CONCURRENCY = 10;

/** Orders in one region (C1): an API that records and queues them, and the processor that executes them once. */
export class Trading extends pulumi.ComponentResource {
  readonly routes: readonly ApiRoute[];
  readonly queue: OrderQueue;
  readonly ordersApi: ServiceFunction<OrdersApiEnv>;
  readonly orderProcessor: ServiceFunction<OrderProcessorEnv>;
  /** What a run disables and enables. */
  readonly consumerId: pulumi.Output<string>;

  constructor(name: string, args: TradingArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:Trading', name, {}, opts);

    this.queue = new OrderQueue(
      `${name}-queue`,
      {
        environmentSuffix: args.environmentSuffix,
        keyArn: args.keyArn,
        consumerTimeoutSeconds: PROCESSOR_TIMEOUT_SECONDS,
      },
      { parent: this },
    );
    this.ordersApi = createOrdersApi(this, `${name}-orders-api`, args, this.queue);
    this.orderProcessor = createOrderProcessor(this, `${name}-order-processor`, args, this.queue);
    const consumer = new lambda.EventSourceMapping(
      `${name}-consumer`,
      {
        eventSourceArn: this.queue.queueArn,
        functionName: this.orderProcessor.functionArn,
        batchSize: BATCH_SIZE,
        // One bad order must not send its nine neighbours round again.
        functionResponseTypes: ['ReportBatchItemFailures'],
        // Bounds the processor without reserved concurrency, which a full queue would otherwise turn into throttles.
        scalingConfig: { maximumConcurrency: MAXIMUM_CONCURRENCY },
        enabled: true,
      },
      // A run stops the consumers of the region it leaves, in either direction: `up` must not start them again (X5).
      { parent: this, ignoreChanges: ['enabled'] },
    );

    this.consumerId = consumer.uuid;
    this.routes = ROUTES.map((route) => ({ ...route, target: this.ordersApi }));
    this.registerOutputs({ queueUrl: this.queue.queueUrl });
  }
}

/** Outside the VPC: it needs no database, and must accept orders while the network or the database is in trouble. */
function createOrdersApi(
  parent: pulumi.Resource,
  name: string,
  args: TradingArgs,
  { queueArn, queueUrl }: OrderQueue,
): ServiceFunction<OrdersApiEnv> {
  const { environmentSuffix, region, keyArn, ordersTable, leaseTable, orderLimitsParameter } = args;
  return new ServiceFunction<OrdersApiEnv>(
    name,
    {
      environmentSuffix,
      region,
      keyArn,
      accountId: args.accountId,
      logRetentionDays: args.logRetentionDays,
      functionName: 'orders-api',
      description: 'Records an order, queues it, and tells what became of it',
      timeoutSeconds: API_TIMEOUT_SECONDS,
      memoryMegabytes: 512,
      environment: {
        ENVIRONMENT_SUFFIX: environmentSuffix,
        ORDERS_TABLE: ordersTable.name,
        LEASE_TABLE: leaseTable.tableName,
        ORDER_QUEUE_URL: queueUrl,
        ORDER_LIMITS_PARAMETER: orderLimitsParameter.name,
        ORDER_VALIDITY_SECONDS: String(args.orderValiditySeconds),
      },
      statements: [
        {
          Sid: 'RecordAndReadOrders',
          Action: ['dynamodb:PutItem', 'dynamodb:Query'],
          Resource: ordersTable.arn,
        },
        readLease(leaseTable.tableArn),
        { Sid: 'QueueOrders', Action: 'sqs:SendMessage', Resource: queueArn },
        { Sid: 'ReadOrderLimits', Action: 'ssm:GetParameter', Resource: orderLimitsParameter.arn },
        keyThrough('dynamodb', region.name, keyArn, ['kms:Decrypt']),
        keyThrough('sqs', region.name, keyArn, ['kms:Decrypt', 'kms:GenerateDataKey']),
        keyThrough('ssm', region.name, keyArn, ['kms:Decrypt']),
      ],
    },
    { parent },
  );
}

function createOrderProcessor(
  parent: pulumi.Resource,
  name: string,
  args: TradingArgs,
  { queueArn }: OrderQueue,
): ServiceFunction<OrderProcessorEnv> {
  const { environmentSuffix, region, keyArn, ordersTable, leaseTable, database } = args;
  return new ServiceFunction<OrderProcessorEnv>(
    name,
    {
      environmentSuffix,
      region,
      keyArn,
      accountId: args.accountId,
      logRetentionDays: args.logRetentionDays,
      network: args.network,
      functionName: 'order-processor',
      description: 'Executes queued orders, each once, while its region holds the lease',
      timeoutSeconds: PROCESSOR_TIMEOUT_SECONDS,
      memoryMegabytes: 512,
      environment: {
        ENVIRONMENT_SUFFIX: environmentSuffix,
        ORDERS_TABLE: ordersTable.name,
        LEASE_TABLE: leaseTable.tableName,
        ...databaseEnvironment(database),
      },
      statements: [
        { Sid: 'RecordResults', Action: 'dynamodb:PutItem', Resource: ordersTable.arn },
        readLease(leaseTable.tableArn),
        {
          Sid: 'ConsumeOrders',
          Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
          Resource: queueArn,
        },
        ...databaseStatements(args, database),
        keyThrough('dynamodb', region.name, keyArn, ['kms:Decrypt']),
        keyThrough('sqs', region.name, keyArn, ['kms:Decrypt']),
      ],
    },
    { parent },
  );
}
