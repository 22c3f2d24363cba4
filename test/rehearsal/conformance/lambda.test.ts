import type { GraphResource } from '../../../analysis/graph/graph';
import { Lambda } from '../../../rehearsal/aws/lambda/lambda';
import type { InvocationResult, MetricDatum } from '../../../rehearsal/aws/ports';
import type { Answer, Call } from '../../../rehearsal/aws/service';
import { Random } from '../../../rehearsal/kernel/random';
import { FunctionMetrics } from '../../../rehearsal/world/function-metrics';
import { ACCOUNT, graphOf, HERE, newClock, outsideOf, resource, runtimeOf, START } from './support';

// Lambda developer guide: "Lambda execution environment lifecycle", "Asynchronous invocation", "How Lambda handles errors and
// retries with asynchronous invocation", "Types of metrics for Lambda functions".

const ARN = `arn:aws:lambda:${HERE}:${ACCOUNT}:function:sample-dev`;
const SCHEDULER = { principal: 'events.amazonaws.com', from: HERE, name: 'schedule' };
const CALLER = { principal: `arn:aws:iam::${ACCOUNT}:role/caller`, from: HERE, name: 'caller' };

const COLD_MS = 500;
const WARM_MS = 5;

interface Options {
  readonly mayInvoke?: () => string | undefined;
  readonly configuration?: GraphResource;
}

/** Lambda with one function, and everything that its code has logged. */
function lambdaWith(handler: string, { mayInvoke, configuration }: Options = {}) {
  const clock = newClock();
  const log: string[] = [];
  const runtime = runtimeOf(handler, outsideOf({ log: (_from, line) => log.push(line) }));
  const deployed = resource(
    'aws:lambda/function:Function',
    'sample-dev',
    {
      name: 'sample-dev',
      role: 'role',
      timeout: 10,
      code: { path: 'dist/sample' },
      environment: { variables: { SAMPLE: 'x' } },
    },
    { arn: ARN },
  );
  const data: (MetricDatum & { readonly region: string })[] = [];
  const metrics = new FunctionMetrics(clock, { put: (region, datum) => data.push({ ...datum, region }) });
  const lambda = new Lambda(graphOf(deployed, ...(configuration ? [configuration] : [])), {
    clock,
    runtime,
    random: new Random('test'),
    nature: {
      coldStartMs: { least: COLD_MS, most: COLD_MS },
      warmStartMs: { least: WARM_MS, most: WARM_MS },
    },
    crashes: () => false,
    skew: () => 0,
    mayInvoke: mayInvoke ?? (() => undefined),
    exerciseRole: () => undefined,
    mappings: () => {
      throw new Error('there are no mappings');
    },
    onEnd: (one, result) => metrics.note(one, result),
  });
  const after = (): number => clock.now() - START;
  return {
    lambda,
    clock,
    log,
    data,
    /** Ends of invocations, with the milliseconds after the start. */
    invoke: (event: unknown = {}) => {
      const ended: { at?: number; result?: InvocationResult } = {};
      lambda.invoke(ARN, event, SCHEDULER, (result) => Object.assign(ended, { at: after(), result }));
      return ended;
    },
    call: (operation: string, input: Call['input']) => {
      const answered: { answer?: Answer } = {};
      const call = { region: HERE, service: 'lambda', operation, input, caller: CALLER } as const;
      lambda.handle(call, (answer) => Object.assign(answered, { answer }));
      return answered;
    },
    run: (ms: number) => clock.run(START + ms),
  };
}

/** Logs when it is loaded and when it is called, waits as long as the event says, and answers how often it was called. */
const COUNTING = `
  console.log('loaded');
  let calls = 0;
  exports.handler = async ({ ms = 0 }, context) => {
    calls += 1;
    console.log('called');
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { calls, remaining: context.getRemainingTimeInMillis() };
  };`;

const FAILING = `
  exports.handler = async () => {
    console.log(String(Date.now()));
    throw new RangeError('not today');
  };`;

const returned = (payload: unknown): InvocationResult => ({ kind: 'returned', payload });

describe('an invocation', () => {
  test('starts a new environment only where none is free, and a new one takes longer', async () => {
    const { invoke, run, log } = lambdaWith(COUNTING);
    const first = invoke();
    await run(1_000);
    const second = invoke();
    await run(2_000);
    const atOnce = [invoke({ ms: 100 }), invoke({ ms: 100 })];
    await run(3_000);
    expect([first, second]).toEqual([
      { at: COLD_MS, result: returned({ calls: 1, remaining: 10_000 }) },
      { at: 1_000 + WARM_MS, result: returned({ calls: 2, remaining: 10_000 }) },
    ]);
    expect(atOnce.map(({ at }) => at)).toEqual([2_100 + WARM_MS, 2_100 + COLD_MS]);
    expect(atOnce.map(({ result }) => result)).toEqual([
      returned({ calls: 3, remaining: 9_900 }),
      returned({ calls: 1, remaining: 9_900 }),
    ]);
    expect(log.filter((line) => line === 'loaded')).toHaveLength(2);
  });

  test('is killed with its environment when the function’s time is over', async () => {
    const { invoke, run, log } = lambdaWith(COUNTING);
    const slow = invoke({ ms: 60_000 });
    await run(20_000);
    const next = invoke();
    await run(30_000);
    expect(slow).toMatchObject({ at: COLD_MS + 10_000, result: { kind: 'lost' } });
    expect(next.result).toMatchObject(returned({ calls: 1 }));
    expect(log).toEqual(['loaded', 'called', 'loaded', 'called']);
  });

  test('fails when the init phase throws, and the next one tries it again', async () => {
    const { invoke, run } = lambdaWith(`throw new Error('no configuration'); exports.handler = async () => 1;`);
    const ends = [invoke()];
    await run(2_000);
    ends.push(invoke());
    await run(4_000);
    const failed = { kind: 'failed', errorType: 'Runtime.ExitError', message: 'Error: no configuration' };
    expect(ends.map(({ result }) => result)).toEqual([failed, failed]);
  });

  test('gets its event, and gives its answer, as JSON', async () => {
    const { invoke, run } = lambdaWith(
      `exports.handler = async (event) => ({ ...event, at: new Date(0), gone: undefined });`,
    );
    const ended = invoke({ text: 'x', absent: undefined });
    await run(1_000);
    expect(ended.result).toStrictEqual(returned({ text: 'x', at: '1970-01-01T00:00:00.000Z' }));
  });

  test('by a service needs the permission of the function’s own policy', async () => {
    const { invoke, run, log } = lambdaWith(COUNTING, { mayInvoke: () => 'no statement allows it' });
    const ended = invoke();
    await run(1_000);
    expect(ended.result).toEqual({ kind: 'lost', why: 'no statement allows it' });
    expect(log).toEqual([]);
  });

  test('after a deployment runs in a new environment, while what runs ends in its old one', async () => {
    const { lambda, invoke, run } = lambdaWith(COUNTING);
    const running = invoke({ ms: 1_000 });
    await run(600);
    lambda.redeploy(HERE);
    await run(2_000);
    const next = invoke();
    await run(3_000);
    expect([running.result, next.result]).toMatchObject([returned({ calls: 1 }), returned({ calls: 1 })]);
    expect(next.at).toBe(2_000 + COLD_MS);
  });
});

describe('an asynchronous event', () => {
  const attemptsOf = (log: readonly string[]): readonly number[] => log.map((at) => Number(at) - START);

  test('that fails is tried again after one and two minutes, and then no more', async () => {
    const { lambda, run, log } = lambdaWith(FAILING);
    lambda.invokeAsync(ARN, {}, SCHEDULER);
    await run(3_600_000);
    const second = COLD_MS + 60_000 + WARM_MS;
    expect(attemptsOf(log)).toEqual([COLD_MS, second, second + 120_000 + WARM_MS]);
  });

  test('is tried again as the function’s configuration says: so often, and not when it is too old', async () => {
    const play = async (inputs: Readonly<Record<string, number>>): Promise<number> => {
      const type = 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig';
      const configuration = resource(type, 'sample-dev', { functionName: 'sample-dev', ...inputs });
      const { lambda, run, log } = lambdaWith(FAILING, { configuration });
      lambda.invokeAsync(ARN, {}, SCHEDULER);
      await run(3_600_000);
      return log.length;
    };
    expect(await play({ maximumRetryAttempts: 0 })).toBe(1);
    expect(await play({ maximumRetryAttempts: 1 })).toBe(2);
    expect(await play({ maximumRetryAttempts: 2, maximumEventAgeInSeconds: 60 })).toBe(1);
    expect(await play({ maximumRetryAttempts: 2, maximumEventAgeInSeconds: 120 })).toBe(2);
  });

  test('may come twice, and may be lost, where a fault says so', async () => {
    const { lambda, run, log } = lambdaWith(COUNTING);
    lambda.duplicateEvents(1);
    lambda.invokeAsync(ARN, {}, SCHEDULER);
    await run(60_000);
    expect(log.filter((line) => line === 'called')).toHaveLength(2);
    const found = lambda.loseEvents(ARN, 1);
    lambda.invokeAsync(ARN, {}, SCHEDULER);
    found();
    await run(120_000);
    expect(log.filter((line) => line === 'called')).toHaveLength(2);
  });

  test('for a region that is dark waits until it is back', async () => {
    const { lambda, run, log, invoke } = lambdaWith(COUNTING);
    lambda.silence(HERE);
    lambda.invokeAsync(ARN, {}, SCHEDULER);
    const unheard = invoke();
    await run(60_000);
    expect(log).toEqual([]);
    lambda.restore(HERE);
    await run(120_000);
    expect(log).toEqual(['loaded', 'called']);
    expect(unheard).toEqual({});
  });
});

describe('the API', () => {
  test('Invoke answers 200 with FunctionError when the function failed, and 202 at once for an event', async () => {
    const { call, run } = lambdaWith(FAILING);
    const input = { FunctionName: 'sample-dev', Payload: '{}' };
    const waiting = call('Invoke', input);
    const event = call('Invoke', { ...input, InvocationType: 'Event' });
    expect(event.answer).toEqual({ ok: true, output: { StatusCode: 202 } });
    await run(1_000);
    const Payload = JSON.stringify({ errorType: 'RangeError', errorMessage: 'not today' });
    const output = { StatusCode: 200, FunctionError: 'Unhandled', Payload };
    expect(waiting.answer).toEqual({ ok: true, output });
    expect(call('Invoke', { ...input, FunctionName: 'nobody' }).answer).toMatchObject({
      error: { code: 'ResourceNotFoundException', status: 404 },
    });
  });
});

test('AWS/Lambda Invocations and Errors are published once a minute, time-outs and failed starts among the errors', async () => {
  const { invoke, run, data } = lambdaWith(COUNTING);
  invoke();
  invoke({ ms: 60_000 });
  await run(60_000);
  const dimensions = { FunctionName: 'sample-dev' };
  const datum = { namespace: 'AWS/Lambda', dimensions, at: START + 60_000, resolution: 60, region: HERE };
  expect(data).toEqual([
    { ...datum, name: 'Invocations', value: 2 },
    { ...datum, name: 'Errors', value: 1 },
  ]);
  await run(180_000);
  expect(data).toHaveLength(2);
});
