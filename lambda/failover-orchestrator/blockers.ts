import { HOPELESS_CLUSTER } from '../shared/hopeless';
import { NO_INSTANCE } from '../shared/stored-blockers';
import type { GlobalDatabaseLook } from './global-database';

/**
 * What RDS itself says would make a promotion impossible. Only what is certain: a doubt must not keep a region down that could
 * come back.
 */
export function blockersOf({ isMember, cluster, engineVersion }: GlobalDatabaseLook): readonly string[] {
  if (!cluster) return ['the database cluster here does not exist'];
  const blockers: string[] = [];
  if (!isMember) blockers.push('the database cluster here does not belong to the global database');
  if (HOPELESS_CLUSTER.has(cluster.status)) blockers.push(`the database cluster here is ${cluster.status}`);
  if (cluster.instances === 0) blockers.push(NO_INSTANCE);
  if (engineVersion !== undefined && release(engineVersion) !== release(cluster.engineVersion)) {
    blockers.push(`the database cluster here has ${cluster.engineVersion}, the global database ${engineVersion}`);
  }
  return blockers;
}

/** Major and minor version: what has to be the same for a failover (aws-facts.md 1.1). */
function release(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
