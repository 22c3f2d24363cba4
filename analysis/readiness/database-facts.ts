import type { ClusterState, Facts, Gathered } from '../../lambda/readiness/facts';
import { text, type Graph, type GraphResource } from '../graph/graph';
import { fact, PLANNED } from './planned';
import type { Subjects } from './subjects';
import { fieldsOf, inRegion, numberOf, textOf } from './values';

/** The database as the program declares it. */
export function databaseFacts(graph: Graph, { region, otherRegion, env }: Subjects): Gathered {
  return {
    globalCluster: fact(globalCluster(graph, env('GLOBAL_CLUSTER_ID'))),
    clusterHere: fact(cluster(graph, region)),
    clusterThere: fact(cluster(graph, otherRegion)),
    instancesHere: fact(instances(graph, region)),
    instancesThere: fact(instances(graph, otherRegion)),
  };
}

const CLUSTER = 'aws:rds/cluster:Cluster';

function globalCluster(graph: Graph, id: string): Facts['globalCluster'] {
  const isNamed = ({ inputs }: GraphResource) => textOf(inputs['globalClusterIdentifier']) === id;
  const found = graph.all('aws:rds/globalCluster:GlobalCluster').find(isNamed);
  if (!found) return 'absent';
  const members = graph.all(CLUSTER).filter(isNamed);
  return {
    status: PLANNED,
    engineVersion: text(found.inputs, 'engineVersion'),
    members: members.map(({ outputs }) => ({ arn: text(outputs, 'arn') })),
  };
}

function cluster(graph: Graph, region: string): ClusterState | 'absent' {
  const [found] = inRegion(graph, CLUSTER, region);
  if (!found) return 'absent';
  const maximumAcu = numberOf(fieldsOf(found.inputs['serverlessv2ScalingConfiguration'])['maxCapacity']);
  const engineVersion = text(found.inputs, 'engineVersion');
  return { status: PLANNED, engineVersion, ...(maximumAcu !== undefined && { maximumAcu }) };
}

function instances(graph: Graph, region: string): Facts['instancesHere'] {
  return inRegion(graph, 'aws:rds/clusterInstance:ClusterInstance', region).map(({ inputs }) => ({
    status: PLANNED,
    instanceClass: text(inputs, 'instanceClass'),
  }));
}
