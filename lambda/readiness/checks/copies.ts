import { inWords } from '../../shared/time-words';
import { check, type Check, wrongWhen } from './form';

/** The lag is calculated every few seconds while the other region is alive; an older figure is not this moment's. */
const LAG_SAMPLE_OLD_MS = 90_000;

/** How far the database and the secret here are behind. */
export const COPY_CHECKS: readonly Check[] = [
  check({
    id: 'replication-lag-fresh',
    looksAt: 'when the database last calculated how far it is behind',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'With an old figure nobody can estimate the loss, and a failover waits for a person who accepts it.',
    fix: 'alarm lag-sample-old: the log of replication-monitor here, then the writer',
    reads: ['lag'],
    judge: ({ lag }, { now }) =>
      lag === 'writes'
        ? []
        : wrongWhen(
            now - lag.calculatedAt > LAG_SAMPLE_OLD_MS,
            `the replication lag was last calculated ${inWords(now - lag.calculatedAt)} ago`,
          ),
  }),
  check({
    id: 'replication-lag-under-rpo',
    looksAt: 'how far the database here is behind the writer',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'A failover that would lose more than rpoSeconds does not start by itself.',
    fix: 'alarm sql-lag-critical: end the bulk load, or give the writer a larger class',
    dependsOn: ['replication-lag-fresh'],
    reads: ['lag'],
    judge: ({ lag }, { rpoMs }) =>
      lag === 'writes'
        ? []
        : wrongWhen(
            lag.lagMs > rpoMs,
            `the database here is ${inWords(lag.lagMs)} behind, which is more than ${inWords(rpoMs)}`,
          ),
  }),
  check({
    id: 'secret-present',
    looksAt: 'the database secret of this region',
    severity: 'blocker',
    where: ['account', 'live', 'scheduled'],
    why: 'Nothing here can open a connection to the database without it, and the other region may be gone.',
    fix: '`aws secretsmanager replicate-secret-to-regions`, or `restore-secret` for one that waits for its deletion',
    reads: ['secretHere'],
    judge: ({ secretHere }) =>
      wrongWhen(secretHere === 'absent', 'the database secret is not here, or is to be deleted'),
  }),
  check({
    id: 'secret-in-sync',
    looksAt: 'which version of the secret is the current one in both regions',
    severity: 'warning',
    where: ['account', 'live', 'scheduled'],
    // That a replica's version has the primary secret's id is an assumption: the guide says that data and metadata are replicated.
    why: 'With an older password nothing here gets into the database once it is the writer.',
    fix: '`aws secretsmanager describe-secret` in the secret’s home region: ReplicationStatus says what is wrong',
    dependsOn: ['secret-present'],
    reads: ['secretHere', 'secretThere'],
    judge({ secretHere, secretThere }) {
      if (secretHere === 'absent') return [];
      if (secretThere === 'absent')
        return ['the database secret is not in the other region, or is to be deleted there'];
      return wrongWhen(
        secretHere.version !== secretThere.version,
        'the database secret here has another version than in the other region',
      );
    },
  }),
];
