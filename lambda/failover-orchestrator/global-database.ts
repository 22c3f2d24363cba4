import {
  DBClusterNotFoundFault,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  GlobalClusterNotFoundFault,
  type RDSClient,
  SwitchoverGlobalClusterCommand,
} from '@aws-sdk/client-rds';

/** The global database as RDS in this region describes it. */
export interface GlobalDatabaseLook {
  /** Whether there is a global database that this region's cluster belongs to. */
  readonly isMember: boolean;
  /** Whether this region's cluster is the writer. */
  readonly isWriter: boolean;
  /** Whether this region's cluster has what the writer has, but for the lag: not while it is rebuilt after a failover. */
  readonly isConnected?: boolean;
  /** RDS's own word for the whole. */
  readonly globalStatus?: string;
  /** A failover or switchover in progress: its own word for where it stands, and where it leads. */
  readonly inProgress?: { readonly status: string; readonly towards: string };
  /** This region's cluster; absent when there is none. */
  readonly cluster?: {
    readonly status: string;
    readonly instances: number;
    readonly engineVersion: string;
  };
  readonly engineVersion?: string;
}

/** The global database, by RDS's endpoint in one region. A failover is asked of the one that takes over (aws-facts.md 1.1). */
export interface GlobalDatabase {
  /** @throws RDS's errors, except for what does not exist: that is an answer. */
  look(): Promise<GlobalDatabaseLook>;
  /**
   * Orders RDS to make this region's cluster the writer, whatever is lost by it. Accepted when it returns.
   *
   * @throws RDS's errors.
   */
  failOver(): Promise<void>;
  /**
   * Orders RDS to make another cluster the writer, without loss. Must be asked of the region that has the writer (Aurora guide,
   * "Performing switchovers for Amazon Aurora global databases"). Accepted when it returns.
   *
   * @throws RDS's errors.
   */
  switchOverTo(clusterArn: string): Promise<void>;
}

/** What one region's functions go by. */
export interface GlobalDatabaseSettings {
  readonly globalClusterId: string;
  readonly ownClusterArn: string;
}

/**
 * Never asks twice by itself: the run asks again, after another look.
 *
 * @param clients of this region: `look` for questions and `order` for the failover, which RDS takes longer to answer.
 */
export function createGlobalDatabase(
  clients: { readonly look: RDSClient; readonly order: RDSClient },
  { globalClusterId, ownClusterArn }: GlobalDatabaseSettings,
): GlobalDatabase {
  async function globalCluster() {
    try {
      const { GlobalClusters } = await clients.look.send(
        new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: globalClusterId }),
      );
      return GlobalClusters?.[0];
    } catch (error) {
      if (error instanceof GlobalClusterNotFoundFault) return undefined;
      throw error;
    }
  }

  async function ownCluster() {
    try {
      const { DBClusters } = await clients.look.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: ownClusterArn }),
      );
      return DBClusters?.[0];
    } catch (error) {
      if (error instanceof DBClusterNotFoundFault) return undefined;
      throw error;
    }
  }

  return {
    async look() {
      const [global, cluster] = await Promise.all([globalCluster(), ownCluster()]);
      const member = global?.GlobalClusterMembers?.find(({ DBClusterArn }) => DBClusterArn === ownClusterArn);
      const state = global?.FailoverState;
      return {
        isMember: member !== undefined,
        isWriter: member?.IsWriter === true,
        isConnected: member !== undefined && member.SynchronizationStatus !== 'pending-resync',
        ...(global?.Status !== undefined && { globalStatus: global.Status }),
        ...(state?.Status && { inProgress: { status: state.Status, towards: state.ToDbClusterArn ?? '' } }),
        ...(cluster && {
          cluster: {
            status: cluster.Status ?? '',
            instances: cluster.DBClusterMembers?.length ?? 0,
            engineVersion: cluster.EngineVersion ?? '',
          },
        }),
        ...(global?.EngineVersion !== undefined && { engineVersion: global.EngineVersion }),
      };
    },
    async failOver() {
      await clients.order.send(
        new FailoverGlobalClusterCommand({
          GlobalClusterIdentifier: globalClusterId,
          TargetDbClusterIdentifier: ownClusterArn,
          // Said explicitly: without it RDS takes the order for a switchover, which needs the region that is lost.
          AllowDataLoss: true,
        }),
      );
    },
    async switchOverTo(clusterArn) {
      await clients.order.send(
        new SwitchoverGlobalClusterCommand({
          GlobalClusterIdentifier: globalClusterId,
          TargetDbClusterIdentifier: clusterArn,
        }),
      );
    },
  };
}
