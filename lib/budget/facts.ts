import { BudgetFactError, numberAt, only, originOf, textAt, TYPES, valueAt } from './resources';
import type { Described, Fact } from './resources';

/** A function that a minutely rule calls and that ticks within the minute. */
export interface Ticking {
  readonly function: Described;
  /** Between two ticks, in seconds. */
  readonly interval: Fact;
  /** Between two invocations, in seconds. */
  readonly schedule: Fact;
}

/** Everything that the chains are made from, found by the resources' own properties. */
export interface Facts {
  readonly failoverMode: 'automatic' | 'alert-only';
  readonly trigger: Described;
  /** All alarms of the region that fails over, by what CloudWatch calls them. */
  readonly alarms: ReadonlyMap<string, Described>;
  readonly probe: Ticking;
  /** In the region that watches, and in the one that is watched. */
  readonly heartbeat: { readonly watching: Ticking; readonly watched: Ticking };
  readonly verdict: Ticking;
  readonly lease: Fact;
  readonly rpo: Fact;
  readonly endpointChecks: readonly { readonly interval: Fact; readonly threshold: Fact }[];
  readonly switchPeriod: Fact;
  /** Of the fleet in the region that takes over; undefined without one. */
  readonly warmUp: Fact | undefined;
  /** `rds.global_db_rpo` of the home writer, where it is set. */
  readonly enforcedLag: Fact | undefined;
  /** Critical thresholds of replication lag that alarms watch, in seconds. */
  readonly watchedTableLag: Fact | undefined;
  readonly watchedBucketLag: Fact | undefined;
  readonly takesOrders: boolean;
}

/** @throws BudgetFactError for what is not there, or not known before a deployment. */
export function readFacts(resources: readonly Described[]): Facts {
  // In the order of their names, whatever order they were made in: of two that are equally slow always the same one is named.
  const of = (type: string): readonly Described[] =>
    resources
      .filter((resource) => resource.type === type)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const functions = of(TYPES.function);
  const { trigger, orchestrator } = findTrigger(of(TYPES.composite), functions);
  const here = trigger.region;
  const there = otherRegion(orchestrator, here);
  const ticking = (what: string, variable: string, region: string): Ticking => {
    const found = only(
      `${what} in ${region}`,
      having(functions, variable).filter((one) => one.region === region),
    );
    return {
      function: found,
      interval: numberAt(found, variableOf(variable)),
      schedule: scheduleOf(found, of(TYPES.target), of(TYPES.rule)),
    };
  };
  const verdict = ticking('the function that makes verdicts', 'VERDICT_INTERVAL_SECONDS', there);
  const alarmsHere = of(TYPES.alarm).filter(({ region }) => region === here);
  return {
    failoverMode: modeOf(orchestrator),
    trigger,
    alarms: new Map(alarmsHere.map((alarm) => [textAt(alarm, 'name'), alarm])),
    probe: ticking('the probe', 'PROBE_INTERVAL_SECONDS', here),
    heartbeat: {
      watching: ticking('the heartbeat', 'HEARTBEAT_INTERVAL_SECONDS', here),
      watched: ticking('the heartbeat', 'HEARTBEAT_INTERVAL_SECONDS', there),
    },
    verdict,
    lease: numberAt(orchestrator, variableOf('LEASE_SECONDS')),
    rpo: numberAt(orchestrator, variableOf('RPO_SECONDS')),
    endpointChecks: endpointChecksOf(of(TYPES.healthCheck)),
    switchPeriod: numberAt(
      only(
        'the alarm on FailoverActive',
        alarmsHere.filter((alarm) => valueAt(alarm, 'metricName') === 'FailoverActive'),
      ),
      'period',
    ),
    warmUp: of(TYPES.group)
      .filter(({ region }) => region === here)
      .map((group) => numberAt(group, 'defaultInstanceWarmup'))[0],
    enforcedLag: of(TYPES.parameters)
      .filter(({ region }) => region === there)
      .flatMap(enforcedLagOf)[0],
    watchedTableLag: greatest(
      replicationAlarms(of(TYPES.alarm), 'AWS/DynamoDB', there).map((alarm) =>
        milliseconds(numberAt(alarm, 'threshold')),
      ),
    ),
    watchedBucketLag: greatest(
      replicationAlarms(of(TYPES.alarm), 'AWS/S3', here).map((alarm) => numberAt(alarm, 'threshold')),
    ),
    takesOrders: valueAt(verdict.function, variableOf('ORDERS_TABLE')) !== 'none',
  };
}

const variableOf = (variable: string): string => `environment.variables.${variable}`;

function having(functions: readonly Described[], variable: string): readonly Described[] {
  return functions.filter((one) => valueAt(one, variableOf(variable)) !== undefined);
}

/** The composite alarm that calls a function that fails over. */
function findTrigger(composites: readonly Described[], functions: readonly Described[]) {
  const orchestrators = having(functions, 'FAILOVER_MODE');
  const calls = composites.flatMap((trigger) =>
    orchestrators
      .filter((one) => one.arn !== undefined && listAt(trigger, 'alarmActions').includes(one.arn))
      .map((orchestrator) => ({ trigger, orchestrator })),
  );
  only(
    'the composite alarm that calls an orchestrator',
    calls.map(({ trigger }) => trigger),
  );
  const [call] = calls;
  if (!call) throw new BudgetFactError('no composite alarm calls an orchestrator');
  return call;
}

function otherRegion(orchestrator: Described, here: string): string {
  const [primary, dr] = ['PRIMARY_REGION', 'DR_REGION'].map((key) => textAt(orchestrator, variableOf(key)));
  const there = here === dr ? primary : dr;
  if (there === undefined) throw new BudgetFactError('the orchestrator names no other region');
  return there;
}

function modeOf(orchestrator: Described): Facts['failoverMode'] {
  const mode = textAt(orchestrator, variableOf('FAILOVER_MODE'));
  if (mode === 'automatic' || mode === 'alert-only') return mode;
  throw new BudgetFactError(`FAILOVER_MODE is ${mode}`);
}

/** The rule whose target is this function. */
function scheduleOf(called: Described, targets: readonly Described[], rules: readonly Described[]): Fact {
  const own = targets.filter((target) => called.arn !== undefined && valueAt(target, 'arn') === called.arn);
  const names = new Set(own.map((target) => valueAt(target, 'rule')));
  const rule = only(
    `the schedule of ${called.name}`,
    rules.filter((one) => one.region === called.region && names.has(valueAt(one, 'name'))),
  );
  const expression = textAt(rule, 'scheduleExpression');
  const [, count] = /^rate\((\d+) minutes?\)$/.exec(expression) ?? [];
  if (count === undefined) throw new BudgetFactError(`the schedule of ${called.name} is ${expression}`);
  return { value: 60 * Number(count), origin: originOf(rule, 'scheduleExpression', expression) };
}

/** The endpoint checks behind the calculated ones, which are what failover records follow. */
function endpointChecksOf(checks: readonly Described[]): Facts['endpointChecks'] {
  const followed = new Set(checks.flatMap((check) => listAt(check, 'childHealthchecks')));
  const endpoints = checks
    .filter(({ id }) => id !== undefined && followed.has(id))
    .filter((check) => valueAt(check, 'fqdn'));
  if (endpoints.length === 0) throw new BudgetFactError('no failover record follows an endpoint check');
  return endpoints.map((check) => ({
    interval: numberAt(check, 'requestInterval'),
    threshold: numberAt(check, 'failureThreshold'),
  }));
}

function enforcedLagOf(group: Described): readonly Fact[] {
  return listAt(group, 'parameters').flatMap((_, index) =>
    valueAt(group, `parameters.${index}.name`) === 'rds.global_db_rpo'
      ? [numberAt(group, `parameters.${index}.value`)]
      : [],
  );
}

function replicationAlarms(alarms: readonly Described[], namespace: string, region: string): readonly Described[] {
  return alarms.filter(
    (alarm) =>
      alarm.region === region &&
      valueAt(alarm, 'namespace') === namespace &&
      valueAt(alarm, 'metricName') === 'ReplicationLatency',
  );
}

const milliseconds = ({ value, origin }: Fact): Fact => ({ value: value / 1_000, origin });

function greatest(facts: readonly Fact[]): Fact | undefined {
  return facts.reduce<Fact | undefined>((most, one) => (most && most.value >= one.value ? most : one), undefined);
}

function listAt(resource: Described, property: string): readonly unknown[] {
  const value = valueAt(resource, property);
  return Array.isArray(value) ? value : [];
}
