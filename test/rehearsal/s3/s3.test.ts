import { S3 } from '../../../rehearsal/aws/s3/s3';
import { altered, bucketName, HERE, keyArn, roleArn, stack, THERE } from '../sqs/fixture';
import { answer, call, CALLER, code, output, START, world } from '../sqs/support';
import type { Need } from '../../../rehearsal/aws/service';
import type { S3Nature } from '../../../rehearsal/aws/s3/nature';

const NATURE: S3Nature = {
  timedReplicationMs: { least: 10_000, most: 10_000 },
  replicationMs: { least: 100_000, most: 100_000 },
  retryMs: { least: 20_000, most: 20_000 },
  metricsAtMs: { least: 30_000, most: 30_000 },
};
const Bucket = bucketName(HERE);

function storage(graph = stack()) {
  const around = world();
  const s3 = new S3(graph, around, NATURE);
  const put = (Key: string, Body: Uint8Array | string = 'body', more = {}) =>
    output(s3, 'PutObject', { Bucket, Key, Body, ...more });
  const keys = (region: string) => s3.objects(region, bucketName(region)).map(({ key }) => key);
  return { ...around, s3, put, keys };
}

describe('PutObject', () => {
  // S3 API reference, PutObject, "Response elements".
  test('stores the object, encrypted as the bucket says, as a version of its own', () => {
    const { s3, put } = storage();
    const first = put('rtc/a', new Uint8Array([1, 2]), { Headers: { 'content-type': 'application/json' } });
    expect(first).toEqual({
      ETag: expect.stringMatching(/^".+"$/) as unknown,
      VersionId: expect.any(String) as unknown,
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: keyArn(HERE),
      BucketKeyEnabled: true,
    });
    expect(put('rtc/a', 'again')['VersionId']).not.toBe(first['VersionId']);
    expect(s3.objects(HERE, Bucket)).toMatchObject([{ key: 'rtc/a', body: 'again', at: START, replica: false }]);
    expect(s3.versions(HERE, Bucket, 'rtc/a')).toMatchObject([{ contentType: 'application/json' }, { body: 'again' }]);
  });

  // S3 guide, "How to prevent object overwrites with conditional writes".
  test('with If-None-Match: * does not overwrite', () => {
    const { s3, put } = storage();
    const once = { Bucket, Key: 'runs/1', IfNoneMatch: '*' };
    expect(answer(s3, 'PutObject', { ...once, Body: 'first' })).toMatchObject({ ok: true });
    expect(answer(s3, 'PutObject', { ...once, Body: 'second' })).toMatchObject({
      error: { code: 'PreconditionFailed', status: 412 },
    });
    put('runs/1', 'without');
    expect(s3.objects(HERE, Bucket)).toMatchObject([{ body: 'without' }]);
  });

  test('knows its buckets, and where they are', () => {
    const { s3 } = storage();
    expect(code(s3, 'PutObject', { Bucket: 'none', Key: 'a', Body: '' })).toBe('NoSuchBucket');
    expect(code(s3, 'PutObject', { Bucket, Key: 'a', Body: '' }, THERE)).toBe('PermanentRedirect');
  });

  // S3 guide, "Using server-side encryption with AWS KMS keys", "Permissions", and "S3 Bucket Keys": the bucket is the context.
  test('needs s3:PutObject on the object and a data key of the bucket’s key', () => {
    const { s3 } = storage();
    expect(s3.needs(call('s3', 'PutObject', { Bucket, Key: 'runs/1', IfNoneMatch: '*' }))).toEqual([
      { action: 's3:PutObject', resource: `arn:aws:s3:::${Bucket}/runs/1`, context: { 's3:if-none-match': ['*'] } },
      {
        action: 'kms:GenerateDataKey',
        resource: keyArn(HERE),
        context: {
          'kms:ViaService': [`s3.${HERE}.amazonaws.com`],
          'kms:EncryptionContext:aws:s3:arn': [`arn:aws:s3:::${Bucket}`],
        },
      },
    ]);
  });
});

// S3 API reference, GetObject, "Permissions": "If the object that you request doesn't exist, the error that Amazon S3 returns
// depends on whether you also have the s3:ListBucket permission."
describe('GetObject', () => {
  const ofRuns = (needs: readonly Need[]): boolean =>
    needs.every(
      ({ action, context }) => action === 's3:ListBucket' && context?.['s3:prefix']?.[0]?.startsWith('runs/'),
    );

  test('of a key that is not there is 404 for who may list the bucket, and 403 for everybody else', () => {
    const { s3, turn, asked } = storage();
    const missing = (Key: string) => answer(s3, 'GetObject', { Bucket, Key });
    turn.allows = ofRuns;
    expect(missing('runs/1')).toMatchObject({ error: { code: 'NoSuchKey', status: 404 } });
    expect(asked.at(-1)).toEqual({
      by: CALLER,
      needs: [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${Bucket}`, context: { 's3:prefix': ['runs/1'] } }],
    });
    expect(missing('site/1')).toMatchObject({ error: { code: 'AccessDenied', status: 403 } });
  });

  test('of a key that is there asks nobody whether the bucket may be listed', () => {
    const { s3, put, turn, asked } = storage();
    turn.allows = () => false;
    put('runs/1', 'text');
    expect(output(s3, 'GetObject', { Bucket, Key: 'runs/1' })).toMatchObject({ Body: 'text' });
    expect(asked).toEqual([]);
  });

  test('of one that was taken away, every version of it, is of a key that is not there; its copy stays', async () => {
    const { s3, put, run } = storage();
    put('rtc/a');
    put('rtc/a', 'again');
    await run(60);
    s3.erase(HERE, Bucket, 'rtc/a');
    await run(600);
    expect(code(s3, 'GetObject', { Bucket, Key: 'rtc/a' })).toBe('NoSuchKey');
    expect(s3.objects(THERE, bucketName(THERE))).toMatchObject([{ key: 'rtc/a', body: 'again' }]);
  });
});

// S3 guide, "Replicating objects within and across Regions" and "... using S3 Replication Time Control".
describe('replication', () => {
  test('copies by the rule of the highest priority: with time control soon, without it later', async () => {
    const { put, run, keys, s3 } = storage();
    put('rtc/a');
    put('bulk/b');
    await run(10);
    expect(keys(THERE)).toEqual([]);
    await run(11);
    expect(keys(THERE)).toEqual(['rtc/a']);
    await run(101);
    expect(keys(THERE)).toEqual(['rtc/a', 'bulk/b']);
    expect(s3.objects(THERE, bucketName(THERE))).toMatchObject([
      { replica: true, writtenAt: START, at: START + 10_010 },
      { replica: true },
    ]);
  });

  test('does not copy a copy back', async () => {
    const { put, run, s3 } = storage();
    put('rtc/a');
    await run(1_000);
    expect(s3.versions(HERE, Bucket, 'rtc/a')).toHaveLength(1);
  });

  test('does not copy what is encrypted with KMS unless the rule selects it', async () => {
    const plain = altered(stack(), 'aws:s3/bucketReplicationConfig:BucketReplicationConfig', ({ rules }) => ({
      rules: (rules as readonly object[]).map((rule) => ({ ...rule, sourceSelectionCriteria: {} })),
    }));
    const { put, run, keys } = storage(plain);
    put('rtc/a');
    await run(1_000);
    expect(keys(THERE)).toEqual([]);
  });

  test('waits for the way between the regions', async () => {
    const { put, run, keys, turn, s3 } = storage();
    turn.passage = () => ({ kind: 'lost' });
    put('rtc/a');
    await run(300);
    expect([keys(THERE), s3.unreplicated(Bucket).length]).toEqual([[], 1]);
    turn.passage = () => ({ kind: 'passes', ms: 10 });
    await run(330);
    expect([keys(THERE), s3.unreplicated(Bucket).length]).toEqual([['rtc/a'], 0]);
  });

  test('of a lost region goes on when it is back', async () => {
    const { put, run, keys, s3 } = storage();
    put('rtc/a');
    s3.silence(HERE);
    await run(300);
    expect(keys(THERE)).toEqual([]);
    s3.restore(HERE);
    await run(330);
    expect(keys(THERE)).toEqual(['rtc/a']);
  });

  // S3 guide, "Setting up permissions for live replication" and "Replicating encrypted objects".
  test('is done with the rights of its role, and fails without them', async () => {
    const { put, run, keys, asked, turn, data } = storage();
    turn.allows = () => false;
    put('rtc/a');
    await run(60);
    expect(keys(THERE)).toEqual([]);
    expect(asked[0]?.by).toMatchObject({ principal: roleArn('replication'), from: HERE });
    const needs = asked[0]?.needs.map(({ action, resource }) => `${action} ${resource}`);
    expect(needs).toEqual([
      `s3:GetReplicationConfiguration arn:aws:s3:::${Bucket}`,
      `s3:ListBucket arn:aws:s3:::${Bucket}`,
      `s3:GetObjectVersionForReplication arn:aws:s3:::${Bucket}/rtc/a`,
      `s3:GetObjectVersionAcl arn:aws:s3:::${Bucket}/rtc/a`,
      `s3:GetObjectVersionTagging arn:aws:s3:::${Bucket}/rtc/a`,
      `s3:ReplicateObject arn:aws:s3:::${bucketName(THERE)}/rtc/a`,
      `s3:ReplicateTags arn:aws:s3:::${bucketName(THERE)}/rtc/a`,
      `kms:Decrypt ${keyArn(HERE)}`,
      `kms:Encrypt ${keyArn(THERE)}`,
      `kms:GenerateDataKey ${keyArn(THERE)}`,
      `kms:Decrypt ${keyArn(THERE)}`,
    ]);
    expect(data).toMatchObject([{ region: HERE, name: 'OperationsFailedReplication', value: 1 }]);
  });

  // S3 guide, "Using S3 Replication metrics": the lag in the destination's region, only of rules with metrics.
  test('publishes each minute how far behind the copies are, while there is something to copy', async () => {
    const { put, run, data, turn } = storage();
    put('bulk/b');
    turn.passage = () => ({ kind: 'lost' });
    put('rtc/a');
    await run(160);
    turn.passage = () => ({ kind: 'passes', ms: 10 });
    await run(600);
    const lags = data.filter(({ name }) => name === 'ReplicationLatency');
    expect(lags.map(({ at, value }) => [(at - START) / 1_000, value])).toEqual([
      [30, 30],
      [90, 90],
      [150, 150],
      [210, 170],
    ]);
    expect(lags[0]).toMatchObject({
      region: THERE,
      dimensions: { SourceBucket: Bucket, DestinationBucket: bucketName(THERE), RuleId: 'rtc' },
    });
  });
});
