import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import { refuseDuringRun } from '../../lib/run-check';
import { judgeRuns } from '../../lib/run-check/judge';
import { askRegion, readError, readItem } from '../../lib/run-check/journal';
import { runThroughHost } from '../support/engine';
import type { RunReading } from '../../lib/run-check/judge';

// X12: `up` during a failover would set back what the run is changing.

const RUN: RunReading = { kind: 'run', runId: 'r-1', phase: 'acting', startedAt: '2026-01-05T08:00:00.000Z' };
const NONE: RunReading = { kind: 'none' };
const DENIED: RunReading = { kind: 'unknown', why: 'AccessDeniedException: no' };
const CUT_OFF: RunReading = { kind: 'unreachable', why: 'ENOTFOUND' };
const NO_ACCOUNT: RunReading = { kind: 'no-account', why: 'CredentialsProviderError: none' };

const judge = (primary: RunReading, dr: RunReading) =>
  judgeRuns([
    { region: 'eu-central-1', reading: primary },
    { region: 'eu-central-2', reading: dr },
  ]);

describe('what is made of both regions’ journals', () => {
  test('no run anywhere: nothing is in the way', () => {
    expect(judge(NONE, NONE)).toEqual({});
  });

  test.each([
    ['primary', RUN, NONE, 'eu-central-1'],
    ['dr', NONE, RUN, 'eu-central-2'],
  ])('a run in %s refuses, and the message says who holds the stack since when', (_, primary, dr, region) => {
    const { refusal } = judge(primary, dr);
    expect(refusal).toContain(
      `the run r-1 of the failover orchestrator in ${region} is acting, since 2026-01-05T08:00:00.000Z`,
    );
    expect(refusal).toContain('pulumi config set tap:deployDuringRun allow');
    expect(refusal).toContain('npx tap status');
  });

  test.each([
    ['a region that denies', NONE, DENIED],
    ['a region whose name leads nowhere, while the other one answers', CUT_OFF, NONE],
    ['a region that denies, although the other one cannot be reached either', CUT_OFF, DENIED],
  ])('%s refuses: a region in the dark is when runs are most likely', (_, primary, dr) => {
    expect(judge(primary, dr).refusal).toContain('pulumi config set tap:deployDuringRun allow');
  });

  test.each([
    ['no account', NO_ACCOUNT, NO_ACCOUNT],
    ['a region that the account has not enabled', NONE, NO_ACCOUNT],
    ['no way to either region', CUT_OFF, CUT_OFF],
  ])('%s is a warning: nothing can be deployed there, and the provider says more about it', (_, primary, dr) => {
    const { refusal, warning } = judge(primary, dr);
    expect(refusal).toBeUndefined();
    expect(warning).toContain('Nobody could be asked whether a failover is in progress');
  });
});

describe('the item of a run', () => {
  const item = (phase: string) => ({ runId: { S: 'r-1' }, phase: { S: phase }, startedAt: { N: '1767600000000' } });

  test('stands in every phase but the last one', () => {
    for (const phase of ['observing', 'waiting-for-person', 'claiming', 'acting', 'releasing', 'a phase of tomorrow'])
      expect(readItem(item(phase))).toEqual({ ...RUN, phase });
    expect(readItem(item('ended'))).toEqual(NONE);
    expect(readItem(undefined)).toEqual(NONE);
  });

  test.each([[{}], [{ ...item('acting'), startedAt: { N: 'x' } }], [{ ...item('acting'), runId: {} }]])(
    'of another form is no answer: %j',
    (found) => {
      expect(readItem(found).kind).toBe('unknown');
    },
  );
});

test.each([
  ['ResourceNotFoundException', 'none'],
  ['AccessDeniedException', 'unknown'],
  ['ThrottlingException', 'unknown'],
  ['TimeoutError', 'unknown'],
  ['ExpiredTokenException', 'no-account'],
  ['UnrecognizedClientException', 'no-account'],
])('%s of AWS means %s', (name, kind) => {
  expect(readError(Object.assign(new Error('said AWS'), { name })).kind).toBe(kind);
});

test('a name that leads nowhere, or where nobody listens, cannot be reached', () => {
  const failing = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
  expect(readError(failing('ENOTFOUND'))).toEqual({ kind: 'unreachable', why: 'Error: connect ENOTFOUND' });
  expect(readError(new AggregateError([failing('ECONNREFUSED'), failing('ENETUNREACH')])).kind).toBe('unreachable');
  expect(readError(failing('ECONNRESET')).kind).toBe('unknown');
});

// jest has no dynamic import.
const load = () => Promise.resolve(dynamodb);

/** A table's endpoint that answers every request the same way; `undefined` never answers. */
async function endpoint(answer: { readonly status: number; readonly body: object } | undefined) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      requests.push(body);
      if (!answer) return;
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const standing = {
  status: 200,
  body: { Item: { runId: { S: 'r-1' }, phase: { S: 'acting' }, startedAt: { N: '1767600000000' } } },
};
const noTable = { status: 400, body: { __type: 'ResourceNotFoundException', message: 'no table' } };
const denied = { status: 400, body: { __type: 'AccessDeniedException', message: 'not you' } };

describe('a region that is asked', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  const ask = async (answer: Parameters<typeof endpoint>[0]) => {
    const { env, requests, close } = await endpoint(answer);
    Object.assign(process.env, env);
    try {
      return { reading: await askRegion('eu-central-2', 'journal-dev', load), requests };
    } finally {
      await close();
    }
  };

  test('says which run stands, by a consistent read of one item', async () => {
    const { reading, requests } = await ask(standing);
    expect(reading).toEqual(RUN);
    expect(requests.map((body): unknown => JSON.parse(body))).toEqual([
      { TableName: 'journal-dev', Key: { pk: { S: 'current' }, sk: { S: 'current' } }, ConsistentRead: true },
    ]);
  });

  test('has no run where the stack has never been deployed, or none has ever begun', async () => {
    expect((await ask(noTable)).reading).toEqual(NONE);
    expect((await ask({ status: 200, body: {} })).reading).toEqual(NONE);
  });

  test('that denies is no answer', async () => {
    expect((await ask(denied)).reading).toMatchObject({ kind: 'unknown', why: expect.stringContaining('not you') });
  });

  test('that is dark is given up within 5 s', async () => {
    const began = Date.now();
    const { reading } = await ask(undefined);
    expect(reading).toEqual({ kind: 'unknown', why: 'its journal has not answered within 3.5 s' });
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe('the check before a deployment', () => {
  const CONFIG = {
    environmentSuffix: 'dev',
    primaryRegion: 'eu-central-1',
    drRegion: 'eu-central-2',
    deployDuringRun: 'refuse',
  } as const;

  test('asks both regions for the stack’s journal', async () => {
    const asked: string[] = [];
    const ask = async (region: string, table: string): Promise<RunReading> => {
      asked.push(`${region} ${table}`);
      return region === 'eu-central-2' ? RUN : NONE;
    };
    await expect(refuseDuringRun(CONFIG, ask, true)).rejects.toThrow('in eu-central-2 is acting');
    expect(asked).toEqual(['eu-central-1 journal-dev', 'eu-central-2 journal-dev']);
  });

  test('asks nobody in an evaluation, where nothing is deployed, nor where the operator allows it', async () => {
    const ask = (): Promise<RunReading> => Promise.reject(new Error('asked'));
    await refuseDuringRun(CONFIG, ask);
    const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    await refuseDuringRun({ ...CONFIG, deployDuringRun: 'allow' }, ask, true);
    expect(warned.mock.calls.join()).toContain('nobody has asked whether a failover is in progress');
    warned.mockRestore();
  });

  test('ends the program before anything is created', async () => {
    const { env, close } = await endpoint(standing);
    try {
      const { errors, exitCode, graph } = await runThroughHost('dev', { env });
      expect(exitCode).not.toBe(0);
      expect(errors.join('\n')).toContain('Nothing was changed, because this stack may be in the middle of a failover');
      expect(errors.join('\n')).toContain('the run r-1 of the failover orchestrator in eu-central-1 is acting');
      expect(graph.created).toEqual([]);
    } finally {
      await close();
    }
  }, 180_000);
});
