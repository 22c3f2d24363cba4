/** Where one region's cluster is reached. */
export interface ClusterHosts {
  /** Leads to the writer, and to nobody in a region that follows. */
  readonly writer: string;
  readonly reader: string;
  /** Each instance's own name, which leads to it whatever its role. */
  readonly instances: readonly string[];
}

/** What AWS says of a cluster's names, and the program of its instances. */
export interface ClusterNames {
  /** None of a cluster that follows: its description has none until it is promoted (terraform-provider-aws, issue 14219). */
  readonly endpoint: string | undefined;
  /** Every cluster in AWS has one. */
  readonly readerEndpoint: string | undefined;
  readonly instanceIdentifiers: readonly string[];
}

/**
 * The names of a cluster, from the one that every cluster has whatever its role: CLUSTER.cluster-ro-KEY.REGION.rds..., where
 * the writer is at CLUSTER.cluster-KEY... and an instance at INSTANCE.KEY... (Aurora guide, "Amazon Aurora endpoint connections").
 * The output `endpoint` comes and goes with the role: a refresh after a failover would empty the environment of primary's functions.
 * Names of another form, as emulators give them, are taken as they are.
 */
export function clusterHosts({ endpoint = '', readerEndpoint = '', instanceIdentifiers }: ClusterNames): ClusterHosts {
  const [cluster, domain] = readerEndpoint.split('.cluster-ro-');
  if (domain === undefined) return { writer: endpoint, reader: readerEndpoint, instances: [] };
  return {
    writer: `${cluster}.cluster-${domain}`,
    reader: readerEndpoint,
    instances: instanceIdentifiers.map((identifier) => `${identifier}.${domain}`),
  };
}
