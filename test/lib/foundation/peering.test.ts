import { Network } from '../../../lib/foundation/network';
import { Peering } from '../../../lib/foundation/peering';
import { inBoth, otherRole } from '../../../lib/regions';
import { evaluate, type Graph } from '../../support/evaluate';
import { refusalOf, twoRegions } from './two-regions';

const CIDRS = { primary: '10.10.0.0/16', dr: '10.20.0.0/16' };

function createPeering(cidrs = CIDRS): void {
  const regions = twoRegions();
  const networks = inBoth(
    regions,
    (region) =>
      new Network(
        `network-${region.role}`,
        {
          environmentSuffix: 'test',
          cidr: cidrs[region.role],
          peerCidr: cidrs[otherRole(region.role)],
          natStrategy: 'none',
          region,
          flowLogsBucketArn: `arn:aws:s3:::audit-logs-${region.name}-test`,
        },
        { provider: region.provider },
      ),
  );
  new Peering('peering', { environmentSuffix: 'test', regions, networks }, {});
}

let graph: Graph;
beforeAll(async () => {
  graph = await evaluate(() => createPeering());
});

const request = () => graph.one('aws:ec2/vpcPeeringConnection:VpcPeeringConnection', 'peering-request');
const accepter = () =>
  graph.one('aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter', 'peering-accepter');

test('primary asks and dr accepts: across regions a connection cannot accept itself', () => {
  expect([request().region, request().inputs['peerRegion'], request().inputs['autoAccept']]).toEqual([
    'eu-central-1',
    'eu-central-2',
    false,
  ]);
  expect([accepter().region, accepter().inputs['autoAccept']]).toEqual(['eu-central-2', true]);
});

test.each([
  ['primary', 'eu-central-1', '10.20.0.0/16'],
  ['dr', 'eu-central-2', '10.10.0.0/16'],
])("every route table of %s knows the way to the other VPC's addresses", (role, region, destination) => {
  const tables = graph.all('aws:ec2/routeTable:RouteTable').filter((table) => table.region === region);
  const routes = graph.all('aws:ec2/route:Route').filter(({ name }) => name.startsWith(`peering-${role}-`));
  expect(tables).toHaveLength(4);
  expect(routes.map(({ inputs }) => inputs['routeTableId']).sort()).toEqual(tables.map(({ id }) => id).sort());
  for (const route of routes) {
    expect(route.inputs['destinationCidrBlock']).toBe(destination);
    expect(route.region).toBe(region);
  }
});

test('routes and options wait until the connection is accepted: before, AWS refuses them', () => {
  const waiting = [
    ...graph.all('aws:ec2/route:Route').filter(({ name }) => name.startsWith('peering-')),
    ...graph.all('aws:ec2/peeringConnectionOptions:PeeringConnectionOptions'),
  ];
  expect(waiting).toHaveLength(10);
  for (const resource of waiting) expect(graph.dependsOn(resource, accepter())).toBe(true);
});

test("each side resolves the other's names to private addresses", () => {
  const resolved = { allowRemoteVpcDnsResolution: true };
  const options = graph.all('aws:ec2/peeringConnectionOptions:PeeringConnectionOptions');
  const asked = options.map(({ region, inputs }) => [
    region,
    { asked: inputs['requester'], accepted: inputs['accepter'] },
  ]);
  expect(asked).toHaveLength(2);
  expect(Object.fromEntries(asked)).toEqual({
    'eu-central-1': { asked: resolved },
    'eu-central-2': { accepted: resolved },
  });
});

test.each([
  ['primary', 'eu-central-1', '10.20.0.0/17'],
  ['dr', 'eu-central-2', '10.10.0.0/17'],
])(
  "private addresses of the other region reach %s's database, by range: a group of another region cannot be named",
  (role, region, range) => {
    const rules = graph
      .all('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule')
      .filter((rule) => rule.region === region && rule.name.startsWith('peering-'));
    expect(rules.map(({ inputs }) => inputs)).toMatchObject([
      {
        securityGroupId: graph.one('aws:ec2/securityGroup:SecurityGroup', `network-${role}-database`).id,
        cidrIpv4: range,
        fromPort: 5432,
        toPort: 5432,
      },
    ]);
  },
);

test('overlapping VPCs are refused by name before anything is asked of AWS', async () => {
  expect(await refusalOf(() => createPeering({ primary: '10.10.0.0/16', dr: '10.10.0.0/20' }))).toBe(
    'RangeError: VPCs with overlapping addresses cannot be peered: primary 10.10.0.0/16, dr 10.10.0.0/20',
  );
});
