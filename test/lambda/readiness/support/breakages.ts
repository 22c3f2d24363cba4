import type { Facts, QuotaName } from '../../../../lambda/readiness/facts';
import { DR, PRIMARY, WITNESS } from '../../support/registers';
import { NOW, ORCHESTRATOR_ARN, OTHER_ARN, OWN_ARN, READY } from './ready';

/** What has to be changed in a stack in which all is well for one check to go red, and what it says then. */
export interface Breakage {
  readonly facts: Partial<Facts>;
  readonly says: readonly string[];
}

const whole = (change: object): Partial<Facts> =>
  READY.globalCluster === 'absent' ? {} : { globalCluster: { ...READY.globalCluster, ...change } };
const here = (change: object): Partial<Facts> =>
  READY.clusterHere === 'absent' ? {} : { clusterHere: { ...READY.clusterHere, ...change } };
const fleet = (change: object): Partial<Facts> =>
  typeof READY.fleetHere === 'string' ? {} : { fleetHere: { ...READY.fleetHere, ...change } };
const owner = (change: object): Partial<Facts> => ({
  registers: { ...READY.registers, ...(READY.registers.owner && { owner: { ...READY.registers.owner, ...change } }) },
});
const alarm = (name: keyof Facts['alarms'], change: object): Partial<Facts> => {
  const before = READY.alarms[name];
  if (before === undefined || before === 'absent') throw new Error(`${name} is not there`);
  return { alarms: { ...READY.alarms, [name]: { ...before, ...change } } };
};
const table = (change: object): Partial<Facts> => {
  const before = READY.tables['orders-dev'];
  if (before === undefined || before === 'absent') throw new Error('orders-dev is not there');
  return { tables: { ...READY.tables, 'orders-dev': { ...before, ...change } } };
};
const ledger = (change: object): Partial<Facts> => {
  const before = READY.functionsHere['ledger'];
  if (before === undefined || before === 'absent') throw new Error('ledger is not there');
  return { functionsHere: { ...READY.functionsHere, ledger: { ...before, ...change } } };
};
const full = (name: QuotaName, region: string, limit: number, says: string): [string, Breakage] => [
  `quota-${name}`,
  { facts: { quotas: { ...READY.quotas, [name]: [{ region, limit, used: limit }] } }, says: [says] },
];

/** One row for every check there is. */
export const BREAKAGES: Readonly<Record<string, Breakage>> = {
  'regions-enabled': {
    facts: { regionStatus: { ...READY.regionStatus, [DR]: 'not-opted-in', [WITNESS]: 'opt-in-not-required' } },
    says: [`${DR} is not-opted-in`],
  },
  'zones-enough': { facts: { zones: { [DR]: 2 } }, says: [`${DR} has 2 zones of 3`] },
  'engine-version-offered': {
    facts: { engineOffered: { [PRIMARY]: true, [DR]: false } },
    says: [`RDS does not offer the engine version in ${DR}`],
  },
  'instance-class-offered': {
    facts: { classOffered: { [PRIMARY]: true, [DR]: false } },
    says: [`RDS does not offer the instance class in ${DR}`],
  },
  'fleet-type-offered': {
    facts: { fleetTypeZones: { [DR]: 2 } },
    says: [`EC2 offers the type of the fleet in 2 zones of ${DR}, of 3`],
  },
  'ami-present': { facts: { amis: { [DR]: false } }, says: [`there is no AMI for the fleet in ${DR}`] },
  'hosted-zone-present': {
    facts: { hostedZone: 'absent' },
    says: ['there is no public hosted zone of the domain'],
  },
  'hosted-zone-delegated': {
    facts: { hostedZone: { own: ['ns-1.awsdns.com'], delegated: ['ns.registrar.com'] } },
    says: ['the zone’s name is delegated to ns.registrar.com'],
  },
  'api-logging-role': {
    facts: { apiLoggingRole: { [DR]: false } },
    says: [`API Gateway has no role for its logs in ${DR}`],
  },
  ...Object.fromEntries([
    full('vpcs', DR, 5, `${DR}: 5 vpcs and 1 more are over the quota of 5`),
    full('internet-gateways', DR, 5, `${DR}: 5 internet-gateways and 1 more are over the quota of 5`),
    full('elastic-ips', DR, 5, `${DR}: 5 elastic-ips and 3 more are over the quota of 5`),
    full('iam-roles', 'global', 1_000, 'global: 1000 iam-roles and 34 more are over the quota of 1000'),
    full('s3-buckets', 'global', 100, 'global: 100 s3-buckets and 12 more are over the quota of 100'),
    full('health-checks', 'global', 200, 'global: 200 health-checks and 11 more are over the quota of 200'),
    full('db-clusters', DR, 40, `${DR}: 40 db-clusters and 1 more are over the quota of 40`),
    full('api-domains', DR, 120, `${DR}: 120 api-domains and 2 more are over the quota of 120`),
  ]),
  'global-cluster-present': { facts: { globalCluster: 'absent' }, says: ['there is no global cluster'] },
  'cluster-present': { facts: { clusterHere: 'absent' }, says: ['the database cluster here does not exist'] },
  'global-cluster-member-here': {
    facts: whole({ members: [{ arn: OTHER_ARN, synchronization: 'connected' }] }),
    says: ['the database cluster here does not belong to the global database'],
  },
  'global-cluster-member-there': {
    facts: whole({ members: [{ arn: OWN_ARN, synchronization: 'connected' }] }),
    says: ['the database cluster in the other region does not belong to the global database'],
  },
  'global-cluster-available': {
    facts: whole({ status: 'modifying' }),
    says: ['the global cluster is modifying'],
  },
  'global-cluster-synchronized': {
    facts: whole({ members: [{ arn: OTHER_ARN }, { arn: OWN_ARN, synchronization: 'pending-resync' }] }),
    says: ['the database cluster here is pending-resync'],
  },
  'cluster-promotable': { facts: here({ status: 'stopped' }), says: ['the database cluster here is stopped'] },
  'cluster-available': { facts: here({ status: 'backing-up' }), says: ['the database cluster here is backing-up'] },
  'instance-promotable': { facts: { instancesHere: [] }, says: ['the database cluster here has no instance'] },
  'instances-available': {
    facts: { instancesHere: [{ status: 'rebooting', instanceClass: 'db.r7g.large' }] },
    says: ['instances of the database cluster here are rebooting'],
  },
  'engine-version-equal': {
    facts: here({ engineVersion: '17.5' }),
    says: ['the database cluster here has 17.5, the global database 17.7'],
  },
  'instance-class-equal': {
    facts: { instancesHere: [{ status: 'available', instanceClass: 'db.t4g.medium' }] },
    says: ['the database instances here are db.t4g.medium, in the other region db.r7g.large'],
  },
  'acu-maximum-equal': {
    facts: here({ maximumAcu: 8 }),
    says: ['the database here may grow to 8 ACU, in the other region to 32'],
  },
  'replication-lag-fresh': {
    facts: { lag: { calculatedAt: NOW - 90_001, lagMs: 1 } },
    says: ['the replication lag was last calculated 1 min 30 s ago'],
  },
  'replication-lag-under-rpo': {
    facts: { lag: { calculatedAt: NOW, lagMs: 75_000 } },
    says: ['the database here is 1 min 15 s behind, which is more than 1 min'],
  },
  'secret-present': {
    facts: { secretHere: 'absent' },
    says: ['the database secret is not here, or is to be deleted'],
  },
  'secret-in-sync': {
    facts: { secretHere: { version: 'v1' } },
    says: ['the database secret here has another version than in the other region'],
  },
  'registers-majority': {
    facts: { registers: { answered: 1, all: 3, majority: 2 } },
    says: ['1 of 3 registers answer, which is no majority'],
  },
  'registers-all-answer': {
    facts: { registers: { ...READY.registers, answered: 2 } },
    says: ['2 of 3 registers answer'],
  },
  'lease-fresh': { facts: owner({ leaseEnd: NOW - 1_000 }), says: [`the lease of ${PRIMARY} ended 1 s ago`] },
  'epoch-uncontested': {
    facts: owner({ contestedBy: 5 }),
    says: ['epoch 5 has been claimed above 4 and not won'],
  },
  'trigger-alarm-present': {
    facts: { alarms: { ...READY.alarms, trigger: 'absent' } },
    says: ['there is no composite alarm here'],
  },
  'trigger-alarm-armed': {
    facts: alarm('trigger', { actionsEnabled: false }),
    says: ['the actions of the composite alarm are disabled'],
  },
  'trigger-alarm-calls-orchestrator': {
    facts: alarm('trigger', { actions: ['arn:aws:sns:eu-central-2:123456789012:alerts-dev'] }),
    says: ['the composite alarm does not call the orchestrator'],
  },
  'orchestrator-callable': {
    facts: { orchestratorCallers: [`${ORCHESTRATOR_ARN}-another`] },
    says: ['the composite alarm may not call the orchestrator'],
  },
  'probe-runs': { facts: alarm('probe', { state: 'ALARM' }), says: ['the probe of primary has stopped'] },
  'canaries-run': {
    facts: alarm('canary', { state: 'ALARM' }),
    says: ['the canary of the other region has stopped'],
  },
  'traffic-switch-published': {
    facts: alarm('traffic', { state: 'INSUFFICIENT_DATA' }),
    says: ['FailoverActive is not published'],
  },
  'no-maintenance': {
    facts: alarm('maintenance', { state: 'ALARM' }),
    says: ['work on the platform is announced'],
  },
  'parameters-carried': {
    facts: alarm('parameters', { state: 'ALARM' }),
    says: ['the parameters here have not been carried to the other region'],
  },
  'schedules-enabled': {
    facts: { schedules: { ...READY.schedules, 'heartbeat-dev': false } },
    says: ['the schedule heartbeat-dev is disabled'],
  },
  'subscriptions-confirmed': {
    facts: { subscriptions: [...READY.subscriptions, { protocol: 'email', confirmed: false }] },
    says: ['1 subscriptions of the alerts topic wait to be confirmed: email'],
  },
  'alerts-kept': {
    facts: { subscriptions: [{ protocol: 'email', confirmed: true }] },
    says: ['no queue keeps what the alerts topic says'],
  },
  'alerts-reach-a-person': {
    facts: { subscriptions: [{ protocol: 'sqs', confirmed: true }] },
    says: ['nobody is told by mail'],
  },
  'functions-present': {
    facts: { functionsHere: { ...READY.functionsHere, ledger: 'absent' } },
    says: ['there is no function ledger here'],
  },
  'function-code-equal': {
    facts: ledger({ codeHash: 'b' }),
    says: ['ledger has other code here than in the other region'],
  },
  'function-settings-equal': {
    facts: ledger({ settings: { memory: '128', timeout: '60', environment: 'A' } }),
    says: ['ledger differs from the other region in environment, memory'],
  },
  'functions-active': { facts: ledger({ state: 'Inactive' }), says: ['ledger is Inactive'] },
  'concurrency-enough': {
    facts: { concurrency: { [DR]: 50 } },
    says: [`50 functions may run at once in ${DR}, and the load of both regions needs 280`],
  },
  'request-rate-enough': {
    facts: { requestRate: { [DR]: 1_000 } },
    says: [`API Gateway lets 1000 requests a second through in ${DR}, and the API 2500`],
  },
  'consumers-enabled': {
    facts: { consumers: { 'consumer-1': { state: 'Disabled', changedAt: NOW - 300_001 } } },
    says: ['the consumer consumer-1 is Disabled'],
  },
  'fleet-present': { facts: { fleetHere: 'absent' }, says: ['there is no fleet here'] },
  'fleet-maximum-enough': {
    facts: fleet({ maximum: 3 }),
    says: ['the fleet here may grow to 3, and a failover raises it to 4'],
  },
  'fleet-in-service': {
    facts: fleet({ inService: 0 }),
    says: ['0 instances of the fleet here are in service, of at least 1'],
  },
  'fleet-template-current': {
    facts: fleet({ outdated: 2 }),
    says: ['2 instances of the fleet here are of an older launch template version'],
  },
  'fleet-type-equal': {
    facts: fleet({ instanceType: 't4g.nano' }),
    says: ['the fleet here has t4g.nano, in the other region t4g.small'],
  },
  'tables-present': {
    facts: { tables: { ...READY.tables, 'orders-dev': 'absent' } },
    says: ['there is no table orders-dev here'],
  },
  'tables-keys-usable': {
    facts: table({ keyUnusable: true }),
    says: ['the key of the table orders-dev cannot be used'],
  },
  'tables-active': { facts: table({ status: 'CREATING' }), says: ['the table orders-dev is CREATING'] },
  'tables-replicated': {
    facts: table({ replicas: {} }),
    says: [`the replica of the table orders-dev in ${PRIMARY} is not there`],
  },
  'tables-recoverable': {
    facts: { backups: { ...READY.backups, 'journal-dev': false } },
    says: ['the table journal-dev has no point-in-time recovery'],
  },
  'buckets-replicated': {
    facts: { buckets: { 'receipts-dev': { enabledRules: 0, timed: false } } },
    says: ['the bucket receipts-dev is not copied to the other region'],
  },
  'buckets-replicated-in-time': {
    facts: { buckets: { 'receipts-dev': { enabledRules: 1, timed: false } } },
    says: ['the copy of the bucket receipts-dev is not timed'],
  },
  'dead-letters-empty': {
    facts: { deadLetters: { 'orders-dlq-dev': 2 } },
    says: ['2 messages are in the dead-letter queue orders-dlq-dev'],
  },
  'parameters-equal': {
    facts: { differentParameters: ['/parameters-dev/order-limits'] },
    says: ['parameters differ between the regions: /parameters-dev/order-limits'],
  },
  'vantage-answers': {
    facts: { vantageThere: 'silent' },
    says: ['no name server says whether Route 53’s checkers reach the other region'],
  },
  'checkers-reach-region': {
    facts: { vantageHere: 'down' },
    says: ['Route 53’s checkers say of this region: down'],
  },
  'domains-mapped': {
    facts: { domains: { 'api.dev.example.com': false } },
    says: ['api.dev.example.com leads to no API here'],
  },
  'certificate-present': { facts: { certificate: 'absent' }, says: ['there is no certificate here'] },
  'certificate-valid': {
    facts: { certificate: { status: 'ISSUED', endsAt: NOW + 29 * 86_400_000 } },
    says: ['the certificate here ends in 29 days'],
  },
};
