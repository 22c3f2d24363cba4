import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type * as z from 'zod/mini';
import { createAlarms } from '../shared/alarm-states';
import { type LedgerRequest, settledPayments, type SettleRequest, withoutEffect } from '../shared/calls';
import { type Chance, composeKeeper, type KeeperClients } from '../shared/compose-keeper';
import { createCurrentRun } from '../shared/current-run';
import { createFunctionCalls, type FunctionCalls } from '../shared/invoke';
import { createLocalItems } from '../shared/local-items';
import { createSignalPublisher } from '../shared/signal-publisher';
import type { Telemetry } from '../shared/telemetry';
import { endOfTicks, everyTick, readSchedule } from '../shared/ticks';
import type { reconcilerEnv } from './env';
import { type Kind, ORDERS, PAYMENTS, type Received } from './kinds';
import { createReceivedIndex } from './received-index';
import { createReconcile, type KindSweep, type ReconcilePorts } from './reconcile';
import { createRequeue } from './requeue';
import { createSettlePayments } from './settle-payments';
import { createSweep, type SweepPorts } from './sweep';
import { createSweepStore, sweptOf } from './sweep-store';
import { createTickItems } from './tick-items';

/** The clients that reconciler calls AWS with, all of its own region but those of the registers. */
export interface ReconcilerClients extends KeeperClients {
  readonly journal: DynamoDBClient;
  /** Of orders and payments. */
  readonly received: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  readonly functions: LambdaClient;
  readonly sqs: SQSClient;
}

/** Real or virtual time, and what is rolled or named. */
export interface ReconcilerChance extends Chance {
  readonly sleep: (ms: number) => Promise<void>;
}

/** How often everything is looked at, in milliseconds. */
const INTERVAL_MS = 10_000;

/** How long the ledger may take to answer one question. */
const LEDGER_MS = 3_000;

/** How long the validator may take to settle one batch: it begins nothing in the second half of that. */
const SETTLE_MS = 3_500;

type Env = z.output<typeof reconcilerEnv> & { readonly AWS_REGION: string };

/** Puts reconciler together: environment and clients in, a function from the schedule's event to the number of ticks out. */
export function composeReconciler(
  env: Env,
  clients: ReconcilerClients,
  telemetry: Telemetry,
  chance: ReconcilerChance,
): (event: unknown, end: number) => Promise<{ readonly ticks: number }> {
  const { now, sleep } = chance;
  const calls = createFunctionCalls(clients.functions);
  const ports: ReconcilePorts = {
    registers: composeKeeper(env, clients, chance),
    tickItems: createTickItems(clients.leases, env.LEASE_TABLE),
    items: createLocalItems(clients.leases, env.LEASE_TABLE),
    alarms: createAlarms(clients.cloudwatch),
    run: createCurrentRun(clients.journal, env.JOURNAL_TABLE),
    start: (request) => calls.start(env.ORCHESTRATOR_FUNCTION, request),
    sweeps: composeSweeps(env, clients, { calls, telemetry, now }),
    signals: createSignalPublisher(clients.cloudwatch, env.METRICS_NAMESPACE),
    telemetry,
    now,
    region: env.AWS_REGION,
    leaseMs: env.LEASE_SECONDS * 1_000,
    maintenanceAlarm: env.MAINTENANCE_ALARM,
    ...(env.OFFERS_ALARMS === 'yes' && { triggerAlarm: env.TRIGGER_ALARM }),
  };
  const reconcile = createReconcile(ports);

  return async (event, end) => {
    readSchedule(event);
    const ticks = await everyTick(
      {
        intervalMs: INTERVAL_MS,
        endsAt: endOfTicks(now(), end),
        now,
        sleep,
        onError: (error) => telemetry.error('the tick failed', error),
      },
      reconcile,
    );
    return { ticks };
  };
}

/** What the sweeps have in common with the rest. */
interface SweepTools {
  readonly calls: FunctionCalls;
  readonly telemetry: Telemetry;
  readonly now: () => number;
}

/** How one kind is had executed again, and who is told of those that have their row. */
interface Again<R extends Received> {
  readonly tryAgain: SweepPorts<R>['tryAgain'];
  readonly executed?: (ids: readonly string[]) => void;
}

/** A sweep for each workload that there is. */
function composeSweeps(env: Env, clients: ReconcilerClients, tools: SweepTools): readonly KindSweep[] {
  const { calls, telemetry, now } = tools;
  const sweepOf = <R extends Received>(kind: Kind<R>, table: string, { tryAgain, executed }: Again<R>): KindSweep => {
    const ask: SweepPorts<R>['withoutEffect'] = (ids) => {
      const request: LedgerRequest = { action: 'without-effect', of: kind.name, ids: [...ids] };
      return calls.ask(env.LEDGER_FUNCTION, request, withoutEffect, LEDGER_MS);
    };
    const sweep = createSweep({
      kind,
      index: createReceivedIndex(clients.received, table, kind, telemetry),
      withoutEffect: executed ? telling(executed, ask) : ask,
      tryAgain,
      store: createSweepStore(clients.leases, env.LEASE_TABLE, kind.name),
      telemetry,
      now,
    });
    return { kind: kind.name, sweep: (epoch, item) => sweep(epoch, sweptOf(item, kind.name)) };
  };
  const settlePayments = createSettlePayments(async (paymentIds) => {
    const request: SettleRequest = { action: 'settle', paymentIds: [...paymentIds] };
    return (await calls.ask(env.PAYMENT_VALIDATOR_FUNCTION, request, settledPayments, SETTLE_MS)).paymentIds;
  }, now);
  const requeue = createRequeue({
    client: clients.sqs,
    queueUrl: env.ORDER_QUEUE_URL,
    region: env.AWS_REGION,
    telemetry,
    now,
  });
  return [
    ...(env.ORDERS_TABLE === 'none' ? [] : [sweepOf(ORDERS, env.ORDERS_TABLE, requeue)]),
    ...(env.TRANSACTIONS_TABLE === 'none'
      ? []
      : [sweepOf(PAYMENTS, env.TRANSACTIONS_TABLE, { tryAgain: settlePayments })]),
  ];
}

/** The same question, whose answer also tells which of the ids have their row. */
function telling(
  executed: (ids: readonly string[]) => void,
  ask: SweepPorts<Received>['withoutEffect'],
): SweepPorts<Received>['withoutEffect'] {
  return async (ids) => {
    const answer = await ask(ids);
    const waiting = new Set(answer.ids);
    executed(ids.filter((id) => !waiting.has(id)));
    return answer;
  };
}
