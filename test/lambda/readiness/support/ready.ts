import type { Fact, FactName, Facts, Gathered, Policy } from '../../../../lambda/readiness/facts';
import { DR, PRIMARY, WITNESS } from '../../support/registers';

export const NOW = Date.UTC(2026, 10, 24, 3, 51);
export const OWN_ARN = `arn:aws:rds:${DR}:123456789012:cluster:trading-dr-dev`;
export const OTHER_ARN = `arn:aws:rds:${PRIMARY}:123456789012:cluster:trading-primary-dev`;
export const ORCHESTRATOR_ARN = `arn:aws:lambda:${DR}:123456789012:function:failover-orchestrator-dev`;
export const TRIGGER_ARN = `arn:aws:cloudwatch:${DR}:123456789012:alarm:failover-trigger-dev`;
const DAY = 86_400_000;

/** What dr compares with, before a deployment and after it. */
export const POLICY: Policy = {
  now: NOW,
  here: { region: DR, clusterArn: OWN_ARN },
  there: { region: PRIMARY, clusterArn: OTHER_ARN },
  rpoMs: 60_000,
  fleetFloor: 4,
  concurrencyNeeded: 280,
  requestsPerSecond: 2_500,
  trigger: { alarmArn: TRIGGER_ARN, orchestratorArn: ORCHESTRATOR_ARN },
  regions: [PRIMARY, DR, WITNESS],
  setsApiLoggingRole: false,
  demands: {
    vpcs: { [PRIMARY]: 1, [DR]: 1 },
    'internet-gateways': { [PRIMARY]: 1, [DR]: 1 },
    'elastic-ips': { [PRIMARY]: 3, [DR]: 3 },
    'iam-roles': { global: 34 },
    's3-buckets': { global: 12 },
    'health-checks': { global: 11 },
    'db-clusters': { [PRIMARY]: 1, [DR]: 1 },
    'api-domains': { [PRIMARY]: 2, [DR]: 2 },
  },
};

const CLUSTER = { status: 'available', engineVersion: '17.7', maximumAcu: 32 };
const INSTANCE = { status: 'available', instanceClass: 'db.r7g.large' };
const FUNCTION = { codeHash: 'a', settings: { memory: '512', timeout: '60' }, state: 'Active' };
const FLEET = { minimum: 1, maximum: 6, inService: 1, outdated: 0, instanceType: 't4g.small' };
const QUIET = { state: 'OK', actionsEnabled: true, actions: [] };
const TABLE = { status: 'ACTIVE', keyUnusable: false, replicas: { [PRIMARY]: 'ACTIVE' } };
const both = <T>(value: T) => ({ [PRIMARY]: value, [DR]: value });

/** A stack and an account in which nothing is wrong, as dr sees them. */
export const READY: Facts = {
  globalCluster: {
    status: 'available',
    engineVersion: '17.7',
    members: [OTHER_ARN, OWN_ARN].map((arn) => ({ arn, synchronization: 'connected' })),
  },
  clusterHere: CLUSTER,
  clusterThere: CLUSTER,
  instancesHere: [INSTANCE],
  instancesThere: [INSTANCE, INSTANCE],
  secretHere: { version: 'v2' },
  secretThere: { version: 'v2' },
  lag: { calculatedAt: NOW - 5_000, lagMs: 300 },
  registers: {
    answered: 3,
    all: 3,
    majority: 2,
    owner: { region: PRIMARY, epoch: 4, released: false, leaseEnd: NOW + 50_000 },
  },
  functionsHere: { health: FUNCTION, ledger: FUNCTION },
  functionsThere: { health: FUNCTION, ledger: FUNCTION },
  consumers: { 'consumer-1': { state: 'Enabled' } },
  fleetHere: FLEET,
  fleetThere: FLEET,
  concurrency: both(1_000),
  alarms: {
    trigger: { ...QUIET, actions: [ORCHESTRATOR_ARN, 'arn:aws:sns:eu-central-2:123456789012:alerts-dev'] },
    maintenance: QUIET,
    probe: QUIET,
    canary: QUIET,
    traffic: QUIET,
    parameters: QUIET,
  },
  orchestratorCallers: [TRIGGER_ARN],
  schedules: { 'heartbeat-dev': true, 'readiness-dev': true },
  subscriptions: [
    { protocol: 'sqs', confirmed: true },
    { protocol: 'email', confirmed: true },
  ],
  tables: { 'orders-dev': TABLE, 'transactions-dev': TABLE },
  backups: { 'orders-dev': true, 'journal-dev': true },
  buckets: { 'receipts-dev': { enabledRules: 2, timed: true } },
  deadLetters: { 'orders-dlq-dev': 0 },
  differentParameters: [],
  vantageHere: 'up',
  vantageThere: 'up',
  domains: { 'api.dev.example.com': true },
  certificate: { status: 'ISSUED', endsAt: NOW + 200 * DAY },
  requestRate: { [PRIMARY]: 10_000, [DR]: 2_500 },
  regionStatus: { [PRIMARY]: 'opt-in-not-required', [DR]: 'opted-in', [WITNESS]: 'opt-in-not-required' },
  zones: both(3),
  engineOffered: both(true),
  classOffered: both(true),
  fleetTypeZones: both(3),
  amis: both(true),
  hostedZone: { own: ['ns-1.awsdns.com.', 'ns-2.awsdns.org'], delegated: ['NS-1.awsdns.com', 'ns-2.awsdns.org.'] },
  apiLoggingRole: both(true),
  quotas: {
    vpcs: [DR, PRIMARY].map((region) => ({ region, limit: 5, used: 4 })),
    'internet-gateways': [DR, PRIMARY].map((region) => ({ region, limit: 5, used: 4 })),
    'elastic-ips': [DR, PRIMARY].map((region) => ({ region, limit: 5, used: 2 })),
    'iam-roles': [{ region: 'global', limit: 1_000, used: 100 }],
    's3-buckets': [{ region: 'global', limit: 100, used: 20 }],
    'health-checks': [{ region: 'global', limit: 200, used: 20 }],
    'db-clusters': [DR, PRIMARY].map((region) => ({ region, limit: 40, used: 1 })),
    'api-domains': [DR, PRIMARY].map((region) => ({ region, limit: 120, used: 10 })),
  },
};

export const known = <T>(value: T): Fact<T> => ({ known: true, value });

/** Facts that are all known. */
export function gathered(facts: Facts): Gathered {
  const { ...all } = facts;
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, known(value)]));
}

/** All facts but some, which nobody answers. */
export function silent(names: readonly FactName[], facts: Gathered = gathered(READY)): Gathered {
  const unknown = { known: false, why: 'time-out' } as const;
  return { ...facts, ...Object.fromEntries(names.map((name) => [name, unknown])) };
}
