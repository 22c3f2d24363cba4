import type { GraphResource } from '../../../analysis/graph/graph';
import type { MetricDatum } from '../../../rehearsal/aws/ports';
import { Random } from '../../../rehearsal/kernel/random';
import { CANARY } from '../../../rehearsal/runtime/canary';
import { Runtime } from '../../../rehearsal/runtime/runtime';
import { readEmf } from '../../../rehearsal/world/emf-lines';
import { Synthetics } from '../../../rehearsal/world/synthetics';
import { graphOf, HERE, newClock, outsideOf, resource, START } from './support';

describe('a line in embedded metric format', () => {
  // The example of the specification (CloudWatch user guide, "Specification: Embedded metric format").
  const example = {
    _aws: {
      Timestamp: 1_574_109_732_004,
      CloudWatchMetrics: [
        {
          Namespace: 'lambda-function-metrics',
          Dimensions: [['functionVersion']],
          Metrics: [{ Name: 'time', Unit: 'Milliseconds', StorageResolution: 60 }],
        },
      ],
    },
    functionVersion: '$LATEST',
    time: 100,
    requestId: '989ffbf8-9ace-4817-a57c-e4dd734019ee',
  };

  test('becomes the values that it names, in its dimensions, at its own time', () => {
    expect(readEmf(JSON.stringify(example))).toEqual([
      {
        namespace: 'lambda-function-metrics',
        name: 'time',
        dimensions: { functionVersion: '$LATEST' },
        value: 100,
        at: 1_574_109_732_004,
        resolution: 60,
      },
    ]);
  });

  test('may name several values, sets of dimensions and high resolution', () => {
    const [directive] = example._aws.CloudWatchMetrics;
    const line = {
      ...example,
      time: [1, 2],
      size: 3,
      _aws: {
        ...example._aws,
        CloudWatchMetrics: [
          {
            ...directive,
            Dimensions: [[], ['functionVersion']],
            Metrics: [{ Name: 'time' }, { Name: 'size', StorageResolution: 1 }],
          },
        ],
      },
    };
    const read = readEmf(JSON.stringify(line))?.map(({ name, value, dimensions, resolution }) => [
      name,
      value,
      Object.keys(dimensions).length,
      resolution,
    ]);
    expect(read).toEqual([
      ['time', 1, 0, 60],
      ['time', 2, 0, 60],
      ['size', 3, 0, 1],
      ['time', 1, 1, 60],
      ['time', 2, 1, 60],
      ['size', 3, 1, 1],
    ]);
  });

  test('is none when it is an ordinary line of the log, whatever it says', () => {
    expect(readEmf(JSON.stringify({ message: 'the claim was won', level: 'INFO' }))).toBeUndefined();
    expect(readEmf('{"_aws":{"Timestamp":1}}')).toBeUndefined();
    expect(readEmf('START RequestId: 1')).toBeUndefined();
  });
});

/** Synthetics with one canary whose script is this, and everything that it publishes. */
function canaryWith(handler: string) {
  const clock = newClock();
  const data: (MetricDatum & { readonly region: string })[] = [];
  const asked: number[] = [];
  const outside = outsideOf({
    log: () => undefined,
    web: (_from, _request, _connection, done) => {
      asked.push(clock.now() - START);
      clock.after(20, () => done({ kind: 'answered', answer: { status: 200, body: '' } }));
    },
  });
  const runtime = new Runtime({ functions: { [CANARY]: handler }, libraries: [] });
  runtime.attach(outside);
  const canary: GraphResource = resource('aws:synthetics/canary:Canary', 'peer', {
    name: 'peer-dev',
    executionRoleArn: 'role',
    schedule: { expression: 'rate(1 minute)' },
    runConfig: { timeoutInSeconds: 30, environmentVariables: { URL: 'http://peer.example/health' } },
  });
  let dark = false;
  const synthetics = new Synthetics(graphOf(canary), {
    clock,
    random: new Random('test'),
    runtime,
    metrics: { put: (region, datum) => data.push({ ...datum, region }) },
    skew: () => 0,
    isDark: () => dark,
  });
  return {
    synthetics,
    data,
    asked,
    darken: () => void (dark = true),
    run: (minutes: number) => clock.run(START + 60_000 * minutes),
    values: () => data.map(({ value }) => value),
  };
}

const GET = `
  const { request } = require('node:http');
  let runs = 0;
  exports.handler = async () => {
    runs += 1;
    if (runs > 1) throw new Error('the environment of the last run was still there');
    await new Promise((resolve) => request(process.env.URL, {}, resolve).end());
  };`;

describe('a canary', () => {
  test('runs its script every minute in a fresh environment and publishes SuccessPercent', async () => {
    const { data, asked, run } = canaryWith(GET);
    await run(5);
    expect(asked).toHaveLength(5);
    const [first = 0] = asked;
    expect(first).toBeLessThan(60_000);
    expect(asked.map((at) => at - first)).toEqual([0, 60_000, 120_000, 180_000, 240_000]);
    expect(data).toHaveLength(5);
    expect(data[0]).toEqual({
      namespace: 'CloudWatchSynthetics',
      name: 'SuccessPercent',
      dimensions: { CanaryName: 'peer-dev' },
      value: 100,
      at: START + first + 20,
      resolution: 60,
      region: HERE,
    });
  });

  test('fails when its script throws, when its time is over, and when Synthetics itself is broken', async () => {
    const throwing = canaryWith(`exports.handler = async () => { throw new Error('503'); };`);
    await throwing.run(2);
    expect(throwing.values()).toEqual([0, 0]);

    const hanging = canaryWith(`exports.handler = () => new Promise(() => undefined);`);
    await hanging.run(4);
    expect(new Set(hanging.values())).toEqual(new Set([0]));

    const { synthetics, run, values } = canaryWith(GET);
    const heal = synthetics.breakCanaries(HERE);
    await run(2);
    heal();
    await run(4);
    expect(values()).toEqual([0, 0, 100, 100]);
  });

  test('in a dark region neither runs nor publishes', async () => {
    const { darken, run, data, asked } = canaryWith(GET);
    darken();
    await run(3);
    expect([data, asked]).toEqual([[], []]);
  });
});
