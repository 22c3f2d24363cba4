import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { RDSClient } from '@aws-sdk/client-rds';
import type { Route53Client } from '@aws-sdk/client-route-53';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type * as z from 'zod/mini';
import { createAlarms } from '../shared/alarm-states';
import { type Chance, composeKeeper, type KeeperClients, otherRegionOf } from '../shared/compose-keeper';
import type { HttpClient } from '../shared/http-client';
import { createCurrentRun } from '../shared/current-run';
import { createFunctionCalls } from '../shared/invoke';
import { createLeaseStore } from '../shared/lease-store';
import { createLocalItems } from '../shared/local-items';
import { createSignalPublisher } from '../shared/signal-publisher';
import type { Telemetry } from '../shared/telemetry';
import { createAlerts } from './alerts';
import type { OrchestratorAnswer } from './answer';
import type { CallLog } from './call-log';
import { createConsumers } from './consumers';
import type { failoverOrchestratorEnv } from './env';
import { readEvent } from './event';
import { createFinish } from './finish';
import { createGlobalDatabase } from './global-database';
import { createJournal } from './journal';
import { createJournalItems } from './journal-items';
import { createMayDestroy, type DestroyAnswer } from './may-destroy';
import { createObserve } from './observe';
import { operate, type OperatePorts } from './operate';
import { createReportStore } from './report-store';
import { RUN_CONSTANTS } from './run';
import { createRunReporter } from './run-reporter';
import { createAnnounce } from './steps/announce';
import { createEndWrites } from './steps/end-writes';
import { createLowerFloor } from './steps/lower-floor';
import { createMoveRpoBound } from './steps/move-rpo-bound';
import { createOpen } from './steps/open';
import { createPromote } from './steps/promote';
import { createFleet, createRaiseFloor } from './steps/raise-floor';
import { createReconcile } from './steps/reconcile';
import { createRecordChange } from './steps/record-change';
import { createReportStep } from './steps/report';
import { createShiftTraffic } from './steps/shift-traffic';
import { createStartConsumers } from './steps/start-consumers';
import { createStopConsumers } from './steps/stop-consumers';
import { createSwitchOver } from './steps/switch-over';
import { createVerify } from './steps/verify';
import { createTopic } from './topics';
import { createVantage, type Dns } from '../shared/vantage';

/** What failover-orchestrator calls with; of its own region unless said. */
export interface FailoverOrchestratorClients extends KeeperClients {
  readonly journal: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  readonly signals: CloudWatchClient;
  /** For calls of our own functions. */
  readonly functions: LambdaClient;
  readonly ownConsumers: LambdaClient;
  /** Of the other region. */
  readonly otherConsumers: LambdaClient;
  readonly rds: { readonly look: RDSClient; readonly order: RDSClient };
  readonly autoScaling: AutoScalingClient;
  /** Of the other region: what only a switchover calls. */
  readonly there: {
    readonly journal: DynamoDBClient;
    readonly leases: DynamoDBClient;
    readonly functions: LambdaClient;
    readonly rds: { readonly look: RDSClient; readonly order: RDSClient };
    readonly autoScaling: AutoScalingClient;
  };
  readonly ownTopic: SNSClient;
  /** Of the other region. */
  readonly otherTopic: SNSClient;
  readonly route53: Route53Client;
  readonly s3: S3Client;
  readonly http: HttpClient;
  readonly dns: Dns;
}

/** Real or virtual time, and what is rolled or named. */
export interface OrchestratorChance extends Chance {
  readonly sleep: (ms: number) => Promise<void>;
}

type Env = z.output<typeof failoverOrchestratorEnv> & { readonly AWS_REGION: string };

/** Puts failover-orchestrator together: environment and clients in, a function from event to answer out. */
export function composeFailoverOrchestrator(
  env: Env,
  clients: FailoverOrchestratorClients,
  callLog: CallLog,
  telemetry: Telemetry,
  chance: OrchestratorChance,
): (event: unknown, remainingMs: () => number) => Promise<OrchestratorAnswer | DestroyAnswer> {
  const { now, sleep, newId } = chance;
  const region = env.AWS_REGION;
  const registers = composeKeeper(env, clients, chance);
  const journal = createJournal(clients.journal, env.JOURNAL_TABLE, newId);
  const journalItems = createJournalItems(clients.journal, env.JOURNAL_TABLE);
  const lease = createLeaseStore(clients.leases, env.LEASE_TABLE);
  const items = createLocalItems(clients.leases, env.LEASE_TABLE);
  const calls = createFunctionCalls(clients.functions);
  const signals = createSignalPublisher(clients.signals, env.METRICS_NAMESPACE);
  const topic = createTopic(clients.ownTopic, env.OWN_TOPIC_ARN);
  const database = createGlobalDatabase(clients.rds, {
    globalClusterId: env.GLOBAL_CLUSTER_ID,
    ownClusterArn: env.OWN_CLUSTER_ARN,
  });
  const databaseThere = createGlobalDatabase(clients.there.rds, {
    globalClusterId: env.GLOBAL_CLUSTER_ID,
    ownClusterArn: env.OTHER_CLUSTER_ARN,
  });
  // Tables are named alike in both regions.
  const runThere = createCurrentRun(clients.there.journal, env.JOURNAL_TABLE);
  const otherConsumers = createConsumers(clients.otherConsumers);
  const restoreConsumers = createStartConsumers(otherConsumers, env.OTHER_CONSUMER_IDS);
  const reporter = createRunReporter(
    journal,
    callLog,
    createReportStore(
      journalItems,
      { dynamodb: clients.journal, s3: clients.s3 },
      { table: env.JOURNAL_TABLE, bucket: env.REPORTS_BUCKET, now },
    ),
  );

  const ports: OperatePorts = {
    journal,
    registers,
    observe: createObserve(
      {
        registers,
        alarms: createAlarms(clients.cloudwatch),
        vantage: createVantage(clients.dns, env.VANTAGE_RECORD, env.ZONE_NAME_SERVERS),
        items,
        database,
        calls,
        there: {
          database: databaseThere,
          run: runThere,
          items: createLocalItems(clients.there.leases, env.LEASE_TABLE),
        },
        now,
      },
      {
        otherRegion: otherRegionOf(env),
        triggerAlarm: env.TRIGGER_ALARM,
        maintenanceAlarm: env.MAINTENANCE_ALARM,
        unhealthyAlarm: env.UNHEALTHY_ALARM,
        monitorFunction: env.MONITOR_FUNCTION,
        ...(env.WITNESS_REGION !== 'none' && { witness: env.WITNESS_REGION }),
      },
    ),
    steps: {
      'stop-consumers': createStopConsumers(otherConsumers, env.OTHER_CONSUMER_IDS),
      'start-consumers': createStartConsumers(createConsumers(clients.ownConsumers), env.OWN_CONSUMER_IDS),
      promote: createPromote({ registers, database, region, ownClusterArn: env.OWN_CLUSTER_ARN }),
      'end-writes': createEndWrites({
        registers,
        calls: createFunctionCalls(clients.there.functions),
        ledgerFunction: env.OTHER_LEDGER_FUNCTION,
        region,
        otherRegion: otherRegionOf(env),
        now,
      }),
      'switch-over': createSwitchOver({
        registers,
        here: database,
        there: databaseThere,
        region,
        ownClusterArn: env.OWN_CLUSTER_ARN,
      }),
      'restore-consumers': restoreConsumers,
      'lower-floor': createLowerFloor(fleetOf(env, clients.there.autoScaling), env.FLEET_WAITING_FLOOR),
      'move-rpo-bound': createMoveRpoBound(boundOf(env, clients)),
      'shift-traffic': createShiftTraffic({ registers, signals, isDr: region === env.DR_REGION, now }),
      'raise-floor': createRaiseFloor(fleetOf(env, clients.autoScaling), env.FLEET_FLOOR),
      open: createOpen({ registers, calls, ledgerFunction: env.LEDGER_FUNCTION }),
      reconcile: createReconcile({
        window: { read: () => items.get('sweep'), put: (sweep) => items.put('sweep', sweep) },
        now,
      }),
      verify: createVerify({
        http: clients.http,
        ownUrl: env.OWN_URL,
        takesOrders: env.OWN_CONSUMER_IDS.length > 0,
        now,
        sleep,
      }),
      announce: createAnnounce({
        own: topic,
        other: createTopic(clients.otherTopic, env.OTHER_TOPIC_ARN),
        region,
        otherRegion: otherRegionOf(env),
        environmentSuffix: env.ENVIRONMENT_SUFFIX,
      }),
      'record-change': createRecordChange(clients.route53, {
        zoneId: env.HOSTED_ZONE_ID,
        recordName: env.ACTIVE_RECORD,
        region,
      }),
      report: createReportStep(reporter),
    },
    restoreConsumers,
    alerts: createAlerts(journalItems, topic, { region, environmentSuffix: env.ENVIRONMENT_SUFFIX, now }),
    finish: createFinish({ reporter, signals, items: journalItems }),
    policy: { ...RUN_CONSTANTS, region, mode: modeOf(env, region), rpoMs: env.RPO_SECONDS * 1_000 },
    drainCalls: () => callLog.drain(),
    isActive: async () => {
      const reading = await lease.read();
      // Not known is no: the guards ask the registers.
      return reading.known && reading.lease.activeRegion === region;
    },
    newId,
    telemetry,
    now,
    sleep,
  };
  const mayDestroy = createMayDestroy({
    region,
    otherRegion: otherRegionOf(env),
    database,
    runs: { here: createCurrentRun(clients.journal, env.JOURNAL_TABLE), there: runThere },
    sleep,
    telemetry,
  });
  return async (event, remainingMs) => {
    // What an invocation before this one has left behind belongs to no run of this one.
    callLog.drain();
    const asked = readEvent(event, env.TRIGGER_ALARM);
    return asked.action === 'may-destroy' ? mayDestroy(asked) : operate(ports, asked, remainingMs);
  };
}

function boundOf(
  { RPO_BOUND_SECONDS: seconds, PARAMETER_GROUP: parameterGroup }: Env,
  clients: FailoverOrchestratorClients,
) {
  const { rds, there } = clients;
  return seconds === 'none' ? undefined : { here: rds.order, there: there.rds.order, parameterGroup, seconds };
}

/** The alarm starts runs in dr alone (design.md section 4): elsewhere no failover ever begins by itself. */
function modeOf({ FAILOVER_MODE: mode, DR_REGION: dr }: Env, region: string): Env['FAILOVER_MODE'] {
  return region === dr ? mode : 'alert-only';
}

function fleetOf(env: Env, autoScaling: AutoScalingClient) {
  return env.FLEET_GROUP === 'none' ? undefined : createFleet(autoScaling, env.FLEET_GROUP);
}
