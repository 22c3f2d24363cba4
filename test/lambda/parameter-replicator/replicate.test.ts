import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import fc from 'fast-check';
import { composeParameterReplicator } from '../../../lambda/parameter-replicator/compose';
import { diffParameters, type Parameter, type ParameterType } from '../../../lambda/parameter-replicator/diff';
import { readRequest } from '../../../lambda/parameter-replicator/event';
import { type FakeAnswer, fakeAws, type SentRequest } from '../support/fake-aws';
import { recordedTelemetry } from '../support/fakes';

const OWN = 'eu-central-1';
const OTHER = 'eu-central-2';
const PATH = '/tap/dev/replicated';
const KEY = 'arn:aws:kms:eu-central-2:123456789012:key/target';
const SCHEDULE = { source: 'schedule' };

interface Stored {
  readonly type: string;
  readonly value: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly key?: unknown;
}

/** One region's parameter store, page by page, behind the real SDK. */
function parameterStore() {
  const parameters = new Map<string, Stored>();
  const broken = new Set<string>();
  const state = { pageFails: false, pageSize: 2 };
  const answer = ({ operation, body }: SentRequest): FakeAnswer => {
    const name = String(body['Name'] ?? body['ResourceId']);
    const found = parameters.get(name);
    switch (operation) {
      case 'GetParametersByPath': {
        const from = Number(body['NextToken'] ?? 0);
        if (state.pageFails && from > 0) return { error: 'InternalServerError', status: 500 };
        const names = [...parameters.keys()].filter((key) => key.startsWith(`${String(body['Path'])}/`)).sort();
        const page = names.slice(from, from + state.pageSize);
        const next = from + state.pageSize < names.length ? { NextToken: String(from + state.pageSize) } : {};
        return { body: { Parameters: page.map(shape), ...next } };
      }
      case 'GetParameter':
        return found ? { body: { Parameter: shape(name) } } : { error: 'ParameterNotFound' };
      case 'PutParameter':
        if (broken.has(name)) return { error: 'TooManyUpdates' };
        if (found && body['Overwrite'] !== true) return { error: 'ParameterAlreadyExists' };
        if (body['Overwrite'] === true && body['Tags']) return { error: 'ValidationException' };
        if (found && found.type !== body['Type']) return { error: 'HierarchyTypeMismatchException' };
        parameters.set(name, {
          type: String(body['Type']),
          value: String(body['Value']),
          tags: found?.tags ?? tagsOf(body['Tags']),
          key: body['KeyId'],
        });
        return { body: { Version: 1 } };
      case 'ListTagsForResource':
        return { body: { TagList: Object.entries(found?.tags ?? {}).map(([Key, Value]) => ({ Key, Value })) } };
      case 'DeleteParameter':
        return parameters.delete(name) ? { body: {} } : { error: 'ParameterNotFound' };
      default:
        return { error: `Unexpected${operation}` };
    }
  };
  const shape = (name: string) => ({
    Name: name,
    Type: parameters.get(name)?.type,
    Value: parameters.get(name)?.value,
  });
  const { options, sent } = fakeAws(answer);
  const put = (name: string, value: string, type = 'String', tags: Readonly<Record<string, string>> = {}) =>
    void parameters.set(`${PATH}/${name}`, { type, value, tags });
  return { parameters, broken, state, sent, put, client: new SSMClient({ ...options, maxAttempts: 1 }) };
}

function tagsOf(tags: unknown): Record<string, string> {
  return Array.isArray(tags)
    ? Object.fromEntries(tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]))
    : {};
}

/** The replicator of one region, with the real SDK all the way. */
function replicator() {
  const source = parameterStore();
  const target = parameterStore();
  const telemetry = recordedTelemetry();
  const lease = { activeRegion: OWN, leaseEnd: Date.now() + 60_000, reads: 0, lostAfter: Number.POSITIVE_INFINITY };
  const clock = { offset: 0 };
  const { options } = fakeAws(() => {
    lease.reads += 1;
    const activeRegion = lease.reads > lease.lostAfter ? OTHER : lease.activeRegion;
    return {
      body: { Item: { activeRegion: { S: activeRegion }, epoch: { N: '3' }, leaseEnd: { N: String(lease.leaseEnd) } } },
    };
  });
  const run = composeParameterReplicator(
    {
      ENVIRONMENT_SUFFIX: 'dev',
      LEASE_TABLE: 'lease-dev',
      PARAMETER_PATH: PATH,
      TARGET_REGION: OTHER,
      TARGET_KEY_ARN: KEY,
      AWS_REGION: OWN,
    },
    { dynamodb: new DynamoDBClient(options), source: source.client, target: target.client },
    telemetry,
    () => Date.now() + clock.offset,
  );
  return { source, target, run, telemetry, lease, clock };
}

const changed = (name: string, operation = 'Update') => ({
  source: 'aws.ssm',
  'detail-type': 'Parameter Store Change',
  detail: { name, operation, type: 'String' },
});
const writesOf = (store: ReturnType<typeof parameterStore>) =>
  store.sent.map(({ operation }) => operation).filter((operation) => /^(Put|Delete)/.test(operation));
const NOTHING = { created: 0, updated: 0, deleted: 0, kept: 0, failed: [] };

describe('a full reconciliation', () => {
  test('copies value and type over every page, secure strings under the target region key, tagged as copies', async () => {
    const { source, target, run, telemetry } = replicator();
    source.put('a', '1');
    source.put('b', 'x,y', 'StringList');
    source.put('deep/c', 'secret', 'SecureString');
    expect(await run(SCHEDULE)).toEqual({ status: 'REPLICATED', ...NOTHING, created: 3 });
    const tags = { 'replicated-from': OWN };
    expect(Object.fromEntries(target.parameters)).toEqual({
      [`${PATH}/a`]: { type: 'String', value: '1', tags, key: undefined },
      [`${PATH}/b`]: { type: 'StringList', value: 'x,y', tags, key: undefined },
      [`${PATH}/deep/c`]: { type: 'SecureString', value: 'secret', tags, key: KEY },
    });
    expect(telemetry.counts).toEqual({ ParametersReplicated: 3 });
  });

  test('writes nothing when nothing differs, so that two replicators come to rest', async () => {
    const { source, target, run } = replicator();
    source.put('a', '1');
    await run(SCHEDULE);
    const before = writesOf(target).length;
    expect(await run(SCHEDULE)).toEqual({ status: 'REPLICATED', ...NOTHING });
    expect(writesOf(target)).toHaveLength(before);
    expect(writesOf(source)).toEqual([]);
  });

  test('updates what differs, and keeps the tags that stand there', async () => {
    const { source, target, run } = replicator();
    source.put('a', 'new');
    target.put('a', 'old', 'String', { owner: 'stack' });
    expect(await run(SCHEDULE)).toEqual({ status: 'REPLICATED', ...NOTHING, updated: 1 });
    expect(target.parameters.get(`${PATH}/a`)).toMatchObject({ value: 'new', tags: { owner: 'stack' } });
  });

  test('deletes copies whose original is gone, and nothing else', async () => {
    const { target, run } = replicator();
    target.put('copy', '1', 'String', { 'replicated-from': OWN });
    target.put('own', '1');
    target.put('from-elsewhere', '1', 'String', { 'replicated-from': 'us-east-1' });
    expect(await run(SCHEDULE)).toEqual({ status: 'REPLICATED', ...NOTHING, deleted: 1, kept: 2 });
    expect([...target.parameters.keys()]).toEqual([`${PATH}/own`, `${PATH}/from-elsewhere`]);
  });

  test('deletes nothing when a page of the source cannot be read', async () => {
    const { source, target, run } = replicator();
    for (const name of ['a', 'b', 'c']) {
      source.put(name, '1');
      target.put(name, '1', 'String', { 'replicated-from': OWN });
    }
    source.state.pageFails = true;
    await expect(run(SCHEDULE)).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(writesOf(target)).toEqual([]);
  });

  test('replaces a copy whose type changed, and names a parameter of another type that is no copy', async () => {
    const { source, target, run } = replicator();
    source.put('a', '1', 'SecureString');
    source.put('b', '1', 'SecureString');
    target.put('a', '1', 'String', { 'replicated-from': OWN });
    target.put('b', '1');
    expect(await run(SCHEDULE)).toMatchObject({
      updated: 1,
      failed: [{ name: `${PATH}/b`, why: 'Error: it has another type and is not a copy of ours' }],
    });
    expect(target.parameters.get(`${PATH}/a`)?.type).toBe('SecureString');
    expect(target.parameters.get(`${PATH}/b`)?.type).toBe('String');
  });

  test('goes on when one parameter cannot be written, and names it', async () => {
    const { source, target, run, telemetry } = replicator();
    source.put('a', '1');
    source.put('b', '1');
    target.broken.add(`${PATH}/a`);
    expect(await run(SCHEDULE)).toMatchObject({
      status: 'REPLICATED',
      created: 1,
      failed: [{ name: `${PATH}/a`, why: expect.stringContaining('TooManyUpdates') }],
    });
    expect(telemetry.errors).toHaveLength(1);
  });

  test('publishes how long ago the last complete one was', async () => {
    const { source, target, run, telemetry, clock } = replicator();
    source.put('a', '1');
    await run(SCHEDULE);
    expect(telemetry.gauges['ReconciliationAgeSeconds']).toBeLessThan(1);
    target.broken.add(`${PATH}/a`);
    source.put('a', '2');
    clock.offset = 30_000;
    await run(SCHEDULE);
    expect(telemetry.gauges['ReconciliationAgeSeconds']).toBeGreaterThanOrEqual(30);
  });
});

describe('a change of one parameter', () => {
  test('is looked up, whatever the event says about it, because events come in any order', async () => {
    const { source, target, run } = replicator();
    source.put('a', '1');
    expect(await run(changed(`${PATH}/a`, 'Delete'))).toEqual({ status: 'REPLICATED', ...NOTHING, created: 1 });
    expect(target.parameters.get(`${PATH}/a`)?.value).toBe('1');
  });

  test('that is a deletion is mirrored', async () => {
    const { target, run } = replicator();
    target.put('a', '1', 'String', { 'replicated-from': OWN });
    expect(await run(changed(`${PATH}/a`, 'Update'))).toEqual({ status: 'REPLICATED', ...NOTHING, deleted: 1 });
  });

  test('outside the path is left alone', async () => {
    const { run, source } = replicator();
    expect(await run(changed(`${PATH}-else/a`))).toMatchObject({ status: 'SKIPPED', reason: 'OUTSIDE_PATH' });
    expect(source.sent).toEqual([]);
  });

  test.each([[{}], [{ source: 'aws.ssm', 'detail-type': 'Something else', detail: {} }], ['x']])(
    '%j is no event of ours',
    (event) => {
      expect(() => readRequest(event)).toThrow('neither a parameter change nor the schedule');
    },
  );
});

describe('the lease', () => {
  test('that names another region skips everything, so that an old region does not undo a failover', async () => {
    const { source, target, run, lease } = replicator();
    source.put('a', '1');
    lease.activeRegion = OTHER;
    expect(await run(SCHEDULE)).toMatchObject({ status: 'SKIPPED', reason: 'NOT_ACTIVE' });
    expect([...source.sent, ...target.sent]).toEqual([]);
  });

  test('that is lost on the way stops before the next write', async () => {
    const { source, target, run, lease } = replicator();
    for (const name of ['a', 'b', 'c']) source.put(name, '1');
    lease.lostAfter = 2;
    expect(await run(SCHEDULE)).toMatchObject({ status: 'STOPPED', reason: 'NOT_ACTIVE', created: 1 });
    expect(target.parameters.size).toBe(1);
  });
});

test('after applying a diff, nothing differs; what is equal is never written', () => {
  const type = fc.constantFrom<ParameterType[]>('String', 'StringList', 'SecureString');
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const listing = fc.uniqueArray(fc.record({ name, type, value: fc.constantFrom('1', '2') }), {
    selector: (parameter) => parameter.name,
  });
  fc.assert(
    fc.property(listing, listing, (source: Parameter[], target: Parameter[]) => {
      const { create, update, replace, surplus } = diffParameters(source, target);
      const after = new Map(target.map((parameter) => [parameter.name, parameter]));
      for (const gone of surplus) after.delete(gone);
      for (const parameter of [...create, ...update, ...replace]) {
        expect(after.get(parameter.name)).not.toEqual(parameter);
        after.set(parameter.name, parameter);
      }
      expect([...after.values()].sort((a, b) => a.name.localeCompare(b.name))).toEqual(
        [...source].sort((a, b) => a.name.localeCompare(b.name)),
      );
      expect(
        update.every(({ name: updated, type: to }) => target.some((one) => one.name === updated && one.type === to)),
      ).toBe(true);
    }),
  );
});
