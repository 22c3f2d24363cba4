import runtime from '../../../fleet/runtime.json';
import { evaluate } from '../../support/evaluate';
import type { Graph, GraphResource } from '../../support/evaluate';
import { within } from './two-regions';
import { fleets, SHA } from './application-fleet-support';

const OBJECT = 'aws:s3/bucketObjectv2:BucketObjectv2';
const REGIONS = [
  ['eu-central-1', 'primary'],
  ['eu-central-2', 'dr'],
] as const;

describe('the artifact', () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await evaluate(fleets);
  });
  const objects = (region: string): readonly GraphResource[] =>
    graph.all(OBJECT).filter((one) => one.region === region);

  // S3 guide, "Enabling versioning on buckets": up to 15 minutes, and replication copies versions only.
  test.each(REGIONS)('is put into the buckets of %s itself, under names that carry its bytes’ digest', (region) => {
    const [artifacts, site] = ['artifacts', 'static-content'].map(
      (purpose) => `${purpose}-123456789012-${region}-test`,
    );
    expect(objects(region).map(({ inputs }) => [inputs['bucket'], inputs['key']])).toEqual([
      [artifacts, `rtc/fleet/service-${SHA}.tar`],
      [artifacts, `rtc/fleet/node-${runtime.version}-${runtime.sha256}.tgz`],
      [site, 'rtc/site/index.html'],
      [site, 'rtc/site/site.css'],
      [site, 'rtc/site/site.js'],
    ]);
  });

  test('is the same in both regions, so that the copies which replication makes over it change nothing', () => {
    const contents = (region: string) => objects(region).map(({ inputs: { bucket: _, ...content } }) => content);
    expect(contents('eu-central-2')).toEqual(contents('eu-central-1'));
    expect(contents('eu-central-1')).toHaveLength(5);
  });

  test.each(REGIONS)('comes from files named from the project, so that two machines ask for the same: %s', (region) => {
    expect(objects(region).map(({ inputs }) => within(inputs, 'source')['path'])).toEqual([
      'dist/fleet/service.tar',
      `dist/fleet/${runtime.file}`,
      'fleet/site/index.html',
      'fleet/site/site.css',
      'fleet/site/site.js',
    ]);
  });

  test('of primary is the one that was there alone: put again, it would be deleted with all versions of its key', () => {
    const aliases = (role: string) => graph.one(OBJECT, `fleet-artifacts-${role}-service`).options.aliases;
    expect(aliases('primary')).toContain('fleet-artifacts-service');
    expect(aliases('dr')).not.toContain('fleet-artifacts-service');
  });
});
