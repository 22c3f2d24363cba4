import type { ResourceOrigin } from './types';

/**
 * A resource as far as the budget reads it. From the graph these are its properties as registered; inside the program they are
 * what its constructor was given, with outputs of other resources in place of texts that only AWS knows.
 */
export interface Described {
  readonly type: string;
  readonly name: string;
  readonly region: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** By what other resources name it: its ARN and its id. Equal things are equal texts. */
  readonly arn: string | undefined;
  readonly id: string | undefined;
}

export const TYPES = {
  composite: 'aws:cloudwatch/compositeAlarm:CompositeAlarm',
  alarm: 'aws:cloudwatch/metricAlarm:MetricAlarm',
  rule: 'aws:cloudwatch/eventRule:EventRule',
  target: 'aws:cloudwatch/eventTarget:EventTarget',
  function: 'aws:lambda/function:Function',
  healthCheck: 'aws:route53/healthCheck:HealthCheck',
  group: 'aws:autoscaling/group:Group',
  parameters: 'aws:rds/clusterParameterGroup:ClusterParameterGroup',
} as const;

/** What a budget reads, by type. Nothing else of a resource is looked at, whether from the graph or inside the program. */
const READ: Readonly<Record<string, readonly string[]>> = {
  [TYPES.composite]: ['alarmActions', 'alarmName', 'alarmRule'],
  [TYPES.alarm]: ['datapointsToAlarm', 'evaluationPeriods', 'metricName', 'name', 'namespace', 'period', 'threshold'],
  [TYPES.rule]: ['name', 'scheduleExpression'],
  [TYPES.target]: ['arn', 'rule'],
  [TYPES.function]: ['environment'],
  [TYPES.healthCheck]: ['childHealthchecks', 'failureThreshold', 'fqdn', 'requestInterval'],
  [TYPES.group]: ['defaultInstanceWarmup'],
  [TYPES.parameters]: ['parameters'],
};

/** Whether a budget looks at resources of a type. */
export function isRead(type: string): boolean {
  return Object.hasOwn(READ, type);
}

/** The inputs that a budget reads. @param known makes a value of an input. */
export function readInputs(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  known: (value: unknown) => unknown = (value) => value,
): Described['inputs'] {
  const read = READ[type] ?? [];
  return Object.fromEntries(read.flatMap((key) => (inputs[key] === undefined ? [] : [[key, known(inputs[key])]])));
}

/** The resources do not say what the budget has to know. */
export class BudgetFactError extends Error {
  override readonly name = 'BudgetFactError';
}

/** A number and where it stands. */
export interface Fact {
  readonly value: number;
  readonly origin: ResourceOrigin;
}

/** @throws BudgetFactError when the property is not a number, nor a text that is one. */
export function numberAt(resource: Described, property: string): Fact {
  const found = valueAt(resource, property);
  const value = typeof found === 'string' && found !== '' ? Number(found) : found;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw notRead(resource, property, 'a number', found);
  return { value, origin: originOf(resource, property, typeof found === 'string' ? found : value) };
}

/** @throws BudgetFactError when the property is not a text. */
export function textAt(resource: Described, property: string): string {
  const found = valueAt(resource, property);
  if (typeof found !== 'string') throw notRead(resource, property, 'a text', found);
  return found;
}

/** The value at a path of the inputs, `environment.variables.RPO_SECONDS`; undefined where there is none. */
export function valueAt({ inputs }: Described, property: string): unknown {
  return property.split('.').reduce<unknown>(memberOf, inputs);
}

export function originOf({ type, name, region }: Described, property: string, value: number | string): ResourceOrigin {
  return { kind: 'resource', type, name, region, property, value };
}

/** @throws BudgetFactError unless there is exactly one. */
export function only(what: string, found: readonly Described[]): Described {
  const [one, ...more] = found;
  if (one && more.length === 0) return one;
  const names = found.map(({ name }) => name).join(', ');
  throw new BudgetFactError(`the budget looks for ${what} and finds ${found.length}${names && `: ${names}`}`);
}

/** Of an object or a list. */
function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function notRead({ type, name }: Described, property: string, wanted: string, found: unknown): BudgetFactError {
  const shown = found === undefined ? 'nothing that is known before a deployment' : JSON.stringify(found);
  return new BudgetFactError(`the budget reads ${property} of ${type} ${name} as ${wanted} and finds ${shown}`);
}
