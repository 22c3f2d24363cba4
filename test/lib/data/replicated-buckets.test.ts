import { FlowLog } from '@pulumi/aws/ec2';
import { z } from 'zod';

import { bucketPurposes, ReplicatedBuckets } from '../../../lib/data/replicated-buckets';
import { evaluate, type Graph, type GraphResource } from '../../support/evaluate';
import { ACCOUNT_ID, KEYS, namesOf, statement, statements, twoRegions } from '../foundation/two-regions';

const BUCKET = 'aws:s3/bucket:Bucket';
const REPLICATION = 'aws:s3/bucketReplicationConfig:BucketReplicationConfig';
const POLICY = 'aws:s3/bucketPolicy:BucketPolicy';
const ALL_PURPOSES = ['artifacts', 'audit-logs', 'config', 'receipts', 'static-content', 'trading-reports'];

const create = (workloads: { readonly trading: boolean; readonly payments: boolean }) => {
  const regions = twoRegions();
  const purposes = bucketPurposes(workloads);
  const args = { environmentSuffix: 'test', regions, keys: KEYS, accountId: ACCOUNT_ID, purposes };
  return { regions, ...new ReplicatedBuckets('buckets', args, {}) };
};

const evaluated = (workloads: { readonly trading: boolean; readonly payments: boolean }) =>
  evaluate(() => {
    const { buckets, regions } = create(workloads);
    const logDestination = buckets.dr['audit-logs'].arn;
    new FlowLog(
      'reader',
      { vpcId: 'vpc-1', logDestinationType: 's3', logDestination },
      { provider: regions.dr.provider },
    );
    return { arn: logDestination, receipts: buckets.primary.receipts?.name };
  });

let graph: Graph;
beforeAll(async () => {
  graph = await evaluated({ trading: true, payments: true });
});

const bucketName = (purpose: string, region: string) => `${purpose}-123456789012-${region}-test`;
const of = (type: string, part: string) => graph.one(type, `buckets-${part}`);

describe('purposes', () => {
  test.each([
    ['none', { trading: false, payments: false }, ['artifacts', 'audit-logs', 'config']],
    [
      'trading',
      { trading: true, payments: false },
      ['artifacts', 'audit-logs', 'config', 'static-content', 'trading-reports'],
    ],
    ['payments', { trading: false, payments: true }, ['artifacts', 'audit-logs', 'config', 'receipts']],
    ['both', { trading: true, payments: true }, ALL_PURPOSES],
  ])('workloads %s', async (_, workloads, purposes) => {
    const expected = purposes.flatMap((purpose) => [
      `buckets-${purpose}-dr-bucket`,
      `buckets-${purpose}-primary-bucket`,
    ]);
    expect(namesOf(await evaluated(workloads), BUCKET)).toEqual(expected);
  });
});

describe('every bucket', () => {
  test('is named for account, region and suffix, because bucket names are global', () => {
    for (const { region, inputs } of graph.all(BUCKET)) {
      const purpose = ALL_PURPOSES.find((known) => String(inputs['bucket']).startsWith(known)) ?? '';
      expect(inputs['bucket']).toBe(bucketName(purpose, String(region)));
    }
    expect(graph.all(BUCKET)).toHaveLength(12);
  });

  test.each([
    ['versioned', 'aws:s3/bucketVersioning:BucketVersioning', { versioningConfiguration: { status: 'Enabled' } }],
    [
      'without access lists',
      'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
      { rule: { objectOwnership: 'BucketOwnerEnforced' } },
    ],
    [
      'closed to the public',
      'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
      { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    ],
    [
      'cleaned up: lifecycle actions are not replicated, so each side needs its own',
      'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
      {
        rules: expect.arrayContaining([
          expect.objectContaining({
            status: 'Enabled',
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          }),
        ]),
      },
    ],
  ])('is %s', (_, type, expected) => {
    expect(graph.all(type)).toHaveLength(12);
    for (const { inputs } of graph.all(type)) expect(inputs).toMatchObject(expected);
  });

  test('what canaries leave in audit-logs expires, and nothing else does: reports of runs stay', () => {
    const expiring = graph
      .all('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration')
      .flatMap((lifecycle) =>
        z
          .array(z.looseObject({ expiration: z.unknown().optional(), filter: z.unknown() }))
          .parse(lifecycle.inputs['rules'])
          .filter(({ expiration }) => expiration !== undefined)
          .map(({ filter }) => [lifecycle.name, filter]),
      );
    expect(expiring).toEqual([
      [expect.stringContaining('audit-logs-primary'), { prefix: 'canary/' }],
      [expect.stringContaining('audit-logs-dr'), { prefix: 'canary/' }],
    ]);
  });

  test("is encrypted with its own region's key, through a bucket key", () => {
    const keys = graph
      .all('aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration')
      .map(({ region, inputs }) => [region, inputs['rules']]);
    const rule = (kmsMasterKeyId: string) => [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId }, bucketKeyEnabled: true },
    ];
    expect(keys).toHaveLength(12);
    for (const [region, rules] of keys) {
      expect(rules).toEqual(rule((region === 'eu-central-1' ? KEYS.primary : KEYS.dr).keyArn));
    }
  });

  test('refuses requests without TLS', () => {
    expect(graph.all(POLICY)).toHaveLength(12);
    for (const { inputs } of graph.all(POLICY)) {
      const arn = `arn:aws:s3:::${String(inputs['bucket'])}`;
      expect(statement(inputs['policy'], 'TlsOnly')).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:PrincipalIsAWSService': 'false' } },
      });
    }
  });

  test('can be destroyed with everything in it', () => {
    for (const { inputs, options } of graph.all(BUCKET)) {
      expect([inputs['forceDestroy'], options.protect, options.retainOnDelete]).toEqual([true, false, false]);
    }
  });

  test('is handed out only once it is safe to write to: an object would escape encryption and versions otherwise', () => {
    const reader = graph.one('aws:ec2/flowLog:FlowLog', 'reader');
    const before = [
      ['aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration', 'encryption'],
      ['aws:s3/bucketVersioning:BucketVersioning', 'versioning'],
      [POLICY, 'policy'],
    ] as const;
    for (const [type, part] of before) {
      expect(graph.dependsOn(reader, of(type, `audit-logs-dr-${part}`))).toBe(true);
    }
  });
});

describe('audit logs', () => {
  test('flow logs are let in from this account and region, in the words AWS would add to the policy itself', () => {
    const policy = of(POLICY, 'audit-logs-dr-policy').inputs['policy'];
    const arn = `arn:aws:s3:::${bucketName('audit-logs', 'eu-central-2')}`;
    const fromHere = { 'aws:SourceArn': 'arn:aws:logs:eu-central-2:123456789012:*' };
    expect(statement(policy, 'AWSLogDeliveryWrite')).toEqual({
      Sid: 'AWSLogDeliveryWrite',
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `${arn}/AWSLogs/123456789012/*`,
      Condition: {
        StringEquals: { 'aws:SourceAccount': '123456789012', 's3:x-amz-acl': 'bucket-owner-full-control' },
        ArnLike: fromHere,
      },
    });
    expect(statement(policy, 'AWSLogDeliveryAclCheck')).toEqual({
      Sid: 'AWSLogDeliveryAclCheck',
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: 's3:GetBucketAcl',
      Resource: arn,
      Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' }, ArnLike: fromHere },
    });
  });

  test('no other bucket lets a service in', () => {
    const open = graph
      .all(POLICY)
      .filter(({ inputs }) => statements(inputs['policy']).some(({ Effect }) => Effect === 'Allow'));
    expect(open.map(({ name }) => name).sort()).toEqual([
      'buckets-audit-logs-dr-policy',
      'buckets-audit-logs-primary-policy',
    ]);
  });
});

describe.each([
  ['to-dr', 'eu-central-1', 'eu-central-2', KEYS.primary.keyArn, KEYS.dr.keyArn],
  ['to-primary', 'eu-central-2', 'eu-central-1', KEYS.dr.keyArn, KEYS.primary.keyArn],
])('replication %s', (direction, from, to, fromKey, toKey) => {
  const configs = (): readonly GraphResource[] =>
    graph.all(REPLICATION).filter(({ name }) => name.startsWith(`buckets-${direction}-`));
  const role = () => of('aws:iam/role:Role', `${direction}-role`);
  const rolePolicy = () => of('aws:iam/rolePolicy:RolePolicy', `${direction}-policy`).inputs['policy'];
  const arns = (region: string, tail = '') =>
    ALL_PURPOSES.map((purpose) => `arn:aws:s3:::${bucketName(purpose, region)}${tail}`);

  test.each(ALL_PURPOSES)(
    '%s: under rtc/ within 15 minutes, everything else as well, deletions too, encrypted there',
    (purpose) => {
      const config = of(REPLICATION, `${direction}-${purpose}`);
      const always = {
        status: 'Enabled',
        deleteMarkerReplication: { status: 'Enabled' },
        sourceSelectionCriteria: {
          sseKmsEncryptedObjects: { status: 'Enabled' },
          replicaModifications: { status: 'Enabled' },
        },
      };
      const destination = {
        bucket: `arn:aws:s3:::${bucketName(purpose, to)}`,
        encryptionConfiguration: { replicaKmsKeyId: toKey },
      };
      const rtc = {
        replicationTime: { status: 'Enabled', time: { minutes: 15 } },
        metrics: { status: 'Enabled', eventThreshold: { minutes: 15 } },
      };
      expect([config.region, config.inputs['bucket'], config.inputs['role']]).toEqual([
        from,
        bucketName(purpose, from),
        role().outputs['arn'],
      ]);
      expect(config.inputs['rules']).toEqual([
        { ...always, id: 'rtc', priority: 10, filter: { prefix: 'rtc/' }, destination: { ...destination, ...rtc } },
        { ...always, id: 'catch-all', priority: 1, filter: { prefix: '' }, destination },
      ]);
    },
  );

  test('waits for versions at both ends, which S3 asks for, and goes before them in a destroy', () => {
    expect(configs()).toHaveLength(ALL_PURPOSES.length);
    for (const config of configs()) {
      const purpose = config.name.replace(`buckets-${direction}-`, '');
      for (const end of ['primary', 'dr']) {
        const versioning = of('aws:s3/bucketVersioning:BucketVersioning', `${purpose}-${end}-versioning`);
        expect(graph.dependsOn(config, versioning)).toBe(true);
      }
    }
  });

  test("its role may read here and write there, each key only through S3 and only for these buckets' own context", () => {
    const throughS3 = (region: string) => ({
      StringEquals: {
        'kms:ViaService': `s3.${region}.amazonaws.com`,
        'kms:EncryptionContext:aws:s3:arn': expect.arrayContaining(arns(region)),
      },
    });
    const granted = statements(rolePolicy()).map(({ Sid, Action, Resource, Condition }) => [
      Sid,
      Action,
      typeof Resource === 'string' ? Resource : [...Resource].sort(),
      Condition,
    ]);
    expect(granted).toEqual([
      ['ReadConfiguration', ['s3:GetReplicationConfiguration', 's3:ListBucket'], arns(from), undefined],
      [
        'ReadObjects',
        ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'],
        arns(from, '/*'),
        undefined,
      ],
      ['WriteCopies', ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], arns(to, '/*'), undefined],
      ['DecryptHere', 'kms:Decrypt', fromKey, throughS3(from)],
      ['EncryptThere', ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt'], toKey, throughS3(to)],
    ]);
  });

  test('its role is named for its region, because role names are global, and is taken by S3 alone', () => {
    expect(role().inputs['name']).toBe(`bucket-replication-${from}-test`);
    expect(JSON.parse(String(role().inputs['assumeRolePolicy'])).Statement).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 's3.amazonaws.com' } },
    ]);
  });
});

test('outputs name the buckets by purpose', () => {
  expect(graph.outputs).toEqual({
    arn: `arn:aws:s3:::${bucketName('audit-logs', 'eu-central-2')}`,
    receipts: bucketName('receipts', 'eu-central-1'),
  });
});
