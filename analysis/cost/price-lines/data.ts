import { aws, READ, same, usd } from './line';
import type { PriceLine } from './line';

const AURORA = (line: string): string => aws('rds-aurora-ondemand.json', '143ede7', line);
const AURORA_STORAGE = (line: string): string => aws('rds-aurora-storage.json', '4b8b7d9', line);
const DYNAMODB = (line: string): string => aws('dynamodb.json', '03fa537', line);
const IO_OPTIMISED = 'divided by 1.3, the ratio of both modes of db.r8g.large in the same data (0.433 to 0.333)';

/** What keeps data: databases, tables, objects, what they send to another region, and the keys. */
export const DATA_PRICES = {
  'aurora.r5.large': {
    per: 'instance-hour',
    usd: usd(0.35, 0.385, 0.32, 0.29),
    basis: 'derived',
    source: `${AURORA('Aurora PostgreSQL, IO Optimization Mode, db r5.large')}, ${IO_OPTIMISED}`,
  },
  'aurora.r6i.large': {
    per: 'instance-hour',
    usd: usd(0.35, 0.385, 0.32, 0.29),
    basis: 'derived',
    source: `${AURORA('Aurora, IO Optimization Mode, db r6i.24xlarge')}, ${IO_OPTIMISED}, divided by 48`,
  },
  'aurora.r6g.large': {
    per: 'instance-hour',
    usd: usd(0.313, 0.343, 0.286, 0.26),
    basis: 'derived',
    source: `${AURORA('Aurora PostgreSQL, IO Optimization Mode, db r6g.large')}, ${IO_OPTIMISED}`,
  },
  'aurora.r7g.large': {
    per: 'instance-hour',
    usd: usd(0.3327, 0.366, 0.304, 0.2764),
    basis: 'listed',
    source: `${AURORA('Aurora PostgreSQL db r7g.16xlarge')}, divided by 32: sizes of a family are multiples of one price`,
    except: {
      'eu-central-2': [
        'derived',
        "this data has no db.r7g for Zurich, where AWS offers it by now: Zurich's db.r6i.large (0.385) times Frankfurt's ratio of both families (0.3327 / 0.35)",
      ],
    },
  },
  'aurora.acu': {
    per: 'ACU-hour',
    usd: usd(0.14, 0.16, 0.14, 0.12),
    basis: 'derived',
    source: `${AURORA_STORAGE('Aurora MySQL ServerlessV2')}; both engines cost the same in the I/O-Optimized lines beside it`,
  },
  'aurora.storage': {
    per: 'GB-month',
    usd: usd(0.119, 0.131, 0.11, 0.1),
    basis: 'derived',
    source: `${AURORA_STORAGE('Aurora PostgreSQL IO Optimized Aurora')}, divided by 2.25, the ratio in us-east-1 (0.225 to 0.10)`,
  },
  'aurora.io': {
    per: 'million I/Os',
    usd: usd(0.22, 0.242, 0.22, 0.2),
    basis: 'listed',
    source: AURORA_STORAGE('System Operation Aurora I O Operation'),
  },
  'aurora.replicatedIo': {
    per: 'million replicated write I/Os',
    usd: usd(0.22, 0.242, 0.22, 0.2),
    basis: 'listed',
    source: AURORA_STORAGE('Aurora PostgreSQL Aurora Global Database'),
    except: { 'eu-central-2': ['derived', 'no line for Zurich: its I/O price, as in Frankfurt, Ireland and the US'] },
  },
  'aurora.backup': {
    per: 'GB-month beyond one day',
    usd: usd(0.023, 0.0253, 0.021, 0.021),
    basis: 'listed',
    source: AURORA_STORAGE('Storage Snapshot Aurora PostgreSQL'),
  },
  'dynamodb.write': {
    per: 'million write units',
    usd: usd(0.7625, 0.835, 0.705, 0.625),
    basis: 'listed',
    source: `${DYNAMODB('PayPerRequest Replicated Write Request Units')}; since November 2024 the price of every write`,
  },
  'dynamodb.read': {
    per: 'million read units',
    usd: usd(0.1525, 0.168, 0.1415, 0.125),
    basis: 'listed',
    source: DYNAMODB('PayPerRequest Read Request Units'),
  },
  'dynamodb.storage': {
    per: 'GB-month',
    usd: usd(0.306, 0.3366, 0.283, 0.25),
    basis: 'listed',
    source: DYNAMODB('Data Storage Indexed GB-Mo'),
  },
  'dynamodb.pitr': {
    per: 'GB-month',
    usd: usd(0.2448, 0.2693, 0.2264, 0.2),
    basis: 'derived',
    source: `0.8 of the storage price, as in us-east-1 (0.20 to 0.25), ${READ}`,
  },
  's3.storage': {
    per: 'GB-month',
    usd: usd(0.0245, 0.027, 0.023, 0.023),
    basis: 'assumed',
    source: 'us-east-1 and Ireland by aws.amazon.com/s3/pricing; Frankfurt and Zurich by own knowledge, not confirmed',
  },
  's3.put': {
    per: 'thousand writes',
    usd: usd(0.0054, 0.0059, 0.005, 0.005),
    basis: 'assumed',
    source: 'us-east-1 and Ireland by aws.amazon.com/s3/pricing; Frankfurt and Zurich by own knowledge, not confirmed',
  },
  's3.rtc': {
    per: 'GB',
    usd: same(0.015),
    basis: 'listed',
    source: `AWS price list rows of replication time control (US East, Ireland, London, Canada), ${READ}`,
    except: {
      'eu-central-1': ['derived', 'the same in every region that was read'],
      'eu-central-2': ['derived', 'the same in every region that was read'],
    },
  },
  'transfer.region': {
    per: 'GB to another region',
    usd: same(0.02),
    basis: 'listed',
    source: `EC2 data transfer as quoted by third parties (Ireland, London, US, Canada), ${READ}; us-east-1 to us-east-2 costs half`,
    except: { 'eu-central-2': ['assumed', 'no figure for Zurich was read: the price of the others'] },
  },
  'kms.key': {
    per: 'key-month',
    usd: same(1),
    basis: 'listed',
    source: `aws.amazon.com/kms/pricing, as kept with the project's facts, ${READ}`,
  },
  'kms.request': {
    per: 'ten thousand requests',
    usd: same(0.03),
    basis: 'listed',
    source: `aws.amazon.com/kms/pricing, as kept with the project's facts, ${READ}`,
  },
  'secret.month': {
    per: 'secret-month',
    usd: same(0.4),
    basis: 'listed',
    source: `aws.amazon.com/secrets-manager/pricing, as kept with the project's facts; a replica costs the same, ${READ}`,
  },
} as const satisfies Readonly<Record<string, PriceLine>>;
