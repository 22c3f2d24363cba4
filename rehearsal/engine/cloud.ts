import { isFields } from '../wire/json';
import type { Graph, GraphResource, Value, Values } from '../../analysis/graph/graph';
import type { Call, Service, Wire, WireFields } from '../aws/service';
import type { World } from '../world/world';
import type { Member } from './destroy';

/** Who reads: nobody whose rights are looked at. */
const ENGINE: Call['caller'] = { principal: 'engine', from: 'outside', name: 'pulumi' };

/** What a refresh of one resource would write into the state, as far as a change of roles touches it. */
type Read = (world: World, resource: GraphResource) => Values;

/**
 * The AWS provider's read of every type with a property that a failover, a switchover or a person's stop of consumers changes
 * (provider source: `rds/cluster.go`, `autoscaling/group.go`, `lambda/event_source_mapping.go`, `route53/record.go`,
 * `ssm/parameter.go`). What AWS leaves out is empty text, as the provider writes it down.
 */
const READS: Readonly<Record<string, Read>> = {
  'aws:rds/cluster:Cluster': (world, { region = '', inputs }) => {
    const [cluster] = listed(world.rds, 'DescribeDBClusters', region, 'DBClusters', {
      DBClusterIdentifier: stringOf(inputs['clusterIdentifier']),
    });
    const [global] = listed(world.rds, 'DescribeGlobalClusters', region, 'GlobalClusters');
    return {
      globalClusterIdentifier: text(global?.['GlobalClusterIdentifier']),
      replicationSourceIdentifier: text(cluster?.['ReplicationSourceIdentifier']),
      engineVersion: text(cluster?.['EngineVersion']),
    };
  },
  'aws:autoscaling/group:Group': (world, { region = '', inputs }) => {
    const [group] = listed(world.autoscaling, 'DescribeAutoScalingGroups', region, 'AutoScalingGroups', {
      AutoScalingGroupNames: [stringOf(inputs['name'])],
    });
    return {
      minSize: number(group?.['MinSize']),
      maxSize: number(group?.['MaxSize']),
      desiredCapacity: number(group?.['DesiredCapacity']),
    };
  },
  'aws:lambda/eventSourceMapping:EventSourceMapping': (world, { outputs }) => ({
    enabled: world.mappings.get(stringOf(outputs['uuid']))?.describe()['State'] === 'Enabled',
  }),
  'aws:route53/record:Record': (world, { inputs }) =>
    inputs['type'] === 'TXT' && inputs['setIdentifier'] === undefined
      ? { records: world.route53.texts(stringOf(inputs['name']))?.values ?? [] }
      : {},
  'aws:ssm/parameter:Parameter': (world, { region = '', inputs }) => ({
    value: world.ssm.value(region, stringOf(inputs['name'])) ?? null,
  }),
};

/** A property whose value in the cloud is not what the program says. */
export interface Drift {
  readonly resource: GraphResource;
  readonly property: string;
  readonly program: Value;
  readonly cloud: Value;
  /** The program does not compare it: an `up` leaves it alone. */
  readonly ignored: boolean;
}

/** Properties that the provider computes where the program says nothing: they are no difference then (provider schemas). */
const COMPUTED = new Set(['desiredCapacity']);

/** Everything that `pulumi up --refresh` would find changed, in the order of the graph. */
export function driftOf(graph: Graph, world: World): readonly Drift[] {
  return graph.created.flatMap((resource) => {
    const read = READS[resource.type]?.(world, resource) ?? {};
    return Object.entries(read).flatMap(([property, cloud]): readonly Drift[] => {
      const program = resource.inputs[property];
      if (program === undefined && COMPUTED.has(property)) return [];
      if (plain(program) === plain(cloud)) return [];
      const ignored = resource.options.ignoreChanges.includes(property);
      return [{ resource, property, program, cloud, ignored }];
    });
  });
}

/** The members of the global database, as a destroy finds them. */
export function membersOf(graph: Graph, world: World): readonly Member[] {
  const region = graph.all('aws:rds/cluster:Cluster')[0]?.region ?? '';
  const [global] = listed(world.rds, 'DescribeGlobalClusters', region, 'GlobalClusters');
  const members = global?.['GlobalClusterMembers'];
  if (!Array.isArray(members)) return [];
  return members
    .filter((member: Wire): member is WireFields => isFields(member))
    .map((member) => ({ clusterArn: text(member['DBClusterArn']), isWriter: member['IsWriter'] === true }));
}

/** Absent and empty are the same to the provider, and `"text"` of a TXT record is `text`. */
function plain(value: Value): string {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'string') return value.replace(/^"(.*)"$/, '$1');
  if (Array.isArray(value)) return value.map(plain).join('\n');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What a service lists, asked as the provider asks. @throws Error when it refuses. */
function listed(
  service: Service,
  operation: string,
  region: string,
  field: string,
  input: WireFields = {},
): readonly WireFields[] {
  let found: readonly WireFields[] = [];
  service.handle({ region, service: service.name, operation, input, caller: ENGINE }, (answer) => {
    if (!answer.ok) throw new Error(`${operation} in ${region}: ${answer.error.message}`);
    const list = answer.output[field];
    found = Array.isArray(list) ? list.filter((one: Wire): one is WireFields => isFields(one)) : [];
  });
  return found;
}

const text = (value: Wire): string => (typeof value === 'string' ? value : '');
const number = (value: Wire): number | null => (typeof value === 'number' ? value : null);
const stringOf = (value: Value): string => (typeof value === 'string' ? value : '');
