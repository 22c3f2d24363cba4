import { LEAST, configured, obey, problemsOf, type Values } from './config-support';

/** Why the value is wrong, the value, and the whole message that the operator reads. */
const CASES: readonly (readonly [string, Values, string])[] = [
  [
    'a key that is required has no value',
    { domain: '' },
    'tap:domain is not set. Allowed: a domain name in lower case with at least two labels, without a dot at the end. Set it: pulumi config set tap:domain trading.example.com',
  ],
  [
    'a value that is blank is not a value',
    { environment: ' ' },
    'tap:environment is " ". Allowed: 1 to 32 lower-case letters, digits and hyphens, a letter first. Set it: pulumi config set tap:environment dev',
  ],
  [
    'the environment becomes a tag and part of nothing else, but stays one word',
    { environment: 'Dev Team' },
    'tap:environment is "Dev Team". Allowed: 1 to 32 lower-case letters, digits and hyphens, a letter first. Set it: pulumi config set tap:environment dev',
  ],
  [
    'a suffix ends physical names, so it cannot end in a hyphen',
    { environmentSuffix: 'dev-' },
    'tap:environmentSuffix is "dev-". Allowed: lower-case letters, digits and single hyphens, neither first nor last a hyphen. Set it: pulumi config set tap:environmentSuffix dev',
  ],
  [
    'two hyphens in a row are refused by S3 and read badly',
    { environmentSuffix: 'pr--12' },
    'tap:environmentSuffix is "pr--12". Allowed: lower-case letters, digits and single hyphens, neither first nor last a hyphen. Set it: pulumi config set tap:environmentSuffix dev',
  ],
  [
    'S3 refuses capitals',
    { environmentSuffix: 'Dev' },
    'tap:environmentSuffix is "Dev". Allowed: lower-case letters, digits and single hyphens, neither first nor last a hyphen. Set it: pulumi config set tap:environmentSuffix dev',
  ],
  [
    "a tag's value has characters that AWS takes",
    { repository: 'trading|platform' },
    'tap:repository is "trading|platform". Allowed: 1 to 256 letters, digits, spaces and _ . : / = + - @. Set it: pulumi config set tap:repository trading-platform-dr',
  ],
  [
    'a list is JSON, not words',
    { alertEmails: 'ops@example.com' },
    "tap:alertEmails is ops@example.com, which is not a JSON array of strings. Allowed: e-mail addresses, none twice. Remove it: pulumi config rm tap:alertEmails. Set it: pulumi config set --path 'tap:alertEmails[0]' ops@example.com",
  ],
  [
    'a list holds strings',
    { operatorPrincipals: '[123456789012]' },
    "tap:operatorPrincipals is [123456789012], which is not a JSON array of strings. Allowed: ARNs of IAM users, IAM roles (not of a role's session) or account roots, none twice. Remove it: pulumi config rm tap:operatorPrincipals. Set it: pulumi config set --path 'tap:operatorPrincipals[0]' arn:aws:iam::123456789012:role/operators",
  ],
  [
    'an e-mail address has a host',
    { alertEmails: '["ann@example.com","ops"]' },
    `tap:alertEmails is ["ann@example.com","ops"], item 1 ("ops") is not allowed. Allowed: e-mail addresses, none twice. Set it: pulumi config set --path 'tap:alertEmails[1]' ops@example.com`,
  ],
  [
    'an address that is there twice would be asked twice',
    { alertEmails: '["ops@example.com","ops@example.com"]' },
    `tap:alertEmails is ["ops@example.com","ops@example.com"], item 1 ("ops@example.com") is there twice. Allowed: e-mail addresses, none twice. Remove it: pulumi config rm --path 'tap:alertEmails[1]'`,
  ],
  [
    "a role's session is no principal that lasts",
    { operatorPrincipals: '["arn:aws:sts::123456789012:assumed-role/operators/ann"]' },
    `tap:operatorPrincipals is ["arn:aws:sts::123456789012:assumed-role/operators/ann"], item 0 ("arn:aws:sts::123456789012:assumed-role/operators/ann") is not allowed. Allowed: ARNs of IAM users, IAM roles (not of a role's session) or account roots, none twice. Set it: pulumi config set --path 'tap:operatorPrincipals[0]' arn:aws:iam::123456789012:role/operators`,
  ],
  [
    'everybody is not an operator',
    { operatorPrincipals: '["*"]' },
    `tap:operatorPrincipals is ["*"], item 0 ("*") is not allowed. Allowed: ARNs of IAM users, IAM roles (not of a role's session) or account roots, none twice. Set it: pulumi config set --path 'tap:operatorPrincipals[0]' arn:aws:iam::123456789012:role/operators`,
  ],
  [
    'a tag needs its value',
    { tags: '["Team"]' },
    `tap:tags is ["Team"], item 0 ("Team") is not Key=Value. Allowed: up to 3 of Key=Value, key at most 128 and value at most 256 characters, key not starting with aws: and not one of Environment, EnvironmentSuffix, Region, DR-Role, Repository, Author, CostCenter, Name. Set it: pulumi config set --path 'tap:tags[0]' Team=trading`,
  ],
  [
    'aws: belongs to AWS',
    { tags: '["AWS:team=trading"]' },
    `tap:tags is ["AWS:team=trading"], item 0 ("AWS:team=trading") has a key that AWS reserves. Allowed: up to 3 of Key=Value, key at most 128 and value at most 256 characters, key not starting with aws: and not one of Environment, EnvironmentSuffix, Region, DR-Role, Repository, Author, CostCenter, Name. Set it: pulumi config set --path 'tap:tags[0]' Team=trading`,
  ],
  [
    'a tag of the program cannot be overwritten, in whatever case',
    { tags: '["Desk=fx","environmentsuffix=prod"]' },
    `tap:tags is ["Desk=fx","environmentsuffix=prod"], item 1 ("environmentsuffix=prod") collides with the tag EnvironmentSuffix, which the program sets. Allowed: up to 3 of Key=Value, key at most 128 and value at most 256 characters, key not starting with aws: and not one of Environment, EnvironmentSuffix, Region, DR-Role, Repository, Author, CostCenter, Name. Set it: pulumi config set --path 'tap:tags[1]' Team=trading`,
  ],
  [
    'one tag has one value',
    { tags: '["Team=trading","team=payments"]' },
    `tap:tags is ["Team=trading","team=payments"], item 1 ("team=payments") names a tag again. Allowed: up to 3 of Key=Value, key at most 128 and value at most 256 characters, key not starting with aws: and not one of Environment, EnvironmentSuffix, Region, DR-Role, Repository, Author, CostCenter, Name. Remove it: pulumi config rm --path 'tap:tags[1]'`,
  ],
  [
    'a region is spelt as AWS spells it',
    { primaryRegion: 'eu-central1' },
    'tap:primaryRegion is "eu-central1". Allowed: the name of a commercial AWS region. Set it: pulumi config set tap:primaryRegion eu-central-1',
  ],
  [
    'a region of another partition has other endpoints and ARNs',
    { drRegion: 'us-gov-west-1' },
    'tap:drRegion is "us-gov-west-1". Allowed: the name of a commercial AWS region other than primaryRegion. Set it: pulumi config set tap:drRegion eu-central-2',
  ],
  [
    'a network is a range',
    { primaryVpcCidr: '10.10.0.0' },
    'tap:primaryVpcCidr is "10.10.0.0", which is not an IPv4 range. Allowed: a private IPv4 range from /16 to /20 that starts at its network address. Set it: pulumi config set tap:primaryVpcCidr 10.10.0.0/16',
  ],
  [
    'an octet has no leading zero, which some tools read as octal',
    { primaryVpcCidr: '10.010.0.0/16' },
    'tap:primaryVpcCidr is "10.010.0.0/16", which is not an IPv4 range. Allowed: a private IPv4 range from /16 to /20 that starts at its network address. Set it: pulumi config set tap:primaryVpcCidr 10.10.0.0/16',
  ],
  [
    'public addresses are not ours',
    { drVpcCidr: '11.0.0.0/16' },
    'tap:drVpcCidr is "11.0.0.0/16", which is not private. Allowed: a private IPv4 range from /16 to /20 that starts at its network address, apart from primaryVpcCidr. Set it: pulumi config set tap:drVpcCidr 10.20.0.0/16',
  ],
  [
    'a /24 has no room for six subnets',
    { drVpcCidr: '10.20.0.0/24' },
    'tap:drVpcCidr is "10.20.0.0/24", which is a /24. Allowed: a private IPv4 range from /16 to /20 that starts at its network address, apart from primaryVpcCidr. Set it: pulumi config set tap:drVpcCidr 10.20.0.0/16',
  ],
  [
    'AWS moves a range to its network address, and the plan then differs for ever',
    { primaryVpcCidr: '10.10.5.0/16' },
    'tap:primaryVpcCidr is "10.10.5.0/16", whose network address is 10.10.0.0/16. Allowed: a private IPv4 range from /16 to /20 that starts at its network address. Set it: pulumi config set tap:primaryVpcCidr 10.10.0.0/16',
  ],
  [
    'words are spelt as documented',
    { natStrategy: 'perAz' },
    'tap:natStrategy is "perAz". Allowed: none, single, per-az. Set it: pulumi config set tap:natStrategy single',
  ],
  [
    'a domain is written in lower case',
    { domain: 'Trading.Example.com' },
    'tap:domain is "Trading.Example.com". Allowed: a domain name in lower case with at least two labels, without a dot at the end. Set it: pulumi config set tap:domain trading.example.com',
  ],
  [
    "a single label is nobody's zone",
    { domain: 'localhost' },
    'tap:domain is "localhost". Allowed: a domain name in lower case with at least two labels, without a dot at the end. Set it: pulumi config set tap:domain trading.example.com',
  ],
  [
    'a dot at the end would be doubled',
    { domain: 'trading.example.com.' },
    'tap:domain is "trading.example.com.". Allowed: a domain name in lower case with at least two labels, without a dot at the end. Set it: pulumi config set tap:domain trading.example.com',
  ],
  [
    'whoever pastes the secret itself does not find it in a log',
    { databaseSecretName: '{"username":"app","password":"hunter2"}' },
    'tap:databaseSecretName is wrong (value not shown). Allowed: a name (not an ARN) of 1 to 512 letters, digits and / _ + = . @ -. Set it: pulumi config set tap:databaseSecretName trading/database',
  ],
  [
    'a name of the engine is taken',
    { databaseName: 'postgres' },
    'tap:databaseName is "postgres", which every cluster already has. Allowed: 1 to 63 lower-case letters, digits and _, a letter first. Set it: pulumi config set tap:databaseName trading',
  ],
  [
    "Zurich's global database starts at 17.4",
    { auroraEngineVersion: '17.3' },
    'tap:auroraEngineVersion is "17.3". Allowed: 17.4 or a later 17.x. Set it: pulumi config set tap:auroraEngineVersion 17.7',
  ],
  [
    'another major version is another parameter family',
    { auroraEngineVersion: '16.6' },
    'tap:auroraEngineVersion is "16.6". Allowed: 17.4 or a later 17.x. Set it: pulumi config set tap:auroraEngineVersion 17.7',
  ],
  [
    'a global database takes no burstable class',
    { auroraInstanceClass: 'db.t4g.medium' },
    'tap:auroraInstanceClass is "db.t4g.medium". Allowed: a memory-optimised class (db.r5 or newer) of a family that both regions have. Set it: pulumi config set tap:auroraInstanceClass db.r7g.large',
  ],
  [
    'a headless cluster cannot take over in time',
    { auroraDrInstances: '0' },
    'tap:auroraDrInstances is 0. Allowed: a whole number from 1 to 16. Set it: pulumi config set tap:auroraDrInstances 1',
  ],
  [
    'a small minimum grows too slowly after a promotion',
    { auroraMinAcu: '2' },
    'tap:auroraMinAcu is 2. Allowed: a whole number from 8 to 256. Set it: pulumi config set tap:auroraMinAcu 8',
  ],
  [
    'AWS keeps backups for 35 days',
    { backupRetentionDays: '36' },
    'tap:backupRetentionDays is 36. Allowed: a whole number from 1 to 35. Set it: pulumi config set tap:backupRetentionDays 7',
  ],
  [
    "the artifact's runtime is arm64",
    { fleetInstanceType: 't3.small' },
    'tap:fleetInstanceType is "t3.small". Allowed: a Graviton type: t4g, or c, m, r of generation 6 to 9 with g, such as m7g.large. Set it: pulumi config set tap:fleetInstanceType t4g.small',
  ],
  [
    'dr stays warm',
    { fleetDrSize: '0' },
    'tap:fleetDrSize is 0. Allowed: a whole number from 1 to 100. Set it: pulumi config set tap:fleetDrSize 1',
  ],
  [
    'yes is not a boolean',
    { trading: 'yes' },
    'tap:trading is yes. Allowed: true, false. Set it: pulumi config set tap:trading true',
  ],
  [
    'Route 53 asks every 10 or 30 s',
    { healthCheckIntervalSeconds: '20' },
    'tap:healthCheckIntervalSeconds is 20. Allowed: 10, 30. Set it: pulumi config set tap:healthCheckIntervalSeconds 30',
  ],
  [
    'Route 53 counts to 10',
    { healthCheckFailureThreshold: '11' },
    'tap:healthCheckFailureThreshold is 11. Allowed: a whole number from 1 to 10. Set it: pulumi config set tap:healthCheckFailureThreshold 3',
  ],
  [
    "an alarm's period is 10, 20 or 30 s",
    { probeIntervalSeconds: '15' },
    'tap:probeIntervalSeconds is 15. Allowed: 10, 20, 30. Set it: pulumi config set tap:probeIntervalSeconds 10',
  ],
  [
    'a canary runs at least every hour',
    { canaryIntervalMinutes: '61' },
    'tap:canaryIntervalMinutes is 61. Allowed: a whole number from 1 to 60. Set it: pulumi config set tap:canaryIntervalMinutes 1',
  ],
  [
    'an exponent is not digits',
    { rtoSeconds: '3e2' },
    'tap:rtoSeconds is 3e2. Allowed: a whole number from 60 to 3600. Set it: pulumi config set tap:rtoSeconds 300',
  ],
  [
    'a fraction is not a whole number',
    { rpoSeconds: '60.0' },
    'tap:rpoSeconds is 60.0. Allowed: a whole number from 26 (the shortest lease is 30 s and ends 5 s early) to 3600. Set it: pulumi config set tap:rpoSeconds 60',
  ],
  [
    'the shortest lease is 30 s, and a region cut off writes until 5 s before its end',
    { rpoSeconds: '25' },
    'tap:rpoSeconds is 25. Allowed: a whole number from 26 (the shortest lease is 30 s and ends 5 s early) to 3600. Set it: pulumi config set tap:rpoSeconds 60',
  ],
  [
    'a blank is not a digit',
    { leaseSeconds: ' 60' },
    'tap:leaseSeconds is " 60". Allowed: a whole number from 30 to rpoSeconds + 4, at least three heartbeats. Set it: pulumi config set tap:leaseSeconds 60',
  ],
  [
    'Aurora enforces 20 s or more',
    { rpoEnforcementSeconds: '10' },
    'tap:rpoEnforcementSeconds is 10. Allowed: 0, or a whole number from 20 to 86400. Set it: pulumi config set tap:rpoEnforcementSeconds 60',
  ],
  [
    'CloudWatch keeps logs for certain numbers of days',
    { logRetentionDays: '31' },
    'tap:logRetentionDays is 31. Allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653. Set it: pulumi config set tap:logRetentionDays 30',
  ],
  [
    'KMS waits a week',
    { kmsDeletionDays: '6' },
    'tap:kmsDeletionDays is 6. Allowed: a whole number from 7 to 30. Set it: pulumi config set tap:kmsDeletionDays 7',
  ],
  [
    'a key that is not known is named with its nearest',
    { primaryRegoin: 'eu-west-1' },
    'tap:primaryRegoin is not a key of this program (value not shown); the nearest is tap:primaryRegion. Allowed: the keys in docs/configuration.md. Remove it: pulumi config rm tap:primaryRegoin',
  ],
  [
    'the value of a key that is not known may be a secret',
    { databasePassword: 'hunter2' },
    'tap:databasePassword is not a key of this program (value not shown); the nearest is tap:databasePort. Allowed: the keys in docs/configuration.md. Remove it: pulumi config rm tap:databasePassword',
  ],
];

describe('a value that is wrong by itself', () => {
  test.each(CASES)('%s', (_, values, message) => {
    expect(problemsOf(() => configured(values))).toEqual([message]);
  });

  test.each(CASES)('the command in the message ends the fault: %s', (_, values, message) => {
    expect(problemsOf(() => configured(obey(message, { ...LEAST, ...values })))).toEqual([]);
  });
});
