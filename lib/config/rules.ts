import { longestSuffix, type NamedKind } from '../naming';
import { auroraFamilies } from './aws-regions';
import { overlap, parseCidr } from './cidr';
import { printable } from './printable';
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

/**
 * Checks values against each other. A comparison is made as soon as the values it compares are right, whatever is wrong with
 * others: who mends the one fault must not be told of the next one afterwards.
 */
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
  check: (values: Pick<ConfigValues, K>, texts: Texts) => readonly (Conflict | false)[],
): Rule {
  return (texts) => {
    const values = checkedValues(keys, texts);
    return values ? check(values, texts).filter((found) => found !== false) : [];
  };
}

/** The values of those of some keys that are right by themselves, each with its key. */
function known<K extends ConfigKey>(keys: readonly K[], texts: Texts): readonly (readonly [K, ConfigValues[K]])[] {
  return keys.flatMap((key) => {
    const values = checkedValues([key], texts);
    return values ? [[key, values[key]] as const] : [];
  });
}

/** `rtoSeconds 300 and databaseRtoSeconds 360`. */
function named(values: readonly (readonly [ConfigKey, number])[], and: string): string {
  return values.map((pair) => pair.join(' ')).join(` ${and} `);
}

function conflict(
  wrong: boolean,
  key: ConfigKey,
  remedy: string | number | undefined,
  problem: string,
): Conflict | false {
  return wrong && { key, problem, remedy: remedy === undefined ? undefined : String(remedy) };
}

/** A region that none of the three keys names, be they right or wrong. */
function freeRegion(texts: Texts): string | undefined {
  const named = [texts('primaryRegion'), texts('drRegion'), texts('witnessRegion')];
  return USUAL_REGIONS.find((region) => !named.includes(region));
}

const drIsNotPrimary = rule(['primaryRegion', 'drRegion'], ({ primaryRegion, drRegion }, texts) => [
  conflict(drRegion === primaryRegion, 'drRegion', freeRegion(texts), 'the same as primaryRegion'),
]);

const witnessIsNotPrimary = rule(['primaryRegion', 'witnessRegion'], ({ primaryRegion, witnessRegion }, texts) => [
  conflict(witnessRegion === primaryRegion, 'witnessRegion', freeRegion(texts), 'the same as primaryRegion'),
]);

/** Of three equal regions the witness is told of once. */
const witnessIsNotDr = rule(['drRegion', 'witnessRegion'], ({ drRegion, witnessRegion }, texts) => [
  conflict(
    witnessRegion === drRegion && drRegion !== texts('primaryRegion'),
    'witnessRegion',
    freeRegion(texts),
    'the same as drRegion',
  ),
]);

const majorityNeedsAWitness = rule(['witnessRegion', 'failoverMode'], ({ witnessRegion, failoverMode }, texts) => [
  conflict(
    witnessRegion === 'none' && failoverMode !== 'alert-only',
    'witnessRegion',
    freeRegion(texts),
    `and without a witness there is no majority, which failoverMode ${failoverMode} needs`,
  ),
]);

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

const leaseWithinTarget = rule(['leaseSeconds', 'rpoSeconds'], ({ leaseSeconds, rpoSeconds }) => {
  const writesFor = leaseSeconds - LEASE_MARGIN_SECONDS;
  return [
    conflict(
      writesFor >= rpoSeconds,
      'leaseSeconds',
      rpoSeconds + LEASE_MARGIN_SECONDS - 1,
      `and a region that was cut off writes on for ${writesFor} s, not less than rpoSeconds ${rpoSeconds}`,
    ),
  ];
});

const leaseOutlivesHeartbeats = rule(
  ['leaseSeconds', 'heartbeatIntervalSeconds'],
  ({ leaseSeconds, heartbeatIntervalSeconds }) => [
    conflict(
      leaseSeconds < 3 * heartbeatIntervalSeconds,
      'heartbeatIntervalSeconds',
      leaseSeconds < 60 ? 10 : 20,
      `and leaseSeconds ${leaseSeconds} is less than three heartbeats, so that two lost ones end the lease`,
    ),
  ],
);

const ordersOutliveAFailover = rule(['orderValiditySeconds'], ({ orderValiditySeconds }, texts) => {
  // The targets stand for the chains: a stack whose chain is longer than its target is refused by the budget.
  const targets = known(['rtoSeconds', 'databaseRtoSeconds'], texts);
  const least = Math.max(...targets.map(([, seconds]) => seconds)) + ORDER_MARGIN_SECONDS;
  return [
    conflict(
      orderValiditySeconds < least,
      'orderValiditySeconds',
      least,
      `and orders would expire during a failover: ${named(targets, 'and')} ${targets.length > 1 ? 'ask' : 'asks'} for ${least}`,
    ),
  ];
});

const warningBeforePage = rule(
  ['lagWarningSeconds', 'lagCriticalSeconds'],
  ({ lagWarningSeconds, lagCriticalSeconds }) => [
    conflict(
      lagWarningSeconds >= lagCriticalSeconds,
      'lagWarningSeconds',
      lagCriticalSeconds - 1,
      `not below lagCriticalSeconds ${lagCriticalSeconds}`,
    ),
  ],
);

const pageWithinTarget = rule(['lagCriticalSeconds', 'rpoSeconds'], ({ lagCriticalSeconds, rpoSeconds }) => [
  conflict(lagCriticalSeconds > rpoSeconds, 'lagCriticalSeconds', rpoSeconds, `above rpoSeconds ${rpoSeconds}`),
]);

const databaseClassWhereItRuns = rule(['auroraInstanceClass'], ({ auroraInstanceClass }, texts) => {
  const [, family = '', size = ''] = auroraInstanceClass.split('.');
  const regions = known(['primaryRegion', 'drRegion'], texts).map(([, region]) => region);
  const missing = regions.find((region) => !auroraFamilies(region).includes(family));
  const [families = [], ...others] = regions.toReversed().map(auroraFamilies);
  const common = families.filter((name) => others.every((theirs) => theirs.includes(name)));
  const who = regions.length > 1 ? 'both regions have' : 'it has';
  return [
    conflict(
      missing !== undefined,
      'auroraInstanceClass',
      `db.${common.at(-1) ?? 'r7g'}.${size}`,
      `of a family that ${missing} does not have; ${who} ${common.join(', ')}`,
    ),
  ];
});

const databaseLimitsInOrder = rule(['auroraMinAcu', 'auroraMaxAcu'], ({ auroraMinAcu, auroraMaxAcu }) => [
  conflict(auroraMaxAcu < auroraMinAcu, 'auroraMaxAcu', auroraMinAcu, `below auroraMinAcu ${auroraMinAcu}`),
]);

const fleetLimitsInOrder = rule(['fleetMaxSize'], ({ fleetMaxSize }, texts) => {
  const sizes = known(['fleetPrimarySize', 'fleetDrSize'], texts);
  const least = Math.max(...sizes.map(([, size]) => size));
  return [conflict(fleetMaxSize < least, 'fleetMaxSize', least, `below ${named(sizes, 'or')}`)];
});

const somethingToRun = rule(['trading', 'payments'], ({ trading, payments }) => [
  conflict(!trading && !payments, 'trading', 'true', 'and so is payments, which leaves no workload'),
]);

const onlyLocalReplacesTheDatabase: Rule = (texts, stack) =>
  (['databaseHost', 'databasePort', 'databaseTls'] as const)
    .filter((key) => checkOf(key).safeParse(texts(key)).success && texts(key) !== defaultText(key))
    .flatMap((key) => conflict(stack !== LOCAL_STACK, key, undefined, `and this is stack ${stack}`) || []);

const suffixFitsEveryName = rule(['environmentSuffix'], ({ environmentSuffix }, texts) => {
  const tightest: readonly (readonly [NamedKind, string, string])[] = [
    ['load balancer', 'the load balancer', ''],
    ...known(['primaryRegion', 'drRegion'], texts).flatMap(
      ([, region]) =>
        [
          ['S3 bucket', 'the buckets (with account and region)', `123456789012-${region}`],
          ['ElastiCache or RDS identifier', 'the database clusters (with the region)', region],
          ['IAM role', 'the IAM roles (with the region)', region],
        ] as const,
    ),
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
});

const certificateFitsTheDomain = rule(['environmentSuffix', 'domain'], ({ environmentSuffix, domain }) => {
  const name = `*.${environmentSuffix}.${domain}`;
  return [
    conflict(
      name.length > COMMON_NAME_LIMIT,
      'domain',
      'trading.example.com',
      `and the certificate's name ${printable(name)} has ${name.length} characters, of which ACM takes ${COMMON_NAME_LIMIT}`,
    ),
  ];
});

/** What must hold between keys, in the order in which conflicts are reported. */
export const RULES: readonly Rule[] = [
  suffixFitsEveryName,
  drIsNotPrimary,
  witnessIsNotPrimary,
  witnessIsNotDr,
  majorityNeedsAWitness,
  apartNetworks,
  certificateFitsTheDomain,
  onlyLocalReplacesTheDatabase,
  databaseClassWhereItRuns,
  databaseLimitsInOrder,
  fleetLimitsInOrder,
  somethingToRun,
  warningBeforePage,
  pageWithinTarget,
  leaseWithinTarget,
  leaseOutlivesHeartbeats,
  ordersOutliveAFailover,
];
