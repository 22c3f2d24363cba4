import { inWords } from '../../shared/time-words';
import { check, type Check, eachWrong, wrongWhen } from './form';
import type { AlarmLook, WatchedAlarm } from '../facts';

type Alarms = Readonly<Partial<Record<WatchedAlarm, AlarmLook | 'absent'>>>;

/** Who may write, what notices a loss, what is called then, and who is told. */
export const CONTROL_CHECKS: readonly Check[] = [
  check({
    id: 'registers-majority',
    looksAt: 'how many of the registers answer',
    severity: 'blocker',
    where: ['live', 'scheduled'],
    why: 'An epoch is claimed in a majority of the registers; without one no region can take over.',
    fix: 'AWS Health Dashboard for DynamoDB in the regions that are silent; then the policy of this function’s role',
    reads: ['registers'],
    judge: ({ registers: { answered, all, majority } }) =>
      wrongWhen(answered < majority, `${answered} of ${all} registers answer, which is no majority`),
  }),
  check({
    id: 'registers-all-answer',
    looksAt: 'whether every register answers',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'One more that falls silent, and no region can take over.',
    fix: 'AWS Health Dashboard for DynamoDB in the region that is silent',
    dependsOn: ['registers-majority'],
    reads: ['registers'],
    judge: ({ registers: { answered, all } }) => wrongWhen(answered < all, `${answered} of ${all} registers answer`),
  }),
  check({
    id: 'lease-fresh',
    looksAt: 'the lease of the active region',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'An active region whose lease has run out writes nothing: orders wait, and this is how a lost region looks.',
    fix: '`npx tap status`: is the active region lost? Else the log of heartbeat there',
    dependsOn: ['registers-majority'],
    reads: ['registers'],
    judge({ registers: { owner } }, { now }) {
      if (owner === undefined) return { notSaid: 'the registers name no owner' };
      // Nobody has ever renewed: a stack whose first heartbeat is still to come.
      if (owner.leaseEnd === 0) return { notSaid: 'the active region has never renewed its lease' };
      const ago = now - owner.leaseEnd;
      if (owner.released)
        return [`${owner.region} has given epoch ${owner.epoch} back, and no region has claimed the next one`];
      return wrongWhen(ago > 0, `the lease of ${owner.region} ended ${inWords(ago)} ago`);
    },
  }),
  check({
    id: 'epoch-uncontested',
    looksAt: 'whether any register holds an epoch above the active region’s',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'Somebody has claimed an epoch and not won it; the active region claims above it at its next heartbeat.',
    fix: 'if it stays: `npx tap status`, and the journal of the run that claimed',
    dependsOn: ['registers-majority'],
    reads: ['registers'],
    judge({ registers: { owner } }) {
      if (owner === undefined) return { notSaid: 'the registers name no owner' };
      const { epoch, contestedBy } = owner;
      return wrongWhen(
        contestedBy !== undefined,
        `epoch ${contestedBy ?? ''} has been claimed above ${epoch} and not won`,
      );
    },
  }),
  check({
    id: 'trigger-alarm-present',
    looksAt: 'the composite alarm of this region',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'It is what starts a failover to dr, and what tells people in primary that dr is lost.',
    fix: '`pulumi up`',
    reads: ['alarms'],
    judge: ({ alarms }) => wrongWhen(look(alarms, 'trigger') === undefined, 'there is no composite alarm here'),
  }),
  check({
    id: 'trigger-alarm-armed',
    looksAt: 'whether the composite alarm takes actions',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'With its actions disabled it turns red and calls nobody.',
    fix: '`aws cloudwatch enable-alarm-actions --alarm-names` with its name',
    dependsOn: ['trigger-alarm-present'],
    reads: ['alarms'],
    judge: ({ alarms }) =>
      wrongWhen(look(alarms, 'trigger')?.actionsEnabled === false, 'the actions of the composite alarm are disabled'),
  }),
  check({
    id: 'trigger-alarm-calls-orchestrator',
    looksAt: 'whom the composite alarm calls',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'No failover starts by itself unless it calls the orchestrator of dr.',
    fix: '`pulumi up`',
    dependsOn: ['trigger-alarm-present'],
    reads: ['alarms'],
    judge({ alarms }, { trigger }) {
      const called = look(alarms, 'trigger')?.actions ?? [];
      return wrongWhen(
        trigger !== undefined && !called.includes(trigger.orchestratorArn),
        'the composite alarm does not call the orchestrator',
      );
    },
  }),
  check({
    id: 'orchestrator-callable',
    looksAt: 'the resource policy of the orchestrator',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'CloudWatch’s call is refused without this permission, and is not repeated until the alarm’s next transition.',
    fix: '`pulumi up`',
    reads: ['orchestratorCallers'],
    judge: ({ orchestratorCallers }, { trigger }) =>
      wrongWhen(
        trigger !== undefined && !orchestratorCallers.includes(trigger.alarmArn),
        'the composite alarm may not call the orchestrator',
      ),
  }),
  check({
    id: 'probe-runs',
    looksAt: 'the alarm probe-stopped',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'Without the probe of primary no failover starts by itself.',
    fix: 'docs/alarms.md#alarm-probe-stopped',
    reads: ['alarms'],
    judge: ({ alarms }) => redMeans(alarms, 'probe', 'the probe of primary has stopped'),
  }),
  check({
    id: 'canaries-run',
    looksAt: 'the alarm canary-stopped',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'The canary is a witness of the trigger, and shows what users see.',
    fix: 'docs/alarms.md#alarm-canary-stopped',
    reads: ['alarms'],
    judge: ({ alarms }) => redMeans(alarms, 'canary', 'the canary of the other region has stopped'),
  }),
  check({
    id: 'traffic-switch-published',
    looksAt: 'whether the alarm failover-active has data',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'DNS follows this metric; without data it keeps the last known answer, and a run cannot move traffic.',
    fix: 'the log of heartbeat in dr: it publishes FailoverActive every 20 s while the registers have a majority',
    dependsOn: ['registers-majority'],
    reads: ['alarms'],
    judge: ({ alarms }) =>
      alarms.traffic === 'absent'
        ? ['there is no alarm failover-active']
        : wrongWhen(alarms.traffic?.state === 'INSUFFICIENT_DATA', 'FailoverActive is not published'),
  }),
  check({
    id: 'no-maintenance',
    looksAt: 'the alarm maintenance',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'While work is announced the composite alarm takes no action: a region that is lost meanwhile is not left.',
    fix: 'when the work is done: `npx tap unfreeze`',
    reads: ['alarms'],
    judge: ({ alarms }) => redMeans(alarms, 'maintenance', 'work on the platform is announced'),
  }),
  check({
    id: 'parameters-carried',
    looksAt: 'the alarm parameters-old',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'A region that takes over with old parameters applies old limits.',
    fix: 'docs/alarms.md#alarm-parameters-old',
    reads: ['alarms'],
    judge: ({ alarms }) =>
      redMeans(alarms, 'parameters', 'the parameters here have not been carried to the other region'),
  }),
  check({
    id: 'schedules-enabled',
    looksAt: 'every schedule of this region',
    severity: 'warning',
    where: ['graph', 'live'],
    why: 'Heartbeat, probe, monitor, reconciler and readiness run by schedules; one that is disabled goes unnoticed at first.',
    fix: '`aws events enable-rule --name` with its name',
    reads: ['schedules'],
    judge: ({ schedules }) =>
      eachWrong(
        schedules,
        (enabled) => !enabled,
        (name) => `the schedule ${name} is disabled`,
      ),
  }),
  check({
    id: 'subscriptions-confirmed',
    looksAt: 'the subscriptions of the alerts topic',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'Whoever has not confirmed hears of no alarm.',
    fix: 'open the mail "AWS Notification - Subscription Confirmation"; for a new one: `pulumi up --replace` of the subscription',
    reads: ['subscriptions'],
    judge({ subscriptions }) {
      const waiting = subscriptions.filter(({ confirmed }) => !confirmed).map(({ protocol }) => protocol);
      return wrongWhen(
        waiting.length > 0,
        `${waiting.length} subscriptions of the alerts topic wait to be confirmed: ${waiting.join(', ')}`,
      );
    },
  }),
  check({
    id: 'alerts-kept',
    looksAt: 'whether a queue keeps what the alerts topic says',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'The queues in both regions are what is left of the alarms of a night.',
    fix: '`pulumi up`',
    reads: ['subscriptions'],
    judge: ({ subscriptions }) =>
      wrongWhen(!subscriptions.some(({ protocol }) => protocol === 'sqs'), 'no queue keeps what the alerts topic says'),
  }),
  check({
    id: 'alerts-reach-a-person',
    looksAt: 'whether anybody is to be told by mail',
    severity: 'warning',
    where: ['graph'],
    why: 'A failover that waits for a decision waits for ever when nobody is told.',
    fix: "`pulumi config set --path 'tap:alertEmails[0]' ops@example.com`",
    reads: ['subscriptions'],
    judge: ({ subscriptions }) =>
      wrongWhen(!subscriptions.some(({ protocol }) => protocol !== 'sqs'), 'nobody is told by mail'),
  }),
];

function look(alarms: Alarms, name: WatchedAlarm): AlarmLook | undefined {
  const found = alarms[name];
  return found === 'absent' ? undefined : found;
}

/** An alarm that this region does not have says nothing is wrong; one that should be there and is not does. */
function redMeans(alarms: Alarms, name: WatchedAlarm, sentence: string): readonly string[] {
  if (alarms[name] === 'absent') return [`the alarm is not there that would tell whether ${sentence}`];
  return wrongWhen(look(alarms, name)?.state === 'ALARM', sentence);
}
