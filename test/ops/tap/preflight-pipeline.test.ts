import type { Command } from 'commander';
import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { createClients } from '../../../ops/tap/clients';
import type { Machine } from '../../../ops/tap/context';
import { createPreflightClients } from '../../../ops/tap/preflight/clients';
import { look } from '../../../ops/tap/preflight/look';
import { createProgram } from '../../../ops/tap/program';
import { ACCOUNT, type Ask, PipelineRole } from '../../pipelines/policies';
import { actions, workflow, workflows } from '../../pipelines/workflow-files';
import { fakeAccount, readyAccount } from './support/fake-account';

const nothing = () => Promise.reject(new Error('only the words are read'));
const machine: Machine = {
  screen: { out: () => undefined, err: () => undefined, isTerminal: false, ask: nothing, env: {} },
  outputs: { file: nothing, pulumi: nothing, write: nothing },
  save: nothing,
  user: 'ann@laptop',
  now: () => 0,
  sleep: nothing,
  newId: () => 'id',
};

/** The words of every call of our own command in a text, as a shell would hand them over: a variable is one word. */
function callsIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/npx (?:--no )?tap ([^\n`|&;>]+)/g)].map(([, words = '']) =>
    [...words.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? ''),
  );
}

/** Reads words by the command's own parser, and does nothing of what they say. @throws CommanderError */
async function parse(words: readonly string[]): Promise<void> {
  const clients = createClients();
  const program: Command = createProgram(machine, clients, () => undefined);
  for (const command of program.commands) command.action(() => undefined);
  await program.parseAsync([...words], { from: 'user' });
}

describe('every call of the command in the workflows', () => {
  const calls = [...workflows, ...actions].flatMap(({ file, text }) =>
    callsIn(text).map((words) => [`${file}: ${words.join(' ')}`, words] as const),
  );

  test('is found', () => {
    expect(calls.map(([, [verb]]) => verb)).toEqual(expect.arrayContaining(['preflight', 'drill', 'status']));
  });

  test.each(calls)('%s has a verb and options that there are', async (_, words) => {
    await expect(parse(words)).resolves.toBeUndefined();
  });

  test.each(['preflight --stak "$STACK"', 'fly --stack dev', 'preflight --stack', 'preflight dev'])(
    'so that a wrong one is found: %s',
    async (line) => {
      const [words = []] = callsIn(`npx --no tap ${line}`);
      await expect(parse(words)).rejects.toThrow(/error: /);
    },
  );
});

test('preflight runs before anything is deployed, and a failure of it is one of the job', () => {
  const steps = workflow('deploy-stack').jobs['deploy']?.steps ?? [];
  const first = (text: string) => steps.findIndex(({ run }) => run?.includes(text));
  expect(first('npx --no tap preflight')).toBeGreaterThan(-1);
  expect(first('npx --no tap preflight')).toBeLessThan(first('pulumi preview'));
  expect(first('npx --no tap preflight')).toBeLessThan(first('pulumi up'));
  expect(steps[first('npx --no tap preflight')]).toMatchObject({ 'continue-on-error': false });
});

/** What each request takes, as IAM decides it (service authorization reference); region and names as in stack dev. */
const ASKS: Readonly<Record<string, Ask>> = {
  ...Object.fromEntries(
    [
      'ec2:DescribeRegions',
      'ec2:DescribeAvailabilityZones',
      'ec2:DescribeInstanceTypeOfferings',
      'ec2:DescribeVpcs',
      'ec2:DescribeInternetGateways',
      'ec2:DescribeAddresses',
      'iam:GetAccountSummary',
      'iam:ListRoles',
      'lambda:GetAccountSettings',
      'rds:DescribeDBEngineVersions',
      'rds:DescribeOrderableDBInstanceOptions',
      'rds:DescribeAccountAttributes',
      'rds:DescribeDBClusters',
      'route53:ListHostedZonesByName',
      'route53:GetHostedZone',
      'route53:GetAccountLimit',
      'route53:ListHealthChecks',
      'route53:ListTagsForResources',
      'servicequotas:GetServiceQuota',
      'servicequotas:GetAWSDefaultServiceQuota',
    ].map((action) => [action.split(':')[1] ?? '', { action, resource: '*' }]),
  ),
  ListBuckets: { action: 's3:ListAllMyBuckets', resource: '*' },
  GetBucketLocation: { action: 's3:GetBucketLocation', resource: `arn:aws:s3:::receipts-${ACCOUNT}-eu-central-1-dev` },
  GetParameter: {
    action: 'ssm:GetParameter',
    resource: 'arn:aws:ssm:eu-central-2::parameter/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
  },
  GetAccount: { action: 'apigateway:GET', resource: 'arn:aws:apigateway:eu-central-2::/account' },
  GetDomainNames: {
    action: 'apigateway:GET',
    resource: 'arn:aws:apigateway:eu-central-2::/domainnames',
    context: { 'aws:RequestedRegion': ['eu-central-2'] },
  },
  DescribeSecret: {
    action: 'secretsmanager:DescribeSecret',
    resource: `arn:aws:secretsmanager:eu-central-2:${ACCOUNT}:secret:trading/database-AbCdEf`,
  },
  GetSecretValue: {
    action: 'secretsmanager:GetSecretValue',
    resource: `arn:aws:secretsmanager:eu-central-2:${ACCOUNT}:secret:trading/database-AbCdEf`,
  },
};

/** Needs no right (STS API reference). */
const FREE = ['GetCallerIdentity'];

test('the role that deploys may ask everything that preflight asks: else no deployment would ever begin', async () => {
  const account = readyAccount(['eu-central-1', 'eu-central-2', 'eu-west-1']);
  // Nothing fits, so that it is asked what the stack has itself.
  for (const code of Object.keys(account.limits)) account.limits[code] = 0;
  account.healthChecks = [{ tags: {} }];
  const { options, sent } = fakeAccount(account);
  const clients = createPreflightClients(options);
  await look(await evaluateStack('dev'), { clients, nameServersOf: () => Promise.resolve([]), now: Date.now });
  const operations = [...new Set(sent.map(({ operation }) => operation))].filter((one) => !FREE.includes(one));
  expect(operations.filter((operation) => !(operation in ASKS))).toEqual([]);
  const role = new PipelineRole('dev');
  expect(Object.values(ASKS).filter((ask) => !role.may(ask))).toEqual([]);
}, 60_000);
