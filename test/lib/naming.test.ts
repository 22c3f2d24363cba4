import fc from 'fast-check';

import { NAME_LIMITS, NameTooLongError, longestSuffix, physicalName, type NamedKind } from '../../lib/naming';

const KINDS = Object.keys(NAME_LIMITS).filter((kind): kind is NamedKind => Object.hasOwn(NAME_LIMITS, kind));

/** What design.md names, by the kind of thing that it is. */
const NAMES: readonly (readonly [NamedKind, readonly string[], string])[] = [
  ['DynamoDB table', ['sessions', 'transactions', 'orders', 'register', 'lease', 'journal'], ''],
  [
    'S3 bucket',
    ['static-content', 'trading-reports', 'audit-logs', 'receipts', 'artifacts', 'config'],
    '123456789012-ap-southeast-1',
  ],
  [
    'Lambda function',
    [
      'orders-api',
      'order-processor',
      'payment-validator',
      'health',
      'replication-monitor',
      'primary-probe',
      'heartbeat',
      'parameter-replicator',
      'failover-orchestrator',
      'readiness',
      'reconciler',
      'schema-migrator',
    ],
    '',
  ],
  ['IAM role', ['orders-api', 'order-processor', 'failover-orchestrator', 'parameter-replicator'], 'ap-southeast-1'],
  ['SQS queue', ['orders-queue', 'orders-dlq'], ''],
  ['load balancer', ['application'], ''],
];

/** A suffix as the configuration allows it. */
const suffix = fc
  .array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('-'))
  .filter((text) => text.length <= longestSuffix('load balancer'));

const resource = fc.stringMatching(/^[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,20}){0,4}$/);
const qualifier = fc.constantFrom('', 'eu-central-1', 'ap-southeast-1', '123456789012-eu-central-2');

describe('a physical name', () => {
  test('is resource-suffix, with the qualifier between them where a name is global (N5)', () => {
    expect(physicalName('SQS queue', 'orders-queue', 'dev')).toBe('orders-queue-dev');
    expect(physicalName('IAM role', 'orders-api', 'dev', 'eu-central-1')).toBe('orders-api-eu-central-1-dev');
  });

  test('ends in the whole qualifier and suffix and keeps the limit, however long the resource part is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), resource, suffix, qualifier, (kind, what, end, middle) => {
        fc.pre(end.length <= longestSuffix(kind, middle));
        const name = physicalName(kind, what, end, middle);
        expect(name.endsWith(middle ? `-${middle}-${end}` : `-${end}`)).toBe(true);
        expect(name.length).toBeLessThanOrEqual(NAME_LIMITS[kind]);
        expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      }),
    );
  });

  test('is shortened in the resource part only, with a hash that keeps two long names apart', () => {
    expect(physicalName('load balancer', 'application-of-the-platform', 'a23-characters-long-one')).toBe(
      'app-10d7-a23-characters-long-one',
    );
    expect(physicalName('load balancer', 'application-of-the-payments', 'a23-characters-long-one')).not.toBe(
      'app-10d7-a23-characters-long-one',
    );
  });

  test('is refused when the suffix leaves no room, naming the resource and how long a suffix may be', () => {
    expect(() => physicalName('load balancer', 'application-load-balancer', 'a-suffix-of-24-character')).toThrow(
      new NameTooLongError(
        'environmentSuffix "a-suffix-of-24-character" (24 characters) leaves 7 characters for the name of the load balancer "application-load-balancer"; at most 23 characters fit',
      ),
    );
  });

  test('is never refused up to the longest suffix, and always beyond it when the resource part is long', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), qualifier, (kind, middle) => {
        const most = longestSuffix(kind, middle);
        fc.pre(most > 0);
        const long = 'r'.repeat(NAME_LIMITS[kind]);
        expect(physicalName(kind, long, 's'.repeat(most), middle)).toHaveLength(NAME_LIMITS[kind]);
        expect(() => physicalName(kind, long, 's'.repeat(most + 1), middle)).toThrow(NameTooLongError);
      }),
    );
  });
});

describe.each(NAMES)('the names of every %s', (kind, names, middle) => {
  test('stay different under every suffix', () => {
    fc.assert(
      fc.property(suffix, (end) => {
        expect(new Set(names.map((name) => physicalName(kind, name, end, middle))).size).toBe(names.length);
      }),
    );
  });

  test('are never those of a stack with another suffix, not even one that ends like it', () => {
    const pair = fc.oneof(
      fc.tuple(suffix, suffix),
      fc
        .tuple(suffix, fc.constantFrom(...names.flatMap((name) => name.split('-')), 'eu', 'central', '1'))
        .map(([end, word]) => [end, `${word}-${end}`] as const)
        .filter(([, longer]) => longer.length <= longestSuffix('load balancer')),
    );
    fc.assert(
      fc.property(pair, ([one, other]) => {
        fc.pre(one !== other);
        const ours = new Set(names.map((name) => physicalName(kind, name, one, middle)));
        expect(names.filter((name) => ours.has(physicalName(kind, name, other, middle)))).toEqual([]);
      }),
    );
  });
});
