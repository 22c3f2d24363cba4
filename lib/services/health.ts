import * as pulumi from '@pulumi/pulumi';
import type { HealthEnv } from '../../lambda/health/env';
import type { RouteSpec } from './api-routes';
import { databaseEnvironment, databaseStatements } from './database-access';
import type { DatabaseAccess } from './database-access';
import { BY_RECEIVED } from '../data/global-tables';
import { keyThrough, localItem } from './function-policy';
import { FunctionTrigger, TICKING_SECONDS } from './function-trigger';
import type { LeaseTableReference, NamedResource } from './named-resource';
import type { ApiRoute } from './rest-api';
import { ServiceFunction } from './service-function';
import type { FunctionNetwork, FunctionSettings } from './service-function';

/** The health endpoints of one region. */
export interface HealthArgs extends FunctionSettings {
  readonly leaseTable: LeaseTableReference;
  /** A global table of this stack: reading it shows that the table answers here. */
  readonly probeTable: NamedResource;
  readonly database: DatabaseAccess;
  /** Answers also while this region's database is read-only. */
  readonly network: FunctionNetwork;
  /** Whose orders must move. @default no trading workload */
  readonly ordersTable?: NamedResource;
  /** How often the region's verdict about itself is made, in seconds. */
  readonly verdictIntervalSeconds: number;
}

const ROUTES: readonly RouteSpec[] = [
  { method: 'GET', path: '/health' },
  { method: 'GET', path: '/health/deep' },
];

/** Says whether a region's trading data is valid, whatever its role (M2). */
export class Health extends pulumi.ComponentResource {
  readonly routes: readonly ApiRoute[];
  readonly health: ServiceFunction<HealthEnv>;

  constructor(name: string, args: HealthArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:Health', name, {}, opts);
    const { environmentSuffix, region, keyArn, leaseTable, probeTable, database, ordersTable } = args;

    this.health = new ServiceFunction<HealthEnv>(
      `${name}-function`,
      {
        environmentSuffix,
        region,
        keyArn,
        accountId: args.accountId,
        logRetentionDays: args.logRetentionDays,
        network: args.network,
        functionName: 'health',
        description: 'Says whether the trading data of its region is valid and fresh',
        // Of its schedule: whoever asks over HTTP has given up long before (Route 53 after 2 s).
        timeoutSeconds: TICKING_SECONDS,
        // Processor time comes with memory, and a cold start must fit into the checkers' 2 s.
        memoryMegabytes: 1024,
        environment: {
          ENVIRONMENT_SUFFIX: environmentSuffix,
          LEASE_TABLE: leaseTable.tableName,
          PROBE_TABLE: probeTable.name,
          ORDERS_TABLE: ordersTable?.name ?? 'none',
          VERDICT_INTERVAL_SECONDS: String(args.verdictIntervalSeconds),
          DATABASE_READER_HOST: pulumi.output(database.databaseHosts).reader,
          ...databaseEnvironment(database),
        },
        statements: [
          localItem('ReadLeaseAndVerdict', 'dynamodb:GetItem', leaseTable.tableArn, ['lease', 'verdict']),
          localItem('WriteVerdict', 'dynamodb:PutItem', leaseTable.tableArn, ['verdict']),
          {
            Sid: 'ReadProbeTable',
            Action: 'dynamodb:Query',
            Resource: [
              probeTable.arn,
              ...(ordersTable ? [pulumi.interpolate`${ordersTable.arn}/index/${BY_RECEIVED}`] : []),
            ],
          },
          ...databaseStatements(args, database),
          keyThrough('dynamodb', region.name, keyArn, ['kms:Decrypt']),
        ],
      },
      { parent: this },
    );
    new FunctionTrigger(
      `${name}-schedule`,
      {
        environmentSuffix,
        ruleName: 'health',
        description: "Makes the region's verdict about itself, which its heartbeat carries to the other region",
        functionName: this.health.functionName,
        functionArn: this.health.functionArn,
        rule: { scheduleExpression: 'rate(1 minute)', input: JSON.stringify({ source: 'schedule' }) },
      },
      { parent: this },
    );
    this.routes = ROUTES.map((route) => ({ ...route, target: this.health }));
    this.registerOutputs({ functionName: this.health.functionName });
  }
}
