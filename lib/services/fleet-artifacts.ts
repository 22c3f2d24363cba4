import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
import runtime from '../../fleet/runtime.json';
import { FLEET_RUNTIME, FLEET_SERVICE } from '../bundles';
import type { ReplicatedBuckets } from '../data/replicated-buckets';
import { inBoth } from '../regions';
import type { PerRegion, Region, Regions } from '../regions';
import type { NamedResource } from './named-resource';

/** What the fleet's artifact is made of and where it goes. */
export interface FleetArtifactsArgs {
  readonly regions: Regions;
  readonly buckets: PerRegion<{
    readonly artifacts: Pick<NamedResource, 'name'>;
    readonly staticContent: Pick<NamedResource, 'name'>;
  }>;
  /** The sha256 of the service archive, from the build's manifest. */
  readonly serviceSha256: string;
}

/** One object of the artifact, under the same key in both regions' artifacts buckets; this is one region's. */
export interface FleetObject {
  /** Known once the object was uploaded. */
  readonly key: pulumi.Input<string>;
  readonly sha256: string;
}

/** What an instance fetches when it boots. */
export interface FleetObjects {
  readonly service: FleetObject;
  /** `binary` is the file of the archive that is unpacked. */
  readonly runtime: FleetObject & { readonly binary: string };
}

/** The site's files; paths are relative, so that no machine's path reaches the state. */
const SITE_FOLDER = 'fleet/site';
const SITE_FILES = [
  { file: 'index.html', contentType: 'text/html; charset=utf-8' },
  { file: 'site.css', contentType: 'text/css; charset=utf-8' },
  { file: 'site.js', contentType: 'text/javascript; charset=utf-8' },
] as const;

/**
 * Uploads the fleet's artifact and the site into each region's own buckets, the same bytes under the same keys. Replication
 * would not do: S3 may take 15 minutes until a new bucket keeps versions (S3 guide, "Enabling versioning on buckets"), copies
 * only versions, and never comes back for an object that it has passed over; dr would boot no instance. Names carry the digest
 * of their bytes, so no instance gets a mixture.
 *
 * What is put in one region is still copied to the other one, over equal bytes, and ends there: S3 does not replicate replicas
 * (S3 guide, "What does Amazon S3 replicate?"). Taking an object away removes all its versions in its own bucket alone.
 */
export class FleetArtifacts extends pulumi.ComponentResource {
  /** What an instance of a region fetches from its own region's bucket. */
  readonly objects: PerRegion<FleetObjects>;

  constructor(name: string, args: FleetArtifactsArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:services:FleetArtifacts', name, {}, opts);
    this.objects = inBoth(args.regions, (region) => uploadTo(this, name, region, args));
    this.registerOutputs({});
  }
}

function uploadTo(
  parent: pulumi.Resource,
  name: string,
  { role, provider }: Region,
  { buckets, serviceSha256 }: FleetArtifactsArgs,
): FleetObjects {
  const { artifacts, staticContent } = buckets[role];
  const upload = (what: string, args: s3.BucketObjectv2Args): s3.BucketObjectv2 =>
    // Primary's went by another name when they were the only ones. Without the alias Pulumi would put each object again and
    // then delete the first of the two, which takes all versions under the key that they share.
    new s3.BucketObjectv2(`${name}-${role}-${what}`, args, {
      parent,
      provider,
      ...(role === 'primary' && { aliases: [{ name: `${name}-${what}` }] }),
    });
  const artifact = (what: string, key: string, path: string) =>
    upload(what, { bucket: artifacts.name, key, source: new pulumi.asset.FileAsset(path) });

  const service = artifact('service', `rtc/fleet/service-${serviceSha256}.tar`, FLEET_SERVICE);
  const node = artifact('runtime', `rtc/fleet/node-${runtime.version}-${runtime.sha256}.tgz`, FLEET_RUNTIME);
  for (const { file, contentType } of SITE_FILES) {
    const source = new pulumi.asset.FileAsset(`${SITE_FOLDER}/${file}`);
    upload(`site-${file}`, { bucket: staticContent.name, key: `rtc/site/${file}`, contentType, source });
  }
  return {
    service: { key: service.key, sha256: serviceSha256 },
    runtime: { key: node.key, sha256: runtime.sha256, binary: runtime.binary },
  };
}

/** Uploads the artifact and the site. Without the trading workload there is no site, and no fleet. */
export function createFleetArtifacts(
  parent: pulumi.Resource,
  buckets: ReplicatedBuckets['buckets'],
  serviceSha256: string,
  regions: Regions,
): PerRegion<FleetObjects> | undefined {
  const { primary, dr } = buckets;
  if (!primary['static-content'] || !dr['static-content']) return undefined;
  const own = {
    primary: { artifacts: primary.artifacts, staticContent: primary['static-content'] },
    dr: { artifacts: dr.artifacts, staticContent: dr['static-content'] },
  };
  return new FleetArtifacts('fleet-artifacts', { regions, buckets: own, serviceSha256 }, { parent }).objects;
}
