import { NotModelledError } from '../service';
import { text } from '../../../analysis/graph/graph';
import type { Graph, GraphResource, Value, Values } from '../../../analysis/graph/graph';

/** How many instances a group has, at least, wanted and at most. */
export interface Sizes {
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
}

/** What Auto Scaling knows of a group. */
export interface GroupSettings {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly sizes: Sizes;
  readonly healthCheckType: string;
  readonly healthCheckGracePeriod: number;
  readonly warmUpMs: number;
  readonly targetGroupArns: readonly string[];
  /** Id and version of the launch template; every instance is of that version. */
  readonly launchTemplate: { readonly id: string; readonly version: string } | undefined;
  readonly subnetIds: readonly string[];
  /** The subnets' availability zones. */
  readonly zones: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** How often the load balancer asks each instance; undefined without a load balancer. */
  readonly targetCheckMs: number | undefined;
}

/** What AWS takes when the target group does not say (Elastic Load Balancing guide, health check settings). */
const TARGET_CHECK_SECONDS = 30;

/** @throws NotModelledError for groups with more than this model has; Error for sizes that AWS refuses. */
export function readGroups(graph: Graph): readonly GroupSettings[] {
  const intervals = new Map(
    graph
      .all('aws:lb/targetGroup:TargetGroup')
      .map(({ outputs, inputs }) => [text(outputs, 'arn'), intervalOf(inputs)]),
  );
  const zones = new Map(
    graph.all('aws:ec2/subnet:Subnet').map(({ id, inputs }) => [id, text(inputs, 'availabilityZone')]),
  );
  return graph.all('aws:autoscaling/group:Group').map((resource) => readGroup(resource, intervals, zones));
}

const NOT_MODELLED = ['mixedInstancesPolicy', 'warmPool', 'initialLifecycleHooks', 'suspendedProcesses'];

function readGroup(
  resource: GraphResource,
  intervals: ReadonlyMap<string, number>,
  zones: ReadonlyMap<string, string>,
): GroupSettings {
  const { inputs, outputs, region } = resource;
  const name = text(outputs, 'name');
  const odd = NOT_MODELLED.find((key) => inputs[key] !== undefined);
  if (odd !== undefined) throw new NotModelledError(`autoscaling: group ${name}: ${odd} is not modelled`);
  if (region === undefined) throw new Error(`autoscaling: group ${name} is in no region`);
  const minSize = number(inputs, 'minSize', undefined);
  const sizes = {
    minSize,
    desiredCapacity: number(inputs, 'desiredCapacity', minSize),
    maxSize: number(inputs, 'maxSize', undefined),
  };
  const wrong = sizesFault(sizes);
  if (wrong !== undefined) throw new Error(`autoscaling: group ${name}: ${wrong}`);
  const targetGroupArns = texts(inputs, 'targetGroupArns');
  const [target] = targetGroupArns;
  const subnetIds = texts(inputs, 'vpcZoneIdentifiers');
  return {
    name,
    arn: text(outputs, 'arn'),
    region,
    sizes,
    healthCheckType: typeof inputs['healthCheckType'] === 'string' ? inputs['healthCheckType'] : 'EC2',
    healthCheckGracePeriod: number(inputs, 'healthCheckGracePeriod', 300),
    warmUpMs: 1_000 * number(inputs, 'defaultInstanceWarmup', 0),
    targetGroupArns,
    launchTemplate: templateOf(inputs),
    subnetIds,
    zones: subnetIds.map((id) => zones.get(id) ?? missingZone(name, id)),
    tags: tagsOf(inputs),
    targetCheckMs: target === undefined ? undefined : (intervals.get(target) ?? 1_000 * TARGET_CHECK_SECONDS),
  };
}

function templateOf({ launchTemplate }: Values): GroupSettings['launchTemplate'] {
  if (typeof launchTemplate !== 'object' || launchTemplate === null || !('id' in launchTemplate)) return undefined;
  const { id, version } = launchTemplate;
  return typeof id === 'string' && typeof version === 'string' ? { id, version } : undefined;
}

/** Why Auto Scaling refuses sizes, in its words; undefined: it takes them. */
export function sizesFault({ minSize, desiredCapacity, maxSize }: Sizes): string | undefined {
  if (minSize > maxSize) return `Max bound, ${maxSize}, must be greater than or equal to min bound, ${minSize}`;
  if (desiredCapacity >= minSize && desiredCapacity <= maxSize) return undefined;
  return `Desired capacity:${desiredCapacity} must be between the specified min size:${minSize} and max size:${maxSize}`;
}

function missingZone(group: string, subnetId: string): never {
  throw new Error(`autoscaling: group ${group}: nobody knows the zone of ${subnetId}`);
}

function intervalOf({ healthCheck }: Values): number {
  if (typeof healthCheck !== 'object' || healthCheck === null || !('interval' in healthCheck))
    return 1_000 * TARGET_CHECK_SECONDS;
  const { interval } = healthCheck;
  return 1_000 * (typeof interval === 'number' ? interval : TARGET_CHECK_SECONDS);
}

function number(values: Values, key: string, otherwise: number | undefined): number {
  const value = values[key] ?? otherwise;
  if (typeof value !== 'number') throw new Error(`${key} is not a number: ${JSON.stringify(value)}`);
  return value;
}

function texts(values: Values, key: string): readonly string[] {
  const value = values[key];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function tagsOf({ tags }: Values): Readonly<Record<string, string>> {
  if (!Array.isArray(tags)) return {};
  const pairs = tags.flatMap((tag: Value) => {
    if (typeof tag !== 'object' || tag === null || !('key' in tag)) return [];
    const { key, value } = tag;
    return typeof key === 'string' && typeof value === 'string' ? [[key, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}
