import { isAwsRegion, isOptInRegion } from '../../lib/config/aws-regions';
import { asText } from '../../lib/config/key';
import { editDistance, nearest } from '../../lib/config/nearest';
import { ConfigError, parseConfig } from '../../lib/config/parse';
import { checkOf, CONFIG_KEYS, keyFacts } from '../../lib/config/schema';
import { LEAST, configured, problemsOf } from './config-support';

const TAP = { project: 'tap', stack: 'dev' };

describe('a configuration that is right', () => {
  test('needs four values; everything else has a default', () => {
    expect(configured()).toEqual({
      environment: 'dev',
      environmentSuffix: 'dev',
      repository: 'trading-platform-dr',
      author: 'platform-engineering',
      costCenter: 'trading',
      tags: {},
      primaryRegion: 'eu-central-1',
      drRegion: 'eu-central-2',
      witnessRegion: 'eu-west-1',
      primaryVpcCidr: '10.10.0.0/16',
      drVpcCidr: '10.20.0.0/16',
      natStrategy: 'single',
      domain: 'example.com',
      hostedZone: 'existing',
      databaseSecretName: 'trading/database',
      databaseName: 'trading',
      databaseHost: '',
      databasePort: 5432,
      databaseTls: 'verify-full',
      auroraEngineVersion: '17.7',
      auroraCapacity: 'provisioned',
      auroraInstanceClass: 'db.r7g.large',
      auroraPrimaryInstances: 2,
      auroraDrInstances: 1,
      auroraMinAcu: 8,
      auroraMaxAcu: 32,
      backupRetentionDays: 7,
      fleetInstanceType: 't4g.small',
      fleetPrimarySize: 2,
      fleetDrSize: 1,
      fleetMaxSize: 6,
      trading: true,
      payments: true,
      alertEmails: [],
      operatorPrincipals: [],
      healthCheckIntervalSeconds: 30,
      healthCheckFailureThreshold: 3,
      probeIntervalSeconds: 10,
      heartbeatIntervalSeconds: 10,
      lagSampleIntervalSeconds: 30,
      lagWarningSeconds: 1,
      lagCriticalSeconds: 30,
      canaryIntervalMinutes: 1,
      failoverMode: 'automatic',
      deployDuringRun: 'refuse',
      rtoSeconds: 300,
      databaseRtoSeconds: 360,
      rpoSeconds: 60,
      leaseSeconds: 60,
      orderValiditySeconds: 900,
      rpoEnforcementSeconds: 0,
      logRetentionDays: 30,
      manageApiGatewayAccount: false,
      kmsDeletionDays: 7,
      warnings: [],
    });
  });

  test('gives lists, tags, numbers and booleans their types', () => {
    const config = configured({
      tags: '["Team=trading","Note=a=b","Empty="]',
      alertEmails: '["ann@example.com","bob@example.com"]',
      rpoEnforcementSeconds: '20',
      payments: 'false',
    });
    expect(config.tags).toEqual({ Team: 'trading', Note: 'a=b', Empty: '' });
    expect(config.alertEmails).toEqual(['ann@example.com', 'bob@example.com']);
    expect(config.rpoEnforcementSeconds).toBe(20);
    expect(config.payments).toBe(false);
  });

  test.each([
    [
      'no witness when nobody fails over without a person',
      { witnessRegion: 'none', failoverMode: 'alert-only' },
      'dev',
    ],
    [
      'the longest suffix that a load balancer leaves room for',
      { environmentSuffix: 'a23-characters-long-one' },
      'dev',
    ],
    [
      'a class that only the other region pair has',
      { primaryRegion: 'us-east-1', drRegion: 'us-east-2', auroraInstanceClass: 'db.r8g.large' },
      'dev',
    ],
    ['neighbouring networks', { primaryVpcCidr: '172.16.0.0/20', drVpcCidr: '172.16.16.0/20' }, 'dev'],
    ['an order that lives exactly as long as it must', { orderValiditySeconds: '480' }, 'dev'],
    ['the longest lease that the data loss target allows', { leaseSeconds: '64' }, 'dev'],
    [
      'another database in the stack local',
      { databaseHost: '127.0.0.1', databasePort: '15432', databaseTls: 'disable' },
      'local',
    ],
    [
      'an account root, a role with a path and a user as operators',
      {
        operatorPrincipals:
          '["arn:aws:iam::123456789012:root","arn:aws:iam::123456789012:role/ops/on-call","arn:aws:iam::123456789012:user/ann"]',
      },
      'dev',
    ],
  ])('%s', (_, values, stack) => {
    expect(problemsOf(() => configured(values, stack))).toEqual([]);
  });
});

describe('a configuration that is wrong', () => {
  test('is refused once, with every fault: values, keys and conflicts', () => {
    const wrong = () => configured({ natStrategy: 'two', drRegion: 'eu-central-1', leaseSecond: '60' });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(
      `The configuration of stack dev has 3 errors:
  - tap:leaseSecond is not a key of this program (value not shown); the nearest is tap:leaseSeconds. Allowed: the keys in docs/configuration.md. Remove it: pulumi config rm tap:leaseSecond
  - tap:natStrategy is "two". Allowed: none, single, per-az. Set it: pulumi config set tap:natStrategy single
  - tap:drRegion is "eu-central-1", the same as primaryRegion. Allowed: the name of a commercial AWS region other than primaryRegion. Set it: pulumi config set tap:drRegion us-west-2`,
    );
  });

  test('counts one error as one', () => {
    expect(() => configured({ trading: '1' })).toThrow(/^The configuration of stack dev has one error:\n/);
  });

  test('asks a new stack for the four values that have no default, and for nothing else', () => {
    expect(problemsOf(() => parseConfig({}, TAP)).map((line) => line.split(' ', 4).join(' '))).toEqual([
      'tap:environment is not set.',
      'tap:environmentSuffix is not set.',
      'tap:domain is not set.',
      'tap:databaseSecretName is not set.',
    ]);
  });

  test('names several wrong items of a list', () => {
    const [line] = problemsOf(() => configured({ alertEmails: '["a","ann@example.com","b"]' }));
    expect(line).toContain('item 0 ("a") is not allowed; item 2 ("b") is not allowed');
  });

  test('reports no conflict with a value that is wrong by itself', () => {
    expect(problemsOf(() => configured({ rpoSeconds: 'soon', leaseSeconds: '600' }))).toHaveLength(1);
  });

  test('repeats no value that the operator marked as secret', () => {
    const raw = { 'tap:author': 'hunter2|', 'tap:tags': '["hunter2"]', 'tap:domain': 'hunter2' };
    const lines = problemsOf(() => parseConfig(raw, { ...TAP, secretKeys: Object.keys(raw) })).join('\n');
    expect(lines).toContain('tap:author is wrong (value not shown). Allowed: ');
    expect(lines).not.toContain('hunter2');
  });

  test('names what an object member is called elsewhere as what it is: no key', () => {
    expect(problemsOf(() => configured({ constructor: 'x' }))[0]).toContain('tap:constructor is not a key');
  });
});

describe("other readers' keys", () => {
  const raw = Object.fromEntries(Object.entries(LEAST).map(([key, value]) => [`tap:${key}`, value]));

  test('aws:* warns, because both providers are explicit; the value is not repeated', () => {
    expect(parseConfig({ ...raw, 'aws:region': 'eu-west-3' }, TAP).warnings).toEqual([
      'aws:region is ignored: both AWS providers are explicit. Regions are tap:primaryRegion and tap:drRegion; credentials and endpoints come from the environment.',
    ]);
  });

  test("pulumi:* is Pulumi's own and says nothing", () => {
    expect(parseConfig({ ...raw, 'pulumi:tags': '{}' }, TAP).warnings).toEqual([]);
  });

  test('any other namespace warns, because a misspelt namespace would go unnoticed', () => {
    expect(parseConfig({ ...raw, 'tab:domain': 'x' }, TAP).warnings).toEqual([
      'tab:domain is ignored: this program reads only tap:*.',
    ]);
  });

  test("the namespace is the project's name", () => {
    const renamed = Object.fromEntries(Object.entries(LEAST).map(([key, value]) => [`desk:${key}`, value]));
    expect(parseConfig(renamed, { project: 'desk', stack: 'dev' }).domain).toBe('example.com');
  });
});

describe('the schema', () => {
  test.each(CONFIG_KEYS)('the example of %s is right, because messages recommend it', (key) => {
    const { type, example } = keyFacts(key);
    expect(checkOf(key).safeParse(type === 'array' ? JSON.stringify([example]) : example).success).toBe(true);
  });

  test.each(CONFIG_KEYS)('the default of %s is right, or empty for the operator to set', (key) => {
    const { default: value, type } = keyFacts(key);
    const required = ['environment', 'environmentSuffix', 'domain', 'databaseSecretName'].includes(key);
    expect(checkOf(key).safeParse(asText(value)).success).toBe(!required);
    expect(Array.isArray(value) ? 'array' : typeof value).toBe(type === 'integer' ? 'number' : type);
  });

  test('no key invites a secret: the one secret is referenced by name', () => {
    expect(CONFIG_KEYS.filter((key) => /password|token|secret|credential/i.test(key))).toEqual(['databaseSecretName']);
  });
});

describe('the nearest key', () => {
  test.each([
    ['natstrategy', 'natStrategy'],
    ['rto', 'rtoSeconds'],
    ['fleetMinSize', 'fleetMaxSize'],
  ])('%s is taken for %s', (word, expected) => {
    expect(nearest(word, CONFIG_KEYS)).toBe(expected);
  });

  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['flaw', 'lawn', 2],
  ])('%j and %j are %i edits apart', (one, other, edits) => {
    expect(editDistance(one, other)).toBe(edits);
    expect(editDistance(other, one)).toBe(edits);
  });
});

describe('regions', () => {
  test.each([
    ['eu-central-2', true],
    ['ap-northeast-3', false],
    ['us-east-1', false],
    ['nowhere-1', false],
  ])('is %s opt-in: %s', (region, optIn) => {
    expect(isOptInRegion(region)).toBe(optIn);
  });

  test.each(['us-gov-west-1', 'cn-north-1', 'toString', ''])('%j is no commercial region', (name) => {
    expect(isAwsRegion(name)).toBe(false);
  });
});
