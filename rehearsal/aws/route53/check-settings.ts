import { NotModelledError } from '../service';
import { text } from '../../../analysis/graph/graph';
import type { Graph, GraphResource, Value, Values } from '../../../analysis/graph/graph';

interface CommonSettings {
  readonly id: string;
  /** The tag `Name`, which is all that a check is called by; its id where there is none. */
  readonly name: string;
  readonly inverted: boolean;
}

/** A check by requests to an endpoint. */
export interface EndpointSettings extends CommonSettings {
  readonly kind: 'endpoint';
  readonly fqdn: string;
  readonly port: number;
  readonly path: string;
  /** Undefined: the status alone is looked at. */
  readonly searchString: string | undefined;
  readonly intervalMs: number;
  readonly failureThreshold: number;
  /** The checkers' regions; undefined: all of them. */
  readonly regions: readonly string[] | undefined;
}

/** A check of other checks. */
export interface CalculatedSettings extends CommonSettings {
  readonly kind: 'calculated';
  readonly children: readonly string[];
  readonly threshold: number;
}

/** A check that follows the metric behind an alarm. */
export interface AlarmSettings extends CommonSettings {
  readonly kind: 'alarm';
  readonly alarmName: string;
  readonly region: string;
  readonly insufficientData: 'Healthy' | 'LastKnownStatus' | 'Unhealthy';
  readonly periodMs: number;
  readonly evaluationPeriods: number;
}

/** What Route 53 knows of a health check. */
export type CheckSettings = AlarmSettings | CalculatedSettings | EndpointSettings;

/** What AWS takes when the check does not say (Route 53 API reference, HealthCheckConfig). */
const DEFAULTS = { intervalSeconds: 30, failureThreshold: 3, port: 443, path: '/' };

/** Shorter periods belong to high-resolution metrics (seconds). */
const STANDARD_PERIOD = 60;

/** The statistics that an alarm behind a check may have (Route 53 API reference, AlarmIdentifier). */
const STATISTICS = ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'];

/**
 * All health checks of a graph.
 *
 * @throws NotModelledError for what this model has not; Error for what AWS refuses: an unknown child or alarm, a calculated
 * check of a calculated one, an alarm of high resolution, of M out of N, of an extended statistic or of several metrics.
 */
export function readChecks(graph: Graph): readonly CheckSettings[] {
  const checks = graph.all('aws:route53/healthCheck:HealthCheck').map((resource) => readCheck(graph, resource));
  const kinds = new Map(checks.map(({ id, kind }) => [id, kind]));
  for (const check of checks) {
    if (check.kind !== 'calculated') continue;
    for (const child of check.children) {
      const kind = kinds.get(child);
      if (kind === undefined) throw new Error(`health check ${check.name}: there is no child ${child}`);
      if (kind === 'calculated') throw new Error(`health check ${check.name}: a child of it is calculated itself`);
    }
  }
  return checks;
}

function readCheck(graph: Graph, { id, name, inputs }: GraphResource): CheckSettings {
  const { tags, type, disabled, ipAddress } = inputs;
  const common = { id, name: tagName(tags) ?? name, inverted: inputs['invertHealthcheck'] === true };
  const missing = (what: string): never => {
    throw new NotModelledError(`route53: health check ${common.name}: ${what} is not modelled`);
  };
  if (disabled === true) missing('a disabled check');
  if (type === 'HTTPS' || type === 'HTTPS_STR_MATCH') {
    if (ipAddress !== undefined) missing('an address instead of a name');
    return endpoint(common, inputs, type === 'HTTPS_STR_MATCH' ? text(inputs, 'searchString') : undefined);
  }
  if (type === 'CALCULATED') {
    const threshold = number(inputs, 'childHealthThreshold', undefined);
    return { ...common, kind: 'calculated', children: texts(inputs['childHealthchecks']), threshold };
  }
  if (type === 'CLOUDWATCH_METRIC') return { ...common, ...alarm(graph, inputs, common.name) };
  return missing(`type ${JSON.stringify(type)}`);
}

function endpoint(common: CommonSettings, inputs: Values, searchString: string | undefined): EndpointSettings {
  const { regions } = inputs;
  return {
    ...common,
    kind: 'endpoint',
    fqdn: text(inputs, 'fqdn').toLowerCase(),
    port: number(inputs, 'port', DEFAULTS.port),
    path: typeof inputs['resourcePath'] === 'string' ? inputs['resourcePath'] : DEFAULTS.path,
    searchString,
    intervalMs: 1_000 * number(inputs, 'requestInterval', DEFAULTS.intervalSeconds),
    failureThreshold: number(inputs, 'failureThreshold', DEFAULTS.failureThreshold),
    regions: regions === undefined ? undefined : texts(regions),
  };
}

function alarm(graph: Graph, inputs: Values, check: string): Omit<AlarmSettings, keyof CommonSettings> {
  const alarmName = text(inputs, 'cloudwatchAlarmName');
  const region = text(inputs, 'cloudwatchAlarmRegion');
  const found = graph
    .all('aws:cloudwatch/metricAlarm:MetricAlarm')
    .find((one) => one.region === region && one.inputs['name'] === alarmName);
  if (!found) throw new Error(`health check ${check}: ${region} has no metric alarm ${alarmName}`);
  const settings = found.inputs;
  const refuse = (why: string): never => {
    throw new Error(`health check ${check}: Route 53 follows no alarm ${why}: ${alarmName} in ${region}`);
  };
  const period = number(settings, 'period', undefined);
  const evaluationPeriods = number(settings, 'evaluationPeriods', undefined);
  const { statistic, datapointsToAlarm = evaluationPeriods } = settings;
  if (settings['metricQueries'] !== undefined) refuse('of several metrics');
  if (period < STANDARD_PERIOD) refuse('of high resolution');
  if (typeof statistic !== 'string' || !STATISTICS.includes(statistic)) refuse('with an extended statistic');
  if (datapointsToAlarm !== evaluationPeriods) refuse('of M out of N');
  return {
    kind: 'alarm',
    alarmName,
    region,
    insufficientData: insufficientData(inputs, check),
    periodMs: 1_000 * period,
    evaluationPeriods,
  };
}

function insufficientData(inputs: Values, check: string): AlarmSettings['insufficientData'] {
  const { insufficientDataHealthStatus: status } = inputs;
  if (status === 'Healthy' || status === 'Unhealthy' || status === 'LastKnownStatus') return status;
  throw new NotModelledError(`route53: health check ${check}: insufficientDataHealthStatus is left to a default`);
}

function number(values: Values, key: string, otherwise: number | undefined): number {
  const value = values[key] ?? otherwise;
  if (typeof value !== 'number') throw new Error(`${key} is not a number: ${JSON.stringify(value)}`);
  return value;
}

function texts(value: Value): readonly string[] {
  if (!Array.isArray(value)) throw new Error(`not a list: ${JSON.stringify(value)}`);
  return value.map((one: Value) => {
    if (typeof one !== 'string') throw new Error(`not a text: ${JSON.stringify(one)}`);
    return one;
  });
}

function tagName(tags: Value): string | undefined {
  if (typeof tags !== 'object' || tags === null || !('Name' in tags)) return undefined;
  const { Name: name } = tags;
  return typeof name === 'string' ? name : undefined;
}
