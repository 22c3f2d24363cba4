import { text } from '../../analysis/graph/graph';
import { GUARD } from './guard';
import { roundsOf } from './rounds';
import type { Graph, GraphResource } from '../../analysis/graph/graph';

/** A member of the global database when the stack is destroyed. */
export interface Member {
  readonly clusterArn: string;
  readonly isWriter: boolean;
}

/** Something that cannot be deleted. */
export interface Refusal {
  readonly resource: GraphResource;
  readonly why: string;
}

/** What a destroy comes to. */
export interface Destroyed {
  readonly refusals: readonly Refusal[];
  /** What is still there, in the order of the graph. */
  readonly left: readonly GraphResource[];
}

/** What a destroy meets, and how it is typed. */
export interface DestroyOptions {
  /** Why the stack's guard refuses; undefined when it does not. */
  readonly guard?: string | undefined;
  /** `--continue-on-error`: only what the failed ones depend on stays. @default Pulumi's: nothing more is begun */
  readonly continueOnError?: boolean;
}

const CLUSTER = 'aws:rds/cluster:Cluster';
const INSTANCE = 'aws:rds/clusterInstance:ClusterInstance';

/** The global database while it is taken down. */
interface Database {
  readonly members: Map<string, boolean>;
  readonly instances: Map<string, Set<string>>;
}

/**
 * Destroys a stack as Pulumi's engine does, round by round, against what AWS does with a global database (aws-facts.md
 * 1.6): the last instance of a writer that is followed stays, the writer leaves a global cluster last, a follower may
 * leave it at any time, and a global cluster goes when it has no members, which `forceDestroy` sees to. Whatever has
 * begun in the round of an error is taken for done, as the worst case.
 *
 * @param members as they are when the destroy begins; none when the clusters have been detached.
 */
export function destroy(
  graph: Graph,
  members: readonly Member[],
  { guard, continueOnError = false }: DestroyOptions = {},
): Destroyed {
  const database: Database = {
    members: new Map(members.map(({ clusterArn, isWriter }) => [clusterArn, isWriter])),
    instances: instancesOf(graph),
  };
  const refusals: Refusal[] = [];
  const left = new Set(graph.created);
  for (const round of roundsOf(graph)) {
    if (refusals.length > 0 && !continueOnError) break;
    const kept = refusals.map(({ resource }) => resource);
    for (const resource of round) {
      if (kept.some((one) => graph.dependsOn(one, resource))) continue;
      const why = resource.type === GUARD ? guard : refusalOf(graph, resource, database);
      if (why === undefined) left.delete(resource);
      else refusals.push({ resource, why });
    }
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
