import runtime from '../../../fleet/runtime.json';
import { evaluate } from '../../support/evaluate';
import type { Graph, GraphResource } from '../../support/evaluate';
import { within } from './two-regions';
import { fleets, SHA } from './application-fleet-support';

const OBJECT = 'aws:s3/bucketObjectv2:BucketObjectv2';

describe('the artifact', () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await evaluate(fleets);
  });
  const objects = (): readonly GraphResource[] => graph.all(OBJECT);

  test("is uploaded once, in primary, under the prefix whose replication is timed, and named by its bytes' digest", () => {
    expect(objects().map(({ region, inputs }) => [region, inputs['bucket'], inputs['key']])).toEqual([
      ['eu-central-1', 'artifacts-123456789012-eu-central-1-test', `rtc/fleet/service-${SHA}.tar`],
      [
        'eu-central-1',
        'artifacts-123456789012-eu-central-1-test',
        `rtc/fleet/node-${runtime.version}-${runtime.sha256}.tgz`,
      ],
      ['eu-central-1', 'static-content-123456789012-eu-central-1-test', 'rtc/site/index.html'],
      ['eu-central-1', 'static-content-123456789012-eu-central-1-test', 'rtc/site/site.css'],
      ['eu-central-1', 'static-content-123456789012-eu-central-1-test', 'rtc/site/site.js'],
    ]);
  });

  test('comes from files named from the project, so that two machines ask for the same', () => {
    expect(objects().map(({ inputs }) => within(inputs, 'source')['path'])).toEqual([
      'dist/fleet/service.tar',
      `dist/fleet/${runtime.file}`,
      'fleet/site/index.html',
      'fleet/site/site.css',
      'fleet/site/site.js',
    ]);
  });

  test('waits for the replication, which copies nothing that was there before', () => {
    const replication = graph.one('aws:s3/bucketReplicationConfig:BucketReplicationConfig', 'replication');
    expect(objects().map((object) => graph.dependsOn(object, replication))).toEqual([true, true, true, true, true]);
  });
});
