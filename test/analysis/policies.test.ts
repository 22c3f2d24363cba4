import fc from 'fast-check';
import { compileCondition } from '../../analysis/policies/condition';
import { candidatesFor, decide, type Asker, type Decision } from '../../analysis/policies/decide';
import { parsePolicy, type PolicyKind } from '../../analysis/policies/document';
import { compilePattern } from '../../analysis/policies/pattern';

const ACCOUNT = '123456789012';
const carlos: Asker = { kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/carlossalazar`, account: ACCOUNT };
const service = (name: string): Asker => ({ kind: 'service', name });

const policy = (...statements: readonly object[]): object => ({ Version: '2012-10-17', Statement: statements });
const allow = (action: unknown, resource: unknown, more: object = {}): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
});
const deny = (action: unknown, resource: unknown, more: object = {}): object => ({
  ...allow(action, resource, more),
  Effect: 'Deny',
});

interface Ask {
  readonly identity?: object;
  readonly resource?: object;
  readonly kind?: PolicyKind;
  readonly asker?: Asker;
  readonly guarded?: boolean;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

function ask(action: string, resource: string, { asker = carlos, kind = 'resource', ...ask }: Ask): Decision {
  const question = { asker, action, resource };
  const own = ask.identity ? candidatesFor(parsePolicy('own', ask.identity, 'identity'), question) : [];
  const its = ask.resource ? candidatesFor(parsePolicy('its', ask.resource, kind), question) : [];
  const combination = ask.guarded === true ? 'resource-must-allow' : 'either';
  return decide(own, its, asker, combination, ({ key }) => ask.context?.[key]);
}

const may = (action: string, resource: string, parts: Ask): boolean => ask(action, resource, parts).allowed;

describe('IAM user guide, "Policy evaluation for requests within a single account": the example of Carlos', () => {
  const identity = policy(
    allow(['s3:GetBucketLocation', 's3:ListAllMyBuckets'], 'arn:aws:s3:::*', { Sid: 'AllowS3ListRead' }),
    allow('s3:*', ['arn:aws:s3:::carlossalazar', 'arn:aws:s3:::carlossalazar/*'], { Sid: 'AllowS3Self' }),
    deny('s3:*', 'arn:aws:s3:::*log*', { Sid: 'DenyS3Logs' }),
  );
  const onBucket = (bucket: string): object =>
    policy(allow('s3:*', [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`], { Principal: { AWS: carlos.arn } }));

  test('an explicit deny in the identity policy wins over an allow in the bucket policy', () => {
    const resource = onBucket('carlossalazar-logs');
    expect(ask('s3:PutObject', 'arn:aws:s3:::carlossalazar-logs/a', { identity, resource })).toEqual({
      allowed: false,
      why: 'own/DenyS3Logs denies it',
    });
  });

  test('either policy is enough: what only the identity or only the bucket allows is allowed', () => {
    expect(may('s3:PutObject', 'arn:aws:s3:::carlossalazar/a', { identity })).toBe(true);
    expect(may('s3:PutObject', 'arn:aws:s3:::shared/a', { identity, resource: onBucket('shared') })).toBe(true);
  });

  test('what no statement allows is denied', () => {
    expect(ask('s3:PutObject', 'arn:aws:s3:::shared/a', { identity })).toEqual({
      allowed: false,
      why: 'no statement allows it',
    });
  });

  test('an account as principal admits nobody by itself: it hands the decision to the identity policies', () => {
    const resource = policy(
      allow('s3:*', 'arn:aws:s3:::shared/*', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }),
    );
    expect(may('s3:PutObject', 'arn:aws:s3:::shared/a', { resource })).toBe(false);
  });

  test('a service has no identity policy: only a statement that names it lets it in', () => {
    const resource = policy(
      allow('sns:Publish', 'arn:aws:sns:a:1:t', { Principal: { Service: 'events.amazonaws.com' } }),
    );
    const publish = (name: string) => ask('sns:Publish', 'arn:aws:sns:a:1:t', { resource, asker: service(name) });
    expect(publish('events.amazonaws.com').allowed).toBe(true);
    expect(publish('s3.amazonaws.com')).toMatchObject({ why: expect.stringContaining('names s3.amazonaws.com') });
  });
});

describe('KMS developer guide, "Key policies": the policy of the key must take part', () => {
  const root = { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } };
  const key = 'arn:aws:kms:eu-central-1:123456789012:key/k';
  const identity = policy(allow('kms:Decrypt', key));

  test('a key admits through its account statement what the role may, and nothing without it', () => {
    const delegating = policy(allow('kms:*', '*', root));
    expect(ask('kms:Decrypt', key, { identity, resource: delegating, guarded: true })).toEqual({
      allowed: true,
      by: [`own/#0 kms:Decrypt ${key}`, `its/#0 ${root.Principal.AWS} kms:* *`],
    });
    expect(may('kms:Encrypt', key, { identity, resource: delegating, guarded: true })).toBe(false);
    expect(
      may('kms:Decrypt', key, { identity, resource: policy(allow('kms:Encrypt', '*', root)), guarded: true }),
    ).toBe(false);
  });

  test('a principal that the key names needs no policy of its own', () => {
    const naming = policy(allow('kms:Decrypt', '*', { Principal: { AWS: carlos.arn } }));
    expect(may('kms:Decrypt', key, { resource: naming, guarded: true })).toBe(true);
  });
});

describe('patterns (IAM user guide, "IAM JSON policy elements: Resource")', () => {
  const oracle = (pattern: string): RegExp =>
    new RegExp(`^${pattern.replace(/[.:/]/g, '\\$&').replace(/\*/g, '[^]*').replace(/\?/g, '[^]')}$`);
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/', '*', '?'), maxLength: 9 });
  const value = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/'), maxLength: 12 });

  test('the same as a regular expression, for every pattern and text', () => {
    fc.assert(
      fc.property(pattern, value, (text, asked) => {
        expect(compilePattern(text).matches(asked)).toBe(oracle(text).test(asked));
      }),
      { numRuns: 5_000 },
    );
  });

  test('actions are compared without case, resources with it', () => {
    const identity = policy(allow('S3:getobject', 'arn:aws:s3:::Bucket/*'));
    expect(may('s3:GetObject', 'arn:aws:s3:::Bucket/a', { identity })).toBe(true);
    expect(may('s3:GetObject', 'arn:aws:s3:::bucket/a', { identity })).toBe(false);
  });

  test('NotAction and NotResource are about everything else', () => {
    const identity = policy({ Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::secret/*' });
    expect(may('s3:GetObject', 'arn:aws:s3:::open/a', { identity })).toBe(true);
    expect(may('s3:GetObject', 'arn:aws:s3:::secret/a', { identity })).toBe(false);
    expect(may('iam:CreateRole', '*', { identity })).toBe(false);
  });

  test('a call is set down to the most specific grant that allows it, so that a wider one shows as unused', () => {
    const narrow = 'arn:aws:s3:::bucket/rtc/*';
    const identity = policy(
      allow('s3:*', '*', { Sid: 'Wide' }),
      allow('s3:PutObject', ['*', narrow], { Sid: 'Narrow' }),
    );
    expect(ask('s3:PutObject', 'arn:aws:s3:::bucket/rtc/a', { identity })).toEqual({
      allowed: true,
      by: [`own/Narrow s3:PutObject ${narrow}`],
    });
  });
});

describe('conditions (IAM user guide, "Condition operators")', () => {
  const holds = (operator: string, wanted: readonly string[], asked?: readonly string[]): boolean =>
    compileCondition(operator, 'some:Key', wanted).holds(asked);

  test.each([
    ['StringEquals', ['a', 'b'], ['b'], true],
    ['StringEquals', ['a'], ['A'], false],
    ['StringEqualsIgnoreCase', ['a'], ['A'], true],
    ['StringNotEquals', ['a', 'b'], ['b'], false],
    ['StringNotEquals', ['a', 'b'], ['c'], true],
    ['StringLike', ['home/*'], ['home/x'], true],
    ['StringNotLike', ['home/*'], ['home/x'], false],
    ['NumericLessThanEquals', ['10'], ['10'], true],
    ['NumericGreaterThan', ['10'], ['10'], false],
    ['Bool', ['false'], ['false'], true],
    ['Bool', ['false'], ['true'], false],
    // Both operators are the same, and each part of the ARN is compared apart: a wildcard does not cross a colon before the last.
    ['ArnEquals', ['arn:aws:sns:*:1:t'], ['arn:aws:sns:eu-central-1:1:t'], true],
    ['ArnLike', ['arn:aws:logs:eu:1:*'], ['arn:aws:logs:eu:1:log-group:a:b'], true],
    ['ArnLike', ['arn:aws:*:1:t'], ['arn:aws:sns:eu:1:t'], 'is not an ARN'],
    ['ArnLike', ['arn:aws:*:*:1:t'], ['arn:aws:sns:eu:x:1:t'], false],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'a'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
    ['Null', ['true'], ['a'], false],
    ['Null', ['false'], ['a'], true],
  ] as const)('%s %j of a request with %j: %s', (operator, wanted, asked, expected) => {
    if (typeof expected === 'string') expect(() => holds(operator, wanted, asked)).toThrow(expected);
    else expect(holds(operator, wanted, asked)).toBe(expected);
  });

  test('what a missing key does to each kind of operator', () => {
    const holding = [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIfExists',
      'Bool',
      'ArnNotLike',
      'ForAllValues:StringEquals',
      'ForAnyValue:StringEquals',
      'ForAnyValue:StringNotEquals',
      'Null',
    ].filter((operator) => holds(operator, [operator === 'ArnNotLike' ? 'arn:a:b:c:d:e' : 'true']));
    expect(holding).toEqual([
      'StringNotEquals',
      'StringEqualsIfExists',
      'ArnNotLike',
      'ForAllValues:StringEquals',
      'Null',
    ]);
  });

  test('several values need a set operator: what AWS would do without one is documented nowhere', () => {
    expect(() => holds('StringEquals', ['a'], ['a', 'b'])).toThrow('StringEquals is no set operator');
  });

  test('all conditions of a statement must hold, and the answer says which one did not', () => {
    const identity = policy(
      allow('cloudwatch:PutMetricData', '*', { Condition: { StringEquals: { 'cloudwatch:namespace': 'ours' } } }),
    );
    const put = (namespace: string) =>
      ask('cloudwatch:PutMetricData', '*', { identity, context: { 'cloudwatch:namespace': [namespace] } });
    expect(put('ours').allowed).toBe(true);
    expect(put('theirs')).toMatchObject({
      why: 'own/#0 would allow it, but cloudwatch:namespace is theirs and must be StringEquals ours',
    });
  });

  test('the Bool example of the guide: a bucket that refuses requests without TLS, and allows nothing', () => {
    const statement = deny('s3:*', 'arn:aws:s3:::b/*', {
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    const get = (tls: string) =>
      ask('s3:GetObject', 'arn:aws:s3:::b/a', {
        identity: policy(allow('s3:GetObject', '*')),
        resource: policy(statement),
        context: { 'aws:SecureTransport': [tls] },
      });
    expect([get('true').allowed, get('false').allowed]).toEqual([true, false]);
  });
});

describe('nothing is passed over: what is not modelled is an error that names it', () => {
  const plain = allow('s3:GetObject', '*');
  test.each([
    [{ ...plain, NotPrincipal: '*' }, 'the element NotPrincipal is not modelled'],
    [{ ...plain, Principal: '*' }, "an identity's policy has no Principal"],
    [{ ...plain, Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01' } } }, 'DateLessThan is not modelled'],
    [{ ...plain, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }, 'IpAddress is not modelled'],
    [{ ...plain, Condition: { NullIfExists: { a: 'true' } } }, 'NullIfExists does not exist'],
    [{ ...plain, Resource: 'arn:aws:s3:::${aws:username}' }, 'policy variables are not modelled'],
    [
      { ...plain, Condition: { StringLike: { 's3:prefix': '${aws:username}/*' } } },
      'policy variables are not modelled',
    ],
    [{ ...plain, Action: 'GetObject' }, 'GetObject is no action'],
    [{ ...plain, Action: [] }, 'Action is empty'],
    [{ ...plain, NotAction: 's3:*' }, 'needs Action or NotAction, not both'],
    [{ Effect: 'Allow', Action: 's3:*' }, 'needs Resource or NotResource'],
    [{ ...plain, Resource: 'bucket' }, 'bucket is neither an ARN nor *'],
    [{ ...plain, Effect: 'allow' }, 'Effect must be Allow or Deny'],
  ])('%j', (statement, message) => {
    expect(() => parsePolicy('here', policy(statement), 'identity')).toThrow(message);
  });

  test('a principal with a wildcard in its ARN, a federated one, and a resource in a trust policy', () => {
    const read = (statement: object, kind: PolicyKind) => () => parsePolicy('here', policy(statement), kind);
    expect(read({ ...plain, Principal: { AWS: 'arn:aws:iam::1:role/*' } }, 'resource')).toThrow('takes no wildcards');
    expect(read({ ...plain, Principal: { Federated: 'x' } }, 'resource')).toThrow('type Federated is not modelled');
    expect(read({ ...plain, Principal: '*' }, 'trust')).toThrow('a trust policy has no Resource');
  });

  test('text that is no JSON, another language version, and two statements of one name', () => {
    expect(() => parsePolicy('here', '{', 'identity')).toThrow('here: is not JSON');
    expect(() => parsePolicy('here', { Version: '2008-10-17', Statement: [] }, 'identity')).toThrow('Version must be');
    const twice = policy({ ...plain, Sid: 'A' }, { ...plain, Sid: 'A' });
    expect(() => parsePolicy('here', twice, 'identity')).toThrow('two statements are called here/A');
  });
});

describe('laws of the evaluation', () => {
  const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 'kms:Decrypt');
  const resource = fc.constantFrom('arn:aws:s3:::a/1', 'arn:aws:s3:::b/1', 'arn:aws:kms:r:1:key/k');
  const condition = fc.constantFrom({}, { Condition: { StringEquals: { k: 'v' } } });
  const statement = fc
    .record({
      effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      action: fc.oneof(action, fc.constantFrom('s3:*', '*')),
      resource: fc.oneof(resource, fc.constantFrom('arn:aws:s3:::a/*', '*')),
      condition,
    })
    .map((parts) => ({
      Effect: parts.effect,
      Action: parts.action,
      Resource: parts.resource,
      ...parts.condition,
    }));
  const request = fc.record({
    action,
    resource,
    own: fc.array(statement, { maxLength: 4 }),
    its: fc.array(
      statement.map((one) => ({ ...one, Principal: { AWS: [carlos.arn] } })),
      { maxLength: 3 },
    ),
    guarded: fc.boolean(),
    context: fc.constantFrom({}, { k: ['v'] }, { k: ['w'] }),
  });
  type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;
  const allowed = ({ action: what, resource: where, own, its, guarded, context }: Request, more: object[] = []) =>
    may(what, where, { identity: policy(...own, ...more), resource: policy(...its), guarded, context });

  test('a deny of everything always wins', () => {
    fc.assert(
      fc.property(request, (one) => {
        expect(allowed(one, [deny('*', '*')])).toBe(false);
      }),
    );
  });

  test('one more allow never takes a right away, and one more deny never gives one', () => {
    fc.assert(
      fc.property(request, statement, (one, extra) => {
        const [before, after] = [allowed(one), allowed(one, [extra])];
        if (extra.Effect === 'Allow') expect(after || !before).toBe(true);
        else expect(before || !after).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the order of the statements changes nothing', () => {
    fc.assert(
      fc.property(request, (one) => {
        const reversed = { ...one, own: [...one.own].reverse(), its: [...one.its].reverse() };
        expect(allowed(reversed)).toBe(allowed(one));
      }),
    );
  });
});
