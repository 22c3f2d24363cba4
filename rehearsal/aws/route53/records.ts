import { NotModelledError } from '../service';
import { text } from '../../../analysis/graph/graph';
import type { Graph, GraphResource, Value, Values } from '../../../analysis/graph/graph';

/** What the name servers say; `values` are texts, addresses, or the name of an alias target, which stands for its addresses. */
export interface DnsAnswer {
  readonly values: readonly string[];
  readonly ttlSeconds: number;
}

/** What an alias record points at. */
export interface AliasTarget {
  readonly dnsName: string;
  readonly kind: 'api' | 'balancer';
  readonly evaluatesHealth: boolean;
}

/** One record of a name and type. */
export interface DnsRecord {
  readonly role: 'PRIMARY' | 'SECONDARY' | 'SIMPLE';
  readonly answer: DnsAnswer;
  /** A record without a check is always healthy. */
  readonly checkId: string | undefined;
  readonly alias: AliasTarget | undefined;
}

/** All records of one name and one type: either one simple record, or a primary and a secondary one. */
export interface RecordGroup {
  readonly zoneId: string;
  /** Lower case, without a dot at its end. */
  readonly name: string;
  readonly type: 'A' | 'CNAME' | 'TXT';
  readonly records: readonly DnsRecord[];
}

/**
 * Alias records take the TTL of what they point at; for load balancers it is 60 s (Route 53 API reference, ResourceRecordSet,
 * TTL), and aws-facts.md 2.4 has the same for API Gateway.
 */
export const ALIAS_TTL_SECONDS = 60;

/** Routing policies other than simple and failover. */
const OTHER_ROUTING = [
  'cidrRoutingPolicy',
  'geolocationRoutingPolicies',
  'geoproximityRoutingPolicy',
  'latencyRoutingPolicies',
  'multivalueAnswerRoutingPolicy',
  'weightedRoutingPolicies',
];

/** A name as everybody compares it. */
export function normalName(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

/** @throws NotModelledError for what this model has not; Error for records that Route 53 would not take beside each other. */
export function readRecords(graph: Graph): readonly RecordGroup[] {
  const targets = aliasTargets(graph);
  const groups = new Map<string, { readonly group: Omit<RecordGroup, 'records'>; readonly records: DnsRecord[] }>();
  for (const resource of graph.all('aws:route53/record:Record')) {
    const { inputs, outputs } = resource;
    const name = normalName(text(outputs, 'fqdn'));
    const type = text(inputs, 'type');
    if (type !== 'A' && type !== 'TXT' && type !== 'CNAME') return missing(resource, `type ${type}`);
    const zoneId = text(inputs, 'zoneId');
    const key = `${zoneId} ${name} ${type}`;
    const entry = groups.get(key) ?? { group: { zoneId, name, type }, records: [] };
    entry.records.push(readRecord(resource, targets));
    groups.set(key, entry);
  }
  return [...groups.values()].map(({ group, records }) => checked({ ...group, records }));
}

function checked(group: RecordGroup): RecordGroup {
  const roles = group.records.map(({ role }) => role).sort();
  const said = roles.join(' and ');
  if (said === 'SIMPLE' || said === 'PRIMARY and SECONDARY') return group;
  throw new Error(`${group.type} ${group.name}: records that cannot stand beside each other: ${said}`);
}

function readRecord(resource: GraphResource, targets: ReadonlyMap<string, AliasTarget['kind']>): DnsRecord {
  const { inputs } = resource;
  const policy = OTHER_ROUTING.find((key) => inputs[key] !== undefined);
  if (policy !== undefined) return missing(resource, policy);
  const { healthCheckId: checkId } = inputs;
  const common = {
    role: roleOf(resource),
    checkId: typeof checkId === 'string' ? checkId : undefined,
  };
  const [alias] = listOf(inputs, 'aliases');
  if (alias === undefined) return { ...common, answer: plainAnswer(resource), alias: undefined };
  const dnsName = normalName(text(alias, 'name'));
  const kind = targets.get(dnsName);
  if (kind === undefined) return missing(resource, `an alias for ${dnsName}`);
  return {
    ...common,
    answer: { values: [dnsName], ttlSeconds: ALIAS_TTL_SECONDS },
    alias: { dnsName, kind, evaluatesHealth: alias['evaluateTargetHealth'] === true },
  };
}

function roleOf(resource: GraphResource): DnsRecord['role'] {
  const [failover] = listOf(resource.inputs, 'failoverRoutingPolicies');
  if (failover === undefined) return 'SIMPLE';
  const role = text(failover, 'type');
  if (role === 'PRIMARY' || role === 'SECONDARY') return role;
  throw new Error(`${resource.name}: a failover record is PRIMARY or SECONDARY, not ${role}`);
}

function plainAnswer({ inputs, name }: GraphResource): DnsAnswer {
  const { records, ttl } = inputs;
  if (!Array.isArray(records) || typeof ttl !== 'number') throw new Error(`${name}: no values or no ttl`);
  return { values: records.map((value: Value) => unquoted(typeof value === 'string' ? value : '')), ttlSeconds: ttl };
}

/** A text as resolvers show it: the quotation marks belong to the notation. */
export function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

/** The names that AWS gave to this graph's own endpoints. */
function aliasTargets(graph: Graph): ReadonlyMap<string, AliasTarget['kind']> {
  const apis = graph
    .all('aws:apigateway/domainName:DomainName')
    .map(({ outputs }) => text(outputs, 'regionalDomainName'));
  const balancers = graph.all('aws:lb/loadBalancer:LoadBalancer').map(({ outputs }) => text(outputs, 'dnsName'));
  return new Map([
    ...apis.map((name) => [normalName(name), 'api'] as const),
    ...balancers.map((name) => [normalName(name), 'balancer'] as const),
  ]);
}

function listOf(values: Values, key: string): readonly Values[] {
  const value = values[key];
  if (!Array.isArray(value)) return [];
  return value.filter((one: Value): one is Values => typeof one === 'object' && one !== null && !Array.isArray(one));
}

function missing({ name }: GraphResource, what: string): never {
  throw new NotModelledError(`route53: record ${name}: ${what} is not modelled`);
}
