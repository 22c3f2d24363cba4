import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { awsClientOptions } from '../../../lambda/shared/aws';
import { ROOT } from '../../../lib/bundles';
import type { VirtualClock } from '../../../rehearsal/kernel/clock';
import type { Handler } from '../../../rehearsal/runtime/runtime';
import { compileLibraries } from '../../../rehearsal/runtime/code';
import { Runtime } from '../../../rehearsal/runtime/runtime';
import type { Outside } from '../../../rehearsal/runtime/ports';
import { bodyText } from '../../../rehearsal/wire/wire';
import type { WireRequest, WireResponse } from '../../../rehearsal/wire/wire';
import { MESSAGE, outcomeOf, PATIENCE, UNAVAILABLE } from './real-client';
import type { Case, Outcome } from './real-client';
import { containerOf, CONTEXT, fixed, librariesOf, newClock, outsideOf, START, watch } from './support';

// The rehearsal's clients are the real ones of the AWS SDK; what stands in for the network below them must fail as
// `@smithy/node-http-handler` does, because the SDK decides by name and code what it tries again.

const CASES = [
  { manner: 'no answer', attempts: 1 },
  { manner: 'no connection', attempts: 1 },
  { manner: 'refused', attempts: 1 },
  { manner: 'no answer', attempts: 1, abortAfterMs: 20 },
  { manner: 'no answer', attempts: 3 },
  { manner: 'unavailable', attempts: 3 },
  { manner: 'refused', attempts: 3 },
] as const satisfies readonly Case[];

/** A function of ours that sends one message and answers how it went; its event may say when to abort. */
const SENDER = `
  const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
  const { randomUUID } = require('node:crypto');
  const client = new SQSClient(JSON.parse(process.env.CLIENT));
  exports.handler = async ({ message, abortAfterMs, cached }) => {
    if (cached === false) client.config.cacheMiddleware = false;
    const abort = new AbortController();
    if (abortAfterMs !== undefined) setTimeout(() => abort.abort(), abortAfterMs);
    try {
      return { output: await client.send(new SendMessageCommand(message), { abortSignal: abort.signal }) };
    } catch (error) {
      return { error };
    }
  };`;

/** The same in a rehearsal: packages as the rehearsal compiles them. */
class Simulated {
  readonly clock: VirtualClock = newClock();
  /** When each attempt left, in milliseconds after the start. */
  readonly attempts: number[] = [];
  readonly requests: WireRequest[] = [];
  readonly connections: boolean[] = [];
  private readonly handler: Handler;

  constructor(
    runtime: Runtime,
    private readonly asked: Omit<Case, 'manner'> & { readonly manner: Case['manner'] | 'good' },
  ) {
    runtime.attach(outsideOf({ call: this.call }));
    const env = {
      CLIENT: JSON.stringify(awsClientOptions('eu-central-1', { ...PATIENCE, attempts: asked.attempts })),
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    const container = containerOf(this.clock, { runtime, env, random: fixed(0.999) });
    this.handler = runtime.load('sample', container);
    this.enter = (work) => container.resume(work);
  }

  private readonly enter: (work: () => void) => void;

  /** Sends one message and lets time pass until there is an answer. */
  async send(
    more: { readonly message?: object; readonly cached?: false } = {},
  ): Promise<Outcome & { readonly endedAt: number; readonly output?: unknown }> {
    const event = { message: MESSAGE, ...this.asked, ...more };
    const answer = new Promise<unknown>((resolve, reject) => {
      this.enter(() => void this.handler(event, CONTEXT).then(resolve, reject));
    });
    const seen = watch(answer);
    for (let turn = 0; turn < 20_000 && !seen.over; turn += 1) await this.clock.run(this.clock.now() + 1);
    const result = seen.result;
    if (typeof result !== 'object' || result === null) throw new Error(`no answer: ${String(seen.error)}`);
    const outcome = outcomeOf('error' in result ? result.error : undefined, this.attempts.length);
    return {
      ...outcome,
      endedAt: this.clock.now() - START,
      ...('output' in result && { output: result.output }),
    };
  }

  private readonly call: Outside['call'] = (_from, request, connection, done) => {
    const { manner } = this.asked;
    this.requests.push(request);
    this.connections.push(connection.kept);
    if (manner === 'no connection') return;
    if (manner === 'refused') {
      this.clock.after(1, () => done('refused'));
      return;
    }
    // As on the real side, an attempt counts where it arrives.
    this.attempts.push(this.clock.now() - START);
    this.clock.after(1, () => {
      connection.connected();
      if (manner === 'unavailable') done(json(503, UNAVAILABLE));
      if (manner === 'good') done(json(200, JSON.stringify({ MessageId: 'm-1' })));
    });
  };
}

const GOOD = { manner: 'good', attempts: 1 } as const;

/** Without a number that only traces of AWS's own show: the one thing that is not drawn from the run's seed. */
function visible(headers: WireRequest['headers']): WireRequest['headers'] {
  return { ...headers, 'amz-sdk-invocation-id': '' };
}

function json(statusCode: number, body: string): WireResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: new TextEncoder().encode(body),
  };
}

let unsigned: Runtime;
let signed: Runtime;
let real: readonly Outcome[];

beforeAll(async () => {
  const arguments_ = ['scripts/run.mjs', 'test/rehearsal/conformance/real-client.ts', JSON.stringify(CASES)];
  const playing = promisify(execFile)(process.execPath, arguments_, { cwd: ROOT });
  const code = { functions: { sample: SENDER }, libraries: await librariesOf('@aws-sdk/client-sqs') };
  unsigned = new Runtime(code);
  signed = new Runtime(code, { signed: true });
  real = JSON.parse((await playing).stdout) as readonly Outcome[];
}, 60_000);

describe("a client's attempt fails as it does with the SDK's own handler", () => {
  const both = async (number: number) => {
    const { endedAt, ...simulated } = await new Simulated(unsigned, CASES[number] ?? CASES[0]).send();
    expect(simulated).toEqual(real[number]);
    return { ...simulated, endedAt };
  };

  test('an attempt without an answer fails as the real handler fails it: name, code and time', async () => {
    expect(await both(0)).toEqual({ name: 'TimeoutError', code: 'ETIMEDOUT', attempts: 1, endedAt: 400 });
  });

  test('an attempt without a connection fails as the real handler fails it: name, no code, and time', async () => {
    expect(await both(1)).toEqual({ name: 'TimeoutError', attempts: 0, endedAt: 200 });
  });

  test('a refused connection is told as the real handler tells it', async () => {
    expect(await both(2)).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('a call that its caller aborts ends at once, and as the real one does', async () => {
    expect(await both(3)).toEqual({ name: 'AbortError', attempts: 1, endedAt: 20 });
  });

  test('as many attempts are made as the real client makes, and the last error is told', async () => {
    const ends = [await both(4), await both(5), await both(6)];
    expect(ends.map(({ attempts }) => attempts)).toEqual([3, 3, 0]);
  });
});

describe('in virtual time', () => {
  test('a call without an answer is sent three times, with growing pauses', async () => {
    const calls = new Simulated(unsigned, { manner: 'no answer', attempts: 3 });
    const { attempts, endedAt } = await calls.send();
    expect(attempts).toBe(3);
    const [first = 0, second = 0, third = 0] = calls.attempts;
    const pauses = [second - first - PATIENCE.requestTimeoutMs, third - second - PATIENCE.requestTimeoutMs];
    // 50 ms and 100 ms times a random number that is nearly one here.
    expect(pauses).toEqual([49, 99]);
    expect(endedAt).toBe(third + PATIENCE.requestTimeoutMs);
  });

  test('a connection is kept for the next request, until an attempt on it fails', async () => {
    const calls = new Simulated(unsigned, GOOD);
    for (let call = 0; call < 3; call += 1) await calls.send();
    expect(calls.connections).toEqual([false, true, true]);
    const failing = new Simulated(unsigned, { manner: 'no answer', attempts: 3 });
    await failing.send();
    expect(failing.connections).toEqual([false, false, false]);
  });

  test('requests are unsigned and without user agent unless asked for; all else of a request, and its answer, is the same', async () => {
    const [without, withSignature] = [new Simulated(unsigned, GOOD), new Simulated(signed, GOOD)];
    const answers = [await without.send(), await withSignature.send()];
    expect(answers[0]).toEqual(answers[1]);
    const [bare, full] = [without.requests[0], withSignature.requests[0]];
    const { authorization, 'x-amz-date': date, 'x-amz-content-sha256': sum, ...rest } = full?.headers ?? {};
    const { 'user-agent': agent, 'x-amz-user-agent': sdk, ...others } = rest;
    expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=a\/20260105\/eu-central-1\/sqs\/aws4_request/);
    expect([agent, sdk]).toEqual(Array(2).fill(expect.stringMatching(/^aws-sdk-js/)));
    expect([date, sum]).toEqual(['20260105T080000Z', expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(visible(bare?.headers ?? {})).toEqual(visible(others));
    expect(bare?.body).toEqual(full?.body);
  });

  test('a client keeps the middleware of a command, and sends with it what each call was given', async () => {
    const sent = async (how: { readonly cached?: false }) => {
      const calls = new Simulated(unsigned, GOOD);
      for (const MessageBody of ['one', 'two', 'three'])
        await calls.send({ message: { ...MESSAGE, MessageBody }, ...how });
      return calls.requests.map(({ headers, body, ...rest }) => ({
        ...rest,
        ...visible(headers),
        body: bodyText(body),
      }));
    };
    const kept = await sent({});
    expect(kept).toEqual(await sent({ cached: false }));
    expect(new Set(kept.map(({ body }) => body)).size).toBe(3);
  });
});

/** One call of each client that our handlers have, with what its protocol can carry. */
const CALLS = {
  '@aws-sdk/client-auto-scaling': ['DescribeAutoScalingGroups', { AutoScalingGroupNames: ['a', 'b'] }],
  '@aws-sdk/client-cloudwatch': [
    'PutMetricData',
    { Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 1.5, Timestamp: new Date(START), StorageResolution: 1 }] },
  ],
  '@aws-sdk/client-dynamodb': [
    'Query',
    {
      TableName: 't',
      IndexName: 'i',
      KeyConditionExpression: 'a = :a',
      ExpressionAttributeValues: {
        ':a': { M: { list: { L: [{ N: '1' }, { NULL: true }] }, bytes: { B: Buffer.from('ä') } } },
      },
      Limit: 5,
    },
  ],
  '@aws-sdk/client-lambda': ['Invoke', { FunctionName: 'f', InvocationType: 'Event', Payload: '{"a":1}' }],
  '@aws-sdk/client-rds': [
    'FailoverGlobalCluster',
    { GlobalClusterIdentifier: 'g', TargetDbClusterIdentifier: 'arn:t', AllowDataLoss: true },
  ],
  '@aws-sdk/client-route-53': [
    'ChangeResourceRecordSets',
    {
      HostedZoneId: 'Z1',
      ChangeBatch: {
        Changes: [
          {
            Action: 'UPSERT',
            ResourceRecordSet: { Name: 'a.b', Type: 'TXT', TTL: 10, ResourceRecords: [{ Value: '"x"' }] },
          },
        ],
      },
    },
  ],
  '@aws-sdk/client-s3': [
    'PutObject',
    { Bucket: 'b', Key: 'k/l', Body: 'text', IfNoneMatch: '*', ContentType: 'text/plain' },
  ],
  '@aws-sdk/client-secrets-manager': ['GetSecretValue', { SecretId: 'arn:s' }],
  '@aws-sdk/client-sns': ['Publish', { TopicArn: 'arn:t', Subject: 's', Message: 'm&m' }],
  '@aws-sdk/client-sqs': ['SendMessage', MESSAGE],
  '@aws-sdk/client-ssm': ['PutParameter', { Name: '/n', Value: 'v', Overwrite: true }],
} as const;

/** Sends the calls twice each, and answers nothing. */
const CALLER = `
  exports.handler = async (calls) => {
    for (const [name, [command, input]] of calls) {
      const library = require(name);
      const client = new (library[Object.keys(library).find((key) => /^[A-Z].*Client$/.test(key))])({ region: 'eu-central-1', maxAttempts: 1 });
      for (let time = 0; time < 2; time += 1) await client.send(new library[command + 'Command'](input)).catch(() => undefined);
    }
  };`;

test('every client of ours sends what the SDK’s own sends, compiled as it is and signed', async () => {
  const packages = Object.keys(CALLS);
  const sentBy = async (libraries: readonly string[], options: { readonly signed: boolean }) => {
    const clock = newClock();
    const runtime = new Runtime({ functions: { sample: CALLER }, libraries }, options);
    const requests: object[] = [];
    runtime.attach(
      outsideOf({
        call: (_from, { method, hostname, path, query, headers, body }, _connection, done) => {
          const kept = Object.entries(headers).filter(([name]) => !OF_SIGNING.test(name));
          requests.push({
            method,
            hostname,
            path,
            query: query ?? {},
            headers: Object.fromEntries(kept),
            body: bodyText(body),
          });
          clock.after(1, () => done(json(200, '{}')));
        },
      }),
    );
    const container = containerOf(clock, {
      runtime,
      env: { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      random: fixed(0.5),
    });
    const handler = runtime.load('sample', container);
    const seen = watch(
      new Promise((resolve, reject) => {
        container.resume(() => void handler(Object.entries(CALLS), CONTEXT).then(resolve, reject));
      }),
    );
    for (let turn = 0; turn < 1_000 && !seen.over; turn += 1) await clock.run(clock.now() + 1);
    expect(seen.error).toBeUndefined();
    return requests;
  };
  const asItIs = await compileLibraries([packages], []);
  const ours = await sentBy(await compileLibraries([packages]), { signed: false });
  expect(ours).toHaveLength(2 * packages.length);
  expect(ours).toEqual(await sentBy(asItIs, { signed: true }));
}, 60_000);

/** Headers of the signature, of the user agent, and the number that is nobody's. */
const OF_SIGNING =
  /^(authorization|user-agent|x-amz-user-agent|x-amz-date|x-amz-content-sha256|x-amz-security-token|amz-sdk-invocation-id)$/i;
