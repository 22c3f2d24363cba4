import type * as pulumi from '@pulumi/pulumi';
import type { TapConfig } from './config';
import type { AuroraGlobal } from './data/aurora-global';
import type { RegionalTables } from './data/global-tables';
import type { RegionalBuckets } from './data/replicated-buckets';
import type { ReplicatedParameters } from './data/replicated-parameters';
import type { Dashboards } from './detection/dashboards';
import type { Detection } from './detection/detection';
import type { Notifications } from './detection/notifications';
import type { Registers } from './data/registers';
import type { Control } from './recovery/control';
import { triggerAlarmName } from './recovery/region-of-control';
import type { OperatorAccess } from './recovery/operator-access';
import type { PerRegion } from './regions';
import type { DnsNames } from './routing/dns-names';
import type { FailoverDns } from './routing/failover-dns';
import type { RegionalServices } from './services/regional-services';
import type { DecisionTable } from './data/decision-table';

/** What `pulumi stack output` shows and cfn-outputs/flat-outputs.json holds: flat, name to value (N10, N13). */
export type StackOutputs = Readonly<Record<string, pulumi.Input<string | number>>>;

/** Where the outputs come from. */
export interface OutputSources {
  readonly config: TapConfig;
  readonly names: DnsNames;
  readonly aurora: AuroraGlobal;
  readonly tables: PerRegion<RegionalTables>;
  readonly leaseTables: PerRegion<DecisionTable>;
  readonly journals: PerRegion<DecisionTable>;
  readonly registers: Registers;
  readonly control: PerRegion<Control>;
  readonly buckets: PerRegion<RegionalBuckets>;
  readonly parameters: ReplicatedParameters;
  readonly services: PerRegion<RegionalServices>;
  readonly notifications: PerRegion<Notifications>;
  readonly operators: OperatorAccess;
  readonly dns: FailoverDns;
  readonly dashboards: Dashboards;
  readonly detection: Detection;
}

/** Collects the stack's outputs; a workload that is switched off has none. */
export function stackOutputs(sources: OutputSources): StackOutputs {
  const { config, names, aurora, tables, leaseTables, journals, registers, parameters, services, operators } = sources;
  const { control } = sources;
  const { trading, payments, schemaMigration } = services.primary;
  return withoutAbsent({
    environmentSuffix: config.environmentSuffix,
    apiEndpoint: `https://${names.api}`,
    ...(config.trading && { applicationEndpoint: `https://${names.app}` }),
    globalClusterId: aurora.globalClusterId,
    auroraGlobalWriterEndpoint: aurora.globalWriterEndpoint,
    databaseName: config.databaseName,
    databasePort: config.databasePort,
    databaseTls: config.databaseTls,
    databaseSecretName: config.databaseSecretName,
    databaseHost: config.databaseHost || aurora.hosts.primary.writer,
    ordersTable: tables.primary.orders?.name,
    sessionsTable: tables.primary.sessions?.name,
    transactionsTable: tables.primary.transactions?.name,
    leaseTable: leaseTables.primary.tableName,
    registerTable: registers.tableName,
    witnessRegion: config.witnessRegion,
    journalTable: journals.primary.tableName,
    parameterPath: parameters.path,
    // The same name in both regions.
    stageName: services.primary.restApi.stageName,
    schemaMigratorFunction: schemaMigration.schemaMigrator.functionName,
    parameterReplicatorFunction: parameters.replicators.primary.functionName,
    healthFunction: services.primary.health.health.functionName,
    ordersApiFunction: trading?.ordersApi.functionName,
    orderProcessorFunction: trading?.orderProcessor.functionName,
    paymentValidatorFunction: payments?.paymentValidator.functionName,
    failoverOrchestratorFunction: control.primary.failoverOrchestrator.functionName,
    reconcilerFunction: control.primary.reconciler.functionName,
    heartbeatFunction: control.primary.heartbeat.functionName,
    readinessFunction: control.primary.readiness.functionName,
    replicationMonitorFunction: control.primary.replicationMonitor.functionName,
    ledgerFunction: control.primary.ledger.functionName,
    operatorRoleArn: operators.roleArn,
    ...regionalOutputs('primary', sources),
    ...regionalOutputs('dr', sources),
  });
}

function regionalOutputs(role: 'primary' | 'dr', sources: OutputSources): Readonly<Record<string, Optional>> {
  const { config, names, aurora, buckets, services, notifications, dns, control } = sources;
  const { api, app } = names.regional[role];
  const { trading, restApi } = services[role];
  const own = buckets[role];
  const found: Readonly<Record<string, Optional>> = {
    Region: role === 'primary' ? config.primaryRegion : config.drRegion,
    Endpoint: `https://${api}`,
    HealthCheckUrl: `https://${api}/health`,
    HealthCheckId: dns.apiCheckIds[role],
    DatabaseHealthCheckId: dns.databaseCheckIds[role],
    ApplicationEndpoint: config.trading ? `https://${app}` : undefined,
    InvokeUrl: restApi.invokeUrl,
    RestApiId: restApi.restApiId,
    ClusterIdentifier: aurora.clusterIdentifier[role],
    ClusterEndpoint: aurora.hosts[role].writer,
    ClusterReaderEndpoint: aurora.hosts[role].reader,
    OrderQueueUrl: trading?.queue.queueUrl,
    OrderDlqUrl: trading?.queue.deadLetterQueueUrl,
    OrderConsumerId: trading?.consumerId,
    FleetGroup: services[role].fleet?.autoScalingGroupName,
    FailoverOrchestratorArn: control[role].failoverOrchestrator.functionArn,
    TriggerAlarm: triggerAlarmName({ config, role }),
    ArtifactsBucket: own.artifacts.name,
    ConfigBucket: own.config.name,
    AuditLogsBucket: own['audit-logs'].name,
    StaticContentBucket: own['static-content']?.name,
    TradingReportsBucket: own['trading-reports']?.name,
    ReceiptsBucket: own.receipts?.name,
    TopicArn: notifications[role].topicArn,
    DashboardUrl: sources.dashboards.urls[role],
    AlertQueueUrl: sources.detection.alertQueueUrl[role],
    TopicName: notifications[role].topicName,
  };
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [`${role}${key}`, value]));
}

type Optional = pulumi.Input<string | number> | undefined;

function withoutAbsent(values: Readonly<Record<string, Optional>>): StackOutputs {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
