import { text, type Graph, type GraphResource } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';

/** One DB instance as the program asks for it. */
export interface InstanceLayout {
  readonly identifier: string;
  /** Its own name, whatever its role. */
  readonly endpoint: string;
  readonly arn: string;
  readonly instanceClass: string;
}

/** One regional cluster. */
export interface ClusterLayout {
  readonly region: string;
  readonly identifier: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly port: number;
  readonly engineVersion: string;
  readonly backupRetentionPeriod: number;
  readonly deletionProtection: boolean;
  readonly instances: readonly InstanceLayout[];
}

/** The global database, its writer's cluster first. */
export interface GlobalLayout {
  readonly identifier: string;
  readonly arn: string;
  readonly endpoint: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly databaseName: string;
  readonly deletionProtection: boolean;
  readonly masterUsername: string;
  readonly masterPassword: string;
  readonly writer: ClusterLayout;
  readonly follower: ClusterLayout;
}

/**
 * The global database of a stack, from its resources.
 * @throws NotModelledError for a stack that has none, or one with more than two regions or with `rds.global_db_rpo`.
 */
export function readGlobalDatabase(graph: Graph): GlobalLayout {
  const [global, second] = graph.all('aws:rds/globalCluster:GlobalCluster');
  if (!global || second) throw new NotModelledError('a stack without a global database, or with two');
  refuseBoundedLoss(graph);
  const identifier = text(global.inputs, 'globalClusterIdentifier');
  const members = graph
    .all('aws:rds/cluster:Cluster')
    .filter(({ inputs }) => inputs['globalClusterIdentifier'] === identifier);
  // The first member, the writer, is made with a user of its own; what follows takes its content.
  const writer = members.find(({ inputs }) => typeof inputs['masterUsername'] === 'string');
  const followers = members.filter((member) => member !== writer);
  const [follower] = followers;
  if (!writer || !follower || followers.length > 1) {
    throw new NotModelledError('a global database of other than two regions');
  }
  return {
    identifier,
    arn: text(global.outputs, 'arn'),
    endpoint: text(global.outputs, 'endpoint'),
    engine: text(global.inputs, 'engine'),
    engineVersion: text(global.inputs, 'engineVersion'),
    databaseName: text(writer.inputs, 'databaseName'),
    deletionProtection: global.inputs['deletionProtection'] === true,
    masterUsername: text(writer.inputs, 'masterUsername'),
    masterPassword: text(writer.inputs, 'masterPassword'),
    writer: readCluster(graph, writer),
    follower: readCluster(graph, follower),
  };
}

/** With it the writer blocks commits while the other region lags behind (Aurora guide, "Managing RPOs"). */
function refuseBoundedLoss(graph: Graph): void {
  for (const { inputs } of graph.all('aws:rds/clusterParameterGroup:ClusterParameterGroup')) {
    if (JSON.stringify(inputs['parameters'] ?? []).includes('rds.global_db_rpo')) {
      throw new NotModelledError('rds.global_db_rpo');
    }
  }
}

function readCluster(graph: Graph, { inputs, outputs, region = '' }: GraphResource): ClusterLayout {
  const identifier = text(inputs, 'clusterIdentifier');
  const { port, backupRetentionPeriod } = { ...inputs, ...outputs };
  const readerEndpoint = text(outputs, 'readerEndpoint');
  // All names of a cluster and of its instances share one domain (Aurora guide, "Amazon Aurora endpoint connections").
  const domain = readerEndpoint.slice(readerEndpoint.indexOf('.cluster-ro-') + '.cluster-ro-'.length);
  return {
    region,
    identifier,
    arn: text(outputs, 'arn'),
    resourceId: text(outputs, 'clusterResourceId'),
    endpoint: `${identifier}.cluster-${domain}`,
    readerEndpoint,
    port: typeof port === 'number' ? port : 5_432,
    engineVersion: text(inputs, 'engineVersion'),
    backupRetentionPeriod: typeof backupRetentionPeriod === 'number' ? backupRetentionPeriod : 1,
    deletionProtection: inputs['deletionProtection'] === true,
    instances: graph
      .all('aws:rds/clusterInstance:ClusterInstance')
      .filter((instance) => instance.region === region && instance.inputs['clusterIdentifier'] === identifier)
      .map((instance) => ({
        identifier: text(instance.inputs, 'identifier'),
        endpoint: `${text(instance.inputs, 'identifier')}.${domain}`,
        arn: text(instance.outputs, 'arn'),
        instanceClass: text(instance.inputs, 'instanceClass'),
      })),
  };
}
