import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import type { Case } from './case';
import { BUCKET, SECRET } from './sides';

const Tags = [{ Key: 'replicated-from', Value: 'eu-central-2' }];

export const SSM: readonly Case[] = [
  {
    name: 'GetParameter of a secure string',
    run: ({ ssm }) => ssm.send(new GetParameterCommand({ Name: '/app/limits', WithDecryption: true })),
  },
  {
    name: 'GetParameter of one that is not there',
    run: ({ ssm }) => ssm.send(new GetParameterCommand({ Name: '/app/none' })),
  },
  {
    name: 'PutParameter of a new one, with tags',
    run: ({ ssm }) =>
      ssm.send(
        new PutParameterCommand({ Name: '/app/new', Value: '1', Type: 'String', Tier: 'Intelligent-Tiering', Tags }),
      ),
  },
  {
    name: 'PutParameter of one that is there',
    run: ({ ssm }) => ssm.send(new PutParameterCommand({ Name: '/app/new', Value: '2', Type: 'String' })),
  },
  {
    name: 'PutParameter over one that is there',
    run: ({ ssm }) =>
      ssm.send(new PutParameterCommand({ Name: '/app/new', Value: '2', Type: 'String', Overwrite: true })),
  },
  {
    name: 'PutParameter over one that is there, with tags',
    run: ({ ssm }) =>
      ssm.send(new PutParameterCommand({ Name: '/app/new', Value: '3', Type: 'String', Overwrite: true, Tags })),
  },
  {
    name: 'GetParameter of what was written twice',
    run: ({ ssm }) => ssm.send(new GetParameterCommand({ Name: '/app/new' })),
  },
  {
    name: 'ListTagsForResource',
    run: ({ ssm }) => ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: '/app/new' })),
  },
  {
    name: 'ListTagsForResource of a parameter that is not there',
    run: ({ ssm }) => ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: '/app/none' })),
  },
  {
    name: 'GetParametersByPath, page by page',
    run: async ({ ssm }) => {
      const of = { Path: '/app', Recursive: true, WithDecryption: true, MaxResults: 2 };
      const first = await ssm.send(new GetParametersByPathCommand(of));
      const second = await ssm.send(new GetParametersByPathCommand({ ...of, NextToken: first.NextToken }));
      const Parameters = [...(first.Parameters ?? []), ...(second.Parameters ?? [])];
      // In what order they come is documented nowhere.
      Parameters.sort((one, other) => ((one.Name ?? '') < (other.Name ?? '') ? -1 : 1));
      const pages = [first, second].map((page) => [page.Parameters?.length, page.NextToken !== undefined]);
      return { Parameters, pages };
    },
  },
  {
    name: 'GetParametersByPath where nothing is',
    run: ({ ssm }) => ssm.send(new GetParametersByPathCommand({ Path: '/nowhere', Recursive: true })),
  },
  {
    name: 'DeleteParameter',
    run: ({ ssm }) => ssm.send(new DeleteParameterCommand({ Name: '/app/new' })),
  },
  {
    name: 'DeleteParameter of one that is not there',
    run: ({ ssm }) => ssm.send(new DeleteParameterCommand({ Name: '/app/new' })),
  },
];

export const SECRETS: readonly Case[] = [
  {
    name: 'GetSecretValue',
    run: ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: SECRET })),
  },
  {
    name: 'GetSecretValue of one that is not there',
    run: ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: 'none' })),
  },
  {
    name: 'DescribeSecret',
    run: ({ secrets }) => secrets.send(new DescribeSecretCommand({ SecretId: SECRET })),
  },
  {
    name: 'DescribeSecret of one that is not there',
    run: ({ secrets }) => secrets.send(new DescribeSecretCommand({ SecretId: 'none' })),
  },
];

const report = { Bucket: BUCKET, Key: 'runs/1.json', Body: '{}', ContentType: 'application/json', IfNoneMatch: '*' };

export const S3: readonly Case[] = [
  { name: 'PutObject of what is new', run: ({ s3 }) => s3.send(new PutObjectCommand(report)) },
  { name: 'PutObject of what is there', run: ({ s3 }) => s3.send(new PutObjectCommand(report)) },
  {
    name: 'PutObject into a bucket that is not there',
    run: ({ s3 }) => s3.send(new PutObjectCommand({ ...report, Bucket: `${BUCKET}-none` })),
  },
];
