import { at, charge, CostError, isPrimary, listAt, neededNumber, neededText, regionOf, textAt } from '../charge';
import { auroraPrice, priceOf } from '../prices';
import { apiTraffic, ordersOf, timedRules } from '../traffic';
import { HOURS } from '../workload';
import type { GraphResource, Value } from '../../graph/graph';
import type { Charge, Context, Rule } from '../charge';

const CLUSTER = 'aws:rds/cluster:Cluster';
const INSTANCE = 'aws:rds/clusterInstance:ClusterInstance';

/** By the hour: a class, or the least capacity of Serverless v2, below which an instance never goes. */
function instance(resource: GraphResource, { all }: Context): readonly Charge[] {
  const region = regionOf(resource);
  const of = neededText(resource, 'instanceClass');
  const service = 'Aurora';
  if (of !== 'db.serverless') {
    return [
      { service, what: `instances ${of}`, region, quantity: HOURS, price: auroraPrice(of, region), standby: false },
    ];
  }
  const cluster = all(CLUSTER).find(
    (one) => textAt(one, 'clusterIdentifier') === textAt(resource, 'clusterIdentifier'),
  );
  if (!cluster) throw new CostError(`the cluster of ${resource.name} is not in the graph`);
  const acus = neededNumber(cluster, 'serverlessv2ScalingConfiguration.minCapacity');
  const price = priceOf('aurora.acu', region);
  return [{ service, what: 'instances db.serverless', region, quantity: acus * HOURS, price, standby: false }];
}

/** Storage in every region; I/O where clients are; replicated writes where they arrive. */
function cluster(resource: GraphResource, context: Context): readonly Charge[] {
  const { workload, places } = context;
  const region = regionOf(resource);
  const service = 'Aurora';
  const orders = ordersOf(places.primary, context);
  const retained = Math.max(0, neededNumber(resource, 'backupRetentionPeriod') - 1);
  const line = { service, region } as const;
  const ios = isPrimary(region, context)
    ? [
        charge({
          ...line,
          what: 'I/O',
          id: 'aurora.io',
          quantity: (orders * (workload.writeIosPerOrder + workload.readIosPerOrder)) / 1e6,
        }),
      ]
    : [
        charge({
          ...line,
          what: 'replicated write I/O',
          id: 'aurora.replicatedIo',
          quantity: (orders * workload.writeIosPerOrder) / 1e6,
        }),
      ];
  return [
    charge({ ...line, what: 'storage', id: 'aurora.storage', quantity: workload.databaseGb }),
    // Backups hold what has changed: of each day beyond the first, the log of that day.
    charge({
      ...line,
      what: 'backups',
      id: 'aurora.backup',
      quantity: (retained * orders * workload.walKbPerOrder) / 30 / 1e6,
    }),
    ...ios,
    ...exportedLogs(resource, context),
  ];
}

function exportedLogs(resource: GraphResource, { workload }: Context): readonly Charge[] {
  if (listAt(resource, 'enabledCloudwatchLogsExports').length === 0) return [];
  const region = regionOf(resource);
  const quantity = workload.databaseLogGb;
  return [
    charge({ service: 'CloudWatch', what: 'logs of the database', id: 'logs.ingest', region, quantity }),
    charge({ service: 'CloudWatch', what: 'kept logs', id: 'logs.store', region, quantity }),
  ];
}

/** What the database sends to dr leaves primary once. */
function globalCluster(_: GraphResource, context: Context): readonly Charge[] {
  const { primary } = context.places;
  const quantity = (ordersOf(primary, context) * context.workload.walKbPerOrder) / 1e6;
  return [
    charge({
      service: 'Aurora',
      what: 'transfer to dr',
      id: 'transfer.region',
      region: primary,
      quantity,
      standby: true,
    }),
  ];
}

/** A global table is charged in every region that has it; a table of control is small, and its calls count with the ticks. */
function table(resource: GraphResource, context: Context): readonly Charge[] {
  const own = regionOf(resource);
  const replicas = listAt(resource, 'replicas');
  if (replicas.length === 0) return [];
  const tables = context.all(resource.type).filter((one) => listAt(one, 'replicas').length > 0).length;
  const regions: readonly (readonly [region: string, isRestorable: boolean])[] = [
    [own, at(resource.inputs, 'pointInTimeRecovery.enabled') === true],
    ...replicas.map((one) => [replicaRegion(one, resource), at(one, 'pointInTimeRecovery') === true] as const),
  ];
  const { orders, reads } = apiTraffic(context.places.primary, context);
  const { tableGb, writesPerOrder, itemReadsPerRequest } = context.workload;
  const service = 'DynamoDB';
  return regions.flatMap(([region, isRestorable]) => {
    const isHere = isPrimary(region, context);
    const line = { service, region } as const;
    const written = (orders * writesPerOrder) / tables / 1e6;
    const read = ((orders + reads) * itemReadsPerRequest) / tables / 1e6;
    return [
      charge({ ...line, what: 'storage of tables', id: 'dynamodb.storage', quantity: tableGb }),
      charge({ ...line, what: isHere ? 'writes' : 'replicated writes', id: 'dynamodb.write', quantity: written }),
      ...(isHere ? [charge({ ...line, what: 'reads', id: 'dynamodb.read', quantity: read })] : []),
      ...(isRestorable
        ? [charge({ ...line, what: 'point-in-time recovery', id: 'dynamodb.pitr', quantity: tableGb })]
        : []),
    ];
  });
}

/** @throws CostError when a replica names none. */
function replicaRegion(replica: Value, { name }: GraphResource): string {
  const region = at(replica, 'regionName');
  if (typeof region === 'string') return region;
  throw new CostError(`a replica of the table ${name} names no region`);
}

function bucket(resource: GraphResource, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  const { objectsGb, newObjectsGb, objectsPerGb } = context.workload;
  const line = { service: 'S3', region } as const;
  return [
    charge({ ...line, what: 'storage', id: 's3.storage', quantity: objectsGb }),
    charge({ ...line, what: 'writes', id: 's3.put', quantity: (newObjectsGb * objectsPerGb) / 1_000 }),
  ];
}

/** New objects are written in primary, so that only its direction has traffic; the metrics are there in both. */
function replication(resource: GraphResource, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  const rules = timedRules(resource);
  const { newObjectsGb, replicationMetrics } = context.workload;
  const standby = true;
  const metrics = charge({
    service: 'CloudWatch',
    what: 'metrics of replication rules',
    id: 'cloudwatch.metric',
    region,
    quantity: rules * replicationMetrics,
    standby,
  });
  if (!isPrimary(region, context)) return [metrics];
  const line = { service: 'S3', region, standby, quantity: newObjectsGb } as const;
  return [
    metrics,
    charge({ ...line, what: 'transfer to dr', id: 'transfer.region' }),
    ...(rules > 0 ? [charge({ ...line, what: 'replication time control', id: 's3.rtc' })] : []),
  ];
}

/** Of a region's API traffic, which is what makes keys work. */
function key(resource: GraphResource, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  const { orders, reads, checks } = apiTraffic(region, context);
  const requests = (orders + reads + checks) * context.workload.keyRequestsPerRequest;
  return [
    charge({ service: 'KMS', what: 'keys', id: 'kms.key', region, quantity: 1 }),
    charge({ service: 'KMS', what: 'requests', id: 'kms.request', region, quantity: requests / 10_000 }),
  ];
}

const secret: Rule = (resource) => [
  charge({ service: 'Secrets Manager', what: 'secrets', id: 'secret.month', region: regionOf(resource), quantity: 1 }),
];

export const DATA_RULES: Readonly<Record<string, Rule>> = {
  [CLUSTER]: cluster,
  [INSTANCE]: instance,
  'aws:rds/globalCluster:GlobalCluster': globalCluster,
  'aws:dynamodb/table:Table': table,
  'aws:s3/bucket:Bucket': bucket,
  'aws:s3/bucketReplicationConfig:BucketReplicationConfig': replication,
  'aws:kms/key:Key': key,
  'aws:kms/replicaKey:ReplicaKey': key,
  'aws:secretsmanager/secret:Secret': secret,
};
