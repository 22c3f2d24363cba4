import { proof, row, type Row } from './row';

const STACK = 'lib/tap-stack';
const WHOLE = 'lib/whole-program';
const CONFIG = 'lib/config-stacks';
const NETWORK = 'lib/foundation/network';
const AURORA = 'lib/data/aurora-global';
const TABLES = 'lib/data/global-tables';
const BUCKETS = 'lib/data/replicated-buckets';
const PARAMETERS = 'lib/data/replicated-parameters';
const KEY = 'lib/foundation/encryption-key';
const QUEUE = 'lib/services/order-queue';

/** N: shape and delivery. */
export const DELIVERY: readonly Row[] = [
  row(
    'N1',
    'Pulumi TypeScript program, one stack per environment; packages @pulumi/pulumi, @pulumi/aws, @pulumi/random, typescript, jest, ts-jest, @aws-sdk/client-rds, client-route-53, client-sns',
    proof('docs/requirements', 'the packages that the sources name are dependencies, with exact versions (N1)'),
    proof(CONFIG, '%s is right and warns of nothing'),
  ),
  row(
    'N2',
    'top level: Pulumi.yaml, Pulumi.dev.yaml, package.json, tsconfig.json, jest.config.js, bin, lib, lambda, test, cfn-outputs, README.md',
    proof('docs/requirements', '%s stands at the top (N2)'),
  ),
  row(
    'N3',
    '`lib/tap-stack.ts`: one ComponentResource creates two explicit aws.Provider instances and wires every concern, passed on as typed outputs',
    proof(STACK, 'every resource and look-up names one of the two providers: nothing lands in a default region'),
    proof(WHOLE, 'a function names only things of its own region, unless the other one is its work'),
  ),
  row(
    'N4',
    '`pulumi up` from a laptop; CI deploys PR stacks with an environmentSuffix; `pulumi destroy` tears down',
    proof('lib/language-host', 'registers exactly what the in-process evaluation sees, straight from the sources'),
    proof(CONFIG, 'pr takes its suffix from CI'),
    proof(
      'pipelines/workflows',
      'is deployed and destroyed in one concurrency group, so that the end waits for what is under way',
    ),
    proof(
      'pipelines/clean-up',
      'whatever is listed: nothing open, young, busy or not of a pull request is destroyed, and nothing is forgotten',
    ),
    proof('pipelines/iam', 'may make and destroy everything of the stack of a pull request'),
  ),
  row(
    'N5',
    'every name carries environmentSuffix, pattern `resource-type-${environmentSuffix}`',
    proof(STACK, 'every physical name carries the suffix, so that stacks share an account (N5)'),
    proof(WHOLE, 'two stacks with different suffixes in one account and region pair share no physical name'),
    proof(
      'lib/naming',
      'ends in the whole qualifier and suffix and keeps the limit, however long the resource part is',
    ),
  ),
  row(
    'N6',
    'tags Environment, Region, DR-Role on everything; also EnvironmentSuffix, Repository, Author, cost tracking',
    proof(STACK, 'both providers tag everything with environment, region and home role (N6)'),
    proof('lib/config-values', 'a tag of the program cannot be overwritten, in whatever case'),
  ),
  row(
    'N7',
    'nothing hard-coded: no environment names, account ids or regions in names; regions are configuration',
    proof(CONFIG, '%s spans %s and %s, with a witness in %s'),
    proof(WHOLE, 'environmentSuffix travels under one name from configuration to a function'),
  ),
  row(
    'N8',
    'everything destroyable: no retain, no protect, no deletion protection, force-destroy buckets, skip final snapshot, short KMS window',
    proof(STACK, 'nothing is retained, protected or guarded against deletion, so destroy removes all of it (N8)'),
    proof(STACK, 'the guard depends on everything else, so that a destroy that it refuses has deleted nothing (N8)'),
    proof(
      'rehearsal/engine/roles',
      'a plain `destroy` leaves nothing, or says what comes first and has deleted nothing (N8, X12)',
    ),
    proof(
      'rehearsal/engine/roles',
      'is refused by the writer that is followed, and leaves nothing once the clusters are apart',
    ),
    proof('rehearsal/tap/pre-destroy', 'after it the guard lets the destroy pass, and that leaves nothing (N8)'),
  ),
  row(
    'N9',
    'secrets are read from existing Secrets Manager entries, never created',
    proof('lib/config', 'no key invites a secret: the one secret is referenced by name'),
    proof(
      'lib/language-host',
      'a secret without its replica in dr stops everything before anything is created, and says how to add it (N9)',
    ),
  ),
  row(
    'N10',
    'outputs in `cfn-outputs/flat-outputs.json`; integration tests read it and validate the deployed resources and end-to-end flows',
    proof('integration/orders', 'is accepted over HTTP, queued, processed and readable'),
    proof('integration/payments', 'is validated once, with a receipt in both regions'),
    proof('integration/replication', 'a session, in both directions'),
  ),
  row(
    'N11',
    'unit tests with Pulumi mocks, jest',
    proof('analysis/evaluate', 'sees the full request: region, parent, dependencies, options'),
  ),
  row(
    'N12',
    'state in a local file backend (`.pulumi-state/`) works out of the box',
    proof(CONFIG, 'names a local backend whose directory is in the repository, because Pulumi does not make it'),
  ),
  row(
    'N13',
    'exports: primary endpoint, DR endpoint, health check URLs, dashboard URLs, Aurora endpoints, table, bucket and topic names, orchestrator ARN',
    proof(WHOLE, 'exports what operators and integration tests need, and only of workloads that are on (N13)'),
  ),
  row(
    'N14',
    'deployment documentation; documented manual failover procedures',
    proof('rehearsal/runbooks/runbooks', 'every command of the runbooks does what its page says (N14, F7)'),
    proof('docs/runbooks', 'every command of the runbooks is one that there is (N14)'),
    proof(
      'docs/runbooks',
      'every alarm of the evaluated stack names a section of docs/alarms.md, and no section is without an alarm',
    ),
  ),
  row(
    'N15',
    'never create GuardDuty detectors; AWS Config only through its service-linked role; Lambda without aws-sdk v2; no reserved concurrency above 5; current canary runtime',
    proof(STACK, 'no account singleton, no aws-sdk v2, no reserved concurrency (N15)'),
    proof(
      'lib/detection/canaries',
      'runs a current runtime every minute, ends before the next run, and is traced (N15, C6)',
    ),
  ),
  row(
    'N16',
    'aware of service limits for multi-region deployments',
    proof('analysis/readiness', 'counts what the stack adds to every quota'),
    proof('ops/tap/preflight', 'what fits exactly is ok, and one less is not: the fix asks for what is needed'),
    proof('ops/tap/preflight', 'what a deployed stack has itself is not counted a second time'),
    proof('pipelines/workflows', 'a deployment looks first, deploys, and proves what it has deployed'),
  ),
];

/** W: network. */
export const NETWORKS: readonly Row[] = [
  row(
    'W1',
    'a VPC per region, 3 AZs, private subnets (databases), public subnets (load balancers)',
    proof(NETWORK, 'three zones get a public and a private subnet each, out of the plan'),
    proof(
      NETWORK,
      'zones are asked for in the region itself, without local zones and without the old one of us-east-1',
    ),
  ),
  row(
    'W2',
    'NAT for outbound in both regions',
    proof(NETWORK, 'single: all private subnets leave through one NAT gateway in the first public subnet'),
    proof(NETWORK, 'per-az: the loss of a zone takes the way out of no other'),
    proof(NETWORK, 'none: no NAT gateway, no address, and private subnets have no way out at all'),
  ),
  row(
    'W3',
    'VPC peering for cross-region communication, with routes and DNS',
    proof('lib/foundation/peering', 'primary asks and dr accepts: across regions a connection cannot accept itself'),
    proof('lib/foundation/peering', "each side resolves the other's names to private addresses"),
  ),
  row(
    'W4',
    'free gateway endpoints for S3 and DynamoDB',
    proof(NETWORK, 'S3 and DynamoDB are reached over free gateway endpoints from every subnet, NAT or not'),
  ),
  row(
    'W5',
    'security groups restrict Aurora to its clients; flow logs on',
    proof(NETWORK, 'only functions get in, to the database and to the endpoint, and nobody from an address range'),
    proof(NETWORK, 'all traffic is logged to the audit-logs bucket'),
  ),
];

/** D: data. */
export const DATA: readonly Row[] = [
  row(
    'D1',
    'Aurora PostgreSQL Global Database, primary cluster and DR cluster, automated backups, encrypted, Performance Insights',
    proof(AURORA, 'both clusters join an existing global cluster, so that none is ever the source of it'),
    proof(AURORA, 'dr has an instance from the start: Aurora does not fail over to a cluster without one'),
    proof(AURORA, 'both clusters keep backups, and nothing stands in the way of a destroy'),
    proof(AURORA, 'everything is encrypted with the key of its own region'),
  ),
  row(
    'D2',
    'automated promotion of the DR cluster',
    proof(
      'lambda/failover-orchestrator/promote',
      'the order goes to the own region, names the own cluster, and says that data may be lost',
    ),
    proof('integration/failover', 'dr notices by itself, and claims the next epoch by majority'),
    proof('integration/failover', 'the run promotes the database, moves traffic, raises the floor, and ends'),
  ),
  row(
    'D3',
    'RPO under 1 minute for the database; sub-second replication watched',
    proof(
      AURORA,
      'the lag is bounded in the home of the writer only: a promoted cluster has no follower and would commit nothing',
    ),
    proof('lib/config-conflicts', 'a lag beyond the target pages too late'),
    proof(
      'lib/detection/region-alarms',
      'the lag of the database warns at 1 s and pages at 30 s, by Aurora’s count and by SQL (D3, M5)',
    ),
  ),
  row(
    'D4',
    'DynamoDB global tables: sessions (A), transactions (B): on demand, PITR on every replica, streams, encrypted, bi-directional',
    proof(TABLES, 'each table has a replica in dr with backups of its own: point-in-time recovery is not replicated'),
    proof(TABLES, 'tables are on demand, with the streams that replication needs'),
    proof(
      TABLES,
      'each copy is encrypted with the key of its own region: a lost key turns a replica into a lone table',
    ),
    proof('integration/replication', 'a session, in both directions'),
  ),
  row(
    'D5',
    'S3 in both regions with cross-region replication, versioned, encrypted: static content, trading reports (A), audit logs, transaction receipts (B), application artifacts and configuration files (D)',
    proof(BUCKETS, 'replication %s'),
    proof(BUCKETS, "is encrypted with its own region's key, through a bucket key"),
    proof('integration/replication', 'an object, in both directions'),
  ),
  row(
    'D6',
    'S3 RTC for objects under 128 MB',
    proof(BUCKETS, '%s: under rtc/ within 15 minutes, everything else as well, deletions too, encrypted there'),
    proof('lambda/shared/pure', 'of %d bytes stand under %s, because the timed rule is for objects below 128 MB'),
  ),
  row(
    'D7',
    'Systems Manager parameters replicated across regions',
    proof(PARAMETERS, 'in %s changes below the path are carried at once, and every 5 minutes what the events missed'),
    proof('integration/replication', 'a parameter, and its deletion'),
  ),
  row(
    'D8',
    'KMS encryption at rest for every store, TLS in transit everywhere',
    proof(
      KEY,
      'each region has a single-Region key of its own, because dr must not need a key of the region it leaves',
    ),
    proof(BUCKETS, 'refuses requests without TLS'),
    proof(QUEUE, '%s: encrypted with the region’s key and refused without TLS'),
    proof('lib/config-conflicts', 'no TLS in a stack that is not local'),
  ),
];
