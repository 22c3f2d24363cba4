import * as rds from '@pulumi/aws/rds';
import * as pulumi from '@pulumi/pulumi';
import type { Regions } from '../regions';
import { globalClusterIdentifier } from './aurora-global';

/** Which bound is asked for, and of which stack. */
export interface LagBoundArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  readonly rpoEnforcementSeconds: number;
}

/** A writer and one that follows it. */
const MEMBERS = 2;

/**
 * Keeps `rpoEnforcementSeconds` away from a database that nobody follows yet. Aurora "blocks transaction commits if there is no
 * secondary DB cluster that has an RPO lag time less than the RPO time", and is to be told of a bound only when the other cluster
 * stands (Aurora guide, "Managing RPOs for Aurora PostgreSQL-based global databases"). A first deployment makes the writer before
 * its follower: with the bound it would commit nothing and could not come to its end. Without a bound nobody is asked.
 *
 * @throws RunError that says what comes first.
 */
export async function refuseBoundWithoutFollower(
  { environmentSuffix, regions, rpoEnforcementSeconds: seconds }: LagBoundArgs,
  parent: pulumi.Resource,
): Promise<void> {
  if (seconds === 0) return;
  const { name, provider } = regions.primary;
  const identifier = globalClusterIdentifier(environmentSuffix, name);
  const why = await rds.getGlobalCluster({ identifier }, { parent, provider }).then(
    ({ members }) =>
      members.length < MEMBERS ? `${identifier} has ${members.length} of ${MEMBERS} clusters` : undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (why === undefined) return;
  throw new pulumi.RunError(
    `rpoEnforcementSeconds is ${seconds}, and no cluster is known to follow the database of this stack (${why}): Aurora would ` +
      'commit nothing in primary. Nothing was changed. First: pulumi config set tap:rpoEnforcementSeconds 0, and pulumi up. ' +
      `When dr follows: pulumi config set tap:rpoEnforcementSeconds ${seconds}, pulumi up, and restart primary’s instances, ` +
      'which then take their new parameter group',
  );
}
