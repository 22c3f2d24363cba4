import { physicalNameOf } from '../../analysis/graph/physical-name';
import type { Graph, GraphResource, Value } from '../../analysis/graph/graph';
import { isValues } from '../../analysis/graph/wire';

/** What the platform is made of and what flows where, read from the resources' own properties; for drawing. */
export interface Topology {
  readonly regions: readonly TopologyRegion[];
  /** Names that clients resolve, each with an answer per role. */
  readonly names: readonly FailoverName[];
  readonly witness: { readonly region: string; readonly tables: readonly string[] } | undefined;
  /** The one alarm that calls an orchestrator, and what it is made of. */
  readonly trigger: Trigger | undefined;
  readonly databases: readonly Copied[];
  readonly tables: readonly Copied[];
  readonly buckets: readonly Copied[];
}

export interface TopologyRegion {
  readonly role: 'primary' | 'dr';
  readonly region: string;
  /** The API's name, and the functions that it calls. */
  readonly api: { readonly name: string; readonly functions: readonly string[] } | undefined;
  readonly queues: readonly { readonly name: string; readonly consumers: readonly string[] }[];
  readonly globalTables: readonly string[];
  readonly regionalTables: readonly string[];
  readonly database:
    { readonly name: string; readonly member: 'writer' | 'secondary'; readonly instances: number } | undefined;
  readonly fleet: { readonly name: string; readonly running: number; readonly most: number } | undefined;
  /** Functions that neither the API nor a queue calls. */
  readonly control: readonly string[];
  readonly topics: readonly string[];
  readonly alarms: number;
  readonly buckets: number;
}

export interface FailoverName {
  readonly name: string;
  readonly answers: readonly { readonly role: string; readonly region: string | undefined; readonly check: string }[];
}

export interface Trigger {
  readonly alarm: string;
  readonly rule: string;
  readonly region: string;
  readonly legs: readonly string[];
  readonly calls: string;
}

/** Data that one region sends another. */
export interface Copied {
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[];
}

const TYPES = {
  api: 'aws:apigateway/restApi:RestApi',
  alarm: 'aws:cloudwatch/metricAlarm:MetricAlarm',
  bucket: 'aws:s3/bucket:Bucket',
  bucketReplication: 'aws:s3/bucketReplicationConfig:BucketReplicationConfig',
  check: 'aws:route53/healthCheck:HealthCheck',
  cluster: 'aws:rds/cluster:Cluster',
  composite: 'aws:cloudwatch/compositeAlarm:CompositeAlarm',
  domain: 'aws:apigateway/domainName:DomainName',
  function: 'aws:lambda/function:Function',
  group: 'aws:autoscaling/group:Group',
  instance: 'aws:rds/clusterInstance:ClusterInstance',
  integration: 'aws:apigateway/integration:Integration',
  balancer: 'aws:lb/loadBalancer:LoadBalancer',
  mapping: 'aws:lambda/eventSourceMapping:EventSourceMapping',
  queue: 'aws:sqs/queue:Queue',
  record: 'aws:route53/record:Record',
  table: 'aws:dynamodb/table:Table',
  topic: 'aws:sns/topic:Topic',
} as const;

/** @param regions the two roles' regions, as configured. */
export function topologyOf(graph: Graph, regions: { readonly primary: string; readonly dr: string }): Topology {
  const roles = [
    { role: 'primary', region: regions.primary },
    { role: 'dr', region: regions.dr },
  ] as const;
  const elsewhere = graph
    .all(TYPES.table)
    .find(({ region }) => region !== undefined && region !== regions.primary && region !== regions.dr)?.region;
  return {
    regions: roles.map(({ role, region }) => regionOf(graph, role, region)),
    names: failoverNames(graph),
    witness:
      elsewhere === undefined
        ? undefined
        : { region: elsewhere, tables: namesOf(within(graph, TYPES.table, elsewhere)) },
    trigger: triggerOf(graph),
    databases: databaseCopies(graph),
    tables: tableCopies(graph),
    buckets: bucketCopies(graph),
  };
}

function regionOf(graph: Graph, role: TopologyRegion['role'], region: string): TopologyRegion {
  const here = (type: string): readonly GraphResource[] => within(graph, type, region);
  const functions = here(TYPES.function);
  const byApi = called(
    functions,
    here(TYPES.integration).map(({ inputs }) => inputs['uri']),
  );
  const consumed = here(TYPES.mapping).map(({ inputs }) => ({
    source: inputs['eventSourceArn'],
    consumers: called(functions, [inputs['functionName']]),
  }));
  const consumers = consumed.flatMap((one) => one.consumers);
  const queues = here(TYPES.queue).flatMap((queue) => {
    const own = consumed.filter(({ source }) => source === queue.outputs['arn']).flatMap((one) => one.consumers);
    return own.length === 0 ? [] : [{ name: nameOf(queue), consumers: own }];
  });
  const [api] = here(TYPES.api);
  return {
    role,
    region,
    api: api && { name: nameOf(api), functions: byApi },
    queues,
    globalTables: graph
      .all(TYPES.table)
      .filter((table) => regionsOf(table).includes(region) && isGlobalTable(table))
      .map(nameOf)
      .sort(),
    regionalTables: namesOf(here(TYPES.table).filter((table) => !isGlobalTable(table))),
    database: databaseOf(here(TYPES.cluster), here(TYPES.instance)),
    fleet: fleetOf(here(TYPES.group)),
    control: namesOf(functions).filter((name) => !byApi.includes(name) && !consumers.includes(name)),
    topics: namesOf(here(TYPES.topic)),
    alarms: here(TYPES.alarm).length + here(TYPES.composite).length,
    buckets: here(TYPES.bucket).length,
  };
}

const within = (graph: Graph, type: string, region: string): readonly GraphResource[] =>
  graph.all(type).filter((resource) => resource.region === region);

const nameOf = (resource: GraphResource): string => physicalNameOf(resource) ?? resource.name;

const namesOf = (resources: readonly GraphResource[]): readonly string[] => [...new Set(resources.map(nameOf))].sort();

/** Functions whose ARN stands in a URI or is the target itself. */
function called(functions: readonly GraphResource[], targets: readonly Value[]): readonly string[] {
  return namesOf(
    functions.filter(({ outputs: { arn } }) =>
      targets.some((target) => typeof arn === 'string' && typeof target === 'string' && targetsArn(target, arn)),
    ),
  );
}

/** Not a mere prefix: `...:orders` is not called by `...:orders-api/invocations`. */
function targetsArn(target: string, arn: string): boolean {
  const at = target.indexOf(arn);
  return at >= 0 && !/^[\w-]/.test(target.slice(at + arn.length));
}

function listOf(value: Value): readonly Value[] {
  const list: unknown = value;
  return Array.isArray(list) ? (list as readonly Value[]) : [];
}

/** A plain value in words; what is a list or an object has none here. */
function word(value: Value): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}

const field = (value: Value, key: string): Value => (isValues(value) ? value[key] : undefined);

const replicasOf = ({ inputs }: GraphResource): readonly string[] =>
  listOf(inputs['replicas'])
    .map((replica) => field(replica, 'regionName'))
    .filter((name) => typeof name === 'string');

const isGlobalTable = (table: GraphResource): boolean => replicasOf(table).length > 0;

const regionsOf = (table: GraphResource): readonly (string | undefined)[] => [table.region, ...replicasOf(table)];

/** Only the cluster that the global database begins with has a master user of its own (aws-facts.md, Aurora). */
const isWriter = ({ inputs }: GraphResource): boolean => inputs['masterUsername'] !== undefined;

function databaseOf(
  clusters: readonly GraphResource[],
  instances: readonly GraphResource[],
): TopologyRegion['database'] {
  const [cluster] = clusters;
  if (!cluster) return undefined;
  const own = instances.filter(({ inputs }) => inputs['clusterIdentifier'] === cluster.inputs['clusterIdentifier']);
  return { name: nameOf(cluster), member: isWriter(cluster) ? 'writer' : 'secondary', instances: own.length };
}

function fleetOf([group]: readonly GraphResource[]): TopologyRegion['fleet'] {
  if (!group) return undefined;
  const { desiredCapacity, minSize, maxSize } = group.inputs;
  const numberOf = (value: Value): number => (typeof value === 'number' ? value : 0);
  return { name: nameOf(group), running: numberOf(desiredCapacity ?? minSize), most: numberOf(maxSize) };
}

/** Alias records that answer by role, for each of the addresses that clients use. */
function failoverNames(graph: Graph): readonly FailoverName[] {
  const names = new Map<string, FailoverName['answers'][number][]>();
  for (const { inputs } of graph.all(TYPES.record)) {
    const role = field(listOf(inputs['failoverRoutingPolicies'])[0], 'type');
    const { name, type, healthCheckId } = inputs;
    if (typeof role !== 'string' || typeof name !== 'string' || type !== 'A') continue;
    const alias = field(listOf(inputs['aliases'])[0], 'name');
    const answer = { role, region: regionOfAlias(graph, alias), check: checkOf(graph, healthCheckId) };
    names.set(name, [...(names.get(name) ?? []), answer]);
  }
  const order = (role: string): number => (role === 'PRIMARY' ? 0 : 1);
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, answers]) => ({ name, answers: [...answers].sort((a, b) => order(a.role) - order(b.role)) }));
}

function regionOfAlias(graph: Graph, alias: Value): string | undefined {
  const domain = graph.all(TYPES.domain).find(({ outputs }) => outputs['regionalDomainName'] === alias);
  return (domain ?? graph.all(TYPES.balancer).find(({ outputs }) => outputs['dnsName'] === alias))?.region;
}

/** What must be well for an answer to be given. */
function checkOf(graph: Graph, id: Value): string {
  const check = graph.all(TYPES.check).find((one) => one.id === id);
  if (!check) return 'no check';
  const { type, childHealthchecks, childHealthThreshold, requestInterval, failureThreshold } = check.inputs;
  const children = listOf(childHealthchecks);
  if (children.length > 0) {
    return `${word(childHealthThreshold)} of ${children.length}: ${children.map((child) => checkOf(graph, child)).join(', ')}`;
  }
  if (type === 'CLOUDWATCH_METRIC') return `alarm ${word(check.inputs['cloudwatchAlarmName'])}`;
  return `endpoint, ${word(requestInterval)} s × ${word(failureThreshold)}`;
}

function triggerOf(graph: Graph): Trigger | undefined {
  for (const alarm of graph.all(TYPES.composite)) {
    const [calls] = called(graph.all(TYPES.function), listOf(alarm.inputs['alarmActions']));
    const { alarmRule } = alarm.inputs;
    if (calls === undefined || typeof alarmRule !== 'string') continue;
    const legs = [...alarmRule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\("?([^")]+)"?\)/g)].map(
      ([, leg]) => leg ?? '',
    );
    return { alarm: nameOf(alarm), rule: alarmRule, region: alarm.region ?? '', legs: [...new Set(legs)], calls };
  }
  return undefined;
}

function databaseCopies(graph: Graph): readonly Copied[] {
  const clusters = graph.all(TYPES.cluster);
  const writer = clusters.find(isWriter);
  const secondary = clusters.find((cluster) => !isWriter(cluster));
  if (!writer || !secondary) return [];
  const { globalClusterIdentifier: global } = writer.inputs;
  if (global === undefined || global !== secondary.inputs['globalClusterIdentifier']) return [];
  return [{ from: writer.region ?? '', to: secondary.region ?? '', names: [word(global)] }];
}

/** Both ways: every replica of a global table takes writes. */
function tableCopies(graph: Graph): readonly Copied[] {
  const pairs = graph
    .all(TYPES.table)
    .flatMap((table) => replicasOf(table).map((to) => ({ from: table.region ?? '', to, name: nameOf(table) })));
  return together(pairs);
}

function bucketCopies(graph: Graph): readonly Copied[] {
  const regionOfBucket = new Map(graph.all(TYPES.bucket).map((bucket) => [nameOf(bucket), bucket.region ?? '']));
  const pairs = graph.all(TYPES.bucketReplication).flatMap(({ region, inputs }) => {
    const destination = field(field(listOf(inputs['rules'])[0], 'destination'), 'bucket');
    const to = typeof destination === 'string' ? regionOfBucket.get(destination.split(':').at(-1) ?? '') : undefined;
    return to === undefined ? [] : [{ from: region ?? '', to, name: word(inputs['bucket']) }];
  });
  return together(pairs);
}

function together(pairs: readonly { from: string; to: string; name: string }[]): readonly Copied[] {
  const groups = new Map<string, Copied>();
  for (const { from, to, name } of pairs) {
    const key = `${from} ${to}`;
    const names = [...(groups.get(key)?.names ?? []), name].sort();
    groups.set(key, { from, to, names });
  }
  return [...groups.values()];
}
