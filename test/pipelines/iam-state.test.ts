import path from 'node:path';
import { PipelineRole } from './policies';
import { READ_IN, refusedOf, STATE, stateObjects } from './state-objects';
import { ROOT } from './workflow-files';

const { dependencies } = jest.requireActual<{ dependencies: Readonly<Record<string, string>> }>(
  path.join(ROOT, 'package.json'),
);
const pullRequests = new PipelineRole('pr-*');

describe('the state', () => {
  const allOf = (stack: string): readonly string[] =>
    stateObjects(stack).flatMap(({ key, does }) => does.map((what) => `s3:${what}Object ${key}`));

  test('is the objects of the CLI that the pipelines install: a newer one may touch more, so read its source first', () => {
    expect(dependencies['@pulumi/pulumi']).toBe(READ_IN);
  });

  test.each([
    ['pr-*', 'pr-12'],
    ['dev', 'dev'],
    ['us', 'us'],
  ])('a role for %s may do with every object of %s what Pulumi does with it', (stack, name) => {
    expect(refusedOf(new PipelineRole(stack), name)).toEqual([]);
  });

  test.each([
    ['pr-*', 'dev'],
    ['dev', 'us'],
    ['us', 'pr-12'],
  ])('a role for %s may do nothing with those of %s but read the layout: it could decrypt them', (stack, name) => {
    const others = allOf(name).filter((line) => line !== 's3:GetObject meta.yaml');
    expect(refusedOf(new PipelineRole(stack), name)).toEqual(others);
  });

  test('nobody rewrites the layout, and no role reaches into another project', () => {
    const put = (key: string): boolean => pullRequests.may({ action: 's3:PutObject', resource: `${STATE}/${key}` });
    expect(['meta.yaml', 'stacks/other/pr-12.json', 'stacks/other/pr-12.pulumi-tags'].map(put)).toEqual([
      false,
      false,
      false,
    ]);
  });

  test.each(['state', 'state-read'])(
    '%s lists the bucket without a condition: S3 says of an object that is not there 403 and not 404 to whoever may not list, and Pulumi takes only 404 for "no tags"',
    (policy) => {
      const role = new PipelineRole('dev', [policy]);
      expect(role.may({ action: 's3:ListBucket', resource: 'arn:aws:s3:::pulumi-state' })).toBe(true);
    },
  );
});
