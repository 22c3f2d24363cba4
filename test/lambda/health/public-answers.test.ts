import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import dns from 'node:dns';
import { composeHealth } from '../../../lambda/health/compose';
import { describeError, kindOf } from '../../../lambda/shared/errors';
import { type FakeAnswer, fakeAws } from '../support/fake-aws';
import { recordedTelemetry } from '../support/fakes';
import { virtualTime } from '../support/virtual-time';

/** Everything that an answer to anybody must not carry: hosts, names and ids of ours, and what AWS says about a refusal. */
const HOST = 'trading-dev.cluster-c1x2y3.eu-central-1.rds.invalid';
const SECRET = 'prod/trading/database-x7';
const ROLE = 'arn:aws:sts::123456789012:assumed-role/health-dev/health-dev';
const DENIED = `User: ${ROLE} is not authorized to perform: dynamodb:GetItem on resource: table/lease-dev`;
const OURS = [HOST, 'rds.invalid', SECRET, '123456789012', 'assumed-role', 'lease-dev', 'sessions-dev', 'GetItem'];

const secretRead: FakeAnswer = { body: { SecretString: '{"username":"u","password":"p"}' } };
const denied: FakeAnswer = { error: 'AccessDeniedException', message: DENIED };

// What Node says of a name that is not there; no resolver is asked.
beforeEach(() => {
  type Called = (error: Error) => void;
  const isCalled = (given: unknown): given is Called => typeof given === 'function';
  jest.spyOn(dns, 'lookup').mockImplementation((...given: readonly unknown[]) => {
    const hostname = String(given[0]);
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND', hostname });
    given.filter(isCalled).forEach((callback) => process.nextTick(callback, error));
  });
});
afterEach(() => jest.restoreAllMocks());

/** The function in a region of which nothing works, and everything that it logs. */
function health(answers: { readonly secret: FakeAnswer; readonly table: FakeAnswer }) {
  const logged: string[] = [];
  const log = (message: string, ...parts: readonly unknown[]) =>
    void logged.push(
      [message, ...parts.map((part) => (part instanceof Error ? describeError(part) : JSON.stringify(part)))].join(' '),
    );
  const telemetry = { ...recordedTelemetry(), info: log, warn: log, error: log };
  const dynamodb = new DynamoDBClient(fakeAws(() => answers.table).options);
  const respond = composeHealth(
    {
      ENVIRONMENT_SUFFIX: 'dev',
      AWS_REGION: 'eu-central-1',
      LEASE_TABLE: 'lease-dev',
      PROBE_TABLE: 'sessions-dev',
      ORDERS_TABLE: 'none',
      VERDICT_INTERVAL_SECONDS: 10,
      DATABASE_HOST: HOST,
      DATABASE_INSTANCE_HOSTS: [],
      DATABASE_READER_HOST: HOST,
      DATABASE_PORT: 5432,
      DATABASE_NAME: 'trading',
      DATABASE_SECRET_ID: SECRET,
      DATABASE_TLS: 'disable',
    },
    { dynamodb, watching: dynamodb, secrets: new SecretsManagerClient(fakeAws(() => answers.secret).options) },
    telemetry,
    virtualTime(Date.UTC(2026, 10, 24, 3, 51)),
  );
  const get = async (path: string): Promise<{ readonly status: number; readonly body: string }> => {
    const answer = await respond({ httpMethod: 'GET', path }, { invocationId: 'i', end: 0 });
    if (!('statusCode' in answer)) throw new Error('it was taken for the schedule');
    return { status: answer.statusCode, body: answer.body };
  };
  return { get, logged };
}

describe('a region of which nothing works tells anybody the kind of each failure, and its log the rest', () => {
  test.each([
    ['/health', 'a name that leads nowhere', secretRead, HOST],
    ['/health', 'a secret that is refused', denied, SECRET],
    ['/health/deep', 'a name that leads nowhere', secretRead, HOST],
    ['/health/deep', 'a secret that is refused', denied, SECRET],
  ])('%s with %s', async (path, _, secret, cause) => {
    const { get, logged } = health({ secret, table: denied });
    const { status, body } = await get(path);
    expect(status).toBe(503);
    for (const name of OURS) expect(body).not.toContain(name);
    expect(body).toContain('"DatabaseUnavailableError"');
    expect(logged.filter((line) => line.includes(cause))).toHaveLength(1);
  });

  test('every check of the deep answer, and the log of the same request', async () => {
    const { get, logged } = health({ secret: secretRead, table: denied });
    const { body } = await get('/health/deep');
    expect(JSON.parse(body)).toEqual({
      status: 'UNHEALTHY',
      region: 'eu-central-1',
      healthy: false,
      checks: {
        database: { ok: false, why: 'DatabaseUnavailableError' },
        lease: { ok: false, why: 'AccessDeniedException' },
        globalTable: { ok: false, why: 'AccessDeniedException' },
      },
    });
    expect(logged).toHaveLength(1);
    // Both DynamoDB calls with what AWS said, and the database with its host.
    expect(logged[0]?.split(ROLE)).toHaveLength(3);
  });

  test('an item that is not there and one in another form are told apart', async () => {
    const why = async (table: FakeAnswer) => {
      const { body } = await health({ secret: denied, table }).get('/health/deep');
      return /"lease":\{"ok":false,"why":"(\w+)"/.exec(body)?.[1];
    };
    expect(await why({ body: {} })).toBe('NoLease');
    expect(await why({ body: { Item: { activeRegion: { S: 'a' } } } })).toBe('MalformedError');
  });
});

test.each([
  ['an error of ours', Object.assign(new Error('at 10.0.0.1'), { name: 'DeadlineError' }), 'DeadlineError'],
  ['an error of another realm', { name: 'TimeoutError', message: 'at 10.0.0.1' }, 'TimeoutError'],
  ['a text', 'connect to 10.0.0.1', 'Error'],
  ['a name that is no word', { name: 'connect to 10.0.0.1', message: 'x' }, 'Error'],
  ['nothing', undefined, 'Error'],
])('the kind of %s is a word and nothing of its message', (_, thrown, kind) => {
  expect(kindOf(thrown)).toBe(kind);
});
