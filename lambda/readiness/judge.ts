import type { MonitorAnswer } from '../shared/calls';
import type { LocalItem } from '../shared/local-items';

/** What was asked of AWS: what it said, or why it is not known. */
export type Fact<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

/** The global cluster as this region's RDS describes it. */
export interface GlobalClusterState {
  readonly status: string;
  readonly engineVersion: string;
  readonly memberArns: readonly string[];
}

/** This region's cluster. */
export interface ClusterState {
  readonly status: string;
  readonly engineVersion: string;
}

/** The code of each function by its hash; `absent` where there is no such function. */
export type CodeHashes = Readonly<Record<string, string>>;

/** Everything that readiness is judged by. */
export interface ReadinessFacts {
  readonly globalCluster: Fact<GlobalClusterState | 'absent'>;
  readonly cluster: Fact<ClusterState | 'absent'>;
  /** Instances of this region's cluster that are available. */
  readonly availableInstances: Fact<number>;
  readonly secret: Fact<'present' | 'absent'>;
  /** Registers that answered. */
  readonly registers: { readonly answered: number; readonly all: number; readonly majority: number };
  readonly code: { readonly here: Fact<CodeHashes>; readonly there: Fact<CodeHashes> };
  /** How large the fleet here may grow; `none` without a fleet. */
  readonly fleetMaximum: Fact<number | 'absent' | 'none'>;
  readonly lag: MonitorAnswer;
}

/** What the facts are compared with. Times in milliseconds since 1970. */
export interface ReadinessPolicy {
  readonly ownClusterArn: string;
  readonly fleetFloor: number;
  readonly now: number;
}

/** The lag is calculated every few seconds while the other region is alive; an older figure is not this moment's. */
const LAG_SAMPLE_OLD_MS = 90_000;

interface Finding {
  readonly blocker?: string;
  readonly warning?: string;
}

/**
 * Says what would make a promotion of this region impossible (blockers), and what else is wrong (warnings). Only what is
 * certainly so blocks: a question that nobody answers must not keep a region from being saved.
 */
export function judgeReadiness(facts: ReadinessFacts, policy: ReadinessPolicy): LocalItem<'readiness'> {
  const findings = [
    ...globalCluster(facts, policy),
    ...cluster(facts),
    ...instances(facts),
    ...versions(facts),
    ...secret(facts),
    ...registers(facts),
    ...code(facts),
    ...fleet(facts, policy),
    ...lag(facts, policy),
  ];
  return {
    at: policy.now,
    blockers: findings.flatMap(({ blocker }) => (blocker === undefined ? [] : [blocker])),
    warnings: findings.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
  };
}

function notKnown(what: string, why: string): readonly Finding[] {
  return [{ warning: `${what} is not known: ${why}` }];
}

function globalCluster({ globalCluster: fact }: ReadinessFacts, policy: ReadinessPolicy): readonly Finding[] {
  if (!fact.known) return notKnown('the global cluster', fact.why);
  if (fact.value === 'absent') return [{ blocker: 'there is no global cluster' }];
  const { status, memberArns } = fact.value;
  return [
    ...(memberArns.includes(policy.ownClusterArn)
      ? []
      : [{ blocker: 'the cluster here is no member of the global cluster' }]),
    ...(status === 'available' ? [] : [{ warning: `the global cluster is ${status}` }]),
  ];
}

function cluster({ cluster: fact }: ReadinessFacts): readonly Finding[] {
  if (!fact.known) return notKnown('the cluster here', fact.why);
  if (fact.value === 'absent') return [{ blocker: 'there is no cluster here' }];
  return fact.value.status === 'available' ? [] : [{ blocker: `the cluster here is ${fact.value.status}` }];
}

/** A cluster without an instance cannot be promoted (aws-facts.md 1.1). */
function instances({ availableInstances: fact }: ReadinessFacts): readonly Finding[] {
  if (!fact.known) return notKnown('whether the cluster here has an instance', fact.why);
  return fact.value > 0 ? [] : [{ blocker: 'the cluster here has no available instance' }];
}

/** Major and minor have to be the same; patches need not (aws-facts.md 1.1). */
function versions({ globalCluster: whole, cluster: part }: ReadinessFacts): readonly Finding[] {
  if (!whole.known || !part.known || whole.value === 'absent' || part.value === 'absent') return [];
  const { engineVersion: wanted } = whole.value;
  const { engineVersion: found } = part.value;
  if (majorAndMinor(wanted) === majorAndMinor(found)) return [];
  return [{ blocker: `the cluster here has engine version ${found} and the global cluster ${wanted}` }];
}

function majorAndMinor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function secret({ secret: fact }: ReadinessFacts): readonly Finding[] {
  if (!fact.known) return notKnown('whether the database secret is here', fact.why);
  return fact.value === 'present' ? [] : [{ blocker: 'the database secret is not here, or is to be deleted' }];
}

function registers({ registers: { answered, all, majority } }: ReadinessFacts): readonly Finding[] {
  if (answered < majority) return [{ blocker: `${answered} of ${all} registers answer, which is no majority` }];
  return answered === all ? [] : [{ warning: `${answered} of ${all} registers answer` }];
}

function code({ code: { here, there } }: ReadinessFacts): readonly Finding[] {
  if (!here.known) return notKnown('the code of the functions here', here.why);
  if (!there.known) return notKnown('the code of the functions in the other region', there.why);
  return Object.keys(here.value)
    .filter((name) => here.value[name] === 'absent' || here.value[name] !== there.value[name])
    .map((name) => ({ warning: `${name} has other code here than in the other region` }));
}

function fleet({ fleetMaximum: fact }: ReadinessFacts, { fleetFloor }: ReadinessPolicy): readonly Finding[] {
  if (!fact.known) return notKnown('how large the fleet may grow', fact.why);
  if (fact.value === 'none') return [];
  if (fact.value === 'absent') return [{ warning: 'there is no fleet here' }];
  if (fact.value >= fleetFloor) return [];
  return [{ warning: `the fleet here may grow to ${fact.value}, and a failover raises it to ${fleetFloor}` }];
}

function lag({ lag: sample }: ReadinessFacts, { now }: ReadinessPolicy): readonly Finding[] {
  if (sample.kind === 'unknown') return notKnown('the replication lag', sample.why);
  if (sample.kind === 'writes' || now - sample.calculatedAt <= LAG_SAMPLE_OLD_MS) return [];
  return notKnown('the replication lag', `it was calculated ${now - sample.calculatedAt} ms ago`);
}
