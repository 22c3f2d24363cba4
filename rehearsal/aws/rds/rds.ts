import type { Graph } from '../../../analysis/graph/graph';
import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { PgServer } from '../../postgres/server';
import type { PutEvent } from '../eventbridge/event';
import type { Metrics } from '../ports';
import { answered, notModelled, refused } from '../service';
import type { Answer, Call, Need, Reply, Service, Wire } from '../service';
import type { RegionalCluster } from './cluster';
import { describeCluster, describeGlobalCluster, describeInstance } from './describe';
import { AuroraFaults } from './faults';
import { GlobalDatabase, type DatabaseCredentials } from './global-database';
import { committedOf, effectsOf, type Committed, type Effect } from './judge';
import { readGlobalDatabase } from './layout';
import { AuroraMetrics } from './metrics';
import { AURORA_NATURE, type AuroraNature } from './nature';
import { EVENTS, type EventName } from './operation';
import { RoleChange } from './role-change';

/** What RDS tells the rest of AWS. */
export interface RdsPorts {
  readonly metrics?: Metrics;
  /** Events for a region's default bus. */
  readonly putEvent?: (region: string, event: PutEvent) => void;
  /** Who may log in. @default the master user of the graph */
  readonly credentials?: DatabaseCredentials;
}

const OPERATIONS = [
  'DescribeDBClusters',
  'DescribeDBInstances',
  'DescribeGlobalClusters',
  'FailoverGlobalCluster',
  'RemoveFromGlobalCluster',
  'SwitchoverGlobalCluster',
] as const;

/** RDS of all regions: an Aurora PostgreSQL global database, its databases included. */
export class Rds implements Service {
  readonly name = 'rds';
  readonly faults: AuroraFaults;
  private readonly database: GlobalDatabase;
  private readonly roles: RoleChange;
  private readonly account: string;

  /** @throws NotModelledError for a stack without a global database of two regions. */
  constructor(
    graph: Graph,
    private readonly clock: Clock,
    random: Random,
    private readonly ports: RdsPorts = {},
    nature: AuroraNature = AURORA_NATURE,
  ) {
    const layout = readGlobalDatabase(graph);
    this.account = layout.arn.split(':')[4] ?? '';
    this.database = new GlobalDatabase(layout, clock, random.stream('aurora'), nature, ports.credentials);
    this.roles = new RoleChange(this.database, random.stream('roles'), (...event) => this.tell(...event));
    this.faults = new AuroraFaults(this.database, this.roles, random.stream('faults'));
    if (ports.metrics) new AuroraMetrics(clock, this.database, ports.metrics).start();
  }

  /** Who answers at one of RDS's host names now; undefined: the name does not resolve. */
  server(host: string, port: number): PgServer | undefined {
    return this.database.server(host, port);
  }

  /** The region of the writer, as RDS says it. */
  writerRegion(): string {
    return this.database.writerRegion;
  }

  /** Everything that was ever committed, or by one region, in order. */
  committed(region?: string): readonly Committed[] {
    const { commits } = this.database;
    return (region === undefined ? commits : commits.filter((commit) => commit.region === region)).flatMap(committedOf);
  }

  /** What a region's database holds now. */
  effects(region: string): readonly Effect[] {
    return effectsOf(this.database.cluster(region).volume.content());
  }

  /** The epoch that a region's database holds now. */
  epoch(region: string): number {
    return this.database.cluster(region).volume.content().epoch;
  }

  /** What was committed and is not in the writer's database: it went, or is about to go, with an old writer. */
  lostWithOldWriter(): readonly Committed[] {
    return this.database.lost().flatMap(committedOf);
  }

  /** Resource types: service authorization reference, Amazon RDS. */
  needs(call: Call): readonly Need[] {
    const operation = operationOf(call);
    const action = `rds:${operation}`;
    const arn = (type: string, name: string): string => `arn:aws:rds:${call.region}:${this.account}:${type}:${name}`;
    switch (operation) {
      case 'DescribeGlobalClusters': {
        const identifier = text(call.input['GlobalClusterIdentifier']) ?? '*';
        return [{ action, resource: `arn:aws:rds::${this.account}:global-cluster:${identifier}` }];
      }
      case 'DescribeDBClusters': {
        const asked = text(call.input['DBClusterIdentifier']) ?? '*';
        return [{ action, resource: asked.startsWith('arn:') ? asked : arn('cluster', asked) }];
      }
      case 'DescribeDBInstances': {
        const asked = text(call.input['DBInstanceIdentifier']) ?? '*';
        return [{ action, resource: asked.startsWith('arn:') ? asked : arn('db', asked) }];
      }
      case 'RemoveFromGlobalCluster': {
        const cluster = text(call.input['DbClusterIdentifier']) ?? '';
        return [this.database.layout.arn, cluster].map((resource) => ({ action, resource }));
      }
      case 'FailoverGlobalCluster':
      case 'SwitchoverGlobalCluster': {
        const members = this.database.regions.map((region) => this.database.cluster(region).layout.arn);
        return [this.database.layout.arn, ...members].map((resource) => ({ action, resource }));
      }
    }
  }

  handle(call: Call, reply: Reply): void {
    reply(this.answer(call));
  }

  private answer(call: Call): Answer {
    switch (operationOf(call)) {
      case 'DescribeGlobalClusters':
        return this.globalClusters(call);
      case 'DescribeDBClusters':
        return this.clusters(call);
      case 'DescribeDBInstances':
        return this.instances(call);
      case 'FailoverGlobalCluster':
        return this.failOver(call);
      case 'SwitchoverGlobalCluster':
        return this.changeRole(call, false);
      case 'RemoveFromGlobalCluster':
        return this.detach(call);
    }
  }

  private globalClusters(call: Call): Answer {
    allow(call, ['GlobalClusterIdentifier']);
    const { database } = this;
    if (!this.names(text(call.input['GlobalClusterIdentifier']), database.layout.identifier))
      return noGlobalCluster(call);
    return answered({ GlobalClusters: [describeGlobalCluster(database)] });
  }

  private clusters(call: Call): Answer {
    allow(call, ['DBClusterIdentifier']);
    const asked = text(call.input['DBClusterIdentifier']);
    const cluster = this.database.has(call.region) ? this.database.cluster(call.region) : undefined;
    if (cluster && this.names(asked, cluster.layout.identifier, cluster.layout.arn)) {
      return answered({ DBClusters: [describeCluster(this.database, cluster)] });
    }
    if (asked === undefined) return answered({ DBClusters: [] });
    return refused('DBClusterNotFoundFault', `DBCluster ${asked} not found.`, 404);
  }

  private instances(call: Call): Answer {
    allow(call, ['Filters']);
    const cluster = this.database.has(call.region) ? this.database.cluster(call.region) : undefined;
    const wanted = clusterFilter(call);
    const { identifier, arn } = cluster?.layout ?? {};
    if (!cluster || (wanted && !wanted.some((value) => value === identifier || value === arn))) {
      return answered({ DBInstances: [] });
    }
    return answered({
      DBInstances: cluster.instances.map((instance) => describeInstance(this.database, cluster, instance)),
    });
  }

  private failOver(call: Call): Answer {
    allow(call, ['GlobalClusterIdentifier', 'TargetDbClusterIdentifier', 'AllowDataLoss', 'Switchover']);
    const loss = call.input['AllowDataLoss'] === true;
    if (loss && call.input['Switchover'] === true) {
      return refused('InvalidParameterCombination', 'AllowDataLoss and Switchover cannot be specified together.');
    }
    // Without AllowDataLoss it is a switchover, whether it says so or not.
    return this.changeRole(call, loss);
  }

  private changeRole(call: Call, loss: boolean): Answer {
    const { database } = this;
    if (!this.names(text(call.input['GlobalClusterIdentifier']) ?? '', database.layout.identifier))
      return noGlobalCluster(call);
    const target = text(call.input['TargetDbClusterIdentifier']) ?? '';
    const to = database.regions.find((region) => database.cluster(region).layout.arn === target);
    if (to === undefined) return refused('DBClusterNotFoundFault', `DBCluster ${target} not found.`, 404);
    // The guide sends a failover to the chosen region and a switchover to the writer's; it does not say what others
    // answer.
    const place = loss ? to : database.writerRegion;
    if (call.region !== place) return notModelled(call, `a call to ${call.region} that belongs to ${place}`);
    const refusal = this.refusal(to, loss);
    if (refusal) return refusal;
    if (loss) this.roles.failOver(to);
    else this.roles.switchOver(to);
    return answered({ GlobalCluster: describeGlobalCluster(database) });
  }

  /**
   * A member leaves and stands alone; the writer only as the last one (Aurora user guide, "Removing a cluster from an Aurora
   * global database"). How long it takes AWS does not say.
   */
  private detach(call: Call): Answer {
    allow(call, ['GlobalClusterIdentifier', 'DbClusterIdentifier']);
    const { database } = this;
    if (!this.names(text(call.input['GlobalClusterIdentifier']) ?? '', database.layout.identifier))
      return noGlobalCluster(call);
    const asked = text(call.input['DbClusterIdentifier']);
    const region = database.members().find((one) => database.cluster(one).layout.arn === asked);
    if (region === undefined) return refused('DBClusterNotFoundFault', `DBCluster ${asked ?? ''} not found.`, 404);
    if (call.region !== region) return notModelled(call, `a call to ${call.region} that belongs to ${region}`);
    if (database.operation) {
      return refused('InvalidGlobalClusterStateFault', `The global cluster is ${database.operation.status}.`);
    }
    if (region === database.writerRegion && database.members().length > 1) {
      const why = 'The cluster is a primary member of the global cluster while there are other global cluster members.';
      return refused('InvalidGlobalClusterStateFault', why);
    }
    this.clock.after(DETACH_MS, () => database.detach(region));
    return answered({ GlobalCluster: describeGlobalCluster(database) });
  }

  private refusal(to: string, loss: boolean): Answer | undefined {
    const { database } = this;
    const global = (why: string): Answer => refused('InvalidGlobalClusterStateFault', why);
    const cluster = (why: string): Answer => refused('InvalidDBClusterStateFault', why);
    if (database.operation) return global(`The global cluster is ${database.operation.status}.`);
    if (to === database.writerRegion) return cluster('The target cluster is the primary cluster already.');
    if (database.cluster(to).status !== 'available') return cluster('The target cluster is not available.');
    if (database.cluster(to).instances.length === 0) return cluster('The target cluster has no DB instances.');
    if (database.synchronization(to) !== 'connected') return cluster('The target cluster is being resynchronized.');
    if (loss) return undefined;
    const writer = database.cluster(database.writerRegion);
    if (!database.regions.every((region) => database.reaches(region))) return global('A member cannot be reached.');
    if (!writer.canWrite || writer.status !== 'available') return cluster('The primary cluster is not available.');
    return undefined;
  }

  /** Identifiers are not case-sensitive; none asks for all there are. */
  private names(asked: string | undefined, identifier: string, arn?: string): boolean {
    return asked === undefined || asked.toLowerCase() === identifier || asked === arn;
  }

  private tell(event: EventName, cluster: RegionalCluster, region: string): void {
    const [id, message] = EVENTS[event];
    const now = this.clock.now();
    const instance = event === 'fenced' || event === 'notFenced' ? cluster.instances[0]?.layout : undefined;
    const { identifier, arn } = instance ?? cluster.layout;
    this.ports.putEvent?.(region, {
      source: 'aws.rds',
      'detail-type': `RDS DB ${instance ? 'Instance' : 'Cluster'} Event`,
      resources: [arn],
      detail: {
        EventID: `RDS-EVENT-${id}`,
        SourceType: instance ? 'DB_INSTANCE' : 'CLUSTER',
        SourceArn: arn,
        SourceIdentifier: identifier,
        Message: message,
        Date: new Date(now).toISOString(),
      },
      at: now,
    });
  }
}

/** Assumed: long enough that whoever asks has to ask again. */
const DETACH_MS = 45_000;

function operationOf(call: Call): (typeof OPERATIONS)[number] {
  return OPERATIONS.find((operation) => operation === call.operation) ?? notModelled(call);
}

function noGlobalCluster({ input }: Call): Answer {
  const asked = text(input['GlobalClusterIdentifier']) ?? '';
  return refused('GlobalClusterNotFoundFault', `Global cluster ${asked} not found`, 404);
}

function text(value: Wire): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** @throws NotModelledError for an input that would be ignored. */
function allow(call: Call, keys: readonly string[]): void {
  const other = Object.keys(call.input).find((key) => call.input[key] !== undefined && !keys.includes(key));
  if (other !== undefined) notModelled(call, `the input ${other}`);
}

/** The values of the one filter that there is, `db-cluster-id`. */
function clusterFilter(call: Call): readonly string[] | undefined {
  const { Filters: filters } = call.input;
  if (filters === undefined) return undefined;
  if (!Array.isArray(filters)) return notModelled(call, 'the form of Filters');
  return filters.flatMap((filter: Wire) => {
    if (typeof filter !== 'object' || filter === null || !('Name' in filter) || filter['Name'] !== 'db-cluster-id') {
      return notModelled(call, 'another filter than db-cluster-id');
    }
    const values: Wire = filter['Values'];
    return Array.isArray(values) ? values.filter((value): value is string => typeof value === 'string') : [];
  });
}
