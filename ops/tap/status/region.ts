import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeGlobalClustersCommand } from '@aws-sdk/client-rds';
import type { OrchestratorAnswer } from '../../../lambda/failover-orchestrator/answer';
import { type MonitorAnswer, monitorAnswer } from '../../../lambda/shared/calls';
import { createFunctionCalls } from '../../../lambda/shared/invoke';
import { createLocalItems, type LocalItem } from '../../../lambda/shared/local-items';
import { part, type Part } from '../ask';
import { type Context, roleOf, type Stack } from '../context';
import { askOrchestrator } from '../orchestrator';
import { type HealthAnswer, readHealth } from './health';

/** An alarm that is red; `since` in milliseconds since 1970. */
export interface RedAlarm {
  readonly name: string;
  readonly since?: number;
}

/** The database as RDS in this region tells of it. */
export interface DatabaseLook {
  readonly status: string;
  /** The region that has the writer. */
  readonly writerRegion?: string;
  /** A change of roles that goes on. */
  readonly change?: string;
}

/** What one region says of itself; every part may be missing for a reason of its own. */
export interface RegionStatus {
  readonly region: string;
  readonly role: 'primary' | 'dr';
  /** GET /health: whether it answers 200, and what it says. */
  readonly health: Part<HealthAnswer>;
  readonly database: Part<DatabaseLook>;
  readonly readiness: Part<LocalItem<'readiness'> | undefined>;
  readonly lag: Part<MonitorAnswer>;
  readonly alarms: Part<readonly RedAlarm[]>;
  /** Until when no failover starts by itself, and why. */
  readonly freeze: Part<LocalItem<'freeze'> | undefined>;
  /** Up to when every order is known to have its row in the database. */
  readonly sweep: Part<LocalItem<'sweep'> | undefined>;
  readonly lastRun: Part<OrchestratorAnswer>;
}

/** How long any part may take, with all attempts, in milliseconds: they are asked side by side, so all of it takes no longer. */
const PART_MS = 8_000;

/** Asks one region everything at once; never rejects. */
export async function readRegion(context: Context, stack: Stack, region: string): Promise<RegionStatus> {
  const { clients } = context;
  const { outputs } = stack;
  const role = roleOf(stack, region);
  const tables = clients.dynamodb(region);
  const items = createLocalItems(tables, outputs.leaseTable);
  const [health, database, readiness, lag, alarms, freeze, sweep, lastRun] = await Promise.all([
    part(PART_MS, '/health', () => readHealth(role === 'primary' ? outputs.primaryEndpoint : outputs.drEndpoint)),
    part(PART_MS, 'RDS', () => readDatabase(context, stack, region)),
    part(PART_MS, 'readiness', () => items.get('readiness')),
    part(PART_MS, 'the replication monitor', () =>
      createFunctionCalls(clients.lambda(region)).ask(
        outputs.replicationMonitorFunction,
        { action: 'sample' },
        monitorAnswer,
        PART_MS,
      ),
    ),
    part(PART_MS, 'CloudWatch', () => readRedAlarms(context, stack, region)),
    part(PART_MS, 'the freeze', () => items.get('freeze')),
    part(PART_MS, 'the sweep', () => items.get('sweep')),
    part(PART_MS, 'the orchestrator', () => askOrchestrator(context, region, { action: 'status' })),
  ]);
  return { region, role, health, database, readiness, lag, alarms, freeze, sweep, lastRun };
}

async function readDatabase({ clients }: Context, { outputs }: Stack, region: string): Promise<DatabaseLook> {
  const { GlobalClusters } = await clients
    .rds(region)
    .send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: outputs.globalClusterId }));
  const found = GlobalClusters?.[0];
  const writer = found?.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter === true)?.DBClusterArn?.split(':')[3];
  const change = found?.FailoverState?.Status;
  return {
    status: found?.Status ?? 'unknown',
    ...(writer !== undefined && { writerRegion: writer }),
    ...(change !== undefined && { change }),
  };
}

/** The stack's alarms of a region that are red; an account may have those of other stacks too. */
async function readRedAlarms({ clients }: Context, { name }: Stack, region: string): Promise<readonly RedAlarm[]> {
  const red: RedAlarm[] = [];
  let next: string | undefined;
  do {
    const page = await clients.cloudwatch(region).send(
      new DescribeAlarmsCommand({
        AlarmTypes: ['CompositeAlarm', 'MetricAlarm'],
        StateValue: 'ALARM',
        ...(next !== undefined && { NextToken: next }),
      }),
    );
    for (const alarm of [...(page.CompositeAlarms ?? []), ...(page.MetricAlarms ?? [])]) {
      if (alarm.AlarmName?.endsWith(`-${name}`) !== true) continue;
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      red.push({ name: alarm.AlarmName, ...(since && { since: since.getTime() }) });
    }
    next = page.NextToken;
  } while (next !== undefined);
  return red.sort((one, other) => (one.name < other.name ? -1 : 1));
}
