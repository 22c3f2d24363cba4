import { check, type Check, eachWrong, wrongWhen } from './form';
import type { TableState } from '../facts';

/** A certificate that ACM has not renewed by then is not going to be (ACM renews 60 days before the end; user guide, "Managed renewal"). */
const CERTIFICATE_DAYS = 30;
const DAY_MS = 86_400_000;

/** What both regions have a copy of, and the names that lead here. */
export const DATA_CHECKS: readonly Check[] = [
  check({
    id: 'tables-present',
    looksAt: 'the global tables in this region',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'An order is recorded in them before it is answered.',
    fix: '`pulumi up` makes the replica anew',
    reads: ['tables'],
    judge: ({ tables }) =>
      eachWrong(
        tables,
        (one) => one === 'absent',
        (name) => `there is no table ${name} here`,
      ),
  }),
  check({
    id: 'tables-keys-usable',
    looksAt: 'whether DynamoDB can use the key of each table',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'All data of a region is encrypted with one key; after 20 hours without it DynamoDB gives the replica up.',
    fix: '`aws kms enable-key`, or `aws kms cancel-key-deletion` and then enable it',
    dependsOn: ['tables-present'],
    reads: ['tables'],
    judge: ({ tables }) =>
      eachWrong(
        tables,
        (one) => stateOf(one)?.keyUnusable === true,
        (name) => `the key of the table ${name} cannot be used`,
      ),
  }),
  check({
    id: 'tables-active',
    looksAt: 'the status of each table here',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'A table that is being made or given up takes no orders.',
    fix: 'DynamoDB console, the table, Global tables; REPLICATION_NOT_AUTHORIZED and ARCHIVED say why',
    dependsOn: ['tables-keys-usable'],
    reads: ['tables'],
    judge: ({ tables }) =>
      eachWrong(
        tables,
        // An update of a setting leaves a table in use.
        (one) => !['ACTIVE', 'UPDATING'].includes(stateOf(one)?.status ?? 'ACTIVE'),
        (name, one) => `the table ${name} is ${stateOf(one)?.status ?? ''}`,
      ),
  }),
  check({
    id: 'tables-replicated',
    looksAt: 'the replicas of each global table in the other region',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'Orders that are recorded in one region only are lost with it.',
    fix: 'DynamoDB console, the table, Global tables; `pulumi up` makes a missing replica',
    dependsOn: ['tables-present'],
    reads: ['tables'],
    judge: ({ tables }, { there: { region } }) =>
      eachWrong(
        tables,
        (one) => one !== 'absent' && one.replicas[region] !== 'ACTIVE',
        (name, one) =>
          `the replica of the table ${name} in ${region} is ${stateOf(one)?.replicas[region] ?? 'not there'}`,
      ),
  }),
  check({
    id: 'tables-recoverable',
    looksAt: 'point-in-time recovery of the tables that keep something',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'Replication carries a mistake to the other region within a second; only a backup does not.',
    fix: '`pulumi up`, or `aws dynamodb update-continuous-backups`',
    reads: ['backups'],
    judge: ({ backups }) =>
      eachWrong(
        backups,
        (isOn) => !isOn,
        (name) => `the table ${name} has no point-in-time recovery`,
      ),
  }),
  check({
    id: 'buckets-replicated',
    looksAt: 'the replication rules of each bucket here',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'What is written here and not copied is lost with this region.',
    fix: '`pulumi up`; objects that were not copied meanwhile: S3 Batch Replication',
    reads: ['buckets'],
    judge: ({ buckets }) =>
      eachWrong(
        buckets,
        (one) => one === 'absent' || one.enabledRules === 0,
        (name) => `the bucket ${name} is not copied to the other region`,
      ),
  }),
  check({
    id: 'buckets-replicated-in-time',
    looksAt: 'whether the copy of each bucket is timed (S3 RTC)',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'Without it there is neither a time within which objects are copied nor a metric of it.',
    fix: '`pulumi up`',
    dependsOn: ['buckets-replicated'],
    reads: ['buckets'],
    judge: ({ buckets }) =>
      eachWrong(
        buckets,
        (one) => one !== 'absent' && !one.timed,
        (name) => `the copy of the bucket ${name} is not timed`,
      ),
  }),
  check({
    id: 'dead-letters-empty',
    looksAt: 'the dead-letter queues of this region',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'A message there is an order that nobody processed; the sweep finds it in the table, and its cause is still there.',
    fix: 'docs/alarms.md#alarm-order-dlq, then `npx tap reconcile`',
    reads: ['deadLetters'],
    judge: ({ deadLetters }) =>
      eachWrong(
        deadLetters,
        (count) => count > 0,
        (name, count) => `${count} messages are in the dead-letter queue ${name}`,
      ),
  }),
  check({
    id: 'parameters-equal',
    looksAt: 'the parameters of the program in both regions',
    severity: 'warning',
    where: ['graph', 'live'],
    why: 'A region that takes over with other parameters applies other limits.',
    fix: 'change the parameter in the active region; parameter-replicator carries it over',
    reads: ['differentParameters'],
    judge: ({ differentParameters }) =>
      wrongWhen(
        differentParameters.length > 0,
        `parameters differ between the regions: ${differentParameters.join(', ')}`,
      ),
  }),
  check({
    id: 'vantage-answers',
    looksAt: 'the vantage record of the other region, asked of the zone’s own name servers',
    severity: 'warning',
    where: ['live', 'scheduled'],
    // DNS, and not GetHealthCheckStatus, which is "intended for use during development" (Route 53 API reference) and in us-east-1.
    why: 'A run asks it whether Route 53’s checkers still reach the lost region; without an answer it waits and asks again.',
    fix: '`dig TXT` of the record at a name server of the zone; `pulumi up` makes a missing record',
    reads: ['vantageThere'],
    judge: ({ vantageThere }) =>
      wrongWhen(vantageThere === 'silent', 'no name server says whether Route 53’s checkers reach the other region'),
  }),
  check({
    id: 'checkers-reach-region',
    looksAt: 'the vantage record of this region',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'While the checkers do not reach this region, DNS does not lead clients here.',
    fix: '`npx tap status`; then GET /health of this region from outside: certificate, custom domain, health function',
    dependsOn: ['vantage-answers'],
    reads: ['vantageHere'],
    judge: ({ vantageHere }) =>
      wrongWhen(vantageHere !== 'up', `Route 53’s checkers say of this region: ${vantageHere}`),
  }),
  check({
    id: 'domains-mapped',
    looksAt: 'the API’s names in this region',
    severity: 'warning',
    where: ['graph', 'live'],
    why: 'A name that no stage is mapped to answers 403 to everybody, health checkers too.',
    fix: '`pulumi up`',
    reads: ['domains'],
    judge: ({ domains }) =>
      eachWrong(
        domains,
        (isMapped) => !isMapped,
        (name) => `${name} leads to no API here`,
      ),
  }),
  check({
    id: 'certificate-present',
    looksAt: 'the certificate of this region',
    severity: 'warning',
    where: ['graph', 'live'],
    why: 'Each region has a certificate of its own; without it no name here can be reached.',
    fix: '`pulumi up`',
    reads: ['certificate'],
    judge: ({ certificate }) => wrongWhen(certificate === 'absent', 'there is no certificate here'),
  }),
  check({
    id: 'certificate-valid',
    looksAt: 'whether the certificate of this region is issued, and for how long',
    severity: 'warning',
    where: ['live'],
    why: 'ACM renews it only while its validation record is in the zone; in the passive region nobody sees it run out.',
    fix: 'ACM console: is the validation record there? `pulumi up` makes it again',
    dependsOn: ['certificate-present'],
    reads: ['certificate'],
    judge({ certificate }, { now }) {
      if (certificate === 'absent') return [];
      const { status, endsAt } = certificate;
      if (status !== 'ISSUED') return [`the certificate here is ${status}`];
      if (endsAt === undefined) return { notSaid: 'ACM does not say when the certificate ends' };
      const days = Math.floor((endsAt - now) / DAY_MS);
      return wrongWhen(days < CERTIFICATE_DAYS, `the certificate here ends in ${days} days`);
    },
  }),
];

function stateOf(table: TableState | 'absent' | undefined): TableState | undefined {
  return table === 'absent' ? undefined : table;
}
