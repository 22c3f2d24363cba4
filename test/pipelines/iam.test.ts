import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { text, type Graph } from '../../analysis/graph/graph';
import { parsePolicy } from '../../analysis/policies/document';
import { POLICY_WORD, POLICY_WORDS } from '../../ops/pipeline/policy-words';
import { ACCOUNT, DEPLOY, DESTROY, filled, PipelineRole, policyTexts } from './policies';
import { callsFor, PARTS } from './resource-asks';
import { CALLS } from './resource-calls';
import { refusedOf, STATE } from './state-objects';
import { ROOT } from './workflow-files';

let pr: Graph;
let dev: Graph;
beforeAll(async () => {
  pr = await evaluateStack('pr', { overrides: { environmentSuffix: 'pr-12' } });
  dev = await evaluateStack('dev');
  // Two evaluations, on a machine that may be busy.
}, 120_000);

const pullRequests = new PipelineRole('pr-*');

describe('every policy', () => {
  test.each(Object.keys(policyTexts).filter((name) => name !== 'trust'))('%s is one that AWS takes', (name) => {
    const statements = parsePolicy(name, filled(name, 'pr-*'), 'identity');
    expect(statements.every(({ sid }) => /^[A-Za-z0-9]+$/.test(sid))).toBe(true);
    // A managed policy has at most 6,144 characters without white space (IAM user guide, "IAM and AWS STS quotas").
    expect(filled(name, 'pr-*').replace(/\s/g, '').length).toBeLessThan(6_144);
  });

  test('has no placeholder that docs/pipelines.md does not explain, and no account', () => {
    const words = Object.values(policyTexts).flatMap((one) => [...one.matchAll(POLICY_WORD)].map(([word]) => word));
    expect([...new Set(words)].sort()).toEqual([...POLICY_WORDS].sort());
    const page = readFileSync(path.join(ROOT, 'docs/pipelines.md'), 'utf8');
    expect(POLICY_WORDS.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
    expect(Object.values(policyTexts).join('')).not.toMatch(/\d{12}(?!-)/);
  });
});

test('the trust policy admits one environment of one repository, by equality: no pattern, no other audience', () => {
  const trust = z.strictObject({
    Version: z.literal('2012-10-17'),
    Statement: z.tuple([
      z.strictObject({
        Sid: z.string(),
        Effect: z.literal('Allow'),
        Principal: z.strictObject({
          Federated: z.literal(`arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`),
        }),
        Action: z.literal('sts:AssumeRoleWithWebIdentity'),
        Condition: z.strictObject({
          StringEquals: z.strictObject({
            'token.actions.githubusercontent.com:aud': z.literal('sts.amazonaws.com'),
            'token.actions.githubusercontent.com:sub': z.literal('repo:octo-org@65/platform@74:environment:dev'),
          }),
        }),
      }),
    ]),
  });
  expect(trust.safeParse(JSON.parse(filled('trust', 'dev'))).error).toBeUndefined();
});

describe('the role of the pull requests', () => {
  test('knows every type of resource of the stack', () => {
    const types = new Set(pr.created.map(({ type }) => type).filter((type) => type.startsWith('aws:')));
    expect([...types].filter((type) => !(type in CALLS) && !PARTS.includes(type))).toEqual([]);
  });

  test('may make and destroy everything of the stack of a pull request', () => {
    const asked = pr.created.flatMap((resource) => callsFor(resource, 'pr-12'));
    expect(asked.length).toBeGreaterThan(700);
    expect(
      asked.filter((ask) => !pullRequests.may(ask)).map(({ action, resource }) => `${action} ${resource}`),
    ).toEqual([]);
  });

  test("may do none of it to dev's, but for health checks, which AWS protects neither by name nor by tag", () => {
    const asked = dev.created.flatMap((resource) => callsFor(resource, 'dev'));
    const may = asked.filter((ask) => pullRequests.may(ask)).map(({ action }) => action);
    expect([...new Set(may)].sort()).toEqual([
      'route53:ChangeTagsForResource',
      'route53:CreateHealthCheck',
      'route53:DeleteHealthCheck',
    ]);
  });

  test('may connect queues only to functions of a pull request', () => {
    const ask = (name: string) => ({
      action: 'lambda:CreateEventSourceMapping',
      resource: '*',
      context: { 'lambda:FunctionArn': [`arn:aws:lambda:eu-central-1:${ACCOUNT}:function:${name}`] },
    });
    expect([pullRequests.may(ask('order-processor-pr-12')), pullRequests.may(ask('order-processor-dev'))]).toEqual([
      true,
      false,
    ]);
  });

  test("may hand its roles to the services that the stack's roles trust, and no other role to anybody", () => {
    const services = pr
      .all('aws:iam/role:Role')
      .flatMap(({ inputs }) =>
        [...text(inputs, 'assumeRolePolicy').matchAll(/[\w.-]+\.amazonaws\.com/g)].map(([name]) => name),
      );
    const pass = (role: string, service: string) =>
      pullRequests.may({
        action: 'iam:PassRole',
        resource: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        context: { 'iam:PassedToService': [service] },
      });
    expect([...new Set(services)].filter((service) => !pass('heartbeat-eu-central-1-pr-12', service))).toEqual([]);
    expect(pass('administrator', 'lambda.amazonaws.com')).toBe(false);
    expect(pass('heartbeat-eu-central-1-pr-12', 'sagemaker.amazonaws.com')).toBe(false);
  });

  test('may not tag what is of another stack as its own, to do with it what it likes', () => {
    const tag = (owner: readonly string[]) =>
      pullRequests.ask({
        action: 'ec2:CreateTags',
        resource: `arn:aws:ec2:eu-central-1:${ACCOUNT}:vpc/id`,
        context: {
          'aws:RequestedRegion': ['eu-central-1'],
          'aws:RequestTag/EnvironmentSuffix': ['pr-12'],
          ...(owner.length === 0 ? {} : { 'aws:ResourceTag/EnvironmentSuffix': owner }),
        },
      });
    expect(tag(['dev'])).toEqual({ allowed: false, why: 'deploy-by-tag/NothingOfAnotherStack denies it' });
    expect([tag([]).allowed, tag(['pr-12']).allowed]).toEqual([true, true]);
  });

  test('makes nothing in a region that is not of the stack', () => {
    const vpc = { action: 'ec2:CreateVpc', resource: `arn:aws:ec2:us-east-1:${ACCOUNT}:vpc/*` };
    expect(pullRequests.may({ ...vpc, context: { 'aws:RequestedRegion': ['us-east-1'] } })).toBe(false);
  });

  test('writes only names below those of pull requests into the zone', () => {
    const record = (...names: readonly string[]) =>
      pullRequests.may({
        action: 'route53:ChangeResourceRecordSets',
        resource: 'arn:aws:route53:::hostedzone/Z0',
        context: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': names },
      });
    expect(record('api.pr-12.trading.example.com', '_abc.pr-12.trading.example.com')).toBe(true);
    expect([
      record('api.dev.trading.example.com'),
      record('api.pr-12.trading.example.com', 'trading.example.com'),
    ]).toEqual([false, false]);
  });
});

describe('the role that destroys the stacks of pull requests', () => {
  const destroyer = new PipelineRole('pr-*', DESTROY);
  const MAKES = /^iam:(Create|Put|Add|Update|Attach|Pass)/;

  test('may remove everything of such a stack, its roles among it', () => {
    const asked = pr.created
      .flatMap((resource) => callsFor(resource, 'pr-12'))
      .filter(({ action }) => !MAKES.test(action));
    expect(asked.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['iam:DeleteRole', 'iam:DeleteRolePolicy']),
    );
    expect(asked.filter((ask) => !destroyer.may(ask)).map(({ action, resource }) => `${action} ${resource}`)).toEqual(
      [],
    );
    expect(refusedOf(destroyer, 'pr-12')).toEqual([]);
  });

  test('makes no role and hands none to a service: what it runs after a merge needs no more than to remove', () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/heartbeat-eu-central-1-pr-12`;
    const profile = `arn:aws:iam::${ACCOUNT}:instance-profile/fleet-eu-central-1-pr-12`;
    const context = { 'iam:PassedToService': ['lambda.amazonaws.com'], 'iam:AWSServiceName': ['rds.amazonaws.com'] };
    const asks = [
      ...['CreateRole', 'PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'PassRole', 'TagRole'].map(
        (name) => ({ action: `iam:${name}`, resource: role, context }),
      ),
      ...['CreateInstanceProfile', 'AddRoleToInstanceProfile'].map((name) => ({
        action: `iam:${name}`,
        resource: profile,
        context,
      })),
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS`,
        context,
      },
    ];
    expect(asks.filter((ask) => destroyer.may(ask))).toEqual([]);
    // And the question is not asked in a form that nobody could answer with yes.
    expect(asks.filter((ask) => pullRequests.may(ask)).length).toBeGreaterThan(6);
  });

  test("does nothing to dev's that the role of the pull requests may not do either", () => {
    const asked = dev.created.flatMap((resource) => callsFor(resource, 'dev'));
    expect(asked.filter((ask) => destroyer.may(ask) && !pullRequests.may(ask))).toEqual([]);
  });
});

test.each(['dev', 'us', 'pr-*'])('a role for %s cannot change the role of a pipeline, its own among them', (stack) => {
  const role = new PipelineRole(stack);
  const destroyer = new PipelineRole(stack, DESTROY);
  for (const name of ['pipeline-dev', 'pipeline-us', 'pipeline-pr-1']) {
    const resource = `arn:aws:iam::${ACCOUNT}:role/${name}`;
    expect(role.may({ action: 'iam:PutRolePolicy', resource })).toBe(false);
    expect(destroyer.may({ action: 'iam:DeleteRole', resource })).toBe(false);
  }
});

describe('the role of the drill', () => {
  const drill = new PipelineRole('dev', ['state-read', 'operator']);

  test('reads the state of its stack and may be its operator', () => {
    expect(drill.may({ action: 's3:GetObject', resource: `${STATE}/stacks/tap/dev.json` })).toBe(true);
    expect(
      drill.may({ action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/operator-eu-central-2-dev` }),
    ).toBe(true);
  });

  test('is no other operator, writes no state and does nothing by itself', () => {
    expect(
      drill.may({ action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/operator-us-east-2-us` }),
    ).toBe(false);
    expect(drill.may({ action: 's3:PutObject', resource: `${STATE}/stacks/tap/dev.json` })).toBe(false);
    expect(
      drill.may({
        action: 'lambda:InvokeFunction',
        resource: `arn:aws:lambda:eu-central-2:${ACCOUNT}:function:failover-orchestrator-dev`,
      }),
    ).toBe(false);
  });
});

test('the stack with a zone of its own needs one policy more, which is still only about its names', () => {
  const us = new PipelineRole('us', [...DEPLOY, 'delegated-zone']);
  const change = (name: string) =>
    us.may({
      action: 'route53:ChangeResourceRecordSets',
      resource: 'arn:aws:route53:::hostedzone/new',
      context: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': [name] },
    });
  expect(us.may({ action: 'route53:CreateHostedZone', resource: '*' })).toBe(true);
  expect([change('us.trading.example.com'), change('dev.trading.example.com')]).toEqual([true, false]);
});
