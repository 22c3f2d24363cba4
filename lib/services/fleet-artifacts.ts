import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
import runtime from '../../fleet/runtime.json';
import { FLEET_RUNTIME, FLEET_SERVICE } from '../bundles';
import type { ReplicatedBuckets } from '../data/replicated-buckets';
import type { Region } from '../regions';
import type { NamedResource } from './named-resource';

/** What the fleet's artifact is made of and where it goes. */
export interface FleetArtifactsArgs {
  /** Primary's artifacts bucket, replicating to dr's. */
  readonly artifactsBucket: Pick<NamedResource, 'name'>;
  /** Primary's static-content bucket, replicating to dr's. */
  readonly staticContentBucket: Pick<NamedResource, 'name'>;
  /** The sha256 of the service archive, from the build's manifest. */
  readonly serviceSha256: string;
}

/** One object of the artifact, under the same key in both regions' artifacts buckets. */
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
 * Uploads the fleet's artifact and the site, once, in primary; replication brings them to dr under the `rtc/` prefix, whose
 * objects arrive within 15 minutes by S3's agreement. Names carry the digest of their bytes, so no instance gets a mixture.
 * Pass the replication's resources as `dependsOn`: S3 copies nothing that was there before the rule.
 */
export class FleetArtifacts extends pulumi.ComponentResource {
  /** What an instance of either region fetches from its own region's bucket. */
  readonly objects: FleetObjects;

  constructor(name: string, args: FleetArtifactsArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:services:FleetArtifacts', name, {}, opts);
    const { artifactsBucket, staticContentBucket, serviceSha256 } = args;
    // Pulumi does not hand a component's dependencies on to its children.
    const inside = { parent: this, ...(opts.dependsOn && { dependsOn: opts.dependsOn }) };
    const upload = (what: string, key: string, path: string) =>
      new s3.BucketObjectv2(
        `${name}-${what}`,
        { bucket: artifactsBucket.name, key, source: new pulumi.asset.FileAsset(path) },
        inside,
      );

    const service = upload('service', `rtc/fleet/service-${serviceSha256}.tar`, FLEET_SERVICE);
    const node = upload('runtime', `rtc/fleet/node-${runtime.version}-${runtime.sha256}.tgz`, FLEET_RUNTIME);
    for (const { file, contentType } of SITE_FILES) {
      const source = new pulumi.asset.FileAsset(`${SITE_FOLDER}/${file}`);
      new s3.BucketObjectv2(
        `${name}-site-${file}`,
        { bucket: staticContentBucket.name, key: `rtc/site/${file}`, contentType, source },
        inside,
      );
    }

    this.objects = {
      service: { key: service.key, sha256: serviceSha256 },
      runtime: { key: node.key, sha256: runtime.sha256, binary: runtime.binary },
    };
    this.registerOutputs({ serviceKey: service.key, runtimeKey: node.key });
  }
}

/**
 * Uploads the artifact and the site in primary, after replication is on: S3 copies nothing that was there before. Without the
 * trading workload there is no site, and no fleet.
 */
export function createFleetArtifacts(
  parent: pulumi.Resource,
  { buckets, replicating }: Pick<ReplicatedBuckets, 'buckets' | 'replicating'>,
  serviceSha256: string,
  primary: Region<'primary'>,
): FleetObjects | undefined {
  const { artifacts: artifactsBucket, 'static-content': staticContentBucket } = buckets.primary;
  if (!staticContentBucket) return undefined;
  const opts = { parent, provider: primary.provider, dependsOn: [...replicating] };
  return new FleetArtifacts('fleet-artifacts', { artifactsBucket, staticContentBucket, serviceSha256 }, opts).objects;
}
