import * as pulumi from '@pulumi/pulumi';
import type { PaymentValidatorEnv } from '../../lambda/payment-validator/env';
import type { RouteSpec } from './api-routes';
import { databaseEnvironment, databaseStatements } from './database-access';
import type { DatabaseAccess } from './database-access';
import { keyThrough, readLease } from './function-policy';
import type { LeaseTableReference, NamedResource } from './named-resource';
import type { ApiRoute } from './rest-api';
import { ServiceFunction } from './service-function';
import type { FunctionNetwork, FunctionSettings } from './service-function';

/** The payment workload of one region. */
export interface PaymentsArgs extends FunctionSettings {
  readonly transactionsTable: NamedResource;
  readonly leaseTable: LeaseTableReference;
  readonly receiptsBucket: NamedResource;
  /** Until when after its receipt a payment may be settled, in seconds; the same limit as an order's. */
  readonly paymentValiditySeconds: number;
  readonly database: DatabaseAccess;
  readonly network: FunctionNetwork;
}

const ROUTES: readonly RouteSpec[] = [
  { method: 'POST', path: '/payments' },
  { method: 'GET', path: '/payments/{paymentId}' },
];

/** Seconds; a client waits for the verdict, so this is well under API Gateway's 29. */
const VALIDATOR_TIMEOUT_SECONDS = 15;

/** Payments in one region (C2): validated and settled while the client waits, or else when the reconciler sweeps. */
export class Payments extends pulumi.ComponentResource {
  readonly routes: readonly ApiRoute[];
  readonly paymentValidator: ServiceFunction<PaymentValidatorEnv>;

  constructor(name: string, args: PaymentsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:Payments', name, {}, opts);
    this.paymentValidator = createPaymentValidator(this, `${name}-payment-validator`, args);
    this.routes = ROUTES.map((route) => ({ ...route, target: this.paymentValidator }));
    this.registerOutputs({ functionName: this.paymentValidator.functionName });
  }
}

function createPaymentValidator(
  parent: pulumi.Resource,
  name: string,
  args: PaymentsArgs,
): ServiceFunction<PaymentValidatorEnv> {
  const { environmentSuffix, region, keyArn, transactionsTable, leaseTable, receiptsBucket, database } = args;
  return new ServiceFunction<PaymentValidatorEnv>(
    name,
    {
      environmentSuffix,
      region,
      keyArn,
      accountId: args.accountId,
      logRetentionDays: args.logRetentionDays,
      network: args.network,
      functionName: 'payment-validator',
      description: 'Validates and settles payments, each once, while its region holds the lease',
      timeoutSeconds: VALIDATOR_TIMEOUT_SECONDS,
      memoryMegabytes: 512,
      environment: {
        ENVIRONMENT_SUFFIX: environmentSuffix,
        TRANSACTIONS_TABLE: transactionsTable.name,
        LEASE_TABLE: leaseTable.tableName,
        RECEIPTS_BUCKET: receiptsBucket.name,
        PAYMENT_VALIDITY_SECONDS: String(args.paymentValiditySeconds),
        ...databaseEnvironment(database),
      },
      statements: [
        {
          Sid: 'RecordAndReadPayments',
          Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
          Resource: transactionsTable.arn,
        },
        readLease(leaseTable.tableArn),
        {
          Sid: 'WriteReceipts',
          Action: 's3:PutObject',
          // The two prefixes that replication knows: rtc/ with its time limit, and bulk/ for everything larger (D6).
          Resource: [pulumi.interpolate`${receiptsBucket.arn}/rtc/*`, pulumi.interpolate`${receiptsBucket.arn}/bulk/*`],
        },
        ...databaseStatements(args, database),
        keyThrough('dynamodb', region.name, keyArn, ['kms:Decrypt']),
        keyThrough('s3', region.name, keyArn, ['kms:GenerateDataKey']),
      ],
    },
    { parent },
  );
}
