import { Stacks } from '../../ops/pipeline/stacks';
import { stateBucket } from '../../ops/pipeline/state-location';
import { failed, FakeShell } from './fake-shell';
import { PipelineRole } from './policies';

const QUERY = '--query {keys: Contents[].{key: Key, at: LastModified}} --output json';
const list = (prefix: string): string =>
  `aws s3api list-objects-v2 --bucket pulumi-state --prefix ${prefix} --region eu-west-1 ${QUERY}`;
const answer = (...keys: readonly (readonly [key: string, at: string])[]): string =>
  JSON.stringify({ keys: keys.length === 0 ? null : keys.map(([key, at]) => ({ key, at })) });
const LOCKS = '.pulumi/locks/organization/tap';
const STACKS = '.pulumi/stacks/tap';
const [EARLY, LATE] = ['2026-03-09T02:41:00.000Z', '2026-03-09T04:41:00.000Z'];

const place = { bucket: 'pulumi-state', region: 'eu-west-1', project: 'tap' };

/** The stacks of a bucket with these keys, asked for all. */
async function all(checkpoints: string, locks: string = answer()) {
  return await new Stacks(
    new FakeShell([list(`${LOCKS}/pr-`), locks], [list(`${STACKS}/pr-`), checkpoints]),
    place,
  ).all();
}

describe('the stacks of pull requests, by the keys of their state', () => {
  test('no checkpoint is read: a role may not read those of other stacks, and "pulumi stack ls" fails at the first of them', async () => {
    const shell = new FakeShell([list(`${LOCKS}/pr-`), answer()], [list(`${STACKS}/pr-`), answer()]);
    await new Stacks(shell, place).all();
    // Locks first: an update that ends in between has written its checkpoint before.
    expect(shell.ran).toEqual([list(`${LOCKS}/pr-`), list(`${STACKS}/pr-`)]);
    const role = new PipelineRole('pr-*');
    expect(role.may({ action: 's3:ListBucket', resource: 'arn:aws:s3:::pulumi-state' })).toBe(true);
    expect(role.may({ action: 's3:GetObject', resource: `arn:aws:s3:::pulumi-state/${STACKS}/dev.json` })).toBe(false);
  });

  test('the age is that of the checkpoint, in the form of either version of the AWS CLI, and a lock has its own', async () => {
    const keys = answer([`${STACKS}/pr-1.json`, EARLY], [`${STACKS}/pr-12.json`, '2026-03-09T04:41:00+00:00']);
    const locks = answer([`${LOCKS}/pr-1/a.json`, EARLY], [`${LOCKS}/pr-1/b.json`, LATE]);
    expect(await all(keys, locks)).toEqual([
      { name: 'pr-1', lastUpdate: Date.parse(EARLY), lockedAt: Date.parse(LATE) },
      { name: 'pr-12', lastUpdate: Date.parse(LATE), lockedAt: undefined },
    ]);
  });

  test('what a removed stack leaves behind, tags, and names that are no pull request’s make no stack', async () => {
    const keys = ['pr-1.json.bak', 'pr-2.pulumi-tags', 'pr-x.json', 'pr-3-keep.json', 'pr-4/pr-4.json'];
    expect(await all(answer(...keys.map((key) => [`${STACKS}/${key}`, EARLY] as const)))).toEqual([]);
  });

  test('a compressed checkpoint is one, and of two the newer counts', async () => {
    const keys = answer([`${STACKS}/pr-1.json`, EARLY], [`${STACKS}/pr-1.json.gz`, LATE]);
    expect(await all(keys)).toEqual([{ name: 'pr-1', lastUpdate: Date.parse(LATE), lockedAt: undefined }]);
  });

  test('one stack is asked for by its own keys, and one whose name only begins so is not it', async () => {
    const answers = [
      [list(`${LOCKS}/pr-1/`), answer()],
      [list(`${STACKS}/pr-1.json`), answer([`${STACKS}/pr-1.json.bak`, LATE], [`${STACKS}/pr-1.json`, EARLY])],
    ] as const;
    const shell = new FakeShell(...answers);
    expect(await new Stacks(shell, place).one('pr-1')).toEqual({
      name: 'pr-1',
      lastUpdate: Date.parse(EARLY),
      lockedAt: undefined,
    });
    const gone = new FakeShell([list(`${LOCKS}/pr-1/`), answer()], [list(`${STACKS}/pr-1.json`), answer()]);
    expect(await new Stacks(gone, place).one('pr-1')).toBeUndefined();
  });

  test.each(['', '{}', '[]', '{"keys":[{"key":"x"}]}', '{"keys":[{"key":"x","at":"yesterday"}]}', '{"Contents":[]}'])(
    '%j is no answer, and never passes for a bucket without stacks',
    async (text) => {
      await expect(all(text)).rejects.toThrow("S3's list of the state is not readable");
    },
  );

  test('a bucket that does not answer is an error with its words', async () => {
    const shell = new FakeShell(['aws s3api', failed('An error occurred (NoSuchBucket)')]);
    await expect(new Stacks(shell, place).all()).rejects.toThrow('NoSuchBucket');
  });
});

describe('the bucket that PULUMI_BACKEND_URL names', () => {
  test('is found in the form of docs/pipelines.md', () => {
    expect(stateBucket('s3://state-bucket?region=eu-west-1&awssdk=v2')).toEqual({
      bucket: 'state-bucket',
      region: 'eu-west-1',
    });
  });

  test.each([
    [undefined, 'PULUMI_BACKEND_URL is not set; wanted is s3://BUCKET?region=REGION&awssdk=v2'],
    ['file://./.pulumi-state', 'wanted is s3://BUCKET'],
    ['s3://state-bucket', 'names no region'],
    ['s3://?region=eu-west-1', 'names no bucket'],
    ['s3://State_Bucket?region=eu-west-1', 'names no bucket'],
    ['s3://state-bucket:443?region=eu-west-1', 'names no bucket'],
    ['s3://key:secret@state-bucket?region=eu-west-1', 'holds a user'],
    ['s3://state-bucket/team?region=eu-west-1', 'names the folder /team, which the roles of the pipelines may not use'],
    ['s3://state-bucket?region=eu-west-1&prefix=team/', 'has the parameter prefix; allowed are region, awssdk'],
    ['s3://state-bucket?region=eu-west-1&endpoint=minio:9000', 'has the parameter endpoint'],
  ])('%s is refused, because a wrong bucket would look like one without stacks', (url, message) => {
    expect(() => stateBucket(url)).toThrow(message);
  });
});
