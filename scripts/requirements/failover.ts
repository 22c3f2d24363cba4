import { open, proof, row, type Row } from './row';

/** F: failover. */
export const FAILOVER: readonly Row[] = [
  row(
    'F1',
    'orchestrator Lambda promotes Aurora and updates Route 53 upon alarm trigger, without manual intervention',
    proof('integration/failover', 'dr notices by itself, and claims the next epoch by majority'),
    proof('integration/failover', 'the run promotes the database, moves traffic, raises the floor, and ends'),
    proof('lib/whole-program', 'in %s the orchestrator alone can promote, move the record and stop consumers (F1, F6)'),
    proof(
      'lambda/failover-orchestrator/executor',
      'a failover comes to its end by itself: every step once it can begin, each in the journal before it is done',
    ),
  ),
  row(
    'F2',
    'RTO under 5 minutes',
    proof('rehearsal/slow/packs', 'ends as it must, in time where a time is claimed (F2, X2)'),
    open('rehearsal', 'ten thousand runs within an hour'),
  ),
  row(
    'F3',
    'RPO under 1 minute',
    proof(
      'rehearsal/slow/packs',
      'loses nothing where the tables have no lag, and nowhere more than was on its way (F3, X10)',
    ),
    open('rehearsal', 'ten thousand runs'),
  ),
  row(
    'F4',
    'DR capacity scales up without manual intervention',
    proof('integration/failover', 'the fleet of dr has the floor that primary had'),
  ),
  row(
    'F5',
    'notifications during failover, both regions',
    proof('lambda/failover-orchestrator/steps', 'is one that a person can act on at three in the morning'),
    proof('lambda/failover-orchestrator/steps', 'does not need the region that is lost'),
  ),
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
  row(
    'F7',
    'manual failover and fail-back procedures',
    proof('rehearsal/runbooks/runbooks', 'every command of the runbooks does what its page says (N14, F7)'),
    proof(
      'rehearsal/tap/failover',
      'a failover asks for the stack’s name, shows every step and ends with the other region active',
    ),
    proof('rehearsal/tap/switchover', 'there and home again: switchover, and fail-back once its guards say yes'),
  ),
  row(
    'F8',
    '99.99 % availability target',
    proof(
      'rehearsal/report/error-budget',
      'minutes used and left, and the rate that would use up everything else that is left',
    ),
  ),
];

/** X: what no comparable system has. */
export const BEYOND: readonly Row[] = [
  row(
    'X1',
    'RTO and RPO budget computed from the resource graph; the build fails above 300 s / 60 s and names the resource to blame',
    proof(
      'analysis/budget/budget',
      'every term comes from somewhere: a property that the graph has, a constant, or a named assumption',
    ),
    proof(
      'analysis/budget/budget',
      'fails npm start and names the alarm whose period somebody lengthened, by how much, and what would help',
    ),
    proof(
      'lib/budget-check',
      'is refused by pulumi %s before anything is created: target, worst case, blame and what is allowed',
    ),
  ),
  row(
    'X2',
    'region-loss rehearsal that runs the real handlers, with no AWS account, in seconds; thousands of seeded fault schedules; a failing seed replays exactly',
    proof('rehearsal/slow/packs', 'is simulated to its end: what is not modelled would end it'),
    proof('rehearsal/slow/packs', 'is the same run when it is played again, call by call (X2)'),
  ),
  row(
    'X3',
    '"must not fail over" pack: deploy blip, one AZ, broken canary, 43-second partition, 5xx storm, DR-side partition; zero false failovers',
    proof('rehearsal/slow/packs', 'leaves nothing that must not be left: no epoch claimed, nothing promoted (X3)'),
  ),
  row(
    'X4',
    'single writer: a majority register with lease and epoch, the epoch checked in the transaction of every write; zero double writes under any interleaving',
    proof('lib/whole-program', 'in %s three functions can open the lease, and nobody else (X4)'),
    proof(
      'lambda/shared/register-keeper',
      'at most one region writes, and only on a lease that a majority of the registers holds',
    ),
    proof('integration/failover', "primary's processor, started again, refuses"),
  ),
  row(
    'X5',
    'role-symmetric code: after a failover, `up` changes nothing and `destroy` works',
    proof('lib/tap-stack', 'what exists in both regions ignores the same changes on both sides: roles may swap (X5)'),
    proof('lib/routing/vantage', 'which region is active is written by runs: up never says otherwise (X5)'),
    proof(
      'lib/detection/region-alarms',
      'the same alarms exist in both regions, so that they mean the same when the roles have changed',
    ),
    proof(
      'rehearsal/engine/roles',
      '`up --refresh` changes nothing: everything that carries a role is the runtime’s (X5)',
    ),
    proof(
      'rehearsal/engine/roles',
      'a plain `destroy` leaves nothing, or says what comes first and has deleted nothing (N8, X12)',
    ),
    proof('rehearsal/engine/roles', 'an `up` that touches the guard is not refused by it (X5)'),
  ),
  row(
    'X6',
    'fail-back as a resumable, timed workflow with preconditions',
    proof('rehearsal/tap/switchover', 'there and home again: switchover, and fail-back once its guards say yes'),
    proof(
      'rehearsal/tap/switchover',
      'goes there and back, waits for the guards in between, and leaves a timed report',
    ),
    proof(
      'lambda/failover-orchestrator/switchover-run',
      'an invocation may die at any moment, and the next one brings the switchover to the same end',
    ),
    proof('lambda/failover-orchestrator/switchover-guards', 'what was not asked is never taken for a yes'),
    proof(
      'lambda/failover-orchestrator/switchover-properties',
      'DNS moves only after an order has gone through this region, or has been tried in vain',
    ),
  ),
  row(
    'X7',
    'readiness checks, continuously and at preview, including lag, parity and capacity',
    proof(
      'lambda/readiness/readiness',
      'asks about everything that it has checks for, and leaves what it found for a run',
    ),
    proof('lambda/readiness/checks', 'every check has a row here, and every row a check'),
    proof('rehearsal/readiness/readiness', 'finds both regions of a healthy stack ready, with no right too few'),
    proof('analysis/readiness', 'is told with its reason and its remedy'),
  ),
  row('X8', 'policy pack that refuses a bad DR stack', open('none')),
  row(
    'X9',
    'least privilege proven by execution: no unused grant, no missing grant',
    proof('rehearsal/slow/packs', 'needs every right that a role has, and no other (X9, F6)'),
  ),
  row(
    'X10',
    'lost-order reconciliation after a failover with data loss',
    proof(
      'rehearsal/slow/packs',
      'loses nothing where the tables have no lag, and nowhere more than was on its way (F3, X10)',
    ),
    proof(
      'lambda/reconciler/sweep',
      'with a region that returns is found within six minutes, however old it is by then, up to an hour',
    ),
    proof(
      'rehearsal/tap/reconcile',
      'what the reconciler has not found is counted, sent on its way, waited for and reported',
    ),
    proof('rehearsal/tap/reconcile', 'orders that are found after their time are reported EXPIRED'),
  ),
  row(
    'X11',
    'cost of the standby computed from the graph, and the price of each second of RTO',
    proof('analysis/cost/estimate', 'all of dr and of the witness is there because of the second region (X11)'),
    proof(
      'analysis/cost/search',
      'knows the price of a second: what slower detection saves, and that it misses the target (X11)',
    ),
  ),
  row(
    'X12',
    'deploy freeze while a failover is in progress',
    proof('lib/run-check', 'a run in %s refuses, and the message says who holds the stack since when'),
    proof('lib/run-check', 'ends the program before anything is created'),
    proof('lib/run-check', 'that is dark is given up within 5 s'),
    proof(
      'lambda/failover-orchestrator/may-destroy',
      'a run that is %s stands in the way, in whichever region; it is said which, and since when (X12)',
    ),
  ),
  row(
    'X13',
    "game day without AWS: both regions run locally in real time on the simulator behind real HTTP; a person loses a region on a web page or by command, and practises the runbooks with the real operator's commands",
    open('none'),
  ),
  row(
    'X14',
    'auditor evidence: every run leaves an append-only, hash-chained report (who or what decided, signals, epoch, each call, RTO and RPO measured), verifiable by a command',
    proof('lambda/failover-orchestrator/report', 'tells of any change to any report'),
    proof('lambda/failover-orchestrator/journal', 'has every revision once, with what had been called before it'),
    proof('rehearsal/tap/status', 'is the chain of the journal, compared with the objects in the bucket'),
  ),
  row(
    'X15',
    'model check: every interleaving of crash, retry, duplicate alarm, partition and skew at small bounds explored; the number of states is printed',
    proof('analysis/model/model', 'every invariant holds, whatever happens in which order'),
    proof('analysis/model/model', 'a mistake that is planted is found'),
    proof('analysis/model/model', 'prints how many states were explored'),
  ),
];
