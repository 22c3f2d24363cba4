import { isGlobal, physicalNameOf } from '../graph/physical-name';
import type { Graph, GraphResource, Values } from '../graph/graph';

/** One component of the program, as far as it reaches into one place. */
export interface PlannedConcern {
  /** The folder of lib/ it comes from: foundation, data, services, ... */
  readonly concern: string;
  readonly component: string;
  readonly name: string;
  /** Resource type without the service's path, `Queue`, to how many. */
  readonly types: Readonly<Record<string, number>>;
  /** Physical names, in order and once each. */
  readonly names: readonly string[];
}

/** A region, or what belongs to none. */
export interface PlannedPlace {
  readonly place: string;
  readonly resources: number;
  readonly concerns: readonly PlannedConcern[];
}

/** What `pulumi up` would create, arranged for reading. */
export interface Plan {
  readonly project: string;
  readonly stack: string;
  readonly resources: number;
  readonly places: readonly PlannedPlace[];
  readonly outputs: Values;
  readonly warnings: readonly string[];
}

/** The order in which a newcomer reads the platform: the folders of lib/. */
const CONCERNS = ['foundation', 'data', 'services', 'routing', 'detection', 'recovery'];

const ROOT_COMPONENT = /^(pulumi:pulumi:Stack|tap:index:TapStack)$/;

/** Arranges a graph by place and concern; pure. */
export function planOf(graph: Graph): Plan {
  const places = new Map<string, GraphResource[]>();
  for (const resource of graph.created) {
    const place = isGlobal(resource) ? 'global' : (resource.region ?? 'default provider');
    places.set(place, [...(places.get(place) ?? []), resource]);
  }
  return {
    project: graph.project,
    stack: graph.stack,
    resources: graph.created.length,
    places: [...places]
      .sort(byRole(graph))
      .map(([place, resources]) => ({ place, resources: resources.length, concerns: concernsOf(graph, resources) })),
    outputs: graph.outputs,
    warnings: graph.warnings,
  };
}

/** primary, dr, then what belongs to no region. */
function byRole(graph: Graph): (a: readonly [string, unknown], b: readonly [string, unknown]) => number {
  const regions = graph.resources.filter(({ kind }) => kind === 'provider').map(({ region }) => region ?? '');
  const rank = ([place]: readonly [string, unknown]): number =>
    regions.includes(place) ? regions.indexOf(place) : regions.length;
  return (a, b) => rank(a) - rank(b);
}

function concernsOf(graph: Graph, resources: readonly GraphResource[]): PlannedConcern[] {
  const groups = new Map<string, { owner: GraphResource | undefined; members: GraphResource[] }>();
  for (const resource of resources) {
    const owner = outermost(graph, resource);
    const key = owner?.urn ?? '';
    const group = groups.get(key) ?? { owner, members: [] };
    group.members.push(resource);
    groups.set(key, group);
  }
  const planned = [...groups.values()].map(({ owner, members }): PlannedConcern => {
    const [, concern = 'stack', component = 'TapStack'] = owner?.type.split(':') ?? [];
    return { concern, component, name: owner?.name ?? 'tap', types: countTypes(members), names: namesOf(members) };
  });
  return planned.sort(
    (a, b) => CONCERNS.indexOf(a.concern) - CONCERNS.indexOf(b.concern) || (a.name < b.name ? -1 : 1),
  );
}

/** The component right below the stack: the paragraph of the table of contents that a resource belongs to. */
function outermost(graph: Graph, resource: GraphResource): GraphResource | undefined {
  return graph
    .parents(resource)
    .filter((parent) => parent.kind === 'component' && !ROOT_COMPONENT.test(parent.type))
    .at(-1);
}

function countTypes(resources: readonly GraphResource[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) {
    const short = type.split(':').at(-1) ?? type;
    counts[short] = (counts[short] ?? 0) + 1;
  }
  return counts;
}

function namesOf(resources: readonly GraphResource[]): string[] {
  const names = resources.map(physicalNameOf).filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}
