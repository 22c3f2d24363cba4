import type { RunPlan } from '../judge/result';

/** How sure we are of a number: as in lib/budget/assumptions.ts. */
type Confidence = 'documented' | 'derived' | 'assumed';

/** Something that takes the platform down, and how often that is counted with (F8). */
export interface Incident {
  readonly id: string;
  readonly says: string;
  readonly perYear: number;
  readonly rateSource: string;
  readonly rateConfidence: Confidence;
  /** How long it takes orders away: what runs measured of a chain, or what somebody says, in seconds. */
  readonly lasts:
    | { readonly kind: 'measured'; readonly chain: RunPlan['chain'] }
    | {
        readonly kind: 'stated';
        readonly seconds: number;
        readonly source: string;
        readonly confidence: Confidence;
      };
}

/** Every assumption about how often something happens; the only place where one is. */
export const INCIDENTS: readonly Incident[] = [
  {
    id: 'region-lost',
    says: 'primary is gone, or nobody reaches it',
    perYear: 0.7,
    rateSource:
      'AWS post-event summaries of us-east-1, the region with most of them: S3 2017, Kinesis 2020, network 2021 (message 12721), ' +
      'Lambda 2023, Kinesis 2024 (message 073024), DynamoDB 2025 (message 101925): six in nine years, and most of them partial, ' +
      'so that not every one would have asked for a failover',
    rateConfidence: 'derived',
    lasts: { kind: 'measured', chain: 'region' },
  },
  {
    id: 'database-lost',
    says: 'the database, or processing, is gone for longer than an in-region recovery, and its region is well',
    perYear: 0.5,
    rateSource:
      'nobody publishes it; the Aurora service level agreement (99.99 % a month across zones) bounds minutes and no number of times',
    rateConfidence: 'assumed',
    lasts: { kind: 'measured', chain: 'database' },
  },
  {
    id: 'writer-replaced',
    says: 'the writer fails over inside its region, by fault or maintenance; the platform stays where it is',
    perYear: 2,
    rateSource: 'one fault and one maintenance window with a restart; nobody publishes it',
    rateConfidence: 'assumed',
    lasts: {
      kind: 'stated',
      seconds: 60,
      source:
        'Aurora guide, high availability: typically less than 60 seconds, and often less than 30 (rehearsal/aws/rds/nature.ts)',
      confidence: 'documented',
    },
  },
  {
    id: 'fail-back',
    says: 'orders wait while an operator switches back after a failover',
    perYear: 1.2,
    rateSource: 'once for every region-lost and every database-lost',
    rateConfidence: 'derived',
    lasts: {
      kind: 'stated',
      seconds: 120,
      source:
        'Aurora guide, switchover of a global database: no number; the time between the release of the lease and the next claim',
      confidence: 'assumed',
    },
  },
];

/** What the platform is to be, and the year that it is counted over. */
export const AVAILABILITY_TARGET = 0.9999;
export const MINUTES_PER_YEAR = 365.25 * 24 * 60;
