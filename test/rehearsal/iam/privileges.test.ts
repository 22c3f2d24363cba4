import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import type { Graph } from '../../../analysis/graph/graph';
import { ROOT } from '../../../lib/bundles';
import { ALLOWED_UNUSED, staleAllowances } from '../../../rehearsal/iam/allowed-unused';
import { Authorizer } from '../../../rehearsal/iam/authorizer';
import { backgroundNeeds } from '../../../rehearsal/iam/background-needs';
import { IAM_BEHAVIOURS } from '../../../rehearsal/iam/fidelity';
import { implicitNeeds } from '../../../rehearsal/iam/function-needs';
import type { Grant } from '../../../rehearsal/iam/grants';
import { privilegeReport, renderPrivileges, unusedGrants } from '../../../rehearsal/iam/report';
import { performAll } from '../../../rehearsal/iam/service-action';
import { mergeUsage, type Usage } from '../../../rehearsal/iam/usage';

const STACKS = ['dev', 'pr', 'us', 'local'];
const graphs = new Map<string, Graph>();
let dev: Graph;

beforeAll(async () => {
  for (const stack of STACKS) graphs.set(stack, await evaluateStack(stack));
  dev = graphOf('dev');
}, 120_000);

function graphOf(stack: string): Graph {
  const graph = graphs.get(stack);
  if (!graph) throw new Error(`${stack} was not evaluated`);
  return graph;
}

/** Everything that AWS does without a call of ours: every function invoked once, and a day's background. */
const byAwsItself = (graph: Graph) => [
  ...graph.all('aws:lambda/function:Function').flatMap(implicitNeeds),
  ...backgroundNeeds(graph),
];

describe('every stack', () => {
  test.each(STACKS)('%s: every statement of every policy parses, and every grant has its own id', (stack) => {
    const { grants } = new Authorizer(graphOf(stack));
    expect(grants.length).toBeGreaterThan(800);
    expect(new Set(grants.map(({ id }) => id)).size).toBe(grants.length);
  });

  test('everything that AWS itself does is allowed in every stack, and uses what only AWS can use', () => {
    for (const stack of STACKS) {
      const authorizer = new Authorizer(graphOf(stack));
      expect(performAll(authorizer, byAwsItself(graphOf(stack)))).toEqual([]);
      const left = unusedGrants(authorizer.grants, authorizer.takeUsage());
      // No handler can write a log stream, send a trace, attach an interface, copy an object or take a role.
      const ofAws =
        /^(logs|xray|ec2|sts):|^s3:(Replicate|GetReplication|ListBucket|GetObjectVersion|GetBucket|ListAll)/;
      // A rule by which a bucket is copied is also looked at by readiness, a handler like others.
      expect(left.filter(({ action, sid }) => ofAws.test(action) && sid !== 'SeeReplication')).toEqual([]);
      const sids = [
        'DecryptOwnEnvironment',
        'DecryptHere',
        'EncryptThere',
        'LogGroups',
        'FlowLogDelivery',
        'AutoScalingGrants',
      ];
      expect(left.filter(({ sid }) => sids.includes(sid))).toEqual([]);
    }
  });

  test('every entry of the allow-list still covers a grant of every stack, and says which files exercise it instead', () => {
    for (const stack of STACKS)
      expect(staleAllowances(new Authorizer(graphOf(stack)).grants, new Set(), ALLOWED_UNUSED)).toEqual([]);
    const files = ALLOWED_UNUSED.flatMap(({ exercisedBy }) => exercisedBy.split(' and '));
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});

const grant = (holder: string, sid: string, action: string, resource: string): Grant => ({
  id: `policy/${sid} ${action} ${resource}`,
  holder,
  sid,
  action,
  resource,
  blame: 'aws:iam/rolePolicy:RolePolicy policy',
  statement: `policy/${sid}`,
});
const using = (...used: readonly Grant[]): Usage => ({ used: used.map(({ id }) => id).sort(), denied: [] });

describe('grants that nobody uses', () => {
  const on = (action: string, resource: string) => grant('api', 'Tables', action, resource);
  const [readA, readB, writeA, writeB] = [on('read', 'a'), on('read', 'b'), on('write', 'a'), on('write', 'b')];
  const grants = [readA, readB, writeA, writeB];
  const remedies = (...used: readonly Grant[]) =>
    unusedGrants(grants, using(...used), []).map(({ action, resource, remedy }) => `${action} ${resource}: ${remedy}`);

  test('the remedy is to remove the action, the resource, or to split the statement', () => {
    expect(remedies(readA, readB)).toEqual(['write a: remove the action', 'write b: remove the action']);
    expect(remedies(readA, writeA)).toEqual(['read b: remove the resource', 'write b: remove the resource']);
    expect(remedies(readA, writeB)).toEqual(['read b: split the statement', 'write a: split the statement']);
    expect(remedies(...grants)).toEqual([]);
  });

  test('an allowance excuses its grants only, and is stale when it covers nothing or something that is used', () => {
    const allowance = { holder: 'a*', sids: ['Tables'], action: 'write', why: 'w', exercisedBy: 'e' };
    expect(unusedGrants(grants, using(readA), [allowance]).map(({ id }) => id)).toEqual([readB.id]);
    expect(staleAllowances(grants, new Set(), [allowance])).toEqual([]);
    expect(staleAllowances(grants, new Set([writeB.id]), [allowance])).toEqual([
      `a* Tables write is used after all: ${writeB.id}`,
    ]);
    expect(staleAllowances(grants, new Set(), [{ ...allowance, sids: ['Tables', 'Queues'] }])).toEqual([
      'a* Queues write covers no grant',
    ]);
  });

  test('the report passes only when nothing is unused, stale or denied', () => {
    const passed = (usage: Usage) => privilegeReport(grants, usage, []).passed;
    const denial = {
      caller: 'api',
      principal: 'r',
      action: 'write',
      resource: 'c',
      why: 'no statement allows it',
      times: 2,
    };
    expect(passed(using(...grants))).toBe(true);
    expect(passed(using(readA, readB, writeA))).toBe(false);
    expect(passed({ ...using(...grants), denied: [denial] })).toBe(false);
    expect(renderPrivileges(privilegeReport(grants, { ...using(readA, readB, writeA), denied: [denial] }, []))).toEqual(
      [
        'grants 4, used 3, allowed unused 0, unused 1, denied 1',
        'denied 2 times: api write on c: no statement allows it',
        'unused: api Tables write on b: split the statement in aws:iam/rolePolicy:RolePolicy policy',
      ],
    );
  });

  test('usage of another graph is refused: everything here would seem unused', () => {
    expect(() => privilegeReport(grants, using(grant('other', 'X', 'read', 'a')), [])).toThrow('of another graph');
  });

  test('a used grant on everything is told when its action could name a resource', () => {
    const wide = ['rds:DescribeDBClusters', 'cloudwatch:PutMetricData'].map((action) =>
      grant('api', 'Wide', action, '*'),
    );
    expect(privilegeReport(wide, using(...wide), []).wildcards.map(({ action }) => action)).toEqual([
      'rds:DescribeDBClusters',
    ]);
    expect(privilegeReport(wide, using(), []).wildcards).toEqual([]);
  });
});

describe('usage of many runs and workers', () => {
  const denial = (times: number) => ({ caller: 'a', principal: 'r', action: 'x', resource: 'y', why: 'w', times });

  test('merges in any order to the same sorted lists, and survives being sent as text', () => {
    const one: Usage = { used: ['a', 'c'], denied: [denial(1)] };
    const other: Usage = { used: ['b', 'c'], denied: [denial(2)] };
    const merged = { used: ['a', 'b', 'c'], denied: [denial(3)] };
    expect(mergeUsage(one, other)).toEqual(merged);
    expect(mergeUsage(other, one)).toEqual(merged);
    expect(JSON.parse(JSON.stringify(merged))).toEqual(merged);
  });

  test('taking the usage begins a new one: remembered decisions are set down again', () => {
    const authorizer = new Authorizer(dev);
    const [need] = byAwsItself(dev).filter(({ need: { action } }) => action === 'logs:PutLogEvents');
    if (!need) throw new Error('functions write logs');
    const take = () => {
      performAll(authorizer, [need, need]);
      return authorizer.takeUsage();
    };
    const first = take();
    expect(first.used).toHaveLength(1);
    expect(take()).toEqual(first);
    expect(authorizer.takeUsage()).toEqual({ used: [], denied: [] });
  });

  test('a refused call is counted every time, with its reason', () => {
    const authorizer = new Authorizer(dev);
    const role = 'arn:aws:iam::123456789012:role/heartbeat-eu-central-1-dev';
    const caller = { principal: role, from: 'eu-central-1', name: 'heartbeat-dev' };
    for (let call = 0; call < 3; call += 1)
      authorizer.allows(caller, [{ action: 'rds:DeleteGlobalCluster', resource: '*' }]);
    expect(authorizer.takeUsage()).toEqual({
      used: [],
      denied: [
        {
          caller: 'heartbeat-dev',
          principal: role,
          action: 'rds:DeleteGlobalCluster',
          resource: '*',
          why: 'no statement allows it',
          times: 3,
        },
      ],
    });
  });
});

test('the table of what is modelled names tests that exist', () => {
  const files = [
    'test/analysis/policies.test.ts',
    'test/rehearsal/iam/authorizer.test.ts',
    'test/rehearsal/iam/privileges.test.ts',
  ];
  const tests = files.map((file) => readFileSync(path.join(ROOT, file), 'utf8')).join('');
  expect(IAM_BEHAVIOURS.filter(({ test: title }) => !tests.includes(`test('${title}'`))).toEqual([]);
});
