import { EVENTBRIDGE_NATURE } from '../../../rehearsal/aws/eventbridge/nature';
import { EventBridge } from '../../../rehearsal/aws/eventbridge/eventbridge';
import { rateMs } from '../../../rehearsal/aws/eventbridge/rule-catalogue';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';
import type { EventBridgeNature } from '../../../rehearsal/aws/eventbridge/nature';
import type { GraphResource } from '../../support/evaluate';
import { FUNCTION, graphOf, recorder, REGION, rule, START, target, TOPIC } from '../cloudwatch/support';

const AT_ONCE: EventBridgeNature = { phase: { least: 0.5, most: 0.5 }, deliveryMs: { least: 0, most: 0 } };

function bus(resources: readonly GraphResource[], nature = AT_ONCE, seed = 'test') {
  const clock = new VirtualClock(START);
  const { sent, ports } = recorder(clock);
  const events = new EventBridge(graphOf(...resources), clock, new Random(seed), ports, nature);
  return { clock, events, sent, run: (seconds: number) => clock.run(START + seconds * 1000) };
}

const seconds = (sent: readonly { readonly at: number }[]): readonly number[] => sent.map(({ at }) => at / 1000);
const MINUTELY = [
  rule('tick', { scheduleExpression: 'rate(1 minute)' }),
  target('tick', { input: '{"source":"schedule"}' }),
];

describe('a rate', () => {
  // EventBridge guide, "Rate expressions".
  test.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(2 days)', 172_800_000],
  ])('%s', (expression, ms) => {
    expect(rateMs(expression)).toBe(ms);
  });

  test.each(['rate(1 hours)', 'rate(5 hour)', 'rate(0 minutes)', 'rate(30 seconds)', 'cron(0 10 * * ? *)'])(
    '%s is refused',
    (expression) => {
      expect(() => rateMs(expression)).toThrow('is not modelled');
    },
  );
});

describe('a scheduled rule', () => {
  test('fires once in each interval, at its own moment within it', async () => {
    // EventBridge guide, "Creating a rule that runs on a schedule": within the minute, not on its 0th second.
    const { sent, run } = bus(MINUTELY);
    await run(200);
    expect(seconds(sent)).toEqual([30, 90, 150]);
    const moments = ['a', 'b', 'c'].map(async (seed) => {
      const drawn = bus(MINUTELY, EVENTBRIDGE_NATURE, seed);
      await drawn.run(61);
      return drawn.sent[0]?.at ?? 0;
    });
    expect(new Set(await Promise.all(moments)).size).toBe(3);
  });

  test('gives its target the constant that it is configured with, in its own name', async () => {
    const { sent, run } = bus(MINUTELY);
    await run(31);
    const by = {
      principal: 'events.amazonaws.com',
      from: REGION,
      name: 'tick',
      sourceArn: 'arn:aws:events:eu-central-2:111122223333:rule/tick',
    };
    expect(sent).toEqual([{ at: 30_000, to: FUNCTION, what: { source: 'schedule' }, by }]);
  });

  test('without one gives the event of the schedule', async () => {
    // EventBridge guide, "Scheduled events".
    const { sent, run } = bus([rule('tick', { scheduleExpression: 'rate(5 minutes)' }), target('tick', {})]);
    await run(151);
    expect(sent[0]?.what).toEqual({
      version: '0',
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '111122223333',
      time: '2023-08-04T12:32:30Z',
      region: REGION,
      resources: ['arn:aws:events:eu-central-2:111122223333:rule/tick'],
      detail: {},
    });
  });

  test('reaches its target some seconds later', async () => {
    const { sent, run } = bus(MINUTELY, { ...AT_ONCE, deliveryMs: { least: 2000, most: 2000 } });
    await run(100);
    expect(seconds(sent)).toEqual([32, 92]);
  });

  test('does not fire while its region is dark, and makes up for nothing', async () => {
    const { events, sent, run } = bus(MINUTELY);
    await run(40);
    events.silence(REGION);
    await run(200);
    events.restore(REGION);
    await run(240);
    expect(seconds(sent)).toEqual([30, 210]);
  });

  test('loses what was on its way when its region goes dark', async () => {
    const { events, sent, run } = bus(MINUTELY, { ...AT_ONCE, deliveryMs: { least: 5000, most: 5000 } });
    await run(31);
    events.silence(REGION);
    await run(80);
    expect(sent).toEqual([]);
  });

  test('can lose, repeat and delay an invocation by a fault', async () => {
    const { events, sent, run } = bus(MINUTELY);
    events.loseInvocation(REGION, 'tick', 1);
    await run(60);
    events.loseInvocation(REGION, 'tick', 0);
    events.repeatInvocation(REGION, 'tick', 1);
    await run(120);
    events.repeatInvocation(REGION, 'tick', 0);
    events.delayInvocations(REGION, 'tick', 20_000);
    await run(180);
    expect(seconds(sent)).toEqual([90, 90, 170]);
    expect(() => events.loseInvocation(REGION, 'gone', 1)).toThrow('there is no rule gone in eu-central-2');
  });
});

describe('a rule with a pattern', () => {
  const pattern = JSON.stringify({ source: ['aws.rds'], detail: { EventID: ['RDS-EVENT-0238'] } });
  const inputTransformer = {
    inputPaths: { id: '$.detail.EventID', at: '$.time', region: '$.region' },
    inputTemplate: '"finished (<id>, <region>, <at>)"',
  };
  const rules = [
    rule('finished', { eventPattern: pattern }),
    target('finished', { arn: TOPIC, inputTransformer }),
    rule('all', { eventPattern: '{"source":["aws.rds"]}' }),
    target('all', {}),
  ];
  const event = (EventID: string) => ({
    source: 'aws.rds',
    'detail-type': 'RDS DB Cluster Event',
    detail: { EventID },
  });

  test('gives its targets each event that it matches, transformed where they ask for it', async () => {
    const { clock, events, sent, run } = bus(rules);
    clock.at(START + 5000, () => events.emit(REGION, event('RDS-EVENT-0238')));
    clock.at(START + 6000, () => events.emit(REGION, event('RDS-EVENT-0181')));
    await run(10);
    expect(sent.map(({ at, to, what }) => [at, to, what])).toEqual([
      [5000, TOPIC, { body: '"finished (RDS-EVENT-0238, eu-central-2, 2023-08-04T12:30:05Z)"' }],
      [5000, FUNCTION, expect.objectContaining({ region: REGION, detail: { EventID: 'RDS-EVENT-0238' } })],
      [6000, FUNCTION, expect.objectContaining({ account: '111122223333', detail: { EventID: 'RDS-EVENT-0181' } })],
    ]);
  });

  test('sees events of its own region only, and none in the dark', async () => {
    // EventBridge guide: rules match events of their own region.
    const { events, sent, run } = bus(rules);
    events.emit('eu-central-1', event('RDS-EVENT-0238'));
    events.silence(REGION);
    events.emit(REGION, event('RDS-EVENT-0238'));
    events.restore(REGION);
    await run(10);
    expect(sent).toEqual([]);
  });
});

describe('rules that are not modelled', () => {
  test.each<[string, readonly GraphResource[]]>([
    ['eventBusName is not modelled', [rule('r', { eventPattern: '{}', eventBusName: 'other' })]],
    ['roleArn is not modelled', [rule('r', { eventPattern: '{}' }), target('r', { roleArn: 'x' })]],
    ['the target arn:aws:sqs', [rule('r', { eventPattern: '{}' }), target('r', { arn: 'arn:aws:sqs:x:1:q' })]],
    ['targets of rules that do not exist: eu-central-2/gone', [target('gone', {})]],
  ])('say so: %s', (message, resources) => {
    expect(() => bus(resources)).toThrow(message);
  });
});
