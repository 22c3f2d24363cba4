import * as lb from '@pulumi/aws/lb';
import { Network } from '../../../lib/foundation/network';
import type { NatStrategy } from '../../../lib/foundation/routing';
import { chooseZones } from '../../../lib/foundation/subnets';
import { physicalNameOf } from '../../../analysis/graph/physical-name';
import { evaluate, type EvaluateOptions, type Graph, type GraphResource, type Values } from '../../support/evaluate';
import { namesOf, twoRegions } from './two-regions';

const ZONES = 'aws:index/getAvailabilityZones:getAvailabilityZones';
const ROUTE = 'aws:ec2/route:Route';
const INGRESS = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';

function network(natStrategy: NatStrategy, options?: EvaluateOptions): Promise<Graph> {
  return evaluate(() => {
    const { dr } = twoRegions();
    const made = new Network(
      'network-dr',
      {
        environmentSuffix: 'test',
        cidr: '10.20.0.0/16',
        peerCidr: '10.10.0.0/16',
        natStrategy,
        region: dr,
        flowLogsBucketArn: 'arn:aws:s3:::audit-logs-test',
      },
      { provider: dr.provider },
    );
    // Whoever stands in the public subnets.
    made.publicSubnetIds.forEach((subnetId, index) => {
      new lb.LoadBalancer(`public-${index + 1}`, { subnets: [subnetId] }, { provider: dr.provider });
    });
  }, options);
}

let graph: Graph;
beforeAll(async () => {
  graph = await network('single');
});

const subnet = (name: string) => graph.one('aws:ec2/subnet:Subnet', `network-dr-${name}`);
/** What a group lets out, as written into it. */
function waysOut(name: string): readonly Values[] {
  const { egress } = graph.one('aws:ec2/securityGroup:SecurityGroup', `network-dr-${name}`).inputs;
  return Array.isArray(egress) ? egress : [];
}
const table = (name: string) => graph.one('aws:ec2/routeTable:RouteTable', `network-dr-${name}`);
const group = (name: string) => graph.one('aws:ec2/securityGroup:SecurityGroup', `network-dr-${name}`).id;
const endpoint = (name: string) => graph.one('aws:ec2/vpcEndpoint:VpcEndpoint', `network-dr-${name}`);

describe('zones and subnets', () => {
  test('three zones get a public and a private subnet each, out of the plan', () => {
    const placed = graph
      .all('aws:ec2/subnet:Subnet')
      .map(({ name, inputs }) => [name, inputs['availabilityZone'], inputs['cidrBlock']]);
    expect(placed.sort()).toEqual([
      ['network-dr-private-1', 'eu-central-2a', '10.20.0.0/19'],
      ['network-dr-private-2', 'eu-central-2b', '10.20.32.0/19'],
      ['network-dr-private-3', 'eu-central-2c', '10.20.64.0/19'],
      ['network-dr-public-1', 'eu-central-2a', '10.20.128.0/24'],
      ['network-dr-public-2', 'eu-central-2b', '10.20.129.0/24'],
      ['network-dr-public-3', 'eu-central-2c', '10.20.130.0/24'],
    ]);
  });

  test('zones are asked for in the region itself, without local zones and without the old one of us-east-1', () => {
    expect(graph.invokes.filter(({ token }) => token === ZONES)).toMatchObject([
      {
        region: 'eu-central-2',
        args: {
          state: 'available',
          excludeZoneIds: ['use1-az3'],
          filters: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
        },
      },
    ]);
  });

  test('the first three of many zones are taken by name, so that AWS may list them in any order', async () => {
    const names = ['us-east-1f', 'us-east-1b', 'us-east-1a', 'us-east-1d', 'us-east-1c'];
    const many = await network('none', { lookups: { [ZONES]: () => ({ names }) } });
    const used = new Set(many.all('aws:ec2/subnet:Subnet').map(({ inputs }) => inputs['availabilityZone']));
    expect([...used].sort()).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c']);
  });

  test.each([
    [
      'two',
      ['eu-central-2b', 'eu-central-2a'],
      'eu-central-2 offers 2 availability zones (eu-central-2b, eu-central-2a), ',
    ],
    ['none', [], 'eu-central-2 offers 0 availability zones (none), '],
  ])('a region with %s is refused: three zones are what W1 asks for', (_, names, message) => {
    expect(() => chooseZones(names, 'eu-central-2')).toThrow(`${message}but three are needed: choose another region`);
  });

  test('deletion waits out the network interfaces that Lambda leaves behind for up to 45 minutes', () => {
    const patient = graph.created.filter(({ options }) => options.customTimeouts['delete'] === '45m');
    expect(patient.map(({ name }) => name).sort()).toEqual([
      'network-dr-functions',
      'network-dr-private-1',
      'network-dr-private-2',
      'network-dr-private-3',
    ]);
  });
});

describe('ways out', () => {
  const routes = (of: Graph) =>
    Object.fromEntries(
      of
        .all(ROUTE)
        .filter(({ inputs }) => inputs['destinationCidrBlock'] === '0.0.0.0/0')
        .map(({ inputs }) => [inputs['routeTableId'], inputs['gatewayId'] ?? inputs['natGatewayId']]),
    );
  const nat = (of: Graph, name: string) => of.one('aws:ec2/natGateway:NatGateway', `network-dr-${name}`);

  test('single: all private subnets leave through one NAT gateway in the first public subnet', () => {
    const internet = graph.one('aws:ec2/internetGateway:InternetGateway', 'network-dr-internet');
    const only = nat(graph, 'nat-1');
    expect(graph.all('aws:ec2/natGateway:NatGateway')).toEqual([only]);
    expect(only.inputs['subnetId']).toBe(subnet('public-1').id);
    expect(routes(graph)).toEqual({
      [table('public').id]: internet.id,
      [table('private-1').id]: only.id,
      [table('private-2').id]: only.id,
      [table('private-3').id]: only.id,
    });
  });

  test('per-az: the loss of a zone takes the way out of no other', async () => {
    const perZone = await network('per-az');
    for (const zone of ['1', '2', '3']) {
      const gateway = nat(perZone, `nat-${zone}`);
      expect(gateway.inputs['subnetId']).toBe(perZone.one('aws:ec2/subnet:Subnet', `network-dr-public-${zone}`).id);
      const own = perZone.one('aws:ec2/routeTable:RouteTable', `network-dr-private-${zone}`);
      expect(routes(perZone)[own.id]).toBe(gateway.id);
    }
  });

  test('none: no NAT gateway, no address, and private subnets have no way out at all', async () => {
    const closed = await network('none');
    expect(closed.all('aws:ec2/natGateway:NatGateway')).toEqual([]);
    expect(closed.all('aws:ec2/eip:Eip')).toEqual([]);
    expect(Object.keys(routes(closed))).toEqual([closed.one('aws:ec2/routeTable:RouteTable', 'network-dr-public').id]);
  });

  test('the NAT strategy changes routes only: the tables and their subnets stay', async () => {
    const associated = (of: Graph) =>
      of.all('aws:ec2/routeTableAssociation:RouteTableAssociation').map(({ inputs }) => inputs);
    const [none, perZone] = [await network('none'), await network('per-az')];
    expect(associated(none)).toHaveLength(6);
    expect(associated(perZone)).toEqual(expect.arrayContaining(associated(none).slice()));
    expect(associated(perZone)).toHaveLength(6);
  });

  test('each private subnet has the table of its own zone, and the public ones share theirs', () => {
    const associated = graph.all('aws:ec2/routeTableAssociation:RouteTableAssociation');
    const tableOf = new Map(associated.map(({ inputs }) => [inputs['subnetId'], inputs['routeTableId']]));
    for (const zone of ['1', '2', '3']) {
      expect(tableOf.get(subnet(`public-${zone}`).id)).toBe(table('public').id);
      expect(tableOf.get(subnet(`private-${zone}`).id)).toBe(table(`private-${zone}`).id);
    }
  });

  test('an address for NAT waits for the route to the internet, without which AWS refuses it', () => {
    const route = graph.one(ROUTE, 'network-dr-public-internet');
    for (const waiting of [nat(graph, 'nat-1'), graph.one('aws:ec2/eip:Eip', 'network-dr-nat-1')]) {
      expect(graph.dependsOn(waiting, route)).toBe(true);
    }
  });
});

// Elastic Load Balancing API reference, CreateLoadBalancer: InvalidSubnet, "VPC ... has no internet gateway"; and EC2 detaches no
// gateway while something behind it has a public address. Pulumi destroys in the order of creation, turned round.
test('who takes a public subnet from the network comes after its way to the internet, and goes before it', () => {
  for (const zone of ['1', '2', '3']) {
    const standing = graph.one('aws:lb/loadBalancer:LoadBalancer', `public-${zone}`);
    expect(standing.inputs['subnets']).toEqual([subnet(`public-${zone}`).id]);
    for (const way of [
      graph.one('aws:ec2/internetGateway:InternetGateway', 'network-dr-internet'),
      graph.one(ROUTE, 'network-dr-public-internet'),
      graph.one('aws:ec2/routeTableAssociation:RouteTableAssociation', `network-dr-public-${zone}`),
    ])
      expect([way.name, graph.dependsOn(standing, way)]).toEqual([way.name, true]);
  }
});

describe('endpoints', () => {
  test('S3 and DynamoDB are reached over free gateway endpoints from every subnet, NAT or not', () => {
    const everyTable = ['public', 'private-1', 'private-2', 'private-3'].map((name) => table(name).id);
    for (const service of ['s3', 'dynamodb']) {
      expect(endpoint(service).inputs).toMatchObject({
        vpcEndpointType: 'Gateway',
        serviceName: `com.amazonaws.eu-central-2.${service}`,
        routeTableIds: everyTable,
      });
    }
  });

  test('Secrets Manager answers in the private subnets under its ordinary name', () => {
    expect(endpoint('secretsmanager').inputs).toMatchObject({
      vpcEndpointType: 'Interface',
      serviceName: 'com.amazonaws.eu-central-2.secretsmanager',
      privateDnsEnabled: true,
      subnetIds: ['private-1', 'private-2', 'private-3'].map((name) => subnet(name).id),
      securityGroupIds: [group('endpoints')],
    });
  });
});

describe('security groups', () => {
  const rule = ({ inputs }: GraphResource) => [
    inputs['securityGroupId'],
    inputs['referencedSecurityGroupId'] ?? inputs['prefixListId'] ?? inputs['cidrIpv4'],
    inputs['fromPort'],
    inputs['toPort'],
  ];

  test('only functions get in, to the database and to the endpoint, and nobody from an address range', () => {
    expect(graph.all(INGRESS).map(rule).sort()).toEqual(
      [
        [group('database'), group('functions'), 5432, 5432],
        [group('endpoints'), group('functions'), 443, 443],
      ].sort(),
    );
  });

  test('functions reach both databases, the endpoint, S3 and DynamoDB, nothing else', () => {
    const shown = waysOut('functions').map(({ fromPort, toPort, securityGroups, cidrBlocks, prefixListIds }) => [
      fromPort,
      toPort,
      ...[securityGroups, cidrBlocks, prefixListIds].flatMap((list) => (Array.isArray(list) ? list : [])),
    ]);
    expect(shown).toEqual([
      [5432, 5432, group('database')],
      [5432, 5432, '10.10.0.0/17'],
      [443, 443, group('endpoints')],
      [443, 443, endpoint('s3').outputs['prefixListId']],
      [443, 443, endpoint('dynamodb').outputs['prefixListId']],
    ]);
  });

  test('ways out are one complete list, so none added by hand survives; ways in are rules of their own, as two components add them', () => {
    for (const { inputs } of graph.all('aws:ec2/securityGroup:SecurityGroup'))
      expect(inputs['ingress']).toBeUndefined();
    expect(graph.all('aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule')).toEqual([]);
    for (const name of ['database', 'endpoints']) expect(waysOut(name)).toEqual([]);
  });

  test('every group and rule says in a sentence what it is for', () => {
    const described = [...graph.all(INGRESS), ...graph.all('aws:ec2/securityGroup:SecurityGroup')];
    const sentences = [
      ...described.map(({ inputs }) => inputs['description']),
      ...waysOut('functions').map(({ description }) => description),
    ];
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].+ .+\.$/);
  });

  test('the group that AWS gives every VPC is adopted and lets nothing through', () => {
    expect(graph.one('aws:ec2/defaultSecurityGroup:DefaultSecurityGroup', 'network-dr-default').inputs).toMatchObject({
      ingress: [],
      egress: [],
    });
  });
});

test('all traffic is logged to the audit-logs bucket', () => {
  expect(graph.one('aws:ec2/flowLog:FlowLog', 'network-dr-flow-log').inputs).toMatchObject({
    trafficType: 'ALL',
    logDestinationType: 's3',
    logDestination: 'arn:aws:s3:::audit-logs-test',
  });
});

test('both DNS switches are on, without which neither private endpoint names nor names of the peer resolve', () => {
  expect(graph.one('aws:ec2/vpc:Vpc', 'network-dr-vpc').inputs).toMatchObject({
    cidrBlock: '10.20.0.0/16',
    enableDnsSupport: true,
    enableDnsHostnames: true,
  });
});

test('everything is in the region it was made for, and every name ends in the suffix', () => {
  for (const resource of graph.created)
    expect([resource.name, resource.region]).toEqual([resource.name, 'eu-central-2']);
  const named = graph.created.map(physicalNameOf).filter((name) => name !== undefined);
  expect(named.length).toBeGreaterThan(20);
  for (const name of named) expect(name).toMatch(/-test$/);
});

test('nothing is kept when the stack is destroyed', () => {
  const kept = graph.created.filter(({ options }) => options.protect || options.retainOnDelete);
  expect(kept).toEqual([]);
  expect(namesOf(graph, 'aws:ec2/vpc:Vpc')).toEqual(['network-dr-vpc']);
});
