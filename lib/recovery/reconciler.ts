import * as pulumi from '@pulumi/pulumi';
import type { ReconcilerEnv } from '../../lambda/reconciler/env';
import { BY_RECEIVED } from '../data/global-tables';
import type { PolicyStatement } from '../policy';
import { keyThrough, localItem, publishSignals } from '../services/function-policy';
import { TICKING_SECONDS } from '../services/function-trigger';
import { ServiceFunction } from '../services/service-function';
import {
  functionSettings,
  maintenanceAlarmName,
  registerEnvironment,
  registerStatements,
  signalsEnvironment,
  triggerAlarmName,
  type ControlRegion,
} from './region-of-control';

/** Composite alarms are only described under "*" (service authorization reference). */
const SEE_ALARMS: PolicyStatement = { Sid: 'SeeAlarms', Action: 'cloudwatch:DescribeAlarms', Resource: '*' };

/** The functions that the reconciler calls. */
export interface CalledByReconciler {
  readonly orchestrator: { readonly functionName: pulumi.Input<string>; readonly functionArn: pulumi.Input<string> };
  readonly ledger: { readonly functionName: pulumi.Input<string>; readonly functionArn: pulumi.Input<string> };
}

/** Does again what was lost: an alarm's one call, a run whose owner died, an order's message, a payment's commit, a renewal. */
export function createReconciler(
  parent: pulumi.Resource,
  name: string,
  control: ControlRegion,
  { orchestrator, ledger }: CalledByReconciler,
): ServiceFunction<ReconcilerEnv> {
  const { config, region, own } = control;
  // The automatic trigger is dr's alone (design.md section 4): traffic goes home by a person's decision.
  const offersAlarms = region.role === 'dr';
  return new ServiceFunction<ReconcilerEnv>(
    name,
    {
      ...functionSettings(control),
      functionName: 'reconciler',
      description:
        'Offers alarms again, resumes runs, renews the lease a second time, has orders and payments without effect executed',
      timeoutSeconds: TICKING_SECONDS,
      memoryMegabytes: 512,
      environment: {
        ...registerEnvironment(control),
        ...signalsEnvironment(control),
        JOURNAL_TABLE: own.journal.tableName,
        OFFERS_ALARMS: offersAlarms ? 'yes' : 'no',
        TRIGGER_ALARM: triggerAlarmName({ config, role: own.role }),
        MAINTENANCE_ALARM: maintenanceAlarmName(control),
        ORCHESTRATOR_FUNCTION: orchestrator.functionName,
        LEDGER_FUNCTION: ledger.functionName,
        ORDERS_TABLE: own.ordersTable?.name ?? 'none',
        ORDER_QUEUE_URL: own.services.trading?.queue.queueUrl ?? 'none',
        TRANSACTIONS_TABLE: own.transactionsTable?.name ?? 'none',
        PAYMENT_VALIDATOR_FUNCTION: own.services.payments?.paymentValidator.functionName ?? 'none',
      },
      statements: [
        ...registerStatements(control, 'write'),
        // What every tick goes by is read in one call; the second renewal reads the other two when it is needed.
        localItem('ReadTickItems', 'dynamodb:BatchGetItem', own.leaseTable.tableArn, ['lease', 'freeze', 'sweep']),
        localItem('ReadLeaseAndVerdict', 'dynamodb:GetItem', own.leaseTable.tableArn, ['lease', 'verdict']),
        localItem('WriteLeaseAndSweep', 'dynamodb:UpdateItem', own.leaseTable.tableArn, ['lease', 'sweep']),
        { Sid: 'ReadJournal', Action: 'dynamodb:GetItem', Resource: own.journal.tableArn },
        {
          Sid: 'CallOrchestratorAndLedger',
          Action: 'lambda:InvokeFunction',
          Resource: [orchestrator.functionArn, ledger.functionArn],
        },
        ...(offersAlarms ? [SEE_ALARMS] : []),
        ...orderStatements(control),
        ...paymentStatements(control),
        publishSignals(config.environmentSuffix),
      ],
    },
    { parent },
  );
}

function orderStatements({ own }: ControlRegion): readonly PolicyStatement[] {
  const { ordersTable, services } = own;
  if (!ordersTable || !services.trading) return [];
  return [
    {
      Sid: 'FindOrders',
      Action: 'dynamodb:Query',
      Resource: pulumi.interpolate`${ordersTable.arn}/index/${BY_RECEIVED}`,
    },
    { Sid: 'ReadOrderResults', Action: 'dynamodb:BatchGetItem', Resource: ordersTable.arn },
    {
      Sid: 'QueueOrders',
      Action: ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
      Resource: services.trading.queue.queueArn,
    },
    keyThrough('sqs', own.regionName, own.keyArn, ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

function paymentStatements({ own }: ControlRegion): readonly PolicyStatement[] {
  const { transactionsTable, services } = own;
  if (!transactionsTable || !services.payments) return [];
  return [
    {
      Sid: 'FindPayments',
      Action: 'dynamodb:Query',
      Resource: pulumi.interpolate`${transactionsTable.arn}/index/${BY_RECEIVED}`,
    },
    { Sid: 'ReadPaymentResults', Action: 'dynamodb:BatchGetItem', Resource: transactionsTable.arn },
    {
      Sid: 'SettlePayments',
      Action: 'lambda:InvokeFunction',
      Resource: services.payments.paymentValidator.functionArn,
    },
  ];
}
