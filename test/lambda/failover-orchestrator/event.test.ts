import { orchestratorAnswer, answerFound, answerOf } from '../../../lambda/failover-orchestrator/answer';
import { readEvent } from '../../../lambda/failover-orchestrator/event';
import { accepted, after, NOW, observed, won } from './support/run';

/** As CloudWatch sends it to a function. */
const alarm = (alarmName: string, value: string) => ({
  source: 'aws.cloudwatch',
  alarmArn: `arn:aws:cloudwatch:eu-central-2:123456789012:alarm:${alarmName}`,
  accountId: '123456789012',
  time: '2026-11-26T03:00:00.000+0000',
  region: 'eu-central-2',
  alarmData: {
    alarmName,
    state: { value, reason: 'r', timestamp: '2026-11-26T03:00:00.000+0000' },
    previousState: { value: 'OK' },
    configuration: { alarmRule: 'ALARM(probe-failed)' },
  },
});

test('the alarm that turns red offers a failover', () => {
  expect(readEvent(alarm('failover-trigger-dev', 'ALARM'), 'failover-trigger-dev')).toEqual({ action: 'offer' });
});

test.each([
  ['its recovery', 'failover-trigger-dev', 'OK'],
  ['its silence', 'failover-trigger-dev', 'INSUFFICIENT_DATA'],
  ['another alarm', 'fleet-unhealthy-dev', 'ALARM'],
])('%s asks for nothing', (_, name, value) => {
  expect(readEvent(alarm(name, value), 'failover-trigger-dev')).toEqual({
    action: 'ignore',
    why: `${name} is ${value}; only ALARM of failover-trigger-dev starts a run`,
  });
});

test.each([
  { action: 'offer' },
  { action: 'resume', runId: 'r' },
  { action: 'failover', who: 'ada', dryRun: true, force: true, acceptLossSeconds: 'unknown' },
  { action: 'accept', runId: 'r', who: 'ada', acceptLossSeconds: 90 },
  { action: 'abort', runId: 'r', who: 'ada' },
  { action: 'status' },
])('a request is taken as it is: %j', (request) => {
  expect(readEvent(request, 'failover-trigger-dev')).toEqual(request);
});

test.each([
  [
    'nothing',
    null,
    /neither a CloudWatch alarm nor a request; allowed are the actions offer, resume, failover, switchover, accept, abort, status/,
  ],
  ['the schedule', { source: 'schedule' }, /allowed are the actions/],
  ['an action that there is not', { action: 'failback' }, /allowed are the actions/],
  [
    'a failover that nobody asks for',
    { action: 'failover' },
    /the request failover is wrong in who; it takes who, and if wanted/,
  ],
  [
    'a loss that is no number of seconds',
    { action: 'accept', runId: 'r', who: 'a', acceptLossSeconds: '9' },
    /wrong in acceptLossSeconds; it takes runId, who/,
  ],
  ['an abort of nothing', { action: 'abort', who: 'a' }, /wrong in runId; it takes runId and who/],
])('%s is an error that names what is allowed', (_, event, message) => {
  expect(() => readEvent(event, 'failover-trigger-dev')).toThrow(message);
  expect(() => readEvent(event, 'failover-trigger-dev')).toThrow(
    expect.objectContaining({ name: 'UnknownEventError' }),
  );
});

describe('an answer', () => {
  test('has its own form in every phase, so that whoever asks can check it', () => {
    for (const { state } of [
      after([]),
      after([observed()]),
      after([observed(), won(), accepted()]),
      after([observed({ maintenance: true })]),
    ]) {
      const answer = JSON.parse(JSON.stringify(answerOf(state)));
      expect(orchestratorAnswer.parse(answer)).toEqual(answer);
    }
  });

  test('tells the plan with purpose and order, and how far it has come', () => {
    const answer = answerOf(after([observed(), won(), accepted()]).state);
    expect(answer).toMatchObject({ kind: 'run', startedBy: 'the alarm', phase: 'acting', epoch: 2, lossMs: 1_300 });
    expect(answer).toHaveProperty('steps.2', {
      name: 'promote',
      purpose: "Makes this region's database cluster the writer",
      after: [],
      takes: { usual: 120, most: 180 },
      status: 'started',
      attempts: 1,
      startedAt: NOW + 1_000,
      detail: 'accepted',
    });
  });

  test('names an ended run of another release, which nobody can read', () => {
    const header = { runId: 'r', owner: 'o', ownedUntil: 0, revision: 1, alerts: [], closed: true, ended: true };
    expect(answerFound(header)).toMatchObject({ kind: 'refused', runId: 'r' });
    expect(answerFound(undefined)).toEqual({ kind: 'no-run' });
  });
});
