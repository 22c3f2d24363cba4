import { longestSuffix, type NamedKind } from '../naming';
import { auroraFamilies } from './aws-regions';
import { overlap, parseCidr } from './cidr';
import { checkedValues, checkOf, defaultText, type ConfigKey, type ConfigValues, type Texts } from './schema';

/** A value that is right by itself and wrong beside others. */
export interface Conflict {
  /** The key to change. */
  readonly key: ConfigKey;
  /** Continues "tap:key is value, ...". */
  readonly problem: string;
  /** A value that ends the conflict, or undefined: the key has to go. */
  readonly remedy: string | undefined;
}

/** Checks values against each other; says nothing while one of the keys it looks at is wrong by itself. */
export type Rule = (texts: Texts, stack: string) => readonly Conflict[];

/** The name of the one stack that may replace Aurora's endpoint (design.md, "Local stack"). */
export const LOCAL_STACK = 'local';

/** Seconds before the end of its lease at which a region stops writing. */
const LEASE_MARGIN_SECONDS = 5;
/** A late order still has to be found and executed after the longest chain of a failover. */
const ORDER_MARGIN_SECONDS = 120;
/** RFC 5280, and ACM's RequestCertificate: the certificate's first name is its common name. */
const COMMON_NAME_LIMIT = 64;
/** Three that every account has, so that one is always free. */
const USUAL_REGIONS = ['eu-central-1', 'eu-west-1', 'us-west-2'];

function rule<K extends ConfigKey>(
  keys: readonly K[],
  check: (values: Pick<ConfigValues, K>, stack: string) => readonly (Conflict | false)[],
): Rule {
  return (texts, stack) => {
    const values = checkedValues(keys, texts);
    return values ? check(values, stack).filter((found) => found !== false) : [];
  };
}

function conflict(
  wrong: boolean,
  key: ConfigKey,
  remedy: string | number | undefined,
  problem: string,
): Conflict | false {
  return wrong && { key, problem, remedy: remedy === undefined ? undefined : String(remedy) };
}

const differentRegions = rule(
  ['primaryRegion', 'drRegion', 'witnessRegion'],
  ({ primaryRegion, drRegion, witnessRegion }) => {
    const free = USUAL_REGIONS.find((region) => ![primaryRegion, drRegion, witnessRegion].includes(region));
    return [
      conflict(drRegion === primaryRegion, 'drRegion', free, 'the same as primaryRegion'),
      conflict(witnessRegion === primaryRegion, 'witnessRegion', free, 'the same as primaryRegion'),
      conflict(witnessRegion === drRegion && drRegion !== primaryRegion, 'witnessRegion', free, 'the same as drRegion'),
    ];
  },
);

const majorityNeedsAWitness = rule(
  ['witnessRegion', 'failoverMode', 'primaryRegion', 'drRegion'],
  ({ witnessRegion, failoverMode, primaryRegion, drRegion }) => [
    conflict(
      witnessRegion === 'none' && failoverMode !== 'alert-only',
      'witnessRegion',
      USUAL_REGIONS.find((region) => region !== primaryRegion && region !== drRegion),
      `and without a witness there is no majority, which failoverMode ${failoverMode} needs`,
    ),
  ],
);

const apartNetworks = rule(['primaryVpcCidr', 'drVpcCidr'], ({ primaryVpcCidr, drVpcCidr }) => {
  const [primary, dr] = [parseCidr(primaryVpcCidr), parseCidr(drVpcCidr)];
  return [
    conflict(
      primary !== undefined && dr !== undefined && overlap(primary, dr),
      'drVpcCidr',
      primaryVpcCidr.startsWith('10.20.') ? '10.10.0.0/16' : '10.20.0.0/16',
      `which overlaps primaryVpcCidr ${primaryVpcCidr}`,
    ),
  ];
});

const leaseWithinTargets = rule(
  ['leaseSeconds', 'rpoSeconds', 'heartbeatIntervalSeconds'],
  ({ leaseSeconds, rpoSeconds, heartbeatIntervalSeconds }) => {
    const writesFor = leaseSeconds - LEASE_MARGIN_SECONDS;
    return [
      conflict(
        writesFor >= rpoSeconds,
        'leaseSeconds',
        rpoSeconds + LEASE_MARGIN_SECONDS - 1,
        `and a region that was cut off writes on for ${writesFor} s, not less than rpoSeconds ${rpoSeconds}`,
      ),
      conflict(
        leaseSeconds < 3 * heartbeatIntervalSeconds,
        'heartbeatIntervalSeconds',
        leaseSeconds < 60 ? 10 : 20,
        `and leaseSeconds ${leaseSeconds} is less than three heartbeats, so that two lost ones end the lease`,
      ),
    ];
  },
);

const ordersOutliveAFailover = rule(
  ['orderValiditySeconds', 'rtoSeconds', 'databaseRtoSeconds'],
  ({ orderValiditySeconds, rtoSeconds, databaseRtoSeconds }) => {
    // The targets stand for the chains: a stack whose chain is longer than its target is refused by the budget.
    const least = Math.max(rtoSeconds, databaseRtoSeconds) + ORDER_MARGIN_SECONDS;
    return [
      conflict(
        orderValiditySeconds < least,
        'orderValiditySeconds',
        least,
        `and orders would expire during a failover: rtoSeconds ${rtoSeconds} and databaseRtoSeconds ${databaseRtoSeconds} ask for ${least}`,
      ),
    ];
  },
);

const lagThresholdsInOrder = rule(
  ['lagWarningSeconds', 'lagCriticalSeconds', 'rpoSeconds'],
  ({ lagWarningSeconds, lagCriticalSeconds, rpoSeconds }) => [
    conflict(
      lagWarningSeconds >= lagCriticalSeconds,
      'lagWarningSeconds',
      lagCriticalSeconds - 1,
      `not below lagCriticalSeconds ${lagCriticalSeconds}`,
    ),
    conflict(lagCriticalSeconds > rpoSeconds, 'lagCriticalSeconds', rpoSeconds, `above rpoSeconds ${rpoSeconds}`),
  ],
);

const databaseClassInBothRegions = rule(
  ['auroraInstanceClass', 'primaryRegion', 'drRegion'],
  ({ auroraInstanceClass, primaryRegion, drRegion }) => {
    const [, family = '', size = ''] = auroraInstanceClass.split('.');
    const missing = [primaryRegion, drRegion].find((region) => !auroraFamilies(region).includes(family));
    const common = auroraFamilies(drRegion).filter((name) => auroraFamilies(primaryRegion).includes(name));
    return [
      conflict(
        missing !== undefined,
        'auroraInstanceClass',
        `db.${common.at(-1) ?? 'r7g'}.${size}`,
        `of a family that ${missing} does not have; both regions have ${common.join(', ')}`,
      ),
    ];
  },
);

const databaseLimitsInOrder = rule(['auroraMinAcu', 'auroraMaxAcu'], ({ auroraMinAcu, auroraMaxAcu }) => [
  conflict(auroraMaxAcu < auroraMinAcu, 'auroraMaxAcu', auroraMinAcu, `below auroraMinAcu ${auroraMinAcu}`),
]);

const fleetLimitsInOrder = rule(
  ['fleetPrimarySize', 'fleetDrSize', 'fleetMaxSize'],
  ({ fleetPrimarySize, fleetDrSize, fleetMaxSize }) => {
    const least = Math.max(fleetPrimarySize, fleetDrSize);
    return [
      conflict(
        fleetMaxSize < least,
        'fleetMaxSize',
        least,
        `below fleetPrimarySize ${fleetPrimarySize} or fleetDrSize ${fleetDrSize}`,
      ),
    ];
  },
);

const somethingToRun = rule(['trading', 'payments'], ({ trading, payments }) => [
  conflict(!trading && !payments, 'trading', 'true', 'and so is payments, which leaves no workload'),
]);

const onlyLocalReplacesTheDatabase: Rule = (texts, stack) =>
  (['databaseHost', 'databasePort', 'databaseTls'] as const)
    .filter((key) => checkOf(key).safeParse(texts(key)).success && texts(key) !== defaultText(key))
    .flatMap((key) => conflict(stack !== LOCAL_STACK, key, undefined, `and this is stack ${stack}`) || []);

const suffixFitsEveryName = rule(
  ['environmentSuffix', 'primaryRegion', 'drRegion'],
  ({ environmentSuffix, primaryRegion, drRegion }) => {
    const region = primaryRegion.length > drRegion.length ? primaryRegion : drRegion;
    const tightest: readonly (readonly [NamedKind, string, string])[] = [
      ['load balancer', 'the load balancer', ''],
      ['S3 bucket', 'the buckets (with account and region)', `123456789012-${region}`],
      ['ElastiCache or RDS identifier', 'the database clusters (with the region)', region],
      ['IAM role', 'the IAM roles (with the region)', region],
    ];
    const [room, what] = tightest
      .map(([kind, name, qualifier]) => [longestSuffix(kind, qualifier), name] as const)
      .reduce((tight, next) => (next[0] < tight[0] ? next : tight));
    return [
      conflict(
        environmentSuffix.length > room,
        'environmentSuffix',
        environmentSuffix.slice(0, room).replace(/-$/, ''),
        `${environmentSuffix.length} characters long, and the name of ${what} has room for ${room}`,
      ),
    ];
  },
);

const certificateFitsTheDomain = rule(['environmentSuffix', 'domain'], ({ environmentSuffix, domain }) => {
  const name = `*.${environmentSuffix}.${domain}`;
  return [
    conflict(
      name.length > COMMON_NAME_LIMIT,
      'domain',
      'trading.example.com',
      `and the certificate's name ${name} has ${name.length} characters, of which ACM takes ${COMMON_NAME_LIMIT}`,
    ),
  ];
});

/** What must hold between keys, in the order in which conflicts are reported. */
export const RULES: readonly Rule[] = [
  suffixFitsEveryName,
  differentRegions,
  majorityNeedsAWitness,
  apartNetworks,
  certificateFitsTheDomain,
  onlyLocalReplacesTheDatabase,
  databaseClassInBothRegions,
  databaseLimitsInOrder,
  fleetLimitsInOrder,
  somethingToRun,
  lagThresholdsInOrder,
  leaseWithinTargets,
  ordersOutliveAFailover,
];
