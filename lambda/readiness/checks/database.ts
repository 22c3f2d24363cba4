import { HOPELESS_CLUSTER } from '../../shared/hopeless';
import { NO_INSTANCE } from '../../shared/stored-blockers';
import { check, type Check, wrongWhen } from './form';
import type { InstanceState } from '../facts';

/** States of an instance in which it cannot take over (RDS user guide, "Viewing Amazon RDS DB instance status"); one that reboots is back in a minute. */
const HOPELESS_INSTANCE = new Set([
  'creating',
  'deleting',
  'failed',
  'inaccessible-encryption-credentials',
  'inaccessible-encryption-credentials-recoverable',
  'incompatible-create',
  'incompatible-network',
  'incompatible-option-group',
  'incompatible-parameters',
  'incompatible-restore',
  'insufficient-capacity',
  'restore-error',
  'stopped',
  'stopping',
]);

/** The database that would become the writer. */
export const DATABASE_CHECKS: readonly Check[] = [
  check({
    id: 'global-cluster-present',
    looksAt: 'the global cluster in RDS',
    severity: 'blocker',
    where: ['graph', 'live', 'scheduled'],
    why: 'Without a global cluster there is nothing to fail over: the cluster here is not a copy of the writer.',
    fix: 'RDS console, Databases: if both clusters stand alone, restore the global database with `pulumi up`',
    reads: ['globalCluster'],
    judge: ({ globalCluster }) => wrongWhen(globalCluster === 'absent', 'there is no global cluster'),
  }),
  check({
    id: 'cluster-present',
    looksAt: 'the cluster of this region',
    severity: 'blocker',
    where: ['graph', 'live', 'scheduled'],
    why: 'A promotion makes this cluster the writer.',
    fix: '`pulumi up` creates it anew as a copy',
    reads: ['clusterHere'],
    judge: ({ clusterHere }) => wrongWhen(clusterHere === 'absent', 'the database cluster here does not exist'),
  }),
  check({
    id: 'global-cluster-member-here',
    looksAt: 'whether the cluster of this region is a member of the global cluster',
    severity: 'blocker',
    where: ['graph', 'live', 'scheduled'],
    why: 'FailoverGlobalCluster only promotes a member.',
    fix: 'RDS console, the global database, "Add AWS Region"; a cluster that was detached has to be created anew: `pulumi up`',
    dependsOn: ['global-cluster-present', 'cluster-present'],
    reads: ['globalCluster'],
    judge: ({ globalCluster }, { here }) =>
      wrongWhen(
        !isMember(globalCluster, here.clusterArn),
        'the database cluster here does not belong to the global database',
      ),
  }),
  check({
    id: 'global-cluster-member-there',
    looksAt: 'whether the cluster of the other region is a member of the global cluster',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'After a failover the lost region joins again by itself; until it has, there is nowhere to fail back to.',
    fix: 'wait for the event RDS-EVENT-0241 (resynchronised); else `npx tap status`, then runbook fail-back',
    dependsOn: ['global-cluster-present'],
    reads: ['globalCluster'],
    judge: ({ globalCluster }, { there }) =>
      wrongWhen(
        !isMember(globalCluster, there.clusterArn),
        'the database cluster in the other region does not belong to the global database',
      ),
  }),
  check({
    id: 'global-cluster-available',
    looksAt: 'the status of the global cluster',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'While it is changed or fails over already, RDS refuses another failover.',
    fix: 'wait for the change to end: `npx tap status`; the RDS console shows which it is',
    dependsOn: ['global-cluster-present'],
    reads: ['globalCluster'],
    judge: ({ globalCluster }) =>
      globalCluster === 'absent'
        ? []
        : wrongWhen(globalCluster.status !== 'available', `the global cluster is ${globalCluster.status}`),
  }),
  check({
    id: 'global-cluster-synchronized',
    looksAt: 'whether the cluster of this region is in step with the global cluster',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'A cluster that is being resynchronised is not a usable copy until that ends.',
    fix: 'wait; it takes from minutes to hours after a failover (event RDS-EVENT-0241 ends it)',
    dependsOn: ['global-cluster-member-here'],
    reads: ['globalCluster'],
    judge({ globalCluster }, { here }) {
      if (globalCluster === 'absent') return [];
      const { synchronization } = globalCluster.members.find(({ arn }) => arn === here.clusterArn) ?? {};
      if (synchronization === undefined) return { notSaid: 'RDS does not say whether the cluster here is in step' };
      return wrongWhen(synchronization !== 'connected', `the database cluster here is ${synchronization}`);
    },
  }),
  check({
    id: 'cluster-promotable',
    looksAt: 'whether the state of this cluster rules out a promotion',
    severity: 'blocker',
    where: ['live', 'scheduled'],
    why: 'A cluster that is stopped, created, deleted or without its key cannot become the writer.',
    fix: 'stopped: `aws rds start-db-cluster`; without its key: enable the key in KMS and start the cluster',
    dependsOn: ['cluster-present'],
    reads: ['clusterHere'],
    judge: ({ clusterHere }) =>
      clusterHere === 'absent'
        ? []
        : wrongWhen(HOPELESS_CLUSTER.has(clusterHere.status), `the database cluster here is ${clusterHere.status}`),
  }),
  check({
    id: 'cluster-available',
    looksAt: 'the status of the cluster of this region',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'RDS may refuse or delay a failover to a cluster that it is working on.',
    fix: 'wait for the change or the backup to end; the RDS console shows which it is',
    dependsOn: ['cluster-promotable'],
    reads: ['clusterHere'],
    judge: ({ clusterHere }) =>
      clusterHere === 'absent'
        ? []
        : wrongWhen(clusterHere.status !== 'available', `the database cluster here is ${clusterHere.status}`),
  }),
  check({
    id: 'instance-promotable',
    looksAt: 'whether the cluster of this region has an instance that could become the writer',
    severity: 'blocker',
    where: ['graph', 'live', 'scheduled'],
    why: 'A cluster without an instance cannot be promoted; to create one takes longer than the RTO.',
    fix: '`pulumi up` with auroraDrInstances at least 1; an instance that failed: `aws rds reboot-db-instance`',
    dependsOn: ['cluster-present'],
    reads: ['instancesHere'],
    judge: ({ instancesHere }) =>
      wrongWhen(
        !instancesHere.some(({ status }) => !HOPELESS_INSTANCE.has(status)),
        instancesHere.length === 0
          ? NO_INSTANCE
          : `no instance of the database cluster here works: ${statuses(instancesHere)}`,
      ),
  }),
  check({
    id: 'instances-available',
    looksAt: 'the status of every instance of the cluster of this region',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'A promotion waits for an instance that reboots; a second instance that is gone is missing afterwards.',
    fix: 'wait for the reboot or the change to end; else `aws rds reboot-db-instance`',
    dependsOn: ['instance-promotable'],
    reads: ['instancesHere'],
    judge: ({ instancesHere }) =>
      wrongWhen(
        instancesHere.some(({ status }) => status !== 'available'),
        `instances of the database cluster here are ${statuses(instancesHere)}`,
      ),
  }),
  check({
    id: 'engine-version-equal',
    looksAt: 'the engine versions of this cluster and of the global cluster',
    severity: 'blocker',
    where: ['graph', 'live', 'scheduled'],
    // Major and minor have to be the same; patches need not (aws-facts.md 1.1).
    why: 'RDS fails over only between equal major and minor versions; patches may differ.',
    fix: 'upgrade the global cluster as a whole: auroraEngineVersion, then `pulumi up`',
    dependsOn: ['global-cluster-present', 'cluster-present'],
    reads: ['globalCluster', 'clusterHere'],
    judge({ globalCluster, clusterHere }) {
      if (globalCluster === 'absent' || clusterHere === 'absent') return [];
      const [wanted, found] = [globalCluster.engineVersion, clusterHere.engineVersion];
      return wrongWhen(
        release(wanted) !== release(found),
        `the database cluster here has ${found}, the global database ${wanted}`,
      );
    },
  }),
  check({
    id: 'instance-class-equal',
    looksAt: 'the instance classes of both clusters',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'A smaller writer than the one that is lost may not carry its load.',
    fix: 'set auroraInstanceClass and `pulumi up`; a class that was changed by hand goes back with it',
    dependsOn: ['instance-promotable'],
    reads: ['instancesHere', 'instancesThere'],
    judge({ instancesHere, instancesThere }) {
      const [own, other] = [classes(instancesHere), classes(instancesThere)];
      return wrongWhen(
        instancesThere.length > 0 && own !== other,
        `the database instances here are ${own}, in the other region ${other}`,
      );
    },
  }),
  check({
    id: 'acu-maximum-equal',
    looksAt: 'how far Serverless v2 may scale up in both clusters',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'A writer that may grow less than the one that is lost may not carry its load.',
    fix: 'set auroraMaxAcu and `pulumi up`',
    dependsOn: ['cluster-present'],
    reads: ['clusterHere', 'clusterThere'],
    judge({ clusterHere, clusterThere }) {
      if (clusterHere === 'absent' || clusterThere === 'absent') return [];
      const [own, other] = [clusterHere.maximumAcu, clusterThere.maximumAcu];
      return wrongWhen(
        own !== other,
        `the database here may grow to ${own ?? 'no'} ACU, in the other region to ${other ?? 'no'}`,
      );
    },
  }),
];

function isMember(
  globalCluster: { readonly members: readonly { readonly arn: string }[] } | 'absent',
  arn: string,
): boolean {
  return globalCluster !== 'absent' && globalCluster.members.some((member) => member.arn === arn);
}

function release(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function statuses(instances: readonly InstanceState[]): string {
  return instances.map(({ status }) => status).join(', ');
}

function classes(instances: readonly InstanceState[]): string {
  return [...new Set(instances.map(({ instanceClass }) => instanceClass))].sort().join(', ');
}
