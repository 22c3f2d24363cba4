import * as route53 from '@pulumi/aws/route53';
import * as pulumi from '@pulumi/pulumi';
import { TRADING_DATA_MARKER } from '../../lambda/health/marker';
import type { TapConfig } from '../config';
import { physicalName } from '../naming';
import type { RegionRole, Regions } from '../regions';
import type { DnsNames } from './dns-names';

/** Which regions are looked at, and under which names. */
export interface VantageArgs extends Pick<TapConfig, 'environmentSuffix'> {
  readonly regions: Regions;
  readonly zoneId: pulumi.Input<string>;
  readonly names: DnsNames;
}

/** Seconds between two questions of one checker, and misses in a row that make a region down: about 30 s. */
const CHECK = { requestInterval: 10, failureThreshold: 3 };
/** Seconds. Runs ask the zone's own servers; the short life is for people who look with a resolver. */
const TTL = 5;

/**
 * What somebody outside both regions sees (design.md section 4, isolation check): per region a TXT record that says `up` while
 * Route 53's checkers reach the region's API, else `down`. A region that is cut off finds the other one silent; these records
 * tell it that the fault is its own. Read through DNS: Route 53's data plane answers when its API does not.
 */
export class Vantage extends pulumi.ComponentResource {
  constructor(name: string, args: VantageArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:routing:Vantage', name, {}, opts);
    const inDr = { parent: this, provider: args.regions.dr.provider };
    watch(name, args, 'primary', inDr);
    watch(name, args, 'dr', inDr);
    new route53.Record(
      `${name}-active`,
      {
        zoneId: args.zoneId,
        name: args.names.active,
        type: 'TXT',
        ttl: 60,
        records: [`${args.regions.primary.name} epoch=1`],
      },
      // A run writes it, for people to read; `up` must not tell them otherwise (X5).
      { ...inDr, ignoreChanges: ['records'] },
    );
    this.registerOutputs({});
  }
}

function watch(
  name: string,
  { environmentSuffix, regions, zoneId, names }: VantageArgs,
  role: RegionRole,
  inDr: pulumi.CustomResourceOptions,
): void {
  const check = new route53.HealthCheck(
    `${name}-check-${role}`,
    {
      // A check of its own: the one behind the failover records is as slow as the operator has configured it.
      type: 'HTTPS_STR_MATCH',
      fqdn: names.regional[role].api,
      port: 443,
      resourcePath: '/health',
      searchString: TRADING_DATA_MARKER,
      enableSni: true,
      ...CHECK,
      tags: { Name: physicalName('tag', 'vantage', environmentSuffix, regions[role].name) },
    },
    inDr,
  );
  const record = (answer: 'up' | 'down', type: 'PRIMARY' | 'SECONDARY', healthCheckId?: pulumi.Input<string>): void => {
    new route53.Record(
      `${name}-${role}-${answer}`,
      {
        zoneId,
        name: names.vantage[role],
        type: 'TXT',
        ttl: TTL,
        records: [answer],
        setIdentifier: answer,
        failoverRoutingPolicies: [{ type }],
        ...(healthCheckId && { healthCheckId }),
      },
      inDr,
    );
  };
  record('up', 'PRIMARY', check.id);
  record('down', 'SECONDARY');
}
