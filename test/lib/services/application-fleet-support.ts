import { ApplicationFleet } from '../../../lib/services/application-fleet';
import { FleetArtifacts } from '../../../lib/services/fleet-artifacts';
import { inBoth } from '../../../lib/regions';
import { keyIn, reachBoth, tableIn } from './two-regions';

/** The digest of a service archive. */
export const SHA = 'ab'.repeat(32);
/** What every instance of both regions carries. */
export const TAGS = { Environment: 'test', EnvironmentSuffix: 'test', CostCenter: 'trading' };

/** The artifact and both regions' fleets, with stand-ins for what other components make. */
export function fleets(): void {
  const regions = reachBoth();
  const bucket = (purpose: string, region: string) => {
    const name = `${purpose}-123456789012-${region}-test`;
    return { name, arn: `arn:aws:s3:::${name}` };
  };
  const { objects } = new FleetArtifacts(
    'fleet-artifacts',
    {
      regions,
      buckets: inBoth(regions, ({ name }) => ({
        artifacts: bucket('artifacts', name),
        staticContent: bucket('static-content', name),
      })),
      serviceSha256: SHA,
    },
    {},
  );
  inBoth(regions, (region) => {
    return new ApplicationFleet(
      `fleet-${region.role}`,
      {
        environmentSuffix: 'test',
        region,
        vpcId: `vpc-${region.role}`,
        publicSubnetIds: ['subnet-p1', 'subnet-p2', 'subnet-p3'],
        privateSubnetIds: ['subnet-a', 'subnet-b', 'subnet-c'],
        s3PrefixListId: 'pl-s3',
        dynamodbPrefixListId: 'pl-dynamodb',
        certificateArn: `arn:aws:acm:${region.name}:123456789012:certificate/c`,
        size: { min: region.role === 'primary' ? 2 : 1, max: 6 },
        instanceType: 't4g.small',
        tags: { ...TAGS, Region: region.name, 'DR-Role': region.role },
        artifactsBucket: bucket('artifacts', region.name),
        artifacts: objects[region.role],
        staticContentBucket: bucket('static-content', region.name),
        sessionsTable: tableIn(region.role, 'sessions'),
        ordersTable: tableIn(region.role, 'orders'),
        keyArn: keyIn(region.role),
      },
      { provider: region.provider },
    );
  });
}
