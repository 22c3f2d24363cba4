import { charge, isPrimary, listAt, neededText, numberAt, regionOf, textAt } from '../charge';
import { apiTraffic, emails } from '../traffic';
import { HOURS, MINUTES, SECONDS } from '../workload';
import type { GraphResource } from '../../graph/graph';
import type { Charge, Context, Rule } from '../charge';

const NAT = 'aws:ec2/natGateway:NatGateway';

/** All gateways of a region share its traffic. */
function natGateway(resource: GraphResource, { all, workload }: Context): readonly Charge[] {
  const region = regionOf(resource);
  const gateways = all(NAT).filter((one) => one.region === region).length;
  const service = 'VPC';
  return [
    charge({ service, what: 'NAT gateways', id: 'nat.hour', region, quantity: HOURS }),
    charge({ service, what: 'NAT traffic', id: 'nat.gb', region, quantity: workload.natGb / gateways }),
  ];
}

/** A gateway endpoint costs nothing; an interface endpoint by the hour in every zone. */
function vpcEndpoint(resource: GraphResource): readonly Charge[] {
  if (textAt(resource, 'vpcEndpointType') !== 'Interface') return [];
  const zones = listAt(resource, 'subnetIds').length;
  const region = regionOf(resource);
  return [
    charge({ service: 'VPC', what: 'interface endpoints', id: 'endpoint.hour', region, quantity: zones * HOURS }),
  ];
}

function address(region: string, addresses: number): Charge {
  return charge({
    service: 'VPC',
    what: 'public IPv4 addresses',
    id: 'ipv4.hour',
    region,
    quantity: addresses * HOURS,
  });
}

/** One address in every zone, unless it is internal. */
function loadBalancer(resource: GraphResource, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  const { loadUnits, idleLoadUnits } = context.workload;
  const units = isPrimary(region, context) ? loadUnits : idleLoadUnits;
  const zones = resource.inputs['internal'] === true ? 0 : listAt(resource, 'subnets').length;
  const service = 'Load balancing';
  return [
    charge({ service, what: 'application load balancers', id: 'alb.hour', region, quantity: HOURS }),
    charge({ service, what: 'load units', id: 'alb.lcu', region, quantity: units * HOURS }),
    address(region, zones),
  ];
}

/** Delivery to S3; what is kept there counts with the bucket. */
function flowLog(resource: GraphResource, { workload }: Context): readonly Charge[] {
  const id = textAt(resource, 'logDestinationType') === 's3' ? 'logs.deliver' : 'logs.ingest';
  const region = regionOf(resource);
  return [charge({ service: 'VPC', what: 'flow logs', id, region, quantity: workload.flowLogGb })];
}

function restApi(resource: GraphResource, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  const { orders, reads, checks } = apiTraffic(region, context);
  const line = { service: 'API Gateway', id: 'apigateway.request', region } as const;
  return [
    charge({ ...line, what: 'requests of clients and probes', quantity: (orders + reads) / 1e6 }),
    // Both regions are watched so that one can take over, so primary's checks are part of the price of two.
    charge({ ...line, what: 'requests of checks and canaries', quantity: checks / 1e6, standby: true }),
  ];
}

/** Detailed metrics are kept apart for every method. */
function methodSettings(resource: GraphResource, { all, workload }: Context): readonly Charge[] {
  const region = regionOf(resource);
  const methods = all('aws:apigateway/method:Method').filter((one) => one.region === region).length;
  if (textAt(resource, 'settings.metricsEnabled') === 'false' || !isOn(resource)) return [];
  return [
    charge({
      service: 'CloudWatch',
      what: "metrics of the API's methods",
      id: 'cloudwatch.metric',
      region,
      quantity: methods * workload.methodMetrics,
    }),
  ];
}

function isOn({ inputs }: GraphResource): boolean {
  const { settings } = inputs;
  return typeof settings === 'object' && settings !== null && Reflect.get(settings, 'metricsEnabled') === true;
}

/** Options that cost extra, each: HTTPS, a text to look for, every 10 s, a latency graph (Route 53's pricing page). */
function options(resource: GraphResource): number {
  const type = neededText(resource, 'type');
  return [
    type.startsWith('HTTPS'),
    type.endsWith('STR_MATCH'),
    numberAt(resource, 'requestInterval') === 10,
    resource.inputs['measureLatency'] === true,
  ].filter(Boolean).length;
}

/**
 * Our endpoints are AWS's: API Gateway and a load balancer in the same account. A check of an alarm or of other checks costs as
 * much as the cheapest one. Charged to no region: Route 53 is global.
 */
function healthCheck(resource: GraphResource, { places }: Context): readonly Charge[] {
  const line = { service: 'Route 53', region: places.primary, standby: true } as const;
  const isEndpoint = textAt(resource, 'fqdn') !== undefined || textAt(resource, 'ipAddress') !== undefined;
  const basic = charge({ ...line, what: 'health checks', id: 'route53.check', quantity: 1 });
  if (!isEndpoint) return [global(basic)];
  const extra = charge({
    ...line,
    what: 'options of health checks',
    id: 'route53.check.feature',
    quantity: options(resource),
  });
  return [global(basic), global(extra)];
}

function zone(_: GraphResource, { places }: Context): readonly Charge[] {
  const line = { service: 'Route 53', what: 'hosted zones', id: 'route53.zone', region: places.primary } as const;
  return [global(charge({ ...line, quantity: 1 }))];
}

/** Queries are counted once, with the first record: they are the zone's, and an existing zone is not in the graph. */
function record(resource: GraphResource, { all, places, workload }: Context): readonly Charge[] {
  if (all(resource.type)[0]?.urn !== resource.urn) return [];
  const quantity = (workload.queriesPerSecond * SECONDS) / 1e6;
  const line = { service: 'Route 53', what: 'queries', id: 'route53.query', region: places.primary } as const;
  return [global(charge({ ...line, quantity }))];
}

const global = (one: Charge): Charge => ({ ...one, region: undefined });

/** Orders in and out, and the pollers of every queue that a function consumes. */
function queue(resource: GraphResource, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  const name = neededText(resource, 'name');
  const consumed = context
    .all('aws:lambda/eventSourceMapping:EventSourceMapping')
    .some((one) => one.region === region && (textAt(one, 'eventSourceArn') ?? '').endsWith(`:${name}`));
  if (!consumed) return [];
  const messages = apiTraffic(region, context).orders * 3;
  const polls = context.workload.pollsPerMinute * MINUTES;
  return [
    charge({
      service: 'SQS',
      what: 'requests of queues',
      id: 'sqs.request',
      region,
      quantity: (messages + polls) / 1e6,
    }),
  ];
}

function topic(resource: GraphResource, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  const quantity = (emails(region, context) * context.workload.emailsPerMonth) / 1_000;
  return quantity === 0 ? [] : [charge({ service: 'SNS', what: 'e-mails', id: 'sns.email', region, quantity })];
}

export const NETWORK_RULES: Readonly<Record<string, Rule>> = {
  [NAT]: natGateway,
  'aws:ec2/eip:Eip': (resource) => [address(regionOf(resource), 1)],
  'aws:ec2/vpcEndpoint:VpcEndpoint': vpcEndpoint,
  'aws:ec2/flowLog:FlowLog': flowLog,
  'aws:lb/loadBalancer:LoadBalancer': loadBalancer,
  'aws:apigateway/restApi:RestApi': restApi,
  'aws:apigateway/methodSettings:MethodSettings': methodSettings,
  'aws:route53/healthCheck:HealthCheck': healthCheck,
  'aws:route53/zone:Zone': zone,
  'aws:route53/record:Record': record,
  'aws:sqs/queue:Queue': queue,
  'aws:sns/topic:Topic': topic,
};
