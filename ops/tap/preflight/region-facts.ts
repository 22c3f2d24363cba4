import { GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { DescribeAvailabilityZonesCommand, DescribeInstanceTypeOfferingsCommand } from '@aws-sdk/client-ec2';
import { DescribeDBEngineVersionsCommand, DescribeOrderableDBInstanceOptionsCommand } from '@aws-sdk/client-rds';
import { GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import type { Facts } from '../../../analysis/readiness/readiness';
import { MalformedError } from '../../../lambda/shared/errors';
import { readSecret } from '../../../lambda/readiness/readers/database';
import { readConcurrency } from '../../../lambda/readiness/readers/services';
import type { Ask } from './ask';
import type { PreflightClients } from './clients';
import { inEach, mapped, type Partly, whole } from './partly';
import type { RegionNeeds, Subject } from './subject';

/** Facts as they were asked for, region by region. */
export type PartlyGathered = { readonly [Name in keyof Facts]?: Partly<Facts[Name]> };

/** The zones that subnets are made in: the first three by name (lib/foundation/subnets.ts). */
const ZONES = 3;

/** What both regions have to offer. Only reads; nothing here rejects. */
export async function readRegions(ask: Ask, clients: PreflightClients, subject: Subject): Promise<PartlyGathered> {
  const [offers, services] = await Promise.all([
    readOffers(ask, clients, subject),
    readServices(ask, clients, subject),
  ]);
  return { ...offers, ...services };
}

/** What AWS sells there. */
async function readOffers(ask: Ask, clients: PreflightClients, subject: Subject): Promise<PartlyGathered> {
  const { regions, needs } = subject;
  const of = (region: string): RegionNeeds => needs[region] ?? NOTHING;
  const right = (name: string) => ({ right: name });
  const [zones, engineOffered, classOffered, fleetTypeZones, amis] = await Promise.all([
    inEach(regions, (region) =>
      ask({
        region,
        ...right('ec2:DescribeAvailabilityZones'),
        ask: async () => (await readZones(clients, subject, region)).length,
      }),
    ),
    inEach(regions, (region) =>
      ask({
        region,
        ...right('rds:DescribeDBEngineVersions'),
        ask: () => isEngineOffered(clients, region, of(region)),
      }),
    ),
    inEach(regions, (region) =>
      ask({
        region,
        ...right('rds:DescribeOrderableDBInstanceOptions'),
        ask: () => areClassesOffered(clients, region, of(region)),
      }),
    ),
    inEach(
      regions.filter((region) => of(region).instanceTypes.length > 0),
      (region) =>
        ask({
          region,
          ...right('ec2:DescribeInstanceTypeOfferings'),
          ask: () => countFleetZones(clients, subject, region),
        }),
    ),
    inEach(regions, (region) =>
      ask({ region, ...right('ssm:GetParameter'), ask: () => areAmisThere(clients, region, of(region)) }),
    ),
  ]);
  return { zones, engineOffered, classOffered, fleetTypeZones, amis };
}

/** What the account has there. */
async function readServices(ask: Ask, clients: PreflightClients, subject: Subject): Promise<PartlyGathered> {
  const { regions, secretName } = subject;
  const [primary, dr] = regions;
  const secret = (region: string) =>
    ask({
      region,
      right: 'secretsmanager:DescribeSecret',
      ask: () => readSecret(clients.secrets(region), secretName),
    });
  const [secretHere, secretThere, concurrency, api] = await Promise.all([
    secret(dr),
    secret(primary),
    inEach(regions, (region) =>
      ask({ region, right: 'lambda:GetAccountSettings', ask: () => readConcurrency(clients.lambda(region)) }),
    ),
    inEach(regions, (region) =>
      ask({ region, right: 'apigateway:GET on /account', ask: () => readApiAccount(clients, region) }),
    ),
  ]);
  const each = <T>(take: (account: ApiAccount) => T): Partly<Readonly<Record<string, T>>> =>
    mapped(api, (accounts) =>
      Object.fromEntries(Object.entries(accounts).map(([region, account]) => [region, take(account)])),
    );
  return {
    secretHere: whole(secretHere),
    secretThere: whole(secretThere),
    concurrency,
    apiLoggingRole: each(({ hasLoggingRole }) => hasLoggingRole),
    requestRate: each(({ requestsPerSecond }) => requestsPerSecond),
  };
}

const NOTHING: RegionNeeds = { engine: undefined, instanceClasses: [], instanceTypes: [], amiParameters: [] };

/** Names of the zones that the program could build in, in name order. */
async function readZones(clients: PreflightClients, { zones }: Subject, region: string): Promise<readonly string[]> {
  const { AvailabilityZones = [] } = await clients.ec2(region).send(
    new DescribeAvailabilityZonesCommand({
      Filters: [
        { Name: 'state', Values: ['available'] },
        ...zones.filters.map(({ name, values }) => ({ Name: name, Values: [...values] })),
      ],
    }),
  );
  return AvailabilityZones.filter(({ ZoneId }) => ZoneId !== undefined && !zones.without.includes(ZoneId))
    .flatMap(({ ZoneName }) => ZoneName ?? [])
    .sort();
}

/** RDS names a version that it does not offer in no answer at all. */
async function isEngineOffered(clients: PreflightClients, region: string, { engine }: RegionNeeds): Promise<boolean> {
  if (engine === undefined) return true;
  const { DBEngineVersions = [] } = await clients
    .rds(region)
    .send(new DescribeDBEngineVersionsCommand({ Engine: engine.engine, EngineVersion: engine.version }));
  return DBEngineVersions.some(({ SupportsGlobalDatabases }) => SupportsGlobalDatabases === true);
}

async function areClassesOffered(
  clients: PreflightClients,
  region: string,
  { engine, instanceClasses }: RegionNeeds,
): Promise<boolean> {
  if (engine === undefined) return true;
  const offered = await Promise.all(
    instanceClasses.map(async (instanceClass) => {
      const { OrderableDBInstanceOptions = [] } = await clients.rds(region).send(
        new DescribeOrderableDBInstanceOptionsCommand({
          Engine: engine.engine,
          EngineVersion: engine.version,
          DBInstanceClass: instanceClass,
        }),
      );
      return OrderableDBInstanceOptions.length > 0;
    }),
  );
  return offered.every(Boolean);
}

/** In how many of the zones that subnets are made in every type of the fleet can be had. */
async function countFleetZones(clients: PreflightClients, subject: Subject, region: string): Promise<number> {
  const types = subject.needs[region]?.instanceTypes ?? [];
  const [zones, { InstanceTypeOfferings = [] }] = await Promise.all([
    readZones(clients, subject, region),
    clients.ec2(region).send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType: 'availability-zone',
        Filters: [{ Name: 'instance-type', Values: [...types] }],
      }),
    ),
  ]);
  const has = (zone: string, type: string): boolean =>
    InstanceTypeOfferings.some(({ Location, InstanceType }) => Location === zone && InstanceType === type);
  return zones.slice(0, ZONES).filter((zone) => types.every((type) => has(zone, type))).length;
}

async function areAmisThere(
  clients: PreflightClients,
  region: string,
  { amiParameters }: RegionNeeds,
): Promise<boolean> {
  const there = await Promise.all(
    amiParameters.map(async (Name) => {
      try {
        const { Parameter } = await clients.ssm(region).send(new GetParameterCommand({ Name }));
        return Parameter?.Value?.startsWith('ami-') === true;
      } catch (error) {
        if (error instanceof ParameterNotFound) return false;
        throw error;
      }
    }),
  );
  return there.every(Boolean);
}

interface ApiAccount {
  readonly hasLoggingRole: boolean;
  readonly requestsPerSecond: number;
}

async function readApiAccount(clients: PreflightClients, region: string): Promise<ApiAccount> {
  const { cloudwatchRoleArn, throttleSettings } = await clients.apiGateway(region).send(new GetAccountCommand({}));
  if (throttleSettings?.rateLimit === undefined) throw new MalformedError('API Gateway does not tell its throttle');
  return {
    hasLoggingRole: cloudwatchRoleArn !== undefined && cloudwatchRoleArn !== '',
    requestsPerSecond: throttleSettings.rateLimit,
  };
}
