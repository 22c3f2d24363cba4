import { randomUUID } from 'node:crypto';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeGlobalClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { effectsOf, query } from './support/database';
import { apiUrl, eventually, flow, POLICIES_GAP_VARIABLE, outputs, regionsOf } from './support/deployment';
import { invoke } from './support/functions';
import { request } from './support/http';
import { startConsumer, startFunctions, stopFunctions } from './support/lost-region';
import { greatest, publishForThem } from './support/metrics';
import { readItem, removeItem } from './support/tables';
import type { DeploymentOutputs } from '../../ops/outputs-file';

/**
 * The loss of a region, end to end, with the deployed handlers and their schedules. Only where the stack is an emulator's: in
 * AWS this is a drill, and an operator's decision.
 */
const NEEDS = { ownsLease: true, database: true } as const;

const MINUTES = 60_000;
const ORDER = { symbol: 'SAP', side: 'BUY', quantity: 10, limitPrice: '180.00', account: 'ACC-1' };
/** An order that reaches the region that is not active any more. */
const STRAY = { ...ORDER, orderId: randomUUID() };
const REGISTER = { pk: 'register' };
const CURRENT_RUN = { pk: 'current', sk: 'current' };

/** What stands for Aurora's own function: dr follows, a moment behind. */
const GLOBAL_STATUS = (drRegion: string) => `
  CREATE OR REPLACE FUNCTION aurora_global_db_status()
  RETURNS TABLE (aws_region text, rpo_lag_in_msec float8, last_lag_calculation_time timestamptz) LANGUAGE sql AS
  $$ SELECT '${drRegion}', 120::float8, clock_timestamp() $$`;

const functionsOf = (stack: DeploymentOutputs): readonly string[] => [
  stack.heartbeatFunction,
  stack.reconcilerFunction,
  stack.healthFunction,
  ...(stack.orderProcessorFunction ? [stack.orderProcessorFunction] : []),
];

/** As after a first deployment: other suites may have written leases by hand, or a failover may have been here before. */
async function startOver(stack: DeploymentOutputs): Promise<void> {
  await startFunctions(stack.primaryRegion, functionsOf(stack));
  if (stack.primaryOrderConsumerId) await startConsumer(stack.primaryRegion, stack.primaryOrderConsumerId);
  for (const region of regionsOf(stack)) {
    await removeItem(region, stack.leaseTable, { pk: 'lease' });
    await removeItem(region, stack.journalTable, CURRENT_RUN);
  }
  for (const region of [...regionsOf(stack), stack.witnessRegion]) {
    await removeItem(region, stack.registerTable, REGISTER);
  }
  await query(stack, 'UPDATE writer_epoch SET epoch = 1');
  await query(stack, GLOBAL_STATUS(stack.drRegion));
}

const stackToLose = process.env['AWS_ENDPOINT_URL'] === undefined ? undefined : outputs;

beforeAll(async () => {
  if (stackToLose) await startOver(stackToLose);
}, MINUTES);

/** dr stays active; primary is well again, as after a repair. */
afterAll(async () => {
  if (!stackToLose) return;
  await startFunctions(stackToLose.primaryRegion, functionsOf(stackToLose));
  const { primaryRegion, primaryOrderConsumerId } = stackToLose;
  if (primaryOrderConsumerId) await startConsumer(primaryRegion, primaryOrderConsumerId);
}, MINUTES);

const registersOf = (stack: DeploymentOutputs) =>
  Promise.all(
    [...regionsOf(stack), stack.witnessRegion].map((region) => readItem(region, stack.registerTable, REGISTER)),
  );

const runIn = (stack: DeploymentOutputs, region: string) => readItem(region, stack.journalTable, CURRENT_RUN);

describe('while both regions live', () => {
  flow(
    'the heartbeat of primary renews in all three registers',
    NEEDS,
    async (stack) => {
      const fresh = (record: Record<string, unknown> | undefined): boolean =>
        record?.['activeRegion'] === stack.primaryRegion && Number(record['renewedAt']) > Date.now() - 30_000;
      await eventually(
        'three fresh records',
        () => registersOf(stack),
        (records) => records.every(fresh),
        2 * MINUTES,
      );
    },
    3 * MINUTES,
  );

  flow(
    'an order is processed under the lease that the heartbeat has opened',
    NEEDS,
    async (stack) => {
      await eventually(
        'the lease is open',
        () => readItem(stack.primaryRegion, stack.leaseTable, { pk: 'lease' }),
        (lease) => lease?.['activeRegion'] === stack.primaryRegion && Number(lease['leaseEnd']) > Date.now() + 10_000,
        2 * MINUTES,
      );
      const orderId = randomUUID();
      await request('POST', apiUrl(stack, 'primary', '/orders'), { ...ORDER, orderId });
      const effects = await eventually(
        'the effect',
        () => effectsOf(stack, orderId),
        (found) => found.length > 0,
      );
      expect(effects).toMatchObject([{ epoch: 1, region: stack.primaryRegion }]);
    },
    3 * MINUTES,
  );

  flow(
    'a failover that an operator tries dry names every guard and changes nothing',
    NEEDS,
    async (stack) => {
      const answer = await invoke(stack.drRegion, stack.failoverOrchestratorFunction, {
        action: 'failover',
        who: 'integration-test',
        dryRun: true,
      });
      expect(JSON.stringify(answer)).toContain('DRY_RUN');
      for (const guard of ['register', 'readiness', 'loss']) expect(JSON.stringify(answer)).toContain(guard);
      expect((await registersOf(stack)).map((record) => record?.['epoch'])).toEqual([1, 1, 1]);
    },
    MINUTES,
  );
});

describe('when primary is lost', () => {
  flow(
    'dr notices by itself, and claims the next epoch by majority',
    NEEDS,
    async (stack) => {
      await stopFunctions(stack.primaryRegion, functionsOf(stack));

      const run = await eventually(
        'a run in dr acts',
        watchRun(stack),
        (found) => found?.['phase'] === 'acting' || found?.['outcome'] === 'DONE',
        4 * MINUTES,
      );
      expect(String(run?.['state'])).toContain('"kind":"alarm"');
      const owners = (await registersOf(stack)).filter(
        (record) => record?.['activeRegion'] === stack.drRegion && Number(record['epoch']) > 1,
      );
      expect(owners.length).toBeGreaterThanOrEqual(2);
      expect(await runIn(stack, stack.primaryRegion)).toBeUndefined();
    },
    5 * MINUTES,
  );

  flow(
    'the run promotes the database, moves traffic, raises the floor, and ends',
    { ...NEEDS, policies: true },
    async (stack) => {
      const run = await eventually(
        'the run has ended',
        () => runIn(stack, stack.drRegion),
        (found) => found?.['phase'] === 'ended',
        4 * MINUTES,
      );
      expect(run).toMatchObject({ outcome: 'DONE' });
    },
    5 * MINUTES,
  );

  flow('the database of dr is the writer', { ...NEEDS, policies: true }, async (stack) => {
    const client = new RDSClient({ region: stack.drRegion });
    const { GlobalClusters = [] } = await client.send(
      new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: stack.globalClusterId }),
    );
    client.destroy();
    const writers = GlobalClusters.flatMap(({ GlobalClusterMembers = [] }) => GlobalClusterMembers)
      .filter(({ IsWriter }) => IsWriter)
      .map(({ DBClusterArn = '' }) => DBClusterArn.split(':')[3]);
    expect(writers).toEqual([stack.drRegion]);
  });

  flow('the fleet of dr has the floor that primary had', { ...NEEDS, policies: true }, async (stack) => {
    const sizes = await Promise.all([
      minSize(stack.drRegion, stack.drFleetGroup),
      minSize(stack.primaryRegion, stack.primaryFleetGroup),
    ]);
    expect(sizes[0]).toBe(sizes[1]);
  });

  flow(
    'dr says that traffic is its own, again and again, for Route 53 to follow',
    { ...NEEDS, policies: true },
    async (stack) => {
      await eventually(
        'FailoverActive is 1',
        () => greatest(stack, 'FailoverActive'),
        (value) => value === 1,
        2 * MINUTES,
      );
    },
    3 * MINUTES,
  );

  flow(
    'dr processes orders under the next epoch',
    NEEDS,
    async (stack) => {
      await eventually(
        'the lease of dr is open',
        () => readItem(stack.drRegion, stack.leaseTable, { pk: 'lease' }),
        (lease) => lease?.['activeRegion'] === stack.drRegion && Number(lease['leaseEnd']) > Date.now() + 10_000,
        3 * MINUTES,
      );
      const orderId = randomUUID();
      const accepted = await request('POST', apiUrl(stack, 'dr', '/orders'), { ...ORDER, orderId });
      expect(accepted.body['writer']).toMatchObject({ state: 'ACTIVE' });
      const effects = await eventually(
        'the effect',
        () => effectsOf(stack, orderId),
        (found) => found.length > 0,
      );
      expect(effects).toMatchObject([{ region: stack.drRegion }]);
      expect(
        await query(stack, 'SELECT 1 FROM order_effects WHERE order_id = $1 AND epoch > 1', [orderId]),
      ).toHaveLength(1);
    },
    4 * MINUTES,
  );

  flow("primary's processor, started again, refuses", NEEDS, async (stack) => {
    if (!stack.orderProcessorFunction) throw new Error('the stack has no trading workload');
    await startFunctions(stack.primaryRegion, [stack.orderProcessorFunction]);

    const accepted = await request('POST', apiUrl(stack, 'primary', '/orders'), STRAY);
    expect(accepted.status).toBe(202);
    expect(accepted.body['writer']).not.toMatchObject({ state: 'ACTIVE' });
    const direct = await invoke(stack.primaryRegion, stack.orderProcessorFunction, {
      Records: [{ messageId: 'again', body: JSON.stringify(await received(stack, STRAY.orderId)) }],
    });
    // Fenced: the message is done with, because dr's reconciler sweeps the order up.
    expect(direct).toEqual({ batchItemFailures: [] });
    expect((await effectsOf(stack, STRAY.orderId)).filter((effect) => isOf(effect, stack.primaryRegion))).toEqual([]);
  });

  flow(
    'dr finds the order that only primary was sent, and executes it once',
    { ...NEEDS, policies: true },
    async (stack) => {
      const effects = await eventually(
        'dr has executed the order',
        () => effectsOf(stack, STRAY.orderId),
        (found) => found.length > 0,
        3 * MINUTES,
      );
      expect(effects).toMatchObject([{ region: stack.drRegion, verdict: 'PROCESSED' }]);
    },
    4 * MINUTES,
  );

  flow('the run has left its report', { ...NEEDS, policies: true }, async (stack) => {
    const answer = await invoke(stack.drRegion, stack.failoverOrchestratorFunction, { action: 'status' });
    expect(JSON.stringify(answer)).toContain('DONE');
  });

  flow('the alarm itself calls the orchestrator', { aws: 'alarm actions that call functions' }, () =>
    Promise.resolve(),
  );
  flow('the failover name leads to dr', { aws: 'health checks and DNS answers' }, () => Promise.resolve());
});

const isOf = (effect: unknown, region: string): boolean =>
  typeof effect === 'object' && effect !== null && 'region' in effect && effect.region === region;

async function minSize(region: string, group: string | undefined): Promise<number | undefined> {
  if (group === undefined) return undefined;
  const client = new AutoScalingClient({ region });
  const { AutoScalingGroups = [] } = await client.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
  );
  client.destroy();
  return AutoScalingGroups[0]?.MinSize;
}

/** The run of dr, while somebody publishes what its functions see: they themselves, or this suite in their place. */
function watchRun(stack: DeploymentOutputs) {
  let next = 0;
  return async () => {
    if (process.env[POLICIES_GAP_VARIABLE] !== undefined && Date.now() >= next) {
      next = Date.now() + 5_000;
      const record = await readItem(stack.drRegion, stack.registerTable, REGISTER);
      const age = (Date.now() - Number(record?.['renewedAt'] ?? 0)) / 1_000;
      await publishForThem(stack, { ProbeFailed: 1, HeartbeatAgeSeconds: age });
    }
    return runIn(stack, stack.drRegion);
  };
}

/** The order as it stands in the table, as its message holds it. */
async function received(stack: DeploymentOutputs, orderId: string): Promise<unknown> {
  const item = await readItem(stack.primaryRegion, stack.ordersTable ?? '', { pk: orderId, sk: 'ORDER' });
  const { pk: _pk, sk: _sk, receivedMinute: _minute, ...order } = item ?? {};
  return order;
}
