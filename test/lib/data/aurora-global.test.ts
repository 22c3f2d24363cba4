import * as pulumi from '@pulumi/pulumi';

import { physicalNameOf } from '../../../analysis/graph/physical-name';
import { AuroraGlobal, type AuroraGlobalArgs } from '../../../lib/data/aurora-global';
import { evaluate, type Graph, type GraphResource } from '../../support/evaluate';
import { KEYS, refusalOf, twoRegions } from '../foundation/two-regions';

type Choices = Partial<AuroraGlobalArgs>;

const network = (role: string) => ({
  privateSubnetIds: [`subnet-${role}-1`, `subnet-${role}-2`, `subnet-${role}-3`],
  databaseSecurityGroupId: `sg-${role}-database`,
});

function create(choices: Choices = {}): AuroraGlobal {
  return new AuroraGlobal(
    'aurora',
    {
      environmentSuffix: 'test',
      regions: twoRegions(),
      networks: { primary: network('primary'), dr: network('dr') },
      keys: KEYS,
      credentials: { username: pulumi.secret('owner'), password: pulumi.secret('not-a-password') },
      databaseName: 'trading',
      auroraEngineVersion: '17.7',
      auroraCapacity: 'provisioned',
      auroraInstanceClass: 'db.r7g.large',
      auroraPrimaryInstances: 2,
      auroraDrInstances: 1,
      auroraMinAcu: 8,
      auroraMaxAcu: 32,
      backupRetentionDays: 7,
      rpoEnforcementSeconds: 0,
      logRetentionDays: 30,
      ...choices,
    },
    {},
  );
}

const evaluated = (choices?: Choices) => evaluate(() => void create(choices));

let graph: Graph;
beforeAll(async () => {
  graph = await evaluated();
});

const cluster = (role: string, of = graph) => of.one('aws:rds/cluster:Cluster', `aurora-${role}-cluster`);
const globalCluster = (of = graph) => of.one('aws:rds/globalCluster:GlobalCluster', 'aurora-global');
const instances = (role: string, of = graph) =>
  of.all('aws:rds/clusterInstance:ClusterInstance').filter(({ name }) => name.startsWith(`aurora-${role}-`));
const parameterGroup = (role: string, of = graph) => {
  const [found] = of
    .all('aws:rds/clusterParameterGroup:ClusterParameterGroup')
    .filter(({ name }) => name.startsWith(`aurora-${role}-`));
  if (!found) throw new Error(`no parameter group for ${role}`);
  return found;
};
const parameters = ({ inputs }: GraphResource) => inputs['parameters'];

describe('order', () => {
  test('dr is created after every instance of primary and destroyed before: without a writer it has nothing to follow', () => {
    expect(instances('primary')).toHaveLength(2);
    for (const instance of instances('primary')) {
      expect(graph.dependsOn(cluster('dr'), instance)).toBe(true);
      expect(graph.dependsOn(instance, cluster('dr'))).toBe(false);
    }
  });

  test('both clusters join an existing global cluster, so that none is ever the source of it', () => {
    for (const role of ['primary', 'dr']) {
      expect(graph.dependsOn(cluster(role), globalCluster())).toBe(true);
      expect(cluster(role).inputs['globalClusterIdentifier']).toBe(globalCluster().id);
    }
    expect(globalCluster().inputs).not.toHaveProperty('sourceDbClusterIdentifier');
  });

  test.each(['primary', 'dr'])(
    'the log group of %s exists before its cluster, which would make one without key',
    (role) => {
      const log = graph.one('aws:cloudwatch/logGroup:LogGroup', `aurora-${role}-log`);
      expect(graph.dependsOn(cluster(role), log)).toBe(true);
      expect(log.inputs).toMatchObject({
        name: `/aws/rds/cluster/${String(cluster(role).inputs['clusterIdentifier'])}/postgresql`,
        retentionInDays: 30,
      });
    },
  );
});

describe('after a failover', () => {
  test('what it changed is left alone on both sides: the old primary follows then, and needs it as much as dr', () => {
    const ignored = cluster('primary').options.ignoreChanges;
    expect(cluster('dr').options.ignoreChanges).toEqual(ignored);
    expect([...ignored].sort()).toEqual([
      'databaseName',
      'engineVersion',
      'globalClusterIdentifier',
      'masterPassword',
      'masterUsername',
      'replicationSourceIdentifier',
      'sourceRegion',
    ]);
  });

  test('the inputs of both clusters differ only in what is ignored, in their names, and in their own region', () => {
    const [primary, dr] = [cluster('primary'), cluster('dr')];
    const keys = new Set([...Object.keys(primary.inputs), ...Object.keys(dr.inputs)]);
    const different = [...keys].filter((key) => JSON.stringify(primary.inputs[key]) !== JSON.stringify(dr.inputs[key]));
    const regional = ['clusterIdentifier', 'kmsKeyId', 'vpcSecurityGroupIds'];
    const unexplained = different.filter(
      (key) => !regional.includes(key) && !primary.options.ignoreChanges.includes(key),
    );
    expect(unexplained).toEqual([]);
  });

  test('the global cluster is not replaced because AWS answers another source or database name', () => {
    expect(globalCluster().options.ignoreChanges).toEqual(['sourceDbClusterIdentifier', 'databaseName']);
  });

  test('instances leave their version to the global cluster', () => {
    for (const instance of [...instances('primary'), ...instances('dr')]) {
      expect(instance.options.ignoreChanges).toEqual(['engineVersion']);
    }
  });
});

describe('members', () => {
  test('dr has an instance from the start: Aurora does not fail over to a cluster without one', () => {
    expect(instances('dr')).toHaveLength(1);
  });

  test.each([
    ['auroraDrInstances', { auroraDrInstances: 0 }],
    ['auroraPrimaryInstances', { auroraPrimaryInstances: 0 }],
  ])('a cluster without instances is refused: %s', async (key, choices) => {
    expect(await refusalOf(() => create(choices))).toBe(
      `RangeError: ${key} must be at least 1, got 0: Aurora cannot fail over to a cluster without an instance`,
    );
  });

  test('the master user is given to primary only: AWS refuses one for a cluster that follows', () => {
    const withUser = ['masterUsername', 'masterPassword', 'databaseName'];
    for (const key of withUser) expect(cluster('primary').inputs).toHaveProperty(key);
    for (const key of withUser) expect(cluster('dr').inputs).not.toHaveProperty(key);
    expect(cluster('primary').secretInputs).toEqual(expect.arrayContaining(['masterPassword', 'masterUsername']));
    expect(cluster('dr').inputs['sourceRegion']).toBe('eu-central-1');
  });

  test('every member runs the version of the global cluster', () => {
    expect(globalCluster().inputs['engineVersion']).toBe('17.7');
    for (const member of [cluster('primary'), cluster('dr'), ...instances('primary'), ...instances('dr')]) {
      expect(member.inputs['engineVersion']).toBe('17.7');
    }
  });

  test('zones are left to AWS: naming them makes the next plan replace the cluster', () => {
    for (const role of ['primary', 'dr']) expect(cluster(role).inputs).not.toHaveProperty('availabilityZones');
  });

  test('members are in private subnets and in the database group, and no instance has a public address', () => {
    for (const role of ['primary', 'dr']) {
      const subnets = graph.one('aws:rds/subnetGroup:SubnetGroup', `aurora-${role}-subnets`);
      expect(subnets.inputs['subnetIds']).toEqual(network(role).privateSubnetIds);
      expect(cluster(role).inputs).toMatchObject({
        dbSubnetGroupName: subnets.inputs['name'],
        vpcSecurityGroupIds: [`sg-${role}-database`],
      });
      for (const { inputs } of instances(role)) expect(inputs['publiclyAccessible']).toBe(false);
    }
  });

  test('serverless scales to the same limit in both regions, because dr has to carry the whole load', async () => {
    const serverless = await evaluated({ auroraCapacity: 'serverless' });
    for (const role of ['primary', 'dr']) {
      expect(cluster(role, serverless).inputs['serverlessv2ScalingConfiguration']).toEqual({
        minCapacity: 8,
        maxCapacity: 32,
      });
      for (const { inputs } of instances(role, serverless)) expect(inputs['instanceClass']).toBe('db.serverless');
      expect(cluster(role).inputs).not.toHaveProperty('serverlessv2ScalingConfiguration');
      for (const { inputs } of instances(role)) expect(inputs['instanceClass']).toBe('db.r7g.large');
    }
  });
});

describe('settings', () => {
  test('both regions have the same parameters, because a promoted cluster runs with its own group', () => {
    expect(parameters(parameterGroup('dr'))).toEqual(parameters(parameterGroup('primary')));
    expect(parameters(parameterGroup('dr'))).toContainEqual({
      name: 'rds.force_ssl',
      value: '1',
      applyMethod: 'immediate',
    });
    for (const role of ['primary', 'dr']) {
      expect(parameterGroup(role).inputs['family']).toBe('aurora-postgresql17');
      expect(parameterGroup(role).options.ignoreChanges).toEqual([]);
      expect(cluster(role).inputs['dbClusterParameterGroupName']).toBe('aurora-postgresql17-test');
    }
  });

  test('the lag is bounded in the home of the writer only: a promoted cluster has no follower and would commit nothing', async () => {
    const bounded = await evaluated({ rpoEnforcementSeconds: 60 });
    const bound = { name: 'rds.global_db_rpo', value: '60', applyMethod: 'immediate' };
    expect(parameters(parameterGroup('primary', bounded))).toContainEqual(bound);
    expect(parameters(parameterGroup('dr', bounded))).toEqual(parameters(parameterGroup('dr')));
  });

  test('fail-back moves the bound, so the parameters are left alone on both sides, and another bound means other groups', async () => {
    const bounded = await evaluated({ rpoEnforcementSeconds: 60 });
    for (const role of ['primary', 'dr']) {
      expect(parameterGroup(role, bounded).options.ignoreChanges).toEqual(['parameters']);
      expect(parameterGroup(role, bounded).inputs['name']).toBe('aurora-postgresql17-rpo-60-test');
    }
  });

  test.each([19, -1, 20.5, 2_147_483_648])('a bound that RDS does not take is refused: %d s', async (seconds) => {
    expect(await refusalOf(() => create({ rpoEnforcementSeconds: seconds }))).toBe(
      `RangeError: rpoEnforcementSeconds must be 0 (off) or 20 to 2147483647, got ${seconds}`,
    );
  });
});

describe('encryption, backups, names', () => {
  test('everything is encrypted with the key of its own region', () => {
    expect(globalCluster().inputs['storageEncrypted']).toBe(true);
    for (const role of ['primary', 'dr'] as const) {
      const { keyArn } = KEYS[role];
      expect(cluster(role).inputs).toMatchObject({ storageEncrypted: true, kmsKeyId: keyArn });
      expect(graph.one('aws:cloudwatch/logGroup:LogGroup', `aurora-${role}-log`).inputs['kmsKeyId']).toBe(keyArn);
      for (const { inputs } of instances(role)) {
        expect(inputs).toMatchObject({ performanceInsightsEnabled: true, performanceInsightsKmsKeyId: keyArn });
      }
    }
  });

  test('both clusters keep backups, and nothing stands in the way of a destroy', () => {
    for (const role of ['primary', 'dr']) {
      expect(cluster(role).inputs).toMatchObject({
        backupRetentionPeriod: 7,
        copyTagsToSnapshot: true,
        deletionProtection: false,
        skipFinalSnapshot: true,
      });
      for (const { inputs } of instances(role)) expect(inputs['forceDestroy']).toBe(true);
    }
    expect(globalCluster().inputs).toMatchObject({ forceDestroy: true, deletionProtection: false });
    expect(graph.created.filter(({ options }) => options.protect || options.retainOnDelete)).toEqual([]);
  });

  test('identifiers carry region and suffix: RDS wants those of clusters unique across all regions', () => {
    expect(cluster('primary').inputs['clusterIdentifier']).toBe('aurora-eu-central-1-test');
    expect(cluster('dr').inputs['clusterIdentifier']).toBe('aurora-eu-central-2-test');
    expect(globalCluster().inputs['globalClusterIdentifier']).toBe('aurora-global-eu-central-1-test');
    const names = graph.created.filter(({ type }) => type.startsWith('aws:rds/')).map(physicalNameOf);
    for (const name of names) expect(name).toMatch(/-test$/);
  });

  test('each member is made in its own region, the global cluster where the writer is at home', () => {
    const places = graph.created.map(({ name, region }) => [name.split('-')[1], region]);
    expect(new Set(places.map(String))).toEqual(
      new Set(['global,eu-central-1', 'primary,eu-central-1', 'dr,eu-central-2']),
    );
  });
});
