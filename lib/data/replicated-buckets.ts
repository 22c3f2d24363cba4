import * as pulumi from '@pulumi/pulumi';

import { inBoth, type PerRegion, type Region, type RegionRole, type Regions } from '../regions';
import { createDirection, type Namesakes } from './bucket-replication';
import { RegionalBucket } from './regional-bucket';

/** Where canaries leave what they found, in the bucket audit-logs, and for how many days it is kept. */
export const CANARY_PREFIX = 'canary';
const CANARY_DAYS = 30;

/** In every stack: application artifacts, configuration files, audit logs. */
export type CommonPurpose = 'artifacts' | 'config' | 'audit-logs';
/** With trading the first two, with payments the third. */
export type WorkloadPurpose = 'static-content' | 'trading-reports' | 'receipts';
/** What a pair of buckets is for, in the requirements' words (D5). */
export type BucketPurpose = CommonPurpose | WorkloadPurpose;

const COMMON_PURPOSES: readonly CommonPurpose[] = ['artifacts', 'config', 'audit-logs'];
const WORKLOAD_PURPOSES: readonly WorkloadPurpose[] = ['static-content', 'trading-reports', 'receipts'];

/** A bucket that is ready for use: whoever takes name or ARN from here waits for encryption, versioning and policy. */
export interface BucketReference {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
}

/** One region's buckets by purpose. */
export type RegionalBuckets = Readonly<
  Record<CommonPurpose, BucketReference> & Partial<Record<WorkloadPurpose, BucketReference>>
>;

/** Which pairs of buckets to make. */
export interface ReplicatedBucketsArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  readonly accountId: pulumi.Input<string>;
  /** From `bucketPurposes`; the common ones are made in any case. */
  readonly purposes: readonly BucketPurpose[];
}

/** What buckets the chosen workloads need. */
export function bucketPurposes(workloads: {
  readonly trading: boolean;
  readonly payments: boolean;
}): readonly BucketPurpose[] {
  return [
    ...COMMON_PURPOSES,
    ...(workloads.trading ? (['static-content', 'trading-reports'] as const) : []),
    ...(workloads.payments ? (['receipts'] as const) : []),
  ];
}

/** Two buckets per purpose that copy each other in both directions (D5, D6). */
export class ReplicatedBuckets extends pulumi.ComponentResource {
  readonly buckets: PerRegion<RegionalBuckets>;

  constructor(name: string, args: ReplicatedBucketsArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:data:ReplicatedBuckets', name, {}, opts);
    const { regions, environmentSuffix, keys } = args;
    const inPrimary = { parent: this, provider: regions.primary.provider };
    const inDr = { parent: this, provider: regions.dr.provider };

    const create = (purpose: BucketPurpose): Namesakes => ({
      purpose,
      buckets: inBoth(regions, (region) =>
        createBucket(name, purpose, args, region, region.role === 'primary' ? inPrimary : inDr),
      ),
    });
    const common = { artifacts: create('artifacts'), config: create('config'), 'audit-logs': create('audit-logs') };
    const chosen = new Set(args.purposes);
    const workload = WORKLOAD_PURPOSES.filter((purpose) => chosen.has(purpose)).map((purpose) => ({
      ...create(purpose),
      purpose,
    }));

    const namesakes = [...Object.values(common), ...workload];
    const both = { environmentSuffix, keys, namesakes };
    createDirection(`${name}-to-dr`, { ...both, from: regions.primary, to: regions.dr }, inPrimary);
    createDirection(`${name}-to-primary`, { ...both, from: regions.dr, to: regions.primary }, inDr);

    this.buckets = inBoth(regions, ({ role }) => ({
      artifacts: reference(common.artifacts, role),
      config: reference(common.config, role),
      'audit-logs': reference(common['audit-logs'], role),
      ...Object.fromEntries(workload.map((namesake) => [namesake.purpose, reference(namesake, role)])),
    }));
    this.registerOutputs({});
  }
}

function createBucket(
  name: string,
  purpose: BucketPurpose,
  { environmentSuffix, accountId, keys }: ReplicatedBucketsArgs,
  region: Region,
  opts: pulumi.ComponentResourceOptions,
): RegionalBucket {
  const takesLogDeliveries = purpose === 'audit-logs';
  return new RegionalBucket(
    `${name}-${purpose}-${region.role}`,
    {
      environmentSuffix,
      purpose,
      accountId,
      region,
      keyArn: keys[region.role].keyArn,
      takesLogDeliveries,
      // Synthetics leaves the artifacts of every run there, and never removes one.
      ...(takesLogDeliveries && { expires: { prefix: `${CANARY_PREFIX}/`, days: CANARY_DAYS } }),
    },
    opts,
  );
}

function reference({ buckets }: Namesakes, role: RegionRole): BucketReference {
  const { name, arn } = buckets[role];
  return { name, arn };
}
