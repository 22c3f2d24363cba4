import { type DomainName, GetDomainNamesCommand } from '@aws-sdk/client-api-gateway';
import {
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeVpcsCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import { GetAccountSummaryCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { DescribeAccountAttributesCommand, DescribeDBClustersCommand } from '@aws-sdk/client-rds';
import { GetAccountLimitCommand, ListHealthChecksCommand, ListTagsForResourcesCommand } from '@aws-sdk/client-route-53';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
} from '@aws-sdk/client-service-quotas';
import { MalformedError } from '../../../lambda/shared/errors';
import type { QuotaLook, QuotaName } from '../../../analysis/readiness/readiness';
import type { PreflightClients } from './clients';
import { pages } from './pages';
import type { Subject } from './subject';

/** What an account may have of something, what it has, and how much of that is the stack's own. */
interface Count {
  readonly limit: number;
  readonly used: number;
  /** Asked only when the stack does not fit: what it has itself is then not counted twice. */
  readonly own: () => Promise<number>;
}

/** Where it is asked, and for whom. */
export interface Place {
  readonly clients: PreflightClients;
  readonly region: string;
  readonly subject: Subject;
  /** Names that the stack's buckets have in this account. */
  readonly ownBuckets: ReadonlySet<string>;
}

/** One quota: whom to ask, the rights that it takes, and the request for more of it. */
export interface QuotaRow {
  readonly per: 'account' | 'region';
  readonly right: string;
  /** Service and code of Service Quotas; absent where the service tells its own limit and raises it otherwise. */
  readonly code?: readonly [service: string, code: string];
  readonly count: (place: Place) => Promise<Count>;
}

/**
 * Every quota that the list of checks names. Codes: Service Quotas, each service's list ("VPCs per Region", "Internet gateways
 * per Region", "EC2-VPC Elastic IPs", "General purpose buckets", "Public custom domain names"). Quotas of global services are
 * told in us-east-1 only.
 */
export const QUOTA_ROWS: Readonly<Record<QuotaName, QuotaRow>> = {
  vpcs: {
    per: 'region',
    right: 'servicequotas:GetServiceQuota, ec2:DescribeVpcs',
    code: ['vpc', 'L-F678F1CE'],
    count: (place) =>
      tagged(place, ['vpc', 'L-F678F1CE'], () =>
        pages(async (NextToken) => {
          const page = await place.clients.ec2(place.region).send(new DescribeVpcsCommand({ NextToken }));
          return { items: page.Vpcs ?? [], next: page.NextToken };
        }),
      ),
  },
  'internet-gateways': {
    per: 'region',
    right: 'servicequotas:GetServiceQuota, ec2:DescribeInternetGateways',
    code: ['vpc', 'L-A4707A72'],
    count: (place) =>
      tagged(place, ['vpc', 'L-A4707A72'], () =>
        pages(async (NextToken) => {
          const page = await place.clients.ec2(place.region).send(new DescribeInternetGatewaysCommand({ NextToken }));
          return { items: page.InternetGateways ?? [], next: page.NextToken };
        }),
      ),
  },
  'elastic-ips': {
    per: 'region',
    right: 'servicequotas:GetServiceQuota, ec2:DescribeAddresses',
    code: ['ec2', 'L-0263D0A3'],
    count: (place) =>
      tagged(place, ['ec2', 'L-0263D0A3'], async () => {
        // This one has no pages.
        return (await place.clients.ec2(place.region).send(new DescribeAddressesCommand({}))).Addresses ?? [];
      }),
  },
  'iam-roles': {
    per: 'account',
    right: 'iam:GetAccountSummary, iam:ListRoles',
    async count({ clients, region, subject }) {
      const { SummaryMap = {} } = await clients.iam(region).send(new GetAccountSummaryCommand({}));
      return {
        limit: told(SummaryMap['RolesQuota'], 'IAM'),
        used: told(SummaryMap['Roles'], 'IAM'),
        own: async () => {
          const all = await pages(async (Marker) => {
            const page = await clients.iam(region).send(new ListRolesCommand({ Marker, MaxItems: 1_000 }));
            return { items: page.Roles ?? [], next: page.IsTruncated === true ? page.Marker : undefined };
          });
          return all.filter(({ RoleName = '' }) => subject.own.roles.has(RoleName)).length;
        },
      };
    },
  },
  's3-buckets': {
    per: 'account',
    right: 'servicequotas:GetServiceQuota, s3:ListAllMyBuckets',
    code: ['s3', 'L-DC2B2D3D'],
    async count({ clients, region, subject, ownBuckets }) {
      const [limit, names] = await Promise.all([
        limitOf(clients, region, ['s3', 'L-DC2B2D3D']),
        bucketNames(clients, subject.regions[0]),
      ]);
      return {
        limit,
        used: names.length,
        own: () => Promise.resolve(names.filter((name) => ownBuckets.has(name)).length),
      };
    },
  },
  'health-checks': {
    per: 'account',
    right: 'route53:GetAccountLimit, route53:ListHealthChecks, route53:ListTagsForResources',
    async count(place) {
      const { clients, region } = place;
      const { Limit, Count } = await clients
        .route53(region)
        .send(new GetAccountLimitCommand({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' }));
      return {
        limit: told(Limit?.Value, 'Route 53'),
        used: told(Count, 'Route 53'),
        own: () => ownHealthChecks(place),
      };
    },
  },
  'db-clusters': {
    per: 'region',
    right: 'rds:DescribeAccountAttributes, rds:DescribeDBClusters',
    async count({ clients, region, subject }) {
      const { AccountQuotas = [] } = await clients.rds(region).send(new DescribeAccountAttributesCommand({}));
      const found = AccountQuotas.find(({ AccountQuotaName }) => AccountQuotaName === 'DBClusters');
      return {
        limit: told(found?.Max, 'RDS'),
        used: told(found?.Used, 'RDS'),
        own: async () => {
          const all = await pages(async (Marker) => {
            const page = await clients.rds(region).send(new DescribeDBClustersCommand({ Marker }));
            return { items: page.DBClusters ?? [], next: page.Marker };
          });
          return all.filter(({ DBClusterIdentifier: id = '' }) => subject.own.clusters.has(id)).length;
        },
      };
    },
  },
  'api-domains': {
    per: 'region',
    right: 'servicequotas:GetServiceQuota, apigateway:GET on /domainnames',
    code: ['apigateway', 'L-A93447B8'],
    async count({ clients, region, subject }) {
      const [limit, all] = await Promise.all([
        limitOf(clients, region, ['apigateway', 'L-A93447B8']),
        pages<DomainName>(async (position) => {
          const page = await clients.apiGateway(region).send(new GetDomainNamesCommand({ position, limit: 500 }));
          return { items: page.items ?? [], next: page.position };
        }),
      ]);
      const own = all.filter(({ domainName = '' }) => subject.own.domains.has(domainName)).length;
      return { limit, used: all.length, own: () => Promise.resolve(own) };
    },
  },
};

/** One look at a quota: without the stack's own where it would not fit otherwise. */
export async function readQuota(name: QuotaName, place: Place): Promise<QuotaLook> {
  const { per, count } = QUOTA_ROWS[name];
  const where = per === 'account' ? 'global' : place.region;
  const { limit, used, own } = await count(place);
  const added = place.subject.policy.demands[name]?.[where] ?? 0;
  return { region: where, limit, used: used + added > limit ? used - (await own()) : used };
}

/** Names of all buckets of the account. */
export async function bucketNames(clients: PreflightClients, region: string): Promise<readonly string[]> {
  const all = await pages(async (ContinuationToken) => {
    const page = await clients.s3(region).send(new ListBucketsCommand({ ContinuationToken, MaxBuckets: 1_000 }));
    return { items: page.Buckets ?? [], next: page.ContinuationToken };
  });
  return all.flatMap(({ Name }) => Name ?? []);
}

async function tagged(
  { clients, region, subject }: Place,
  code: readonly [string, string],
  list: () => Promise<readonly { readonly Tags?: Tag[] | undefined }[]>,
): Promise<Count> {
  const [limit, all] = await Promise.all([limitOf(clients, region, code), list()]);
  const own = all.filter(({ Tags = [] }) => hasAll(Tags, subject.own.tags)).length;
  return { limit, used: all.length, own: () => Promise.resolve(own) };
}

async function ownHealthChecks({ clients, region, subject }: Place): Promise<number> {
  const all = await pages(async (Marker) => {
    const page = await clients.route53(region).send(new ListHealthChecksCommand({ Marker, MaxItems: 100 }));
    return { items: page.HealthChecks ?? [], next: page.IsTruncated === true ? page.NextMarker : undefined };
  });
  const ids = all.flatMap(({ Id }) => Id ?? []);
  const sets = await Promise.all(
    // Ten at a time is what the API takes.
    Array.from({ length: Math.ceil(ids.length / 10) }, async (_, index) => {
      const ResourceIds = ids.slice(10 * index, 10 * index + 10);
      const page = await clients
        .route53(region)
        .send(new ListTagsForResourcesCommand({ ResourceType: 'healthcheck', ResourceIds }));
      return page.ResourceTagSets ?? [];
    }),
  );
  return sets.flat().filter(({ Tags = [] }) => hasAll(Tags, subject.own.tags)).length;
}

function hasAll(
  given: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
  wanted: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(wanted);
  return (
    entries.length > 0 &&
    entries.every(([key, value]) => given.some(({ Key, Value }) => Key === key && Value === value))
  );
}

/** The account's own value; of a quota that was never raised Service Quotas may know the default alone. */
async function limitOf(
  clients: PreflightClients,
  region: string,
  [ServiceCode, QuotaCode]: readonly [string, string],
): Promise<number> {
  const quotas = clients.quotas(region);
  try {
    const { Quota } = await quotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
    return told(Quota?.Value, 'Service Quotas');
  } catch (error) {
    if (!(error instanceof NoSuchResourceException)) throw error;
    const { Quota } = await quotas.send(new GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }));
    return told(Quota?.Value, 'Service Quotas');
  }
}

function told(value: number | undefined, who: string): number {
  if (value === undefined) throw new MalformedError(`${who} does not tell the number`);
  return value;
}
