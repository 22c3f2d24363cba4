import { assumed, ASSUMPTIONS } from './assumptions';
import type { Facts } from './facts';
import { HANDLERS } from './handlers';
import type { Fact } from './resources';
import type { Loss } from './types';

/** What a failover may lose, store by store. */
export function lossesOf(facts: Facts): readonly Loss[] {
  return [aurora(facts), ...tables(facts), ...buckets(facts)];
}

/** A run asks for the loss before it decides: a greater or unknown one waits for a person. */
function aurora({ rpo, enforcedLag, lease }: Facts): Loss {
  const { best, expected } = ASSUMPTIONS.auroraLag.seconds;
  const bounds: readonly Fact[] = enforcedLag ? [rpo, enforcedLag] : [rpo];
  const worst = Math.min(...bounds.map(({ value }) => value));
  const writesFor = lease.value - HANDLERS.writerStops.seconds;
  return {
    store: 'database (Aurora)',
    seconds: { best, expected: Math.min(expected, worst), worst },
    bound:
      enforcedLag && enforcedLag.value < rpo.value
        ? 'primary stops committing while dr is further behind (rds.global_db_rpo)'
        : 'the guards let a run start by itself only with an estimated loss within it',
    strength: 'enforced',
    origins: [...bounds.map(({ origin }) => origin), assumed('auroraLag')],
    notes: [
      `a region that is cut off, not dead, writes on for ${writesFor} s after its last renewal; nobody else sees these commits`,
      `the estimate counts from the first failed probe, which may have begun ${HANDLERS.probeSettled.seconds} s before the fault`,
    ],
  };
}

/** Orders are in a global table before they are acknowledged, and the reconciler does again what the database lost. */
function tables({ watchedTableLag }: Facts): readonly Loss[] {
  if (!watchedTableLag) return [];
  const { best, expected } = ASSUMPTIONS.tableLag.seconds;
  const worst = watchedTableLag.value;
  return [
    {
      store: 'orders not yet in dr (DynamoDB)',
      seconds: { best, expected: Math.min(expected, worst), worst },
      bound: 'an alarm pages people above it; AWS bounds nothing, and no guard asks',
      strength: 'watched',
      origins: [watchedTableLag.origin, assumed('tableLag')],
      notes: ['such an order is late and not lost, when the region comes back'],
    },
  ];
}

function buckets({ watchedBucketLag }: Facts): readonly Loss[] {
  if (!watchedBucketLag) return [];
  return [
    {
      store: 'objects with replication time control (S3)',
      seconds: ASSUMPTIONS.bucketLag.seconds,
      bound: `AWS's own 15 minutes; an alarm tells from ${watchedBucketLag.value} s on`,
      strength: 'evidence',
      origins: [watchedBucketLag.origin, assumed('bucketLag')],
      notes: ['no order is in a bucket'],
    },
  ];
}
