import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createVantage, type Dns } from '../shared/vantage';
import { otherRegionOf, quorumFrom } from '../shared/compose-keeper';
import { describeError } from '../shared/errors';
import { createFunctionCalls } from '../shared/invoke';
import { createLocalItems, type LocalItem, type LocalItems } from '../shared/local-items';
import { createRegisterStore } from '../shared/register/register-store';
import { createSignalPublisher } from '../shared/signal-publisher';
import type { Telemetry } from '../shared/telemetry';
import { readSchedule } from '../shared/ticks';
import { checks, checksAt } from './checks/checks';
import type { ReadinessSettings } from './env';
import type { Policy } from './facts';
import { gatherFacts, type GatherPorts } from './gather';
import { blockersOf, failedBlockers, judgeAll, type Result, scoreOf, warningsOf } from './judge';
import { regressionsOf, remember, type Remembered } from './memory';

/** The clients that readiness calls AWS with. */
export interface ReadinessClients extends Omit<GatherPorts, 'calls' | 'registers' | 'quorum' | 'vantage'> {
  /** For the monitor, which needs longer than Lambda's own API. */
  readonly monitor: LambdaClient;
  /** DynamoDB in every location with a register. */
  readonly registers: Readonly<Record<string, DynamoDBClient>>;
  readonly leases: DynamoDBClient;
  /** For signals, which wait for less than a look at the alarms. */
  readonly metrics: GatherPorts['cloudwatch'];
  readonly dns: Dns;
}

/** Puts readiness together: environment and clients in, a function from the schedule's event to what was found out. */
export function composeReadiness(
  env: ReadinessSettings,
  clients: ReadinessClients,
  telemetry: Telemetry,
  now: () => number,
): (event: unknown) => Promise<LocalItem<'readiness'>> {
  const ports = portsOf(env, clients);
  const items = createLocalItems(clients.leases, env.LEASE_TABLE);
  const signals = createSignalPublisher(clients.metrics, env.METRICS_NAMESPACE);
  const selection = checksAt('scheduled');

  return async (event) => {
    readSchedule(event);
    const [gathered, before] = await Promise.all([gatherFacts(ports, env), recall(items, telemetry)]);
    const at = now();
    const results = judgeAll(gathered, policyOf(env, at), selection);
    const [blockers, warnings] = [blockersOf(results), warningsOf(results, gathered)];
    const remembered = remember(results, before, at);
    const failed = failedBlockers(results).map(({ id, found }) => ({ id, found: [...found] }));
    const found = { at, blockers: [...blockers], failed, warnings: [...warnings], checks: [...remembered] };
    const regressions = regressionsOf(remembered);
    const score = scoreOf(results);
    const failures = blockers.length + warnings.length;
    if (failures > 0)
      telemetry.warn('this region is not ready to take over', {
        blockers,
        warnings,
        regressions,
        score,
        failed: results.flatMap(adviceOn),
      });
    // The alarm must not wait for the item; a run reads the item, so that its failure fails the invocation.
    await Promise.all([
      items.put('readiness', found),
      signals
        .publish(
          {
            ReadinessFailures: failures,
            ReadinessUnknown: score.unknown,
            ReadinessRegressions: regressions.length,
            ...(score.percent !== undefined && { ReadinessScore: score.percent }),
          },
          at,
        )
        .catch((error: unknown) => telemetry.error('the readiness was not published', error)),
    ]);
    return found;
  };
}

function portsOf(env: ReadinessSettings, clients: ReadinessClients): GatherPorts {
  const quorum = quorumFrom(env);
  const neverWritten = () => '';
  return {
    ...clients,
    calls: createFunctionCalls(clients.monitor),
    registers: createRegisterStore(clients.registers, env.REGISTER_TABLE, quorum, neverWritten),
    quorum,
    vantage: {
      here: createVantage(clients.dns, env.OWN_VANTAGE, env.ZONE_NAME_SERVERS),
      there: createVantage(clients.dns, env.OTHER_VANTAGE, env.ZONE_NAME_SERVERS),
    },
  };
}

/** What was said the last time. Without it nothing counts as worse than before, and what is found now still counts. */
async function recall(items: LocalItems, telemetry: Telemetry): Promise<readonly Remembered[]> {
  try {
    return (await items.get('readiness'))?.checks ?? [];
  } catch (error) {
    telemetry.warn('what readiness has said before cannot be read', { why: describeError(error) });
    return [];
  }
}

/** What this region compares with; what only a deployment asks for is left empty. */
function policyOf(env: ReadinessSettings, now: number): Policy {
  const { ORCHESTRATOR_ARN: orchestratorArn } = env;
  return {
    now,
    here: { region: env.AWS_REGION, clusterArn: env.OWN_CLUSTER_ARN },
    there: { region: otherRegionOf(env), clusterArn: env.OTHER_CLUSTER_ARN },
    rpoMs: env.RPO_SECONDS * 1_000,
    fleetFloor: env.FLEET_FLOOR,
    concurrencyNeeded: env.CONCURRENCY_NEEDED,
    ...(orchestratorArn !== undefined && { trigger: { alarmArn: env.TRIGGER_ALARM_ARN, orchestratorArn } }),
    requestsPerSecond: 0,
    regions: [],
    setsApiLoggingRole: false,
    demands: {},
  };
}

/** For the log: what was found, why it matters and what to do. */
function adviceOn({ id, severity, verdict }: Result) {
  if (verdict.state !== 'failed') return [];
  const { why = '', fix = '' } = checks.find((one) => one.id === id) ?? {};
  return [{ id, severity, found: verdict.found, why, fix }];
}
