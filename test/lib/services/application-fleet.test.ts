import runtime from '../../../fleet/runtime.json';
import { evaluate, text } from '../../support/evaluate';
import type { Graph, Value } from '../../support/evaluate';
import { fleets, SHA, TAGS } from './application-fleet-support';
import { statementsOf, within } from './two-regions';

let graph: Graph;
beforeAll(async () => {
  graph = await evaluate(fleets);
});

const ROLES = [['primary', 'eu-central-1'] as const, ['dr', 'eu-central-2'] as const];
const GROUP = 'aws:autoscaling/group:Group';
const TEMPLATE = 'aws:ec2/launchTemplate:LaunchTemplate';
const SECURITY_GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const INGRESS = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const EGRESS = 'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule';
const OBJECT = 'aws:s3/bucketObjectv2:BucketObjectv2';

const userData = (role: string): string =>
  Buffer.from(text(graph.one(TEMPLATE, `fleet-${role}-template`).inputs, 'userData'), 'base64').toString();
const policy = (role: string) =>
  statementsOf(graph.one('aws:iam/rolePolicy:RolePolicy', `fleet-${role}-policy`).inputs['policy'] ?? null);

describe.each(ROLES)('the fleet of %s in %s', (role, region) => {
  test('is made in its own region, every part of it', () => {
    const parts = graph.created.filter(({ name }) => name.startsWith(`fleet-${role}-`));
    expect(parts.length).toBeGreaterThan(15);
    expect(new Set(parts.map((part) => part.region))).toEqual(new Set([region]));
  });

  test('has the floor of its home role, three zones, and is replaced only when the load balancer says so', () => {
    expect(graph.one(GROUP, `fleet-${role}-group`).inputs).toMatchObject({
      name: 'application-fleet-test',
      minSize: role === 'primary' ? 2 : 1,
      desiredCapacity: role === 'primary' ? 2 : 1,
      maxSize: 6,
      vpcZoneIdentifiers: ['subnet-a', 'subnet-b', 'subnet-c'],
      healthCheckType: 'ELB',
      healthCheckGracePeriod: 420,
      forceDelete: true,
      waitForCapacityTimeout: '25m',
    });
  });

  test('ignores what a run raises and scaling moves, the same in both regions', () => {
    expect(graph.one(GROUP, `fleet-${role}-group`).options.ignoreChanges).toEqual(['minSize', 'desiredCapacity']);
  });

  test('starts new instances before old ones go when the launch template changes, and a change is a new version number', () => {
    const { inputs } = graph.one(GROUP, `fleet-${role}-group`);
    expect(within(inputs, 'launchTemplate')['version']).toBe('1');
    expect(inputs['instanceRefresh']).toEqual({
      strategy: 'Rolling',
      preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 200, instanceWarmup: '90' },
    });
  });

  test('gives instances and volumes every tag, because default tags do not reach them (N6)', () => {
    const tags = { ...TAGS, Region: region, 'DR-Role': role };
    expect(graph.one(GROUP, `fleet-${role}-group`).inputs['tags']).toEqual(
      Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    );
    expect(graph.one(TEMPLATE, `fleet-${role}-template`).inputs['tagSpecifications']).toEqual(
      ['instance', 'volume'].map((resourceType) => ({
        resourceType,
        tags: { ...tags, Name: 'application-fleet-test' },
      })),
    );
  });

  test("launches Graviton on the newest image, with IMDSv2 at one hop and a disk under the region's own key", () => {
    expect(graph.one(TEMPLATE, `fleet-${role}-template`).inputs).toMatchObject({
      imageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
      instanceType: 't4g.small',
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        { ebs: { volumeType: 'gp3', encrypted: 'true', kmsKeyId: `arn:aws:kms:${region}:123456789012:key/${role}` } },
      ],
    });
  });

  test("boots from the region's own bucket with the region's own names", () => {
    const script = userData(role);
    expect(script).toContain(`"s3://artifacts-123456789012-${region}-test/$1"`);
    expect(script).toContain(`AWS_REGION=${region}\n`);
    expect(script).toContain(`STATIC_CONTENT_BUCKET=static-content-123456789012-${region}-test\n`);
    expect(script).toContain('SESSIONS_TABLE=sessions-test\nORDERS_TABLE=orders-test\n');
    expect(script).toContain(`fetch 'rtc/fleet/service-${SHA}.tar' '${SHA}'`);
  });

  test('scales by itself towards half the processors', () => {
    expect(graph.one('aws:autoscaling/policy:Policy', `fleet-${role}-scaling`).inputs).toMatchObject({
      name: 'application-fleet-cpu-test',
      policyType: 'TargetTrackingScaling',
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: 'ASGAverageCPUUtilization' },
        targetValue: 50,
      },
    });
  });

  test('boots no instance before its way in, its way out and its permissions are there', () => {
    const group = graph.one(GROUP, `fleet-${role}-group`);
    const first = graph.created.filter(
      ({ type, name }) =>
        name.startsWith(`fleet-${role}-`) &&
        [INGRESS, EGRESS, 'aws:iam/rolePolicy:RolePolicy', 'aws:lb/listener:Listener'].includes(type),
    );
    expect(first).toHaveLength(7);
    for (const resource of first)
      expect([resource.name, graph.dependsOn(group, resource)]).toEqual([resource.name, true]);
  });

  test('boots no instance before the artifact was uploaded to its own region', () => {
    const template = graph.one(TEMPLATE, `fleet-${role}-template`);
    for (const name of [`fleet-artifacts-${role}-service`, `fleet-artifacts-${role}-runtime`]) {
      expect(graph.dependsOn(template, graph.one(OBJECT, name))).toBe(true);
    }
  });

  test('may do exactly what the boot script and the service call', () => {
    const arn = (table: string) => `arn:aws:dynamodb:${region}:123456789012:table/${table}-test`;
    const through = (service: string) => ({
      Condition: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
      Resource: `arn:aws:kms:${region}:123456789012:key/${role}`,
      Action: ['kms:Decrypt'],
    });
    const bucket = `arn:aws:s3:::artifacts-123456789012-${region}-test`;
    expect(policy(role)).toEqual([
      expect.objectContaining({
        Action: 's3:GetObject',
        Resource: [
          `${bucket}/rtc/fleet/service-${SHA}.tar`,
          `${bucket}/rtc/fleet/node-${runtime.version}-${runtime.sha256}.tgz`,
        ],
      }),
      expect.objectContaining({
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::static-content-123456789012-${region}-test/rtc/site/*`,
      }),
      expect.objectContaining({
        Action: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        Resource: arn('sessions'),
      }),
      expect.objectContaining({ Action: 'dynamodb:Query', Resource: arn('orders') }),
      expect.objectContaining(through('s3')),
      expect.objectContaining(through('dynamodb')),
    ]);
  });

  test("carries the region in the role's and the profile's name, which are global", () => {
    const name = `application-fleet-${region}-test`;
    expect(graph.one('aws:iam/role:Role', `fleet-${role}-role`).inputs['name']).toBe(name);
    expect(graph.one('aws:iam/instanceProfile:InstanceProfile', `fleet-${role}-profile`).inputs['name']).toBe(name);
  });

  test('has a load balancer in the public subnets that can be destroyed and does not pin clients to a region', () => {
    expect(graph.one('aws:lb/loadBalancer:LoadBalancer', `fleet-${role}-load-balancer-balancer`).inputs).toMatchObject({
      name: 'application-test',
      internal: false,
      subnets: ['subnet-p1', 'subnet-p2', 'subnet-p3'],
      clientKeepAlive: 60,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: false,
    });
  });

  test("speaks TLS 1.2 and 1.3 with the region's certificate, and redirects what comes without (D8)", () => {
    const https = graph.one('aws:lb/listener:Listener', `fleet-${role}-load-balancer-https`).inputs;
    expect(https).toMatchObject({
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificateArn: `arn:aws:acm:${region}:123456789012:certificate/c`,
      defaultActions: [{ type: 'forward' }],
    });
    expect(graph.one('aws:lb/listener:Listener', `fleet-${role}-load-balancer-http`).inputs).toMatchObject({
      port: 80,
      defaultActions: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } }],
    });
  });

  test('is encrypted up to the instance, and an instance leaves within 30 s', () => {
    expect(graph.one('aws:lb/targetGroup:TargetGroup', `fleet-${role}-load-balancer-targets`).inputs).toMatchObject({
      name: 'application-test',
      protocol: 'HTTPS',
      port: 8443,
      deregistrationDelay: 30,
      healthCheck: { protocol: 'HTTPS', path: '/health/live', matcher: '200' },
    });
  });

  test('lets the internet reach the load balancer on 443 and 80, the load balancer the instances, and instances two services', () => {
    const groups = graph.all(SECURITY_GROUP);
    const named = (id: Value) => {
      const group = groups.find((found) => found.id === id);
      return group && `${text(group.inputs, 'vpcId')} ${text(group.inputs, 'name')}`;
    };
    const paths = (type: string) =>
      graph
        .all(type)
        .filter((rule) => rule.region === region)
        .map(({ inputs }) => {
          const { cidrIpv4, prefixListId, referencedSecurityGroupId, securityGroupId, ipProtocol, fromPort, toPort } =
            inputs;
          const peer = cidrIpv4 ?? prefixListId ?? named(referencedSecurityGroupId);
          return JSON.stringify([named(securityGroupId), ipProtocol, fromPort, toPort, peer]);
        })
        .sort();
    const [balancer, fleet] = [`vpc-${role} load-balancer-test`, `vpc-${role} application-fleet-test`];
    expect(paths(INGRESS)).toEqual([
      JSON.stringify([fleet, 'tcp', 8443, 8443, balancer]),
      JSON.stringify([balancer, 'tcp', 443, 443, '0.0.0.0/0']),
      JSON.stringify([balancer, 'tcp', 80, 80, '0.0.0.0/0']),
    ]);
    expect(paths(EGRESS)).toEqual([JSON.stringify([balancer, 'tcp', 8443, 8443, fleet])]);
    const out = { protocol: 'tcp', fromPort: 443, toPort: 443 };
    expect(groups.find(({ name }) => name === `fleet-${role}-group`)?.inputs['egress']).toMatchObject([
      { ...out, prefixListIds: ['pl-s3'] },
      { ...out, prefixListIds: ['pl-dynamodb'] },
    ]);
  });
});

test('both regions boot the same bytes: their scripts differ in the region alone', () => {
  const neutral = (role: string, region: string) => userData(role).replaceAll(region, 'REGION');
  expect(neutral('dr', 'eu-central-2')).toBe(neutral('primary', 'eu-central-1'));
});

test('nothing is retained or protected (N8)', () => {
  const kept = graph.created.filter(({ options }) => options.protect || options.retainOnDelete);
  expect(kept).toEqual([]);
});
