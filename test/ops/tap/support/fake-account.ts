import { Readable } from 'node:stream';
import type { ClientOptions } from '../../../../ops/tap/preflight/clients';

/** What stands in an account, and what AWS sells it; a test changes what it is about. */
export interface FakeAccount {
  readonly regions: Record<string, FakeRegion>;
  /** Opt-in status by region. */
  readonly status: Record<string, string>;
  /** Name servers of the hosted zones, by the zone's name with its dot. */
  readonly hostedZones: Record<string, { readonly isPrivate: boolean; readonly servers: readonly string[] }[]>;
  /** Limits of Service Quotas by code, and of services that tell their own by name. */
  readonly limits: Record<string, number>;
  roles: string[];
  buckets: string[];
  /** Names that other accounts have. */
  taken: Record<string, 'denied' | 'open'>;
  healthChecks: Tagged[];
  /** What AWS answers instead: the code of an error, or nothing at all. */
  fault: (operation: string, region: string) => string | undefined;
}

interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
}

interface FakeRegion {
  zones: string[];
  engineVersions: string[];
  instanceClasses: string[];
  /** Zones that offer the fleet's type. */
  typeZones: string[];
  amis: boolean;
  secret: { version: string; text: string | undefined } | undefined;
  loggingRole: boolean;
  rate: number;
  concurrency: number;
  vpcs: Tagged[];
  gateways: Tagged[];
  addresses: Tagged[];
  clusters: string[];
  domains: string[];
}

/** One request as it left the SDK. */
export interface Sent {
  readonly operation: string;
  readonly region: string;
}

export const NO_ANSWER = 'no answer';

const many = (count: number): Tagged[] => Array.from({ length: count }, () => ({ tags: {} }));

/** An account that can take stack dev: one VPC in each region, as everybody has, and room for all else. */
export function readyAccount(regions: readonly [string, string, string]): FakeAccount {
  const [primary, dr, witness] = regions;
  const region = (name: string): FakeRegion => ({
    zones: ['a', 'b', 'c'].map((letter) => `${name}${letter}`),
    engineVersions: ['17.7'],
    instanceClasses: ['db.r7g.large'],
    typeZones: ['a', 'b', 'c'].map((letter) => `${name}${letter}`),
    amis: true,
    secret: { version: 'v1', text: JSON.stringify({ username: 'trading', password: 'correct-horse' }) },
    loggingRole: true,
    rate: 10_000,
    concurrency: 1_000,
    vpcs: many(1),
    gateways: many(1),
    addresses: [],
    clusters: [],
    domains: [],
  });
  return {
    regions: { [primary]: region(primary), [dr]: region(dr) },
    status: { [primary]: 'opt-in-not-required', [dr]: 'opted-in', [witness]: 'opt-in-not-required' },
    hostedZones: {
      'trading.example.com.': [{ isPrivate: false, servers: ['ns-1.awsdns-1.com', 'ns-2.awsdns-2.net'] }],
    },
    limits: {
      'L-F678F1CE': 5,
      'L-A4707A72': 5,
      'L-0263D0A3': 5,
      'L-DC2B2D3D': 10_000,
      'L-A93447B8': 120,
      roles: 1_000,
      'health-checks': 200,
      clusters: 40,
    },
    roles: ['admin'],
    buckets: ['pulumi-state'],
    taken: {},
    healthChecks: [],
    fault: () => undefined,
  };
}

interface RawRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
}

type Answer = { readonly status?: number; readonly type: 'xml' | 'json'; readonly body: string };
type Parameters = Readonly<Record<string, unknown>>;

const xml = (body: string): Answer => ({ type: 'xml', body });
const json = (body: unknown): Answer => ({ type: 'json', body: JSON.stringify(body) });

/** Options for real SDK clients whose requests end at the account; serialisation, retries and error types are the SDK's. */
export function fakeAccount(account: FakeAccount) {
  const sent: Sent[] = [];
  const options = (region: string): ClientOptions => ({
    region,
    maxAttempts: 1,
    retryMode: 'standard',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      destroy: () => undefined,
      handle: (raw: RawRequest) => {
        const { operation, parameters } = callOf(raw);
        sent.push({ operation, region });
        const fault = account.fault(operation, region);
        if (fault === NO_ANSWER) {
          return Promise.reject(Object.assign(new Error('connection timed out'), { name: 'TimeoutError' }));
        }
        const answer = fault === undefined ? answerOf(account, operation, region, parameters) : errorOf(raw, fault);
        const headers = { 'content-type': answer.type === 'xml' ? 'text/xml' : 'application/json' };
        return Promise.resolve({
          response: { statusCode: answer.status ?? 200, headers, body: Readable.from([Buffer.from(answer.body)]) },
        });
      },
    },
  });
  return { options, sent };
}

/** REST APIs name no operation: method and path do. */
const PATHS: readonly (readonly [RegExp, string])[] = [
  [/^route53.* \/2013-04-01\/hostedzonesbyname/, 'ListHostedZonesByName'],
  [/^route53.* \/2013-04-01\/hostedzone\//, 'GetHostedZone'],
  [/^route53.* \/2013-04-01\/accountlimit\//, 'GetAccountLimit'],
  [/^route53.* \/2013-04-01\/healthcheck/, 'ListHealthChecks'],
  [/^route53.* \/2013-04-01\/tags\/healthcheck/, 'ListTagsForResources'],
  [/^lambda.* \/2016-08-19\/account-settings/, 'GetAccountSettings'],
  [/^apigateway.* \/account/, 'GetAccount'],
  [/^apigateway.* \/domainnames/, 'GetDomainNames'],
  [/^[\w.-]*s3.* \/\?x-id=ListBuckets/, 'ListBuckets'],
  [/^[\w.-]*s3.* .*location/, 'GetBucketLocation'],
];

/** Writing under a path that is read too would have another method. */
const READING = ['GET', 'POST /2013-04-01/tags/healthcheck'];

function callOf({ method, hostname, path, headers, query = {}, body }: RawRequest): {
  readonly operation: string;
  readonly parameters: Parameters;
} {
  const text = typeof body === 'string' ? body : body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
  const target = headers['x-amz-target']?.split('.').pop();
  if (target !== undefined) return { operation: target, parameters: { ...Object(JSON.parse(text)) } };
  const form = new URLSearchParams(text);
  const action = form.get('Action');
  if (action !== null) return { operation: action, parameters: Object.fromEntries(form) };
  const asked = `${hostname} ${path}?${new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, String(value)])).toString()}`;
  const operation = PATHS.find(([pattern]) => pattern.test(asked))?.[1];
  const reads = READING.some((start) => `${method} ${path}`.startsWith(start));
  return {
    operation: operation !== undefined && reads ? operation : `${method} ${asked}`,
    parameters: { ...query, hostname, path, body: text },
  };
}

function errorOf({ headers }: RawRequest, code: string, status = 400): Answer {
  const message = `fake ${code}`;
  if (headers['x-amz-target'] !== undefined) return { ...json({ __type: code, message }), status };
  const isForm = headers['content-type']?.includes('form') === true;
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const isJson = !isForm && headers['host'] !== undefined && /lambda|apigateway/.test(headers['host']);
  if (isJson) return { ...json({ __type: code, message }), status };
  // EC2 wraps it twice; the SDKs of the other services look for either.
  const wrapped = isForm
    ? /^ec2/.test(headers['host'] ?? '')
      ? `<Response><Errors>${error}</Errors></Response>`
      : `<ErrorResponse>${error}</ErrorResponse>`
    : /^route53/.test(headers['host'] ?? '')
      ? `<ErrorResponse>${error}</ErrorResponse>`
      : error;
  return { ...xml(wrapped), status };
}

const items = (all: readonly string[], name = 'item'): string => all.map((one) => `<${name}>${one}</${name}>`).join('');

const tagSet = ({ tags }: Tagged): string =>
  `<tagSet>${items(Object.entries(tags).map(([key, value]) => `<key>${key}</key><value>${value}</value>`))}</tagSet>`;

function answerOf(account: FakeAccount, operation: string, region: string, parameters: Parameters): Answer {
  const own = account.regions[region];
  const text = (key: string): string => String(parameters[key]);
  const query = (inner: string): Answer =>
    xml(`<${operation}Response><${operation}Result>${inner}</${operation}Result></${operation}Response>`);
  const ec2 = (inner: string): Answer => xml(`<${operation}Response>${inner}</${operation}Response>`);
  const asGlobal = GLOBAL[operation]?.(account, parameters, { query, ec2 });
  if (asGlobal) return asGlobal;
  if (!own) throw new Error(`nobody should ask ${operation} in ${region}`);
  switch (operation) {
    case 'DescribeAvailabilityZones':
      return ec2(
        `<availabilityZoneInfo>${items(own.zones.map((zone, i) => `<zoneName>${zone}</zoneName><zoneId>az${i}</zoneId>`))}</availabilityZoneInfo>`,
      );
    case 'DescribeInstanceTypeOfferings':
      return ec2(
        `<instanceTypeOfferingSet>${items(own.typeZones.map((zone) => `<location>${zone}</location><instanceType>${text('Filter.1.Value.1')}</instanceType>`))}</instanceTypeOfferingSet>`,
      );
    case 'DescribeVpcs':
      return ec2(`<vpcSet>${items(own.vpcs.map(tagSet))}</vpcSet>`);
    case 'DescribeInternetGateways':
      return ec2(`<internetGatewaySet>${items(own.gateways.map(tagSet))}</internetGatewaySet>`);
    case 'DescribeAddresses':
      return ec2(`<addressesSet>${items(own.addresses.map(tagSet))}</addressesSet>`);
    case 'DescribeDBEngineVersions':
      return query(
        `<DBEngineVersions>${own.engineVersions.includes(text('EngineVersion')) ? '<DBEngineVersion><SupportsGlobalDatabases>true</SupportsGlobalDatabases></DBEngineVersion>' : ''}</DBEngineVersions>`,
      );
    case 'DescribeOrderableDBInstanceOptions':
      return query(
        `<OrderableDBInstanceOptions>${own.instanceClasses.includes(text('DBInstanceClass')) ? `<OrderableDBInstanceOption><DBInstanceClass>${text('DBInstanceClass')}</DBInstanceClass></OrderableDBInstanceOption>` : ''}</OrderableDBInstanceOptions>`,
      );
    case 'DescribeAccountAttributes':
      return query(
        `<AccountQuotas><AccountQuota><AccountQuotaName>DBClusters</AccountQuotaName><Used>${own.clusters.length}</Used><Max>${account.limits['clusters'] ?? 0}</Max></AccountQuota></AccountQuotas>`,
      );
    case 'DescribeDBClusters':
      return query(
        `<DBClusters>${items(
          own.clusters.map((id) => `<DBClusterIdentifier>${id}</DBClusterIdentifier>`),
          'DBCluster',
        )}</DBClusters>`,
      );
    case 'GetParameter':
      return own.amis
        ? json({ Parameter: { Name: text('Name'), Value: 'ami-0123' } })
        : { ...json({ __type: 'ParameterNotFound', message: '' }), status: 400 };
    case 'DescribeSecret':
    case 'GetSecretValue':
      if (!own.secret) return { ...json({ __type: 'ResourceNotFoundException', message: '' }), status: 400 };
      return operation === 'DescribeSecret'
        ? json({ VersionIdsToStages: { [own.secret.version]: ['AWSCURRENT'] } })
        : json({ SecretString: own.secret.text });
    case 'GetAccount':
      return json({
        throttleSettings: { rateLimit: own.rate, burstLimit: 5_000 },
        ...(own.loggingRole && { cloudwatchRoleArn: 'arn:aws:iam::111122223333:role/logs' }),
      });
    case 'GetDomainNames':
      return json({ item: own.domains.map((domainName) => ({ domainName })) });
    case 'GetAccountSettings':
      return json({ AccountLimit: { UnreservedConcurrentExecutions: own.concurrency } });
    default:
      throw new Error(`nobody should ask ${operation}`);
  }
}

type Wrap = (inner: string) => Answer;

/** What is the same wherever it is asked. */
const GLOBAL: Readonly<
  Record<
    string,
    (account: FakeAccount, parameters: Parameters, wrap: Readonly<Record<'query' | 'ec2', Wrap>>) => Answer
  >
> = {
  GetCallerIdentity: (_, __, { query }) =>
    query('<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/ann</Arn>'),
  DescribeRegions: ({ status }, _, { ec2 }) =>
    ec2(
      `<regionInfo>${items(Object.entries(status).map(([name, says]) => `<regionName>${name}</regionName><optInStatus>${says}</optInStatus>`))}</regionInfo>`,
    ),
  GetServiceQuota: ({ limits }, { QuotaCode }) => json({ Quota: { Value: limits[String(QuotaCode)] } }),
  GetAWSDefaultServiceQuota: ({ limits }, { QuotaCode }) => json({ Quota: { Value: limits[String(QuotaCode)] } }),
  GetAccountSummary: ({ roles, limits }, _, { query }) =>
    query(
      `<SummaryMap><entry><key>Roles</key><value>${roles.length}</value></entry><entry><key>RolesQuota</key><value>${limits['roles'] ?? 0}</value></entry></SummaryMap>`,
    ),
  ListRoles: ({ roles }, _, { query }) =>
    query(
      `<Roles>${items(
        roles.map((name) => `<RoleName>${name}</RoleName>`),
        'member',
      )}</Roles><IsTruncated>false</IsTruncated>`,
    ),
  ListBuckets: ({ buckets }) =>
    xml(
      `<ListAllMyBucketsResult><Buckets>${items(
        buckets.map((name) => `<Name>${name}</Name>`),
        'Bucket',
      )}</Buckets></ListAllMyBucketsResult>`,
    ),
  GetBucketLocation({ taken }, { hostname, path }) {
    const [, how] = Object.entries(taken).find(([name]) => `${String(hostname)}${String(path)}`.includes(name)) ?? [];
    if (how === 'open') return xml('<LocationConstraint>eu-west-3</LocationConstraint>');
    const [code, status] = how === undefined ? (['NoSuchBucket', 404] as const) : (['AccessDenied', 403] as const);
    return { ...xml(`<Error><Code>${code}</Code><Message>fake</Message></Error>`), status };
  },
  ListHostedZonesByName: ({ hostedZones }) =>
    xml(
      `<ListHostedZonesByNameResponse><HostedZones>${items(
        Object.entries(hostedZones).flatMap(([name, all]) =>
          all.map(
            ({ isPrivate }, i) =>
              `<Id>/hostedzone/${i}${name}</Id><Name>${name}</Name><Config><PrivateZone>${isPrivate}</PrivateZone></Config>`,
          ),
        ),
        'HostedZone',
      )}</HostedZones><IsTruncated>false</IsTruncated></ListHostedZonesByNameResponse>`,
    ),
  GetHostedZone({ hostedZones }, { path }) {
    const [, index = '0', name = ''] = /hostedzone\/(\d)(.*)$/.exec(String(path)) ?? [];
    const servers = hostedZones[name]?.[Number(index)]?.servers ?? [];
    return xml(
      `<GetHostedZoneResponse><DelegationSet><NameServers>${items(servers, 'NameServer')}</NameServers></DelegationSet></GetHostedZoneResponse>`,
    );
  },
  GetAccountLimit: ({ limits, healthChecks }) =>
    xml(
      `<GetAccountLimitResponse><Limit><Type>MAX_HEALTH_CHECKS_BY_OWNER</Type><Value>${limits['health-checks'] ?? 0}</Value></Limit><Count>${healthChecks.length}</Count></GetAccountLimitResponse>`,
    ),
  ListHealthChecks: ({ healthChecks }) =>
    xml(
      `<ListHealthChecksResponse><HealthChecks>${items(
        healthChecks.map((_, i) => `<Id>hc${i}</Id>`),
        'HealthCheck',
      )}</HealthChecks><IsTruncated>false</IsTruncated></ListHealthChecksResponse>`,
    ),
  ListTagsForResources({ healthChecks }, { body }) {
    const ids = [...String(body).matchAll(/hc(\d+)</g)].map(([, id]) => Number(id));
    const sets = ids.map(
      (id) =>
        `<Tags>${items(
          Object.entries(healthChecks[id]?.tags ?? {}).map(
            ([key, value]) => `<Key>${key}</Key><Value>${value}</Value>`,
          ),
          'Tag',
        )}</Tags>`,
    );
    return xml(
      `<ListTagsForResourcesResponse><ResourceTagSets>${items(sets, 'ResourceTagSet')}</ResourceTagSets></ListTagsForResourcesResponse>`,
    );
  },
};
