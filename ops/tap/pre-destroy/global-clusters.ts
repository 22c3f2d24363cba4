import {
  DescribeGlobalClustersCommand,
  GlobalClusterNotFoundFault,
  RemoveFromGlobalClusterCommand,
} from '@aws-sdk/client-rds';
import { part } from '../ask';
import type { Context, Stack } from '../context';
import { TapError, unreachable } from '../errors';
import { EXIT } from '../exit-codes';
import type { GlobalLook } from './decide';

const LOOK_MS = 9_000;

/** Between two looks, and the longest that a cluster may take to leave, in milliseconds. AWS says no number: both are assumed. */
const AGAIN_MS = 10_000;
const LEAVE_MS = 900_000;

/** The global database, from whichever region answers; undefined when there is none. @throws TapError when neither answers. */
export async function lookAtGlobal(context: Context, stack: Stack): Promise<GlobalLook | undefined> {
  const found = await Promise.all(
    stack.regions.map((region) =>
      part(LOOK_MS, `RDS in ${region}`, () => describe(context, stack, region), 'administrator'),
    ),
  );
  const answered = found.find(({ ok }) => ok);
  if (answered?.ok) return answered.value;
  const why = new Set(found.flatMap((one) => (one.ok ? [] : [one.why])));
  throw new TapError(EXIT.unreachable, `RDS cannot be asked: ${[...why].join('; ')}`);
}

async function describe({ clients }: Context, { outputs }: Stack, region: string): Promise<GlobalLook | undefined> {
  try {
    const { GlobalClusters } = await clients
      .rds(region)
      .send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: outputs.globalClusterId }));
    const global = GlobalClusters?.[0];
    if (!global) return undefined;
    const change = global.FailoverState?.Status;
    return {
      status: global.Status ?? 'unknown',
      ...(change !== undefined && { change }),
      members: (global.GlobalClusterMembers ?? []).flatMap(({ DBClusterArn: arn, IsWriter }) =>
        arn === undefined ? [] : [{ arn, region: arn.split(':')[3] ?? '', isWriter: IsWriter === true }],
      ),
    };
  } catch (error) {
    if (error instanceof GlobalClusterNotFoundFault) return undefined;
    throw error;
  }
}

/**
 * Has one cluster leave the global database, and waits until it has. Asked of the cluster's own region (Aurora user guide,
 * "Removing a cluster from an Aurora global database").
 *
 * @throws TapError when it cannot be asked, or does not leave in time.
 */
export async function detach(
  context: Context,
  stack: Stack,
  { arn, region }: { readonly arn: string; readonly region: string },
): Promise<void> {
  const { clients, machine } = context;
  try {
    await clients.rds(region).send(
      new RemoveFromGlobalClusterCommand({
        GlobalClusterIdentifier: stack.outputs.globalClusterId,
        DbClusterIdentifier: arn,
      }),
    );
  } catch (error) {
    throw unreachable(
      `${arn} cannot be detached; what was detached before stays so, and the command may be repeated`,
      error,
      'administrator',
    );
  }
  const began = machine.now();
  while (machine.now() - began < LEAVE_MS) {
    const look = await lookAtGlobal(context, stack);
    if (!look?.members.some((member) => member.arn === arn)) return;
    await machine.sleep(AGAIN_MS);
  }
  throw new TapError(EXIT.failed, `${arn} has not left the global database after 15 minutes: repeat the command later`);
}
