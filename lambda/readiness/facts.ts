// What readiness is judged by. Types, and the names of the facts: the scheduled function, `npx tap preflight` and the evaluated graph each
// fill in the facts that they can see, and the same checks judge them.

/** What was asked: what came, or why it is not known. */
export type Fact<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

/** Something by the name that it has, or by the region that it is in. */
type By<T> = Readonly<Record<string, T>>;

/** The global cluster, as RDS describes it. */
export interface GlobalClusterState {
  readonly status: string;
  readonly engineVersion: string;
  /** `synchronization` only where RDS says it: `connected` or `pending-resync`. */
  readonly members: readonly { readonly arn: string; readonly synchronization?: string }[];
}

/** One region's cluster. */
export interface ClusterState {
  readonly status: string;
  readonly engineVersion: string;
  /** Greatest capacity of Serverless v2, in ACU; absent where the instances have a fixed class. */
  readonly maximumAcu?: number;
}

export interface InstanceState {
  readonly status: string;
  readonly instanceClass: string;
}

/** The registers together: how many answered, and what those say. Times in milliseconds since 1970. */
export interface RegistersState {
  readonly answered: number;
  readonly all: number;
  readonly majority: number;
  /** Absent without a majority. */
  readonly owner?: {
    readonly region: string;
    readonly epoch: number;
    readonly released: boolean;
    readonly leaseEnd: number;
    /** An epoch above the owner's that somebody has claimed and not won. */
    readonly contestedBy?: number;
  };
}

/** The consumer of a queue: an event source mapping. */
export interface ConsumerState {
  /** In Lambda's words, or `missing`. */
  readonly state: string;
  /** When it was last changed, in milliseconds since 1970; absent where nobody says. */
  readonly changedAt?: number;
}

/** One function. `settings`: what has to be the same in both regions, each as text, `memory: 512`. */
export interface FunctionState {
  readonly codeHash: string;
  readonly settings: By<string>;
  /** Lambda's word for whether it can be invoked; absent where it says nothing. */
  readonly state?: string;
}

/** The fleet of a region. */
export interface FleetState {
  readonly minimum: number;
  readonly maximum: number;
  /** Instances that are in service and healthy. */
  readonly inService: number;
  /** Instances from another version of the launch template than the group's. */
  readonly outdated: number;
  /** EC2 type of the launch template, where it is known. */
  readonly instanceType?: string;
}

/** An alarm: its state in CloudWatch's words, and whom it calls when it turns red. */
export interface AlarmLook {
  readonly state: string;
  readonly actionsEnabled: boolean;
  readonly actions: readonly string[];
}

/** The alarms that readiness looks at, by what they are for. */
export type WatchedAlarm = 'trigger' | 'maintenance' | 'probe' | 'canary' | 'traffic' | 'parameters';

/** A table as its region sees it. `keyUnusable`: the key that it is encrypted with cannot be used. */
export interface TableState {
  readonly status: string;
  readonly keyUnusable: boolean;
  /** Status of the replicas in other regions, by region. */
  readonly replicas: By<string>;
}

/** How a bucket is copied: rules that are switched on, and whether one is timed (S3 RTC): what is large goes by another. */
export interface BucketCopy {
  readonly enabledRules: number;
  readonly timed: boolean;
}

/** What an account may have of something in a region (`global` for what has none), and what it has. */
export interface QuotaLook {
  readonly region: string;
  readonly limit: number;
  readonly used: number;
}

/** What is counted against a quota before a deployment. */
export const QUOTAS = [
  'vpcs',
  'internet-gateways',
  'elastic-ips',
  'iam-roles',
  's3-buckets',
  'health-checks',
  'db-clusters',
  'api-domains',
] as const;
export type QuotaName = (typeof QUOTAS)[number];

/**
 * Every fact. `here` is the region that would take over, `there` the one that it would take over from; before a deployment `here`
 * is dr. `absent` is certain knowledge that there is no such thing; `none` that there is not meant to be one.
 */
export interface Facts {
  readonly globalCluster: GlobalClusterState | 'absent';
  readonly clusterHere: ClusterState | 'absent';
  readonly clusterThere: ClusterState | 'absent';
  readonly instancesHere: readonly InstanceState[];
  readonly instancesThere: readonly InstanceState[];
  /** `version`: id of the version that is AWSCURRENT. */
  readonly secretHere: { readonly version: string } | 'absent';
  readonly secretThere: { readonly version: string } | 'absent';
  /** When the database last calculated how far it is behind, and how far; `writes` in the writer's region. Milliseconds. */
  readonly lag: { readonly calculatedAt: number; readonly lagMs: number } | 'writes';
  readonly registers: RegistersState;

  /** Functions by their names without the suffix. */
  readonly functionsHere: By<FunctionState | 'absent'>;
  readonly functionsThere: By<FunctionState | 'absent'>;
  /** Each consumer by its id. */
  readonly consumers: By<ConsumerState>;
  readonly fleetHere: FleetState | 'absent' | 'none';
  readonly fleetThere: FleetState | 'absent' | 'none';
  /** Concurrent executions that a region has left for functions without a reservation, by region. */
  readonly concurrency: By<number>;

  /** Only those that this region has. */
  readonly alarms: Readonly<Partial<Record<WatchedAlarm, AlarmLook | 'absent'>>>;
  /** ARNs on whose behalf CloudWatch may call the orchestrator here. */
  readonly orchestratorCallers: readonly string[];
  readonly schedules: By<boolean>;
  /** Subscriptions of the alerts topic here. */
  readonly subscriptions: readonly { readonly protocol: string; readonly confirmed: boolean }[];

  readonly tables: By<TableState | 'absent'>;
  /** Whether point-in-time recovery is on, by table. */
  readonly backups: By<boolean>;
  readonly buckets: By<BucketCopy | 'absent'>;
  /** Messages in the dead-letter queues here, by queue. */
  readonly deadLetters: By<number>;
  /** Parameters whose value differs between the regions. */
  readonly differentParameters: readonly string[];

  /** What Route 53's checkers say of each region, read through the vantage record; `silent`: no name server says either. */
  readonly vantageHere: 'up' | 'down' | 'silent';
  readonly vantageThere: 'up' | 'down' | 'silent';
  /** Whether each of the API's names here leads to the API. */
  readonly domains: By<boolean>;
  /** The certificate here: ACM's status, and when it ends, in milliseconds since 1970, where that is known. */
  readonly certificate: { readonly status: string; readonly endsAt?: number } | 'absent';
  /** Requests a second that API Gateway lets through, by region. */
  readonly requestRate: By<number>;

  /** Opt-in status by region, as EC2 says it: `opt-in-not-required`, `opted-in`, `not-opted-in`. */
  readonly regionStatus: By<string>;
  /** Availability zones that can be used, by region. */
  readonly zones: By<number>;
  /** Whether RDS offers the engine version for a global database, by region. */
  readonly engineOffered: By<boolean>;
  /** Whether RDS offers the instance class for that version, by region. */
  readonly classOffered: By<boolean>;
  /** Zones of a region in which EC2 offers the fleet's type, by region. */
  readonly fleetTypeZones: By<number>;
  /** Whether the parameter with the fleet's AMI is there, by region. */
  readonly amis: By<boolean>;
  /** Name servers of the zone, and those that the world is sent to for its name. */
  readonly hostedZone: { readonly own: readonly string[]; readonly delegated: readonly string[] } | 'absent';
  /** Whether API Gateway has a role for its logs, by region. */
  readonly apiLoggingRole: By<boolean>;
  readonly quotas: Readonly<Partial<Record<QuotaName, readonly QuotaLook[]>>>;
}

export type FactName = keyof Facts;

/** What was asked; a fact that is not there was not asked. */
export type Gathered = { readonly [Name in FactName]?: Fact<Facts[Name]> };

/** What the facts are compared with. Times in milliseconds. */
export interface Policy {
  readonly now: number;
  readonly here: { readonly region: string; readonly clusterArn: string };
  readonly there: { readonly region: string; readonly clusterArn: string };
  readonly rpoMs: number;
  /** Instances that a failover raises the fleet to; 0 without a fleet. */
  readonly fleetFloor: number;
  /** Concurrent executions that one region needs for the load of both. */
  readonly concurrencyNeeded: number;
  /** Requests a second that the API lets through at most, in either region. */
  readonly requestsPerSecond: number;
  /** The trigger alarm here and the orchestrator that it must call; absent where no failover starts by itself. */
  readonly trigger?: { readonly alarmArn: string; readonly orchestratorArn: string };
  /** Regions that the stack is deployed into, the witness too. */
  readonly regions: readonly string[];
  /** The stack sets API Gateway's logging role by itself. */
  readonly setsApiLoggingRole: boolean;
  /** What the stack adds to each quota: in a region, or in `global`. */
  readonly demands: Readonly<Partial<Record<QuotaName, By<number>>>>;
}

/** What each fact is called in "... is not known". */
export const FACT_WORDS: Readonly<Record<FactName, string>> = {
  globalCluster: 'the global cluster',
  clusterHere: 'the cluster here',
  clusterThere: 'the cluster in the other region',
  instancesHere: 'which instances the cluster here has',
  instancesThere: 'which instances the cluster in the other region has',
  secretHere: 'whether the database secret is here',
  secretThere: 'the database secret in the other region',
  lag: 'the replication lag',
  registers: 'what the registers say',
  functionsHere: 'the code of the functions here',
  functionsThere: 'the code of the functions in the other region',
  consumers: 'whether the consumers here are enabled',
  fleetHere: 'how large the fleet here may grow',
  fleetThere: 'the fleet in the other region',
  concurrency: 'how many functions may run at once',
  alarms: 'the state of the alarms here',
  orchestratorCallers: 'who may call the orchestrator here',
  schedules: 'whether the schedules here are enabled',
  subscriptions: 'who is told by the alerts topic here',
  tables: 'the state of the tables',
  backups: 'whether the tables can be recovered',
  buckets: 'how the buckets here are copied',
  deadLetters: 'what is in the dead-letter queues here',
  differentParameters: 'whether the parameters are the same in both regions',
  vantageHere: "what Route 53's checkers say of this region",
  vantageThere: "what Route 53's checkers say of the other region",
  domains: "whether the API's names lead to it here",
  certificate: 'the certificate here',
  requestRate: 'how many requests API Gateway lets through',
  regionStatus: 'which regions are enabled',
  zones: 'how many availability zones there are',
  engineOffered: 'whether RDS offers the engine version',
  classOffered: 'whether RDS offers the instance class',
  fleetTypeZones: 'where EC2 offers the instance type of the fleet',
  amis: 'whether the AMI of the fleet is there',
  hostedZone: 'the hosted zone',
  apiLoggingRole: 'whether API Gateway has a role for its logs',
  quotas: 'the quotas of the account',
};

/** Every fact there is. */
export const FACT_NAMES: readonly FactName[] = Object.keys(FACT_WORDS).filter(
  (name): name is FactName => name in FACT_WORDS,
);
