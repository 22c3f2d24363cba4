import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SNSClient } from '@aws-sdk/client-sns';
import { createConsumers } from '../../../lambda/failover-orchestrator/consumers';
import type { RunState, StepResult } from '../../../lambda/failover-orchestrator/run';
import { createAnnounce } from '../../../lambda/failover-orchestrator/steps/announce';
import { createOpen } from '../../../lambda/failover-orchestrator/steps/open';
import { createFleet, createRaiseFloor } from '../../../lambda/failover-orchestrator/steps/raise-floor';
import { createReconcile, sweepFrom } from '../../../lambda/failover-orchestrator/steps/reconcile';
import { createRecordChange } from '../../../lambda/failover-orchestrator/steps/record-change';
import { createShiftTraffic } from '../../../lambda/failover-orchestrator/steps/shift-traffic';
import { createStartConsumers } from '../../../lambda/failover-orchestrator/steps/start-consumers';
import type { StepAttempt } from '../../../lambda/failover-orchestrator/steps/step';
import { createStopConsumers } from '../../../lambda/failover-orchestrator/steps/stop-consumers';
import { createTopic } from '../../../lambda/failover-orchestrator/topics';
import { createFunctionCalls } from '../../../lambda/shared/invoke';
import type { LocalItem } from '../../../lambda/shared/local-items';
import { platform } from '../support/registers';
import { fakeHttp, type HttpAnswer, jsonError, queryAnswer, queryError } from './support/fake-http';
import { accepted, after, DR, NOW, observed, PRIMARY, register, stepped, won } from './support/run';

const ACTING = after([observed(), won(), accepted()]).state;

/** One attempt under epoch 2; what it throws is a failed attempt, as the executor has it. */
function attempt(step: StepAttempt, state: RunState = ACTING): Promise<StepResult> {
  return step({ state, epoch: 2, signal: new AbortController().signal }).catch((error: unknown) => ({
    kind: 'failed',
    detail: error instanceof Error ? error.name : String(error),
  }));
}

const ok: HttpAnswer = { body: '{}', headers: { 'content-type': 'application/json' } };

describe('consumers', () => {
  test('of the other region are stopped there, each of them', async () => {
    const { options, sent } = fakeHttp(() => ok, PRIMARY);
    const step = createStopConsumers(createConsumers(new LambdaClient(options)), ['a-1', 'b-2']);
    expect(await attempt(step)).toEqual({ kind: 'done', detail: '2 consumers stopped' });
    expect(sent.map(({ method, host, path, fields }) => [method, host, path, fields])).toEqual(
      ['a-1', 'b-2'].map((id) => [
        'PUT',
        'lambda.eu-central-1.amazonaws.com',
        `/2015-03-31/event-source-mappings/${id}`,
        { Enabled: false },
      ]),
    );
  });

  test('that cannot be reached are a failed attempt, and the others are stopped', async () => {
    const { options, sent } = fakeHttp(({ path }) => (path.endsWith('a-1') ? 'silence' : ok), PRIMARY);
    const step = createStopConsumers(createConsumers(new LambdaClient(options)), ['a-1', 'b-2']);
    expect(await attempt(step)).toEqual({ kind: 'failed', detail: 'TimeoutError: no answer' });
    expect(sent).toHaveLength(2);
  });

  test.each([
    ['are started here', ok, 'done'],
    ['that are just being changed are asked for again', jsonError('ResourceInUseException'), 'pending'],
    ['that another change holds, too', jsonError('ResourceConflictException', 409), 'pending'],
    ['that do not exist are a failed attempt', jsonError('ResourceNotFoundException', 404), 'failed'],
  ] as const)('%s', async (_, answer, kind) => {
    const { options, sent } = fakeHttp(() => answer);
    const step = createStartConsumers(createConsumers(new LambdaClient(options)), ['a-1']);
    expect((await attempt(step)).kind).toBe(kind);
    expect(sent.map(({ host, fields }) => [host, fields])).toEqual([
      ['lambda.eu-central-2.amazonaws.com', { Enabled: true }],
    ]);
  });

  test('may be none at all', async () => {
    const { options, sent } = fakeHttp(() => ok);
    expect(await attempt(createStartConsumers(createConsumers(new LambdaClient(options)), []))).toEqual({
      kind: 'done',
      detail: '0 consumers started',
    });
    expect(sent).toEqual([]);
  });
});

interface ShiftChange {
  readonly isDr?: boolean;
  readonly state?: RunState;
  readonly publish?: () => Promise<void>;
}

describe('traffic', () => {
  async function shift({ isDr = true, state = ACTING, publish = () => Promise.resolve() }: ShiftChange = {}) {
    const world = platform(NOW);
    await world.dr.keeper.claim('run-1');
    const published: unknown[] = [];
    const step = createShiftTraffic({
      registers: world.dr.keeper,
      isDr,
      now: () => NOW,
      signals: { publish: async (values, at) => (published.push([values, at]), publish()) },
    });
    const result = await attempt(step, state);
    return { result, published, world, traffic: [...world.records.values()].map(({ traffic }) => traffic) };
  }

  test('goes to dr by majority, and dr says so at once', async () => {
    const { result, published, traffic } = await shift();
    expect(result.kind).toBe('done');
    expect(traffic).toEqual(Array.from({ length: 3 }, () => ({ failoverActive: 1, epoch: 2 })));
    expect(published).toEqual([[{ FailoverActive: 1 }, NOW]]);
  });

  test('goes back to primary with 0, and primary publishes nothing: the metric is of dr', async () => {
    const { result, published, traffic } = await shift({ isDr: false });
    expect(result.kind).toBe('done');
    expect(traffic[0]).toEqual({ failoverActive: 0, epoch: 2 });
    expect(published).toEqual([]);
  });

  test('stays where it is until RDS has accepted, because within one epoch it moves only once', async () => {
    const { result, traffic } = await shift({ state: after([observed(), won()]).state });
    expect(result.kind).toBe('pending');
    expect(traffic.map(({ failoverActive }) => failoverActive)).toEqual([0, 0, 0]);
  });

  test('is moved although the metric cannot be published: the heartbeat repeats it', async () => {
    const { result } = await shift({ publish: () => Promise.reject(new Error('CloudWatch is gone')) });
    expect(result).toEqual({ kind: 'done', detail: expect.stringContaining('CloudWatch is gone') });
  });
});

describe('opening', () => {
  async function open(ledger: HttpAnswer, moveClock = 120_000) {
    const world = platform(NOW);
    await world.primary.keeper.renew({ verdict: world.verdict() });
    await world.dr.keeper.claim('run-1');
    world.clock.at += moveClock;
    const { options, sent } = fakeHttp(() => ledger);
    const step = createOpen({
      registers: world.dr.keeper,
      calls: createFunctionCalls(new LambdaClient(options)),
      ledgerFunction: 'ledger-dev',
    });
    return { step, world, sent };
  }
  const holds = (epoch: number): HttpAnswer => ({ body: JSON.stringify({ epoch }) });

  test('installs the epoch in the database, then opens the lease', async () => {
    const { step, world, sent } = await open(holds(2));
    expect((await attempt(step)).kind).toBe('done');
    expect(sent.map(({ path, fields }) => [path, fields])).toEqual([
      ['/2015-03-31/functions/ledger-dev/invocations', { action: 'install-epoch', epoch: 2 }],
    ]);
    expect(world.dr.local.item).toMatchObject({ activeRegion: DR, epoch: 2 });
  });

  test('waits for the end of the other lease, and has installed the epoch meanwhile, once', async () => {
    const { step, world, sent } = await open(holds(2), 0);
    expect((await attempt(step)).kind).toBe('pending');
    expect((await attempt(step)).kind).toBe('pending');
    expect(world.dr.local.item?.activeRegion).not.toBe(DR);
    world.clock.at += 65_000;
    expect((await attempt(step)).kind).toBe('done');
    expect(sent).toHaveLength(1);
  });

  test('is over when the database holds a higher epoch, which the other region has', async () => {
    const { step, world } = await open(holds(3));
    expect((await world.primary.keeper.claim('back')).won).toBe(true);
    expect((await attempt(step)).kind).toBe('lost-epoch');
    expect(world.dr.local.item?.activeRegion).not.toBe(DR);
  });

  test('goes on when the higher epoch is this region’s own, taken by its heartbeat meanwhile', async () => {
    const { step, world } = await open(holds(3));
    expect((await world.dr.keeper.claim('heartbeat-1')).won).toBe(true);
    expect((await attempt(step)).kind).toBe('done');
    expect(world.dr.local.item).toMatchObject({ activeRegion: DR, epoch: 3 });
  });

  test.each([
    [
      'the ledger fails',
      {
        headers: { 'x-amz-function-error': 'Unhandled' },
        body: '{"errorType":"DatabaseUnavailableError","errorMessage":"gone"}',
      },
      'CallError',
    ],
    ['the ledger does not answer', 'silence', 'CallError'],
    ['the ledger says something else', { body: '{"orders":[]}' }, 'MalformedError'],
    ['the ledger says nothing', { body: '' }, 'MalformedError'],
  ] as const)('opens nothing when %s', async (_, ledger, name) => {
    const { step, world } = await open(ledger);
    expect(await attempt(step)).toEqual({ kind: 'failed', detail: name });
    expect(world.dr.local.item?.activeRegion).not.toBe(DR);
  });
});

describe('the fleet', () => {
  const group = (min: number, desired: number, max: number): HttpAnswer =>
    queryAnswer(
      'DescribeAutoScalingGroups',
      `<AutoScalingGroups><member><MinSize>${min}</MinSize><DesiredCapacity>${desired}</DesiredCapacity><MaxSize>${max}</MaxSize></member></AutoScalingGroups>`,
    );

  test.each([
    ['is raised from warm', group(1, 1, 6), { MinSize: '3', DesiredCapacity: '3' }],
    ['keeps what is running', group(1, 5, 6), { MinSize: '3', DesiredCapacity: '5' }],
    ['never asks for more than the group allows', group(1, 1, 2), { MinSize: '2', DesiredCapacity: '2' }],
    ['grows when only its floor was raised before', group(3, 1, 6), { MinSize: '3', DesiredCapacity: '3' }],
    ['is left alone when it is large enough', group(4, 4, 6), undefined],
  ])('%s', async (_, found, wanted) => {
    const { options, sent } = fakeHttp(({ fields }) =>
      fields['Action'] === 'DescribeAutoScalingGroups' ? found : queryAnswer('UpdateAutoScalingGroup', ''),
    );
    const step = createRaiseFloor(createFleet(new AutoScalingClient(options), 'fleet-dev'), 3);
    expect((await attempt(step)).kind).toBe('done');
    const updates = sent.filter(({ fields }) => fields['Action'] === 'UpdateAutoScalingGroup');
    expect(updates.map(({ fields }) => fields)).toEqual(
      wanted
        ? [{ Action: 'UpdateAutoScalingGroup', Version: '2011-01-01', AutoScalingGroupName: 'fleet-dev', ...wanted }]
        : [],
    );
  });

  test('may not exist', async () => {
    expect(await attempt(createRaiseFloor(undefined, 3))).toEqual({ kind: 'done', detail: 'there is no fleet' });
    const { options } = fakeHttp(() =>
      queryAnswer('DescribeAutoScalingGroups', '<AutoScalingGroups></AutoScalingGroups>'),
    );
    expect(await attempt(createRaiseFloor(createFleet(new AutoScalingClient(options), 'fleet-dev'), 3))).toEqual({
      kind: 'failed',
      detail: 'the fleet is not found',
    });
  });
});

describe('the window of a sweep', () => {
  const DAY = 86_400_000;
  const known = { ...ACTING, faultAt: NOW - 40_000, lossMs: 1_300 };

  test.each([
    ['begins a minute before the loss and the first order that failed', known, NOW - 45_000 - 60_000],
    ['begins before the loss where that is earlier', { ...known, lossMs: 30_000 }, NOW - 70_000 - 60_000],
    [
      'begins where a switchover that was given up had ended the writes',
      {
        ...known,
        evidence: {
          ...known.evidence,
          register: register({ activeRegion: DR, released: true, otherLeaseEnd: NOW - 200_000 }),
        },
      },
      NOW - 200_000 - 60_000,
    ],
    ['goes back a day where nobody probed', { ...known, evidence: undefined }, NOW - DAY - 60_000],
    ['goes back a day where the loss is not known', { ...known, lossMs: undefined }, NOW - DAY],
  ])('%s', (_, state, from) => {
    expect(sweepFrom(JSON.parse(JSON.stringify(state)), NOW)).toBe(from);
  });

  test.each([
    ['is set where there is none', undefined, NOW - 105_000],
    ['is set back', NOW - 20_000, NOW - 105_000],
    ['is never set forward', NOW - 3_600_000, NOW - 3_600_000],
    ['is not held back by last year', 0, NOW - DAY],
  ])('%s, for orders as for payments', async (_, present, sweptThrough) => {
    const fresh = { setBackAt: NOW - 5_000, orders: NOW, payments: NOW };
    expect(await setBack({ ...fresh, orders: present })).toEqual({
      setBackAt: NOW,
      orders: sweptThrough,
      payments: NOW - 105_000,
    });
    expect(await setBack({ ...fresh, payments: present })).toEqual({
      setBackAt: NOW,
      orders: NOW - 105_000,
      payments: sweptThrough,
    });
  });

  test('is set where there is none yet', async () => {
    expect(await setBack(undefined)).toEqual({ setBackAt: NOW, orders: NOW - 105_000, payments: NOW - 105_000 });
  });

  async function setBack(present: LocalItem<'sweep'> | undefined): Promise<LocalItem<'sweep'> | undefined> {
    let written: LocalItem<'sweep'> | undefined;
    const window = { read: async () => present, put: async (sweep: LocalItem<'sweep'>) => void (written = sweep) };
    expect((await attempt(createReconcile({ window, now: () => NOW }), known)).kind).toBe('done');
    return written;
  }
});

test('the informational record says region and epoch, in one attempt at Route 53', async () => {
  const { options, sent } = fakeHttp(() => ({
    body: '<ChangeResourceRecordSetsResponse><ChangeInfo><Id>c</Id><Status>PENDING</Status></ChangeInfo></ChangeResourceRecordSetsResponse>',
  }));
  const step = createRecordChange(new Route53Client(options), {
    zoneId: 'Z1',
    recordName: 'active.dev.example.com',
    region: DR,
  });
  expect(await attempt(step)).toEqual({ kind: 'done', detail: 'active.dev.example.com says "eu-central-2 epoch=2"' });
  expect(sent.map(({ host, path }) => [host, path])).toEqual([
    ['route53.amazonaws.com', '/2013-04-01/hostedzone/Z1/rrset'],
  ]);
  expect(sent[0]?.text).toContain('<Action>UPSERT</Action>');
  expect(sent[0]?.text).toContain('<Name>active.dev.example.com</Name><Type>TXT</Type><TTL>60</TTL>');
  expect(sent[0]?.text).toMatch(/<Value>(&quot;|")eu-central-2 epoch=2(&quot;|")<\/Value>/);
});

describe('the announcement', () => {
  async function announce(there: HttpAnswer, here: HttpAnswer = queryAnswer('Publish', '<MessageId>m</MessageId>')) {
    const own = fakeHttp(() => here);
    const other = fakeHttp(() => there, PRIMARY);
    const step = createAnnounce({
      own: createTopic(new SNSClient(own.options), 'arn:aws:sns:eu-central-2:1:alerts-dev'),
      other: createTopic(new SNSClient(other.options), 'arn:aws:sns:eu-central-1:1:alerts-dev'),
      region: DR,
      otherRegion: PRIMARY,
      environmentSuffix: 'dev',
    });
    const { state } = after([observed(), won(), accepted(), stepped('stop-consumers', 'failed')]);
    return { result: await attempt(step, state), own: own.sent, other: other.sent };
  }

  test('is one that a person can act on at three in the morning', async () => {
    const { own, other } = await announce(queryAnswer('Publish', '<MessageId>m</MessageId>'));
    const { Subject, Message, TopicArn } = own[0]?.fields ?? {};
    expect(TopicArn).toBe('arn:aws:sns:eu-central-2:1:alerts-dev');
    expect(Subject).toBe('[dev] eu-central-2 is active: failover done');
    expect(Message).toContain('eu-central-2 is the active region under epoch 2');
    expect(Message).toContain('Run run-1, started by the alarm.');
    expect(Message).toContain('First sign of the fault: 2026-11-26T02:59:20.000Z.');
    expect(Message).toContain('Commits of about 1.3 s may be lost.');
    expect(Message).toContain('Not done: stop-consumers (stop-consumers failed).');
    expect(Message).toContain('- Leave eu-central-1 alone.');
    expect(other[0]).toMatchObject({ host: 'sns.eu-central-1.amazonaws.com', fields: { Subject, Message } });
  });

  test('does not need the region that is lost', async () => {
    expect((await announce('silence')).result).toEqual({
      kind: 'done',
      detail: 'told here; eu-central-1 could not be told: TimeoutError: no answer',
    });
  });

  test('that nobody here gets is a failed attempt', async () => {
    const { result } = await announce(queryAnswer('Publish', ''), queryError('InternalError', 500));
    expect(result.kind).toBe('failed');
  });

  test('has a subject that SNS takes', async () => {
    const { options, sent } = fakeHttp(() => queryAnswer('Publish', ''));
    await createTopic(new SNSClient(options), 'arn:aws:sns:eu-central-2:1:alerts-dev').publish('x'.repeat(120), 'text');
    expect(sent[0]?.fields['Subject']).toHaveLength(99);
  });
});
