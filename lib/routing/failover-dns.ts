import * as route53 from '@pulumi/aws/route53';
import * as pulumi from '@pulumi/pulumi';
import { TRADING_DATA_MARKER } from '../../lambda/health/marker';
import { physicalName } from '../naming';
import type { PerRegion, RegionRole, Regions } from '../regions';
import type { AliasTarget } from './alias-target';
import type { DnsNames } from './dns-names';

/** The alarm that a check follows. */
export interface WatchedAlarm {
  readonly alarmName: pulumi.Input<string>;
  /** Changes whenever the alarm does. */
  readonly triggers: Readonly<Record<string, pulumi.Input<string>>>;
}

/** What the failover name and the regional name of one region's API point at. */
export interface ApiTargets {
  readonly failoverTarget: AliasTarget;
  readonly regionalTarget: AliasTarget;
}

/** Where clients are sent, and by what. */
export interface FailoverDnsArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  readonly zoneId: pulumi.Input<string>;
  readonly names: DnsNames;
  readonly api: PerRegion<ApiTargets>;
  /** The load balancers; one serves both names of its region. @default no records for the application */
  readonly app?: PerRegion<AliasTarget>;
  readonly databaseAlarms: PerRegion<WatchedAlarm>;
  /** dr's alarm that turns red while traffic belongs to dr. */
  readonly failoverActiveAlarm: WatchedAlarm;
  /** Seconds, 10 or 30: Route 53 knows no other. */
  readonly healthCheckIntervalSeconds: number;
  readonly healthCheckFailureThreshold: number;
}

/** One name that fails over, with everything that differs between API and application. */
interface Endpoint {
  readonly kind: 'api' | 'app';
  readonly failoverName: string;
  readonly regionalNames: PerRegion<string>;
  readonly failoverTargets: PerRegion<AliasTarget>;
  readonly regionalTargets: PerRegion<AliasTarget>;
}

const ROLES: readonly RegionRole[] = ['primary', 'dr'];

/**
 * Health checks and failover records (M1 to M4). Leaving a region needs no change of any of them: Route 53's data plane
 * follows the checks by itself, while its control plane is in us-east-1 and may be what is lost.
 */
export class FailoverDns extends pulumi.ComponentResource {
  /** The endpoint check of each region's API, which /health answers. */
  readonly apiCheckIds: PerRegion<pulumi.Output<string>>;
  readonly databaseCheckIds: PerRegion<pulumi.Output<string>>;
  /** Healthy while traffic belongs to primary. */
  readonly failoverActiveCheckId: pulumi.Output<string>;

  constructor(name: string, args: FailoverDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:routing:FailoverDns', name, {}, opts);
    // Everything through dr's provider: what is needed to leave primary is not administered through primary.
    const inDr = { parent: this, provider: args.regions.dr.provider };

    const switchId = createSwitch(name, args, inDr);
    this.failoverActiveCheckId = switchId;
    this.apiCheckIds = createEndpoint(name, args, apiEndpoint(args), switchId, inDr);
    const app = appEndpoint(args);
    if (app) createEndpoint(name, args, app, switchId, inDr);
    this.databaseCheckIds = {
      primary: createDatabaseCheck(name, args, 'primary', inDr),
      dr: createDatabaseCheck(name, args, 'dr', inDr),
    };
    this.registerOutputs({ apiCheckIds: this.apiCheckIds, databaseCheckIds: this.databaseCheckIds });
  }
}

function apiEndpoint({ names, api }: FailoverDnsArgs): Endpoint {
  return {
    kind: 'api',
    failoverName: names.api,
    regionalNames: { primary: names.regional.primary.api, dr: names.regional.dr.api },
    failoverTargets: { primary: api.primary.failoverTarget, dr: api.dr.failoverTarget },
    regionalTargets: { primary: api.primary.regionalTarget, dr: api.dr.regionalTarget },
  };
}

function appEndpoint({ names, app }: FailoverDnsArgs): Endpoint | undefined {
  return (
    app && {
      kind: 'app',
      failoverName: names.app,
      regionalNames: { primary: names.regional.primary.app, dr: names.regional.dr.app },
      failoverTargets: app,
      regionalTargets: app,
    }
  );
}

/** One name's regional records, endpoint checks and failover records; returns the endpoint checks. */
function createEndpoint(
  name: string,
  args: FailoverDnsArgs,
  endpoint: Endpoint,
  switchId: pulumi.Output<string>,
  inDr: pulumi.CustomResourceOptions,
): PerRegion<pulumi.Output<string>> {
  const checks = {
    primary: createEndpointCheck(name, args, endpoint, 'primary', inDr),
    dr: createEndpointCheck(name, args, endpoint, 'dr', inDr),
  };
  const leave = new route53.HealthCheck(
    `${name}-${endpoint.kind}-primary-usable`,
    {
      type: 'CALCULATED',
      // Both: traffic leaves primary when it is dead or when a run says so, and comes back only when neither holds.
      childHealthchecks: [checks.primary.id, switchId],
      childHealthThreshold: 2,
      tags: nameTag(`${endpoint.kind}-primary-usable`, args.environmentSuffix),
    },
    inDr,
  );
  const healthCheckIds = { primary: leave.id, dr: checks.dr.id };
  for (const role of ROLES) {
    new route53.Record(
      `${name}-${endpoint.kind}-failover-${role}`,
      {
        zoneId: args.zoneId,
        name: endpoint.failoverName,
        type: 'A',
        setIdentifier: role,
        failoverRoutingPolicies: [{ type: role === 'primary' ? 'PRIMARY' : 'SECONDARY' }],
        // dr has a check too: while both are bad Route 53 answers primary, and a broken dr must not get the traffic.
        healthCheckId: healthCheckIds[role],
        aliases: [alias(endpoint.failoverTargets[role])],
      },
      inDr,
    );
  }
  return { primary: checks.primary.id, dr: checks.dr.id };
}

/** The regional record and the check that asks it, as a client would, whether the region's trading data is valid (M2). */
function createEndpointCheck(
  name: string,
  args: FailoverDnsArgs,
  endpoint: Endpoint,
  role: RegionRole,
  inDr: pulumi.CustomResourceOptions,
): route53.HealthCheck {
  const record = new route53.Record(
    `${name}-${endpoint.kind}-regional-${role}`,
    {
      zoneId: args.zoneId,
      name: endpoint.regionalNames[role],
      type: 'A',
      aliases: [alias(endpoint.regionalTargets[role])],
    },
    inDr,
  );
  return new route53.HealthCheck(
    `${name}-${endpoint.kind}-endpoint-${role}`,
    {
      type: 'HTTPS_STR_MATCH',
      // The regional name: behind the failover name a check would ask the region that took over, and call the lost one well.
      fqdn: endpoint.regionalNames[role],
      port: 443,
      resourcePath: '/health',
      searchString: TRADING_DATA_MARKER,
      enableSni: true,
      requestInterval: args.healthCheckIntervalSeconds,
      failureThreshold: args.healthCheckFailureThreshold,
      // No `regions`: all of Route 53's checkers ask, so that one of their regions being cut off decides nothing.
      tags: nameTag(`${endpoint.kind}-endpoint`, args.environmentSuffix, args.regions[role].name),
    },
    // Before the name exists every answer would be a failure.
    { ...inDr, dependsOn: record },
  );
}

/**
 * The switch that a run throws: healthy while traffic belongs to primary. It follows the metric behind dr's alarm and not the
 * alarm's state (aws-facts.md 2.3), and keeps what it last knew when nothing is published: losing dr must not take traffic
 * away from a primary that works, nor give it back to one that was left.
 */
function createSwitch(
  name: string,
  { environmentSuffix, regions, failoverActiveAlarm }: FailoverDnsArgs,
  inDr: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return new route53.HealthCheck(
    `${name}-failover-active`,
    {
      type: 'CLOUDWATCH_METRIC',
      cloudwatchAlarmName: failoverActiveAlarm.alarmName,
      cloudwatchAlarmRegion: regions.dr.name,
      insufficientDataHealthStatus: 'LastKnownStatus',
      triggers: { ...failoverActiveAlarm.triggers },
      tags: nameTag('failover-active', environmentSuffix),
    },
    inDr,
  ).id;
}

/** Checkers cannot reach a private endpoint, so this check follows an alarm of the region (M3). No record depends on it. */
function createDatabaseCheck(
  name: string,
  { environmentSuffix, regions, databaseAlarms }: FailoverDnsArgs,
  role: RegionRole,
  inDr: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { alarmName, triggers } = databaseAlarms[role];
  return new route53.HealthCheck(
    `${name}-database-${role}`,
    {
      type: 'CLOUDWATCH_METRIC',
      cloudwatchAlarmName: alarmName,
      cloudwatchAlarmRegion: regions[role].name,
      // A silent database is not known to work, and since no record follows this check, saying so moves no traffic.
      insufficientDataHealthStatus: 'Unhealthy',
      triggers: { ...triggers },
      tags: nameTag('database', environmentSuffix, regions[role].name),
    },
    inDr,
  ).id;
}

/**
 * Never `evaluateTargetHealth`: for API Gateway it adds nothing, and for a load balancer it would be a second opinion that
 * can contradict the check: a fleet that is just growing from its floor counts as down although /health answers.
 */
function alias(target: AliasTarget): {
  name: pulumi.Output<string>;
  zoneId: pulumi.Output<string>;
  evaluateTargetHealth: boolean;
} {
  return { name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: false };
}

/** Health checks have no name of their own, only this tag. */
function nameTag(what: string, environmentSuffix: string, regionName?: string): Record<string, string> {
  return { Name: physicalName('tag', what, environmentSuffix, regionName) };
}
