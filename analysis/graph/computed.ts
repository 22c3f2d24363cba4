import { createHash } from 'node:crypto';
import { isValues } from './wire';
import type { Value, Values } from './graph';

/** The account that an evaluation pretends to be in. */
export const ACCOUNT_ID = '123456789012';

/** What a resource's made-up outputs may depend on. */
interface Origin {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly region: string;
  readonly inputs: Values;
}

interface Computed {
  readonly id: string;
  readonly outputs: Values;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A stable identifier of AWS's length for short ids. */
const short = (prefix: string, { urn }: Origin): string => `${prefix}-${digest(urn).slice(0, 17)}`;

const uuid = ({ urn }: Origin): string => {
  const hex = digest(urn);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
};

const str = (values: Values, ...keys: readonly string[]): string | undefined =>
  keys.map((key) => values[key]).find((value) => typeof value === 'string');

const arn = (service: string, { region }: Origin, resource: string): string =>
  `arn:aws:${service}:${region}:${ACCOUNT_ID}:${resource}`;
const globalArn = (service: string, resource: string): string => `arn:aws:${service}::${ACCOUNT_ID}:${resource}`;

/** The physical name: given, or made from the logical one as Pulumi does. */
const named = (origin: Origin, ...keys: readonly string[]): string =>
  str(origin.inputs, ...keys, 'name') ?? `${origin.name}-${digest(origin.urn).slice(0, 7)}`;

const prefixed =
  (prefix: string, service = 'ec2', noun?: string) =>
  (origin: Origin): Computed => {
    const id = short(prefix, origin);
    return { id, outputs: noun ? { arn: arn(service, origin, `${noun}/${id}`) } : {} };
  };

const byName =
  (service: string, resource: (name: string) => string, ...keys: readonly string[]) =>
  (origin: Origin): Computed => {
    const name = named(origin, ...keys);
    return { id: name, outputs: { name, arn: arn(service, origin, resource(name)) } };
  };

const withArnId =
  (service: string, resource: (name: string) => string, ...keys: readonly string[]) =>
  (origin: Origin): Computed => {
    const name = named(origin, ...keys);
    const its = arn(service, origin, resource(name));
    return { id: its, outputs: { name, arn: its } };
  };

/** Zone of the alias targets; one made-up value is as good as another, but each service has its own. */
const zoneOf = (service: string, region: string): string =>
  `Z${digest(service + region)
    .slice(0, 13)
    .toUpperCase()}`;

const items = (value: Value): readonly Value[] => (isList(value) ? value : []);
const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

function lambdaFunction(origin: Origin): Computed {
  const name = named(origin);
  const its = arn('lambda', origin, `function:${name}`);
  const invokeArn = `arn:aws:apigateway:${origin.region}:lambda:path/2015-03-31/functions/${its}/invocations`;
  return { id: name, outputs: { name, arn: its, invokeArn, qualifiedArn: `${its}:$LATEST`, version: '$LATEST' } };
}

function table(origin: Origin): Computed {
  const name = named(origin);
  const its = arn('dynamodb', origin, `table/${name}`);
  const replicas = items(origin.inputs['replicas']).flatMap((replica) => {
    if (!isValues(replica)) return [];
    const replicaArn = arn('dynamodb', { ...origin, region: str(replica, 'regionName') ?? '' }, `table/${name}`);
    return [{ ...replica, arn: replicaArn, streamArn: `${replicaArn}/stream/2026-01-01T00:00:00.000` }];
  });
  return {
    id: name,
    outputs: {
      name,
      arn: its,
      streamArn: `${its}/stream/2026-01-01T00:00:00.000`,
      ...(replicas.length && { replicas }),
    },
  };
}

function cluster(origin: Origin): Computed {
  const name = named(origin, 'clusterIdentifier');
  const host = (infix: string): string =>
    `${name}.cluster-${infix}${digest(origin.urn).slice(0, 12)}.${origin.region}.rds.amazonaws.com`;
  return {
    id: name,
    outputs: {
      clusterIdentifier: name,
      arn: arn('rds', origin, `cluster:${name}`),
      // A cluster that follows is described without one (terraform-provider-aws, issue 14219).
      endpoint: str(origin.inputs, 'masterUsername') === undefined ? '' : host(''),
      readerEndpoint: host('ro-'),
      port: 5432,
      clusterResourceId: `cluster-${digest(origin.urn).slice(0, 26).toUpperCase()}`,
    },
  };
}

function certificate(origin: Origin): Computed {
  const its = arn('acm', origin, `certificate/${uuid(origin)}`);
  const domain = str(origin.inputs, 'domainName') ?? '';
  const bare = domain.replace(/^\*\./, '');
  // The token depends on domain and account only: the same in every region (ACM user guide, DNS validation).
  const token = digest(bare + ACCOUNT_ID).slice(0, 32);
  return {
    id: its,
    outputs: {
      arn: its,
      domainValidationOptions: [
        {
          domainName: domain,
          resourceRecordName: `_${token}.${bare}.`,
          resourceRecordType: 'CNAME',
          resourceRecordValue: `_${digest(token).slice(0, 32)}.acm-validations.aws.`,
        },
      ],
    },
  };
}

function restApi(origin: Origin): Computed {
  const id = digest(origin.urn).slice(0, 10);
  return {
    id,
    outputs: {
      arn: `arn:aws:apigateway:${origin.region}::/restapis/${id}`,
      rootResourceId: digest(id).slice(0, 10),
      executionArn: arn('execute-api', origin, id),
    },
  };
}

function stage(origin: Origin): Computed {
  const api = str(origin.inputs, 'restApi') ?? '';
  const name = str(origin.inputs, 'stageName') ?? '';
  return {
    id: `ags-${api}-${name}`,
    outputs: {
      arn: `arn:aws:apigateway:${origin.region}::/restapis/${api}/stages/${name}`,
      invokeUrl: `https://${api}.execute-api.${origin.region}.amazonaws.com/${name}`,
      executionArn: arn('execute-api', origin, `${api}/${name}`),
    },
  };
}

function loadBalancer(origin: Origin): Computed {
  const name = named(origin);
  const suffix = `app/${name}/${digest(origin.urn).slice(0, 16)}`;
  const its = arn('elasticloadbalancing', origin, `loadbalancer/${suffix}`);
  const dnsName = `${name}-${digest(origin.urn).slice(0, 9)}.${origin.region}.elb.amazonaws.com`;
  return { id: its, outputs: { name, arn: its, arnSuffix: suffix, dnsName, zoneId: zoneOf('elb', origin.region) } };
}

function targetGroup(origin: Origin): Computed {
  const name = named(origin);
  const suffix = `targetgroup/${name}/${digest(origin.urn).slice(0, 16)}`;
  const its = arn('elasticloadbalancing', origin, suffix);
  return { id: its, outputs: { name, arn: its, arnSuffix: suffix } };
}

function domainName(origin: Origin): Computed {
  const name = str(origin.inputs, 'domainName') ?? '';
  const target = `d-${digest(origin.urn).slice(0, 10)}.execute-api.${origin.region}.amazonaws.com`;
  return {
    id: name,
    outputs: { regionalDomainName: target, regionalZoneId: zoneOf('execute-api', origin.region) },
  };
}

function record(origin: Origin): Computed {
  const fqdn = str(origin.inputs, 'name') ?? '';
  const set = str(origin.inputs, 'setIdentifier');
  const id = [str(origin.inputs, 'zoneId'), fqdn, str(origin.inputs, 'type'), set].filter(Boolean).join('_');
  return { id, outputs: { fqdn: fqdn.replace(/\.$/, '') } };
}

function zone(origin: Origin): Computed {
  const id = `Z${digest(origin.urn).slice(0, 20).toUpperCase()}`;
  return { id, outputs: { zoneId: id, arn: `arn:aws:route53:::hostedzone/${id}`, nameServers: nameServers(id) } };
}

/** Four name servers, as Route 53 delegates. */
export function nameServers(seed: string): readonly string[] {
  return ['com', 'net', 'org', 'co.uk'].map(
    (tld, i) => `ns-${parseInt(digest(`${seed}${i}`).slice(0, 3), 16)}.awsdns-${i}.${tld}`,
  );
}

/** What AWS would add to each type that the program reads something of; other types get an id only. */
const COMPUTED: Readonly<Record<string, (origin: Origin) => Computed>> = {
  'aws:acm/certificate:Certificate': certificate,
  'aws:acm/certificateValidation:CertificateValidation': (o) => ({
    id: str(o.inputs, 'certificateArn') ?? '',
    outputs: {},
  }),
  'aws:apigateway/domainName:DomainName': domainName,
  'aws:apigateway/resource:Resource': (o) => ({ id: digest(o.urn).slice(0, 6), outputs: {} }),
  'aws:apigateway/restApi:RestApi': restApi,
  'aws:apigateway/stage:Stage': stage,
  'aws:autoscaling/group:Group': (o) => {
    const name = named(o);
    return {
      id: name,
      outputs: { name, arn: arn('autoscaling', o, `autoScalingGroup:${uuid(o)}:autoScalingGroupName/${name}`) },
    };
  },
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': byName('cloudwatch', (name) => `alarm:${name}`, 'alarmName'),
  'aws:cloudwatch/dashboard:Dashboard': (o) => {
    const name = named(o, 'dashboardName');
    return { id: name, outputs: { dashboardArn: globalArn('cloudwatch', `dashboard/${name}`) } };
  },
  'aws:cloudwatch/eventRule:EventRule': byName('events', (name) => `rule/${name}`),
  'aws:cloudwatch/logGroup:LogGroup': byName('logs', (name) => `log-group:${name}`),
  'aws:cloudwatch/metricAlarm:MetricAlarm': byName('cloudwatch', (name) => `alarm:${name}`, 'name'),
  'aws:dynamodb/table:Table': table,
  'aws:ec2/eip:Eip': (o) => ({ id: short('eipalloc', o), outputs: { allocationId: short('eipalloc', o) } }),
  'aws:ec2/internetGateway:InternetGateway': prefixed('igw', 'ec2', 'internet-gateway'),
  'aws:ec2/launchTemplate:LaunchTemplate': (o) => ({
    id: short('lt', o),
    outputs: { name: named(o), latestVersion: 1, arn: arn('ec2', o, `launch-template/${short('lt', o)}`) },
  }),
  'aws:ec2/natGateway:NatGateway': prefixed('nat'),
  'aws:ec2/routeTable:RouteTable': prefixed('rtb', 'ec2', 'route-table'),
  'aws:ec2/securityGroup:SecurityGroup': (o) => ({
    id: short('sg', o),
    outputs: { name: named(o), arn: arn('ec2', o, `security-group/${short('sg', o)}`) },
  }),
  'aws:ec2/subnet:Subnet': prefixed('subnet', 'ec2', 'subnet'),
  'aws:ec2/vpc:Vpc': prefixed('vpc', 'ec2', 'vpc'),
  'aws:ec2/vpcEndpoint:VpcEndpoint': (o) => ({
    id: short('vpce', o),
    outputs: { prefixListId: `pl-${digest(o.urn).slice(0, 8)}` },
  }),
  'aws:ec2/vpcPeeringConnection:VpcPeeringConnection': prefixed('pcx'),
  'aws:iam/instanceProfile:InstanceProfile': (o) => ({
    id: named(o),
    outputs: { name: named(o), arn: globalArn('iam', `instance-profile/${named(o)}`) },
  }),
  'aws:iam/role:Role': (o) => ({
    id: named(o),
    outputs: { name: named(o), arn: globalArn('iam', `role/${named(o)}`), uniqueId: short('AROA', o) },
  }),
  'aws:kms/alias:Alias': byName('kms', (name) => name),
  'aws:kms/key:Key': (o) => ({ id: uuid(o), outputs: { keyId: uuid(o), arn: arn('kms', o, `key/${uuid(o)}`) } }),
  'aws:lambda/eventSourceMapping:EventSourceMapping': (o) => ({
    id: uuid(o),
    outputs: { uuid: uuid(o), arn: arn('lambda', o, `event-source-mapping:${uuid(o)}`) },
  }),
  'aws:lambda/function:Function': lambdaFunction,
  'aws:lb/listener:Listener': withArnId('elasticloadbalancing', (name) => `listener/app/${name}`),
  'aws:lb/loadBalancer:LoadBalancer': loadBalancer,
  'aws:lb/targetGroup:TargetGroup': targetGroup,
  'aws:rds/cluster:Cluster': cluster,
  'aws:rds/clusterInstance:ClusterInstance': (o) => ({
    id: named(o, 'identifier'),
    outputs: { identifier: named(o, 'identifier'), arn: arn('rds', o, `db:${named(o, 'identifier')}`) },
  }),
  'aws:rds/clusterParameterGroup:ClusterParameterGroup': byName('rds', (name) => `cluster-pg:${name}`),
  'aws:rds/globalCluster:GlobalCluster': (o) => {
    const name = named(o, 'globalClusterIdentifier');
    const endpoint = `${name}.global-${digest(o.urn).slice(0, 12)}.global.rds.amazonaws.com`;
    return {
      id: name,
      outputs: { globalClusterIdentifier: name, arn: globalArn('rds', `global-cluster:${name}`), endpoint },
    };
  },
  'aws:rds/subnetGroup:SubnetGroup': byName('rds', (name) => `subgrp:${name}`),
  'aws:route53/healthCheck:HealthCheck': (o) => ({
    id: uuid(o),
    outputs: { arn: `arn:aws:route53:::healthcheck/${uuid(o)}` },
  }),
  'aws:route53/record:Record': record,
  'aws:route53/zone:Zone': zone,
  'aws:s3/bucket:Bucket': (o) => {
    const bucket = named(o, 'bucket');
    return {
      id: bucket,
      outputs: {
        bucket,
        arn: `arn:aws:s3:::${bucket}`,
        bucketRegionalDomainName: `${bucket}.s3.${o.region}.amazonaws.com`,
        region: o.region,
      },
    };
  },
  'aws:s3/bucketObject:BucketObject': (o) => ({ id: str(o.inputs, 'key') ?? '', outputs: {} }),
  'aws:s3/bucketObjectv2:BucketObjectv2': (o) => ({ id: str(o.inputs, 'key') ?? '', outputs: {} }),
  'aws:sns/topic:Topic': withArnId('sns', (name) => name),
  'aws:sqs/queue:Queue': (o) => {
    const name = named(o);
    const url = `https://sqs.${o.region}.amazonaws.com/${ACCOUNT_ID}/${name}`;
    return { id: url, outputs: { name, url, arn: arn('sqs', o, name) } };
  },
  'aws:ssm/parameter:Parameter': byName('ssm', (name) => `parameter${name.startsWith('/') ? '' : '/'}${name}`),
  'aws:synthetics/canary:Canary': (o) => {
    const { id, outputs } = byName('synthetics', (name) => `canary:${name}`)(o);
    // Synthetics cuts the name after 21 characters and makes up the rest; the function is named with its version.
    const engineArn = arn('lambda', o, `function:cwsyn-${id.slice(0, 21)}-${uuid(o)}:1`);
    return { id, outputs: { ...outputs, engineArn } };
  },
};

/** The id and outputs that an evaluation gives a resource: AWS's forms, stable from run to run. */
export function computed(origin: Origin): Computed {
  const { id, outputs } = COMPUTED[origin.type]?.(origin) ?? {
    id: `${origin.name}-${digest(origin.urn).slice(0, 7)}`,
    outputs: {},
  };
  return { id, outputs: { ...origin.inputs, region: origin.region, ...outputs } };
}
