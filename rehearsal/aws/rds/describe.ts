import type { WireFields } from '../service';
import type { Instance, RegionalCluster } from './cluster';
import type { GlobalDatabase } from './global-database';
import type { Operation } from './operation';

// Shapes of the RDS API (API reference, GlobalCluster, DBCluster, DBInstance), as far as the program's resources say
// it.

export function describeGlobalCluster(database: GlobalDatabase): WireFields {
  const { layout, operation, writerRegion } = database;
  return {
    GlobalClusterIdentifier: layout.identifier,
    GlobalClusterArn: layout.arn,
    Status: operation ? globalStatus(operation) : 'available',
    Engine: layout.engine,
    EngineVersion: layout.engineVersion,
    DatabaseName: layout.databaseName,
    StorageEncrypted: true,
    DeletionProtection: layout.deletionProtection,
    Endpoint: layout.endpoint,
    GlobalClusterMembers: database.members().map((region) => ({
      DBClusterArn: database.cluster(region).layout.arn,
      Readers: region === writerRegion && database.members().length > 1 ? [database.other(region).layout.arn] : [],
      IsWriter: region === writerRegion,
      GlobalWriteForwardingStatus: 'disabled',
      SynchronizationStatus: database.synchronization(region),
    })),
    ...(operation && {
      FailoverState: {
        Status: operation.status,
        FromDbClusterArn: database.cluster(operation.from).layout.arn,
        ToDbClusterArn: database.cluster(operation.to).layout.arn,
        IsDataLossAllowed: operation.dataLossAllowed,
      },
    }),
  };
}

function globalStatus({ kind }: Operation): string {
  return kind === 'failover' ? 'failing-over' : 'switching-over';
}

export function describeCluster(database: GlobalDatabase, cluster: RegionalCluster): WireFields {
  const { layout, status, writer, duty } = cluster;
  const source = database.cluster(database.writerRegion).layout.arn;
  return {
    DBClusterIdentifier: layout.identifier,
    DBClusterArn: layout.arn,
    DbClusterResourceId: layout.resourceId,
    Status: status,
    Engine: database.layout.engine,
    EngineVersion: layout.engineVersion,
    // A cluster that follows has a cluster endpoint that leads nowhere: the API leaves it out.
    ...(writer && { Endpoint: layout.endpoint }),
    ReaderEndpoint: layout.readerEndpoint,
    Port: layout.port,
    DatabaseName: database.layout.databaseName,
    MasterUsername: database.layout.masterUsername,
    BackupRetentionPeriod: layout.backupRetentionPeriod,
    StorageEncrypted: true,
    DeletionProtection: layout.deletionProtection,
    MultiAZ: layout.instances.length > 1,
    ...(duty === 'follows' && { ReplicationSourceIdentifier: source }),
    DBClusterMembers: cluster.instances.map((instance) => ({
      DBInstanceIdentifier: instance.layout.identifier,
      IsClusterWriter: instance === writer,
      DBClusterParameterGroupStatus: 'in-sync',
      PromotionTier: 1,
    })),
  };
}

export function describeInstance(
  database: GlobalDatabase,
  cluster: RegionalCluster,
  { layout, server }: Instance,
): WireFields {
  return {
    DBInstanceIdentifier: layout.identifier,
    DBInstanceArn: layout.arn,
    DBInstanceClass: layout.instanceClass,
    DBInstanceStatus: server.state === 'listening' ? 'available' : cluster.isGone ? 'failed' : 'rebooting',
    DBClusterIdentifier: cluster.layout.identifier,
    Engine: database.layout.engine,
    EngineVersion: cluster.layout.engineVersion,
  };
}
