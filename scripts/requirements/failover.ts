import { open, proof, row, type Row } from './row';

/** F: failover. */
export const FAILOVER: readonly Row[] = [
  row(
    'F1',
    'orchestrator Lambda promotes Aurora and updates Route 53 upon alarm trigger, without manual intervention',
    open('failover'),
  ),
  row('F2', 'RTO under 5 minutes', open('rehearsal')),
  row('F3', 'RPO under 1 minute', open('rehearsal')),
  row('F4', 'DR capacity scales up without manual intervention', open('failover')),
  row('F5', 'notifications during failover, both regions', open('failover')),
  row(
    'F6',
    'cross-region IAM with least privilege and assume-role permissions',
    proof('lib/recovery/operator-access', 'one role for both regions, because IAM is global, made through dr'),
    proof(
      'lib/recovery/operator-access',
      'it allows what today’s commands call, on both regions’ things, and nothing more (F6)',
    ),
    proof('lib/services/workloads', '%s names every resource that AWS can name, and only in its own region'),
    proof('lib/config-values', 'everybody is not an operator'),
  ),
  row('F7', 'manual failover and fail-back procedures', open('operations')),
  row('F8', '99.99 % availability target', open('rehearsal')),
];

/** X: what no comparable system has. */
export const BEYOND: readonly Row[] = [
  row(
    'X1',
    'RTO and RPO budget computed from the resource graph; the build fails above 300 s / 60 s and names the resource to blame',
    open('rehearsal'),
  ),
  row(
    'X2',
    'region-loss rehearsal that runs the real handlers, with no AWS account, in seconds; thousands of seeded fault schedules; a failing seed replays exactly',
    open('rehearsal'),
  ),
  row(
    'X3',
    '"must not fail over" pack: deploy blip, one AZ, broken canary, 43-second partition, 5xx storm, DR-side partition; zero false failovers',
    open('rehearsal'),
  ),
  row(
    'X4',
    'single writer: a majority register with lease and epoch, the epoch checked in the transaction of every write; zero double writes under any interleaving',
    open('failover'),
  ),
  row(
    'X5',
    'role-symmetric code: after a failover, `up` changes nothing and `destroy` works',
    proof('lib/tap-stack', 'what exists in both regions ignores the same changes on both sides: roles may swap (X5)'),
    open('failover', 'everything that a run will change'),
    open('operations', 'the proof on a cloud that a failover left behind'),
  ),
  row('X6', 'fail-back as a resumable, timed workflow with preconditions', open('operations')),
  row(
    'X7',
    'readiness checks, continuously and at preview, including lag, parity and capacity',
    open('failover'),
    open('operations', 'the checks at preview'),
  ),
  row('X8', 'policy pack that refuses a bad DR stack', open('none')),
  row('X9', 'least privilege proven by execution: no unused grant, no missing grant', open('rehearsal')),
  row('X10', 'lost-order reconciliation after a failover with data loss', open('rehearsal'), open('operations')),
  row('X11', 'cost of the standby computed from the graph, and the price of each second of RTO', open('operations')),
  row('X12', 'deploy freeze while a failover is in progress', open('operations')),
  row(
    'X13',
    "game day without AWS: both regions run locally in real time on the simulator behind real HTTP; a person loses a region on a web page or by command, and practises the runbooks with the real operator's commands",
    open('none'),
  ),
  row(
    'X14',
    'auditor evidence: every run leaves an append-only, hash-chained report (who or what decided, signals, epoch, each call, RTO and RPO measured), verifiable by a command',
    open('failover'),
    open('rehearsal'),
  ),
  row(
    'X15',
    'model check: every interleaving of crash, retry, duplicate alarm, partition and skew at small bounds explored; the number of states is printed',
    open('failover'),
  ),
];
