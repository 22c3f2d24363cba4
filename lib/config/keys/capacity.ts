import { z } from 'zod';

import { declare, trueOrFalse, wholeNumber } from '../key';

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const SIZES = '(large|(2|4|8|12|16|24|32|48)?xlarge)';
/** Nothing, an IPv4 address, or labels of which the last is not a number, which would be half an address. */
const HOST = new RegExp(`^(${OCTET}(\\.${OCTET}){3}|(${LABEL}\\.)*(?!\\d+$)${LABEL})?$`, 'i');
const WORD = /^[a-z][a-z0-9_]{0,62}$/;
const TAKEN_DATABASE_NAMES = ['postgres', 'rdsadmin', 'template0', 'template1'];

/** What runs and how large it is: database, fleet, workloads. */
export const capacityKeys = {
  databaseSecretName: declare(z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/), {
    group: 'Database',
    description:
      'Name of the existing Secrets Manager secret with `username` and `password`, replicated to dr under that name. No default.',
    type: 'string',
    default: '',
    allowed: 'a name (not an ARN) of 1 to 512 letters, digits and / _ + = . @ -',
    example: 'trading/database',
    neverShown: true,
  }),
  databaseName: declare(
    z
      .string()
      .regex(WORD)
      .refine((name) => !TAKEN_DATABASE_NAMES.includes(name), 'which every cluster already has'),
    {
      group: 'Database',
      description: 'The database that is created in the cluster.',
      type: 'string',
      default: 'trading',
      allowed: '1 to 63 lower-case letters, digits and _, a letter first',
      example: 'trading',
    },
  ),
  databaseHost: declare(z.string().max(253).regex(HOST), {
    group: 'Database',
    description: "Stack `local` only: a PostgreSQL host in place of Aurora's endpoint. Empty: Aurora.",
    type: 'string',
    default: '',
    allowed: 'a host name or IPv4 address in the stack local, empty in every other',
    example: '127.0.0.1',
  }),
  databasePort: declare(wholeNumber(1, 65_535), {
    group: 'Database',
    description: 'Port of the database; another than the default in the stack `local` only.',
    type: 'integer',
    default: 5432,
    allowed: 'a whole number from 1 to 65535 in the stack local, 5432 in every other',
    example: '5432',
  }),
  databaseTls: declare(z.enum(['verify-full', 'disable']), {
    group: 'Database',
    description: 'How clients encrypt; `disable` in the stack `local` only.',
    type: 'string',
    default: 'verify-full',
    allowed: 'verify-full; disable in the stack local',
    example: 'verify-full',
  }),
  auroraEngineVersion: declare(z.string().regex(/^17\.([4-9]|[1-9]\d)$/), {
    group: 'Database',
    description: 'Aurora PostgreSQL version; both regions must offer it.',
    type: 'string',
    default: '17.7',
    allowed: '17.4 or a later 17.x',
    example: '17.7',
  }),
  auroraCapacity: declare(z.enum(['provisioned', 'serverless']), {
    group: 'Database',
    description: 'Instances of a fixed class, or Serverless v2.',
    type: 'string',
    default: 'provisioned',
    allowed: 'provisioned, serverless',
    example: 'provisioned',
  }),
  auroraInstanceClass: declare(z.string().regex(new RegExp(`^db\\.r\\d[a-z]*\\.${SIZES}$`)), {
    group: 'Database',
    description: 'Instance class when provisioned; a global database takes only memory-optimised ones.',
    type: 'string',
    default: 'db.r7g.large',
    allowed: 'a memory-optimised class (db.r5 or newer) of a family that both regions have',
    example: 'db.r7g.large',
  }),
  auroraPrimaryInstances: declare(wholeNumber(1, 16), {
    group: 'Database',
    description: 'Instances of the cluster in primary; two or more survive the loss of a zone.',
    type: 'integer',
    default: 2,
    allowed: 'a whole number from 1 to 16',
    example: '2',
  }),
  auroraDrInstances: declare(wholeNumber(1, 16), {
    group: 'Database',
    description:
      'Instances of the cluster in dr. Never 0: a headless cluster would have to create one before it can take over.',
    type: 'integer',
    default: 1,
    allowed: 'a whole number from 1 to 16',
    example: '1',
  }),
  auroraMinAcu: declare(wholeNumber(8, 256), {
    group: 'Database',
    description: 'Serverless v2: least capacity, in ACU. AWS recommends 8 for a global database.',
    type: 'integer',
    default: 8,
    allowed: 'a whole number from 8 to 256',
    example: '8',
  }),
  auroraMaxAcu: declare(wholeNumber(8, 256), {
    group: 'Database',
    description: 'Serverless v2: greatest capacity, in ACU.',
    type: 'integer',
    default: 32,
    allowed: 'a whole number from 8 to 256, not below auroraMinAcu',
    example: '32',
  }),
  backupRetentionDays: declare(wholeNumber(1, 35), {
    group: 'Database',
    description: 'Days that automated backups of the clusters are kept.',
    type: 'integer',
    default: 7,
    allowed: 'a whole number from 1 to 35',
    example: '7',
  }),
  fleetInstanceType: declare(
    z
      .string()
      .regex(
        /^(t4g\.(nano|micro|small|medium|large|2?xlarge)|[cmr]([6-9])g[a-z]{0,2}\.(medium|large|(2|4|8|12|16|24|48)?xlarge))$/,
      ),
    {
      group: 'Application fleet',
      description: "EC2 type of the fleet. Graviton only: the artifact's runtime is arm64.",
      type: 'string',
      default: 't4g.small',
      allowed: 'a Graviton type: t4g, or c, m, r of generation 6 to 9 with g, such as m7g.large',
      example: 't4g.small',
    },
  ),
  fleetPrimarySize: declare(wholeNumber(1, 100), {
    group: 'Application fleet',
    description: 'Instances in primary, at least.',
    type: 'integer',
    default: 2,
    allowed: 'a whole number from 1 to 100',
    example: '2',
  }),
  fleetDrSize: declare(wholeNumber(1, 100), {
    group: 'Application fleet',
    description:
      'Instances in dr, at least; a failover raises it. Warm, because starting from 0 is slow when everybody does.',
    type: 'integer',
    default: 1,
    allowed: 'a whole number from 1 to 100',
    example: '1',
  }),
  fleetMaxSize: declare(wholeNumber(1, 100), {
    group: 'Application fleet',
    description: 'Instances in each region, at most.',
    type: 'integer',
    default: 6,
    allowed: 'a whole number from 1 to 100, not below fleetPrimarySize and fleetDrSize',
    example: '6',
  }),
  trading: declare(trueOrFalse(), {
    group: 'Workloads',
    description: 'The trading workload: orders.',
    type: 'boolean',
    default: true,
    allowed: 'true, false',
    example: 'true',
  }),
  payments: declare(trueOrFalse(), {
    group: 'Workloads',
    description: 'The payments workload: payment validation.',
    type: 'boolean',
    default: true,
    allowed: 'true, false',
    example: 'true',
  }),
};
