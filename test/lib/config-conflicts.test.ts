import { LEAST, configured, obey, problemsOf, type Values } from './config-support';

/** Why the value is wrong, the value, and the whole message that the operator reads. */
const CASES: readonly (readonly [string, Values, string])[] = [
  [
    "a load balancer's name has 32 characters",
    { environmentSuffix: 'feature-faster-order-pag' },
    'tap:environmentSuffix is "feature-faster-order-pag", 24 characters long, and the name of the load balancer has room for 23. Allowed: lower-case letters, digits and single hyphens, neither first nor last a hyphen. Set it: pulumi config set tap:environmentSuffix feature-faster-order-pa',
  ],
  [
    'one region is not two',
    { drRegion: 'eu-central-1' },
    'tap:drRegion is "eu-central-1", the same as primaryRegion. Allowed: the name of a commercial AWS region other than primaryRegion. Set it: pulumi config set tap:drRegion us-west-2',
  ],
  [
    'a witness in primary is lost with it',
    { witnessRegion: 'eu-central-1' },
    'tap:witnessRegion is "eu-central-1", the same as primaryRegion. Allowed: the name of a third commercial AWS region; none with failoverMode alert-only. Set it: pulumi config set tap:witnessRegion eu-west-1',
  ],
  [
    'a witness in dr is lost with it',
    { witnessRegion: 'eu-central-2' },
    'tap:witnessRegion is "eu-central-2", the same as drRegion. Allowed: the name of a third commercial AWS region; none with failoverMode alert-only. Set it: pulumi config set tap:witnessRegion eu-west-1',
  ],
  [
    'without a witness nobody may act alone',
    { witnessRegion: 'none' },
    'tap:witnessRegion is "none", and without a witness there is no majority, which failoverMode automatic needs. Allowed: the name of a third commercial AWS region; none with failoverMode alert-only. Set it: pulumi config set tap:witnessRegion eu-west-1',
  ],
  [
    'peered networks do not overlap',
    { primaryVpcCidr: '10.16.0.0/16', drVpcCidr: '10.16.128.0/17' },
    'tap:drVpcCidr is "10.16.128.0/17", which overlaps primaryVpcCidr 10.16.0.0/16. Allowed: a private IPv4 range from /16 to /20 that starts at its network address, apart from primaryVpcCidr. Set it: pulumi config set tap:drVpcCidr 10.20.0.0/16',
  ],
  [
    "a certificate's name has 64 characters",
    { domain: 'orders.settlement.trading.international.investment.example.com' },
    `tap:domain is "orders.settlement.trading.international.investment.example.com", and the certificate's name *.dev.orders.settlement.trading.international.investment.example.com has 68 characters, of which ACM takes 64. Allowed: a domain name in lower case with at least two labels, without a dot at the end. Set it: pulumi config set tap:domain trading.example.com`,
  ],
  [
    'another host in a stack that is not local would be no Aurora at all',
    { databaseHost: '10.0.0.7' },
    'tap:databaseHost is "10.0.0.7", and this is stack dev. Allowed: a host name or IPv4 address in the stack local, empty in every other. Remove it: pulumi config rm tap:databaseHost',
  ],
  [
    'another port in a stack that is not local',
    { databasePort: '15432' },
    'tap:databasePort is 15432, and this is stack dev. Allowed: a whole number from 1 to 65535 in the stack local, 5432 in every other. Remove it: pulumi config rm tap:databasePort',
  ],
  [
    'no TLS in a stack that is not local',
    { databaseTls: 'disable' },
    'tap:databaseTls is "disable", and this is stack dev. Allowed: verify-full; disable in the stack local. Remove it: pulumi config rm tap:databaseTls',
  ],
  [
    'a class has to exist where dr is',
    { auroraInstanceClass: 'db.r8g.xlarge' },
    'tap:auroraInstanceClass is "db.r8g.xlarge", of a family that eu-central-2 does not have; both regions have r5, r6g, r6i, r7g. Allowed: a memory-optimised class (db.r5 or newer) of a family that both regions have. Set it: pulumi config set tap:auroraInstanceClass db.r7g.xlarge',
  ],
  [
    'a maximum is not below the minimum',
    { auroraMinAcu: '16', auroraMaxAcu: '8' },
    'tap:auroraMaxAcu is 8, below auroraMinAcu 16. Allowed: a whole number from 8 to 256, not below auroraMinAcu. Set it: pulumi config set tap:auroraMaxAcu 16',
  ],
  [
    "a group's maximum holds its minimum",
    { fleetPrimarySize: '8' },
    'tap:fleetMaxSize is 6, below fleetPrimarySize 8 or fleetDrSize 1. Allowed: a whole number from 1 to 100, not below fleetPrimarySize and fleetDrSize. Set it: pulumi config set tap:fleetMaxSize 8',
  ],
  [
    'a platform without a workload does nothing',
    { trading: 'false', payments: 'false' },
    'tap:trading is false, and so is payments, which leaves no workload. Allowed: true, false. Set it: pulumi config set tap:trading true',
  ],
  [
    'a warning comes before the page',
    { lagWarningSeconds: '30' },
    'tap:lagWarningSeconds is 30, not below lagCriticalSeconds 30. Allowed: a whole number from 1, below lagCriticalSeconds. Set it: pulumi config set tap:lagWarningSeconds 29',
  ],
  [
    'a lag beyond the target pages too late',
    { lagCriticalSeconds: '90' },
    'tap:lagCriticalSeconds is 90, above rpoSeconds 60. Allowed: a whole number above lagWarningSeconds, not above rpoSeconds. Set it: pulumi config set tap:lagCriticalSeconds 60',
  ],
  [
    'a region that was cut off writes until its lease ends, less 5 s',
    { leaseSeconds: '65' },
    'tap:leaseSeconds is 65, and a region that was cut off writes on for 60 s, not less than rpoSeconds 60. Allowed: a whole number from 30 to rpoSeconds + 4, at least three heartbeats. Set it: pulumi config set tap:leaseSeconds 64',
  ],
  [
    'two lost heartbeats must not end a lease',
    { heartbeatIntervalSeconds: '30' },
    'tap:heartbeatIntervalSeconds is 30, and leaseSeconds 60 is less than three heartbeats, so that two lost ones end the lease. Allowed: 10, 20, 30, at most a third of leaseSeconds. Set it: pulumi config set tap:heartbeatIntervalSeconds 20',
  ],
  [
    'an order must not expire while a failover runs',
    { orderValiditySeconds: '479' },
    'tap:orderValiditySeconds is 479, and orders would expire during a failover: rtoSeconds 300 and databaseRtoSeconds 360 ask for 480. Allowed: a whole number up to 86400, at least 120 more than rtoSeconds and databaseRtoSeconds. Set it: pulumi config set tap:orderValiditySeconds 480',
  ],
];

describe('a value that is wrong beside others', () => {
  test.each(CASES)('%s', (_, values, message) => {
    expect(problemsOf(() => configured(values))).toEqual([message]);
  });

  test.each(CASES)('the command in the message ends the fault: %s', (_, values, message) => {
    expect(problemsOf(() => configured(obey(message, { ...LEAST, ...values })))).toEqual([]);
  });
});
