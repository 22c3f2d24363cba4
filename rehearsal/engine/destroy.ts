import { text } from '../../analysis/graph/graph';
import type { Graph, GraphResource } from '../../analysis/graph/graph';

/** A member of the global database when the stack is destroyed. */
export interface Member {
  readonly clusterArn: string;
  readonly isWriter: boolean;
}

/** Something that AWS refuses to delete. */
export interface Refusal {
  readonly resource: GraphResource;
  readonly why: string;
}

/** What a destroy comes to. */
export interface Destroyed {
  readonly refusals: readonly Refusal[];
  /** What is still there: what was refused, and everything that it stands on. */
  readonly left: readonly GraphResource[];
}

const CLUSTER = 'aws:rds/cluster:Cluster';
const INSTANCE = 'aws:rds/clusterInstance:ClusterInstance';

/** The global database while it is taken down. */
interface Database {
  readonly members: Map<string, boolean>;
  readonly instances: Map<string, Set<string>>;
}

/**
 * Destroys a stack as Pulumi's engine does, each resource after everything that depends on it, against what AWS does with a
 * global database (aws-facts.md 1.6): the last instance of a writer that is followed stays, the writer leaves a global cluster last,
 * a follower may leave it at any time, and a global cluster goes when it has no members, which `forceDestroy` sees to.
 *
 * @param members as they are when the destroy begins; none when the clusters have been detached.
 */
export function destroy(graph: Graph, members: readonly Member[]): Destroyed {
  const database: Database = {
    members: new Map(members.map(({ clusterArn, isWriter }) => [clusterArn, isWriter])),
    instances: instancesOf(graph),
  };
  const refusals: Refusal[] = [];
  const left = new Set(graph.created);
  const dependents = dependentsOf(graph);
  const stuck = new Set<string>();
  // Last registered, first destroyed: whatever depends on a resource was registered after it.
  for (const resource of [...graph.created].reverse()) {
    const holds = [...(dependents.get(resource.urn) ?? [])].some((urn) => stuck.has(urn));
    const why = holds ? undefined : refusalOf(graph, resource, database);
    if (holds || why !== undefined) stuck.add(resource.urn);
    else left.delete(resource);
    if (why !== undefined) refusals.push({ resource, why });
  }
  return { refusals, left: [...left] };
}

/** Why AWS keeps a resource; where it does not, the resource is gone. */
function refusalOf(graph: Graph, resource: GraphResource, { members, instances }: Database): string | undefined {
  if (resource.type === INSTANCE) {
    const arn = clusterArnOf(graph, resource);
    const own = instances.get(arn);
    if (own?.size === 1 && members.get(arn) === true && members.size > 1) {
      return 'Cannot delete the last instance of the primary cluster while there are other members';
    }
    own?.delete(resource.urn);
  }
  if (resource.type === CLUSTER) {
    const arn = text(resource.outputs, 'arn');
    if (members.get(arn) === true && members.size > 1) {
      return 'Unable to delete a cluster that is the primary member of a global cluster with other members';
    }
    if ((instances.get(arn)?.size ?? 0) > 0) return 'Cluster cannot be deleted, it still contains DB instances';
    members.delete(arn);
  }
  return undefined;
}

function instancesOf(graph: Graph): Map<string, Set<string>> {
  const instances = new Map<string, Set<string>>();
  for (const instance of graph.all(INSTANCE)) {
    const arn = clusterArnOf(graph, instance);
    instances.set(arn, (instances.get(arn) ?? new Set<string>()).add(instance.urn));
  }
  return instances;
}

/** The cluster that an instance names. @throws Error when the graph has none of that name. */
function clusterArnOf(graph: Graph, { name, region, inputs }: GraphResource): string {
  const wanted = inputs['clusterIdentifier'];
  const cluster = graph.all(CLUSTER).find((one) => one.region === region && one.id === wanted);
  if (!cluster) throw new Error(`the instance ${name} belongs to no cluster of the graph`);
  return text(cluster.outputs, 'arn');
}

/** Who must be gone first, by URN. */
function dependentsOf(graph: Graph): ReadonlyMap<string, ReadonlySet<string>> {
  const dependents = new Map<string, Set<string>>();
  for (const { urn, dependencies } of graph.created) {
    for (const needed of dependencies) dependents.set(needed, (dependents.get(needed) ?? new Set()).add(urn));
  }
  return dependents;
}
