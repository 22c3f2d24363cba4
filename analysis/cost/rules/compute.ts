import {
  at,
  charge,
  CostError,
  isPrimary,
  listAt,
  neededNumber,
  neededText,
  numberAt,
  rateMinutes,
  regionOf,
  textAt,
} from '../charge';
import { instancePrice } from '../prices';
import { serviceOf, TICK_CALLS, ticking } from '../ticks';
import { apiFunctions, apiTraffic, ordersOf } from '../traffic';
import { HOURS, MINUTES, SECONDS } from '../workload';
import type { GraphResource } from '../../graph/graph';
import type { Charge, Context, Rule } from '../charge';

const FUNCTION = 'aws:lambda/function:Function';
const TEMPLATE = 'aws:ec2/launchTemplate:LaunchTemplate';

/** A group at its least size: what runs when nobody asks for more. */
function group(resource: GraphResource, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  const template = templateOf(resource, context);
  const instances = Math.max(neededNumber(resource, 'minSize'), numberAt(resource, 'desiredCapacity') ?? 0);
  const price = instancePrice(neededText(template, 'instanceType'), region);
  const service = 'EC2';
  return [
    {
      service,
      what: `${neededText(template, 'instanceType')} of the fleet`,
      region,
      quantity: instances * HOURS,
      price,
      standby: false,
    },
    charge({ service, what: 'disks of the fleet', id: 'ebs.gp3', region, quantity: instances * diskGb(template) }),
    ...(isMonitored(template)
      ? [
          charge({
            service: 'CloudWatch',
            what: "metrics of the fleet's instances",
            id: 'cloudwatch.metric',
            region,
            quantity: instances * context.workload.instanceMetrics,
          }),
        ]
      : []),
  ];
}

/** @throws CostError when the graph does not have it. */
function templateOf(resource: GraphResource, { all }: Context): GraphResource {
  const id = textAt(resource, 'launchTemplate.id');
  const template = all(TEMPLATE).find((one) => one.id === id && one.region === resource.region);
  if (template) return template;
  throw new CostError(`the launch template ${id ?? '(none)'} of ${resource.name} is not in the graph`);
}

function diskGb(template: GraphResource): number {
  return listAt(template, 'blockDeviceMappings').reduce<number>(
    (sum, disk) => sum + Number(at(disk, 'ebs.volumeSize') ?? 0),
    0,
  );
}

const isMonitored = ({ inputs }: GraphResource): boolean => at(inputs, 'monitoring.enabled') === true;

/** How often a function runs a month for one reason, and for how long in all. */
interface Runs {
  readonly invocations: number;
  readonly seconds: number;
  readonly ticks: number;
  readonly isScheduled: boolean;
}

const NEVER: Runs = { invocations: 0, seconds: 0, ticks: 0, isScheduled: false };

/** By every rule of EventBridge with a schedule that targets it. */
function scheduled(resource: GraphResource, { all, workload }: Context): Runs {
  const arn = `:function:${neededText(resource, 'name')}`;
  const here = ({ region }: GraphResource): boolean => region === resource.region;
  const targets = all('aws:cloudwatch/eventTarget:EventTarget').filter(
    (one) => here(one) && (textAt(one, 'arn') ?? '').endsWith(arn),
  );
  const rates = targets.flatMap((target) => {
    const rule = all('aws:cloudwatch/eventRule:EventRule').find(
      (one) => here(one) && textAt(one, 'name') === textAt(target, 'rule'),
    );
    const expression = rule && textAt(rule, 'scheduleExpression');
    return rule && expression !== undefined ? [rateMinutes(expression, rule.name)] : [];
  });
  const invocations = rates.reduce((sum, minutes) => sum + MINUTES / minutes, 0);
  const loop = ticking(resource);
  const each = loop ? loop.lastTick + workload.tickSeconds : workload.taskSeconds;
  const isScheduled = invocations > 0;
  return { invocations, seconds: invocations * each, ticks: isScheduled ? (loop?.ticks ?? 0) : 0, isScheduled };
}

/** By the REST API: checks go to health, and clients to the other functions in equal parts. */
function requested(resource: GraphResource, context: Context): Runs {
  const region = regionOf(resource);
  const functions = apiFunctions(region, context);
  if (!functions.has(neededText(resource, 'name'))) return NEVER;
  const { orders, reads, checks } = apiTraffic(region, context);
  const others = context
    .all(FUNCTION)
    .filter((one) => one.region === region && functions.has(neededText(one, 'name')) && serviceOf(one) !== 'health');
  const invocations = serviceOf(resource) === 'health' ? checks : (orders + reads) / Math.max(1, others.length);
  return { ...NEVER, invocations, seconds: invocations * context.workload.handlerSeconds };
}

/** By a queue; a batch of one, because at this load no two orders wait together. */
function consumed(resource: GraphResource, context: Context): Runs {
  const name = neededText(resource, 'name');
  const isConsumer = context
    .all('aws:lambda/eventSourceMapping:EventSourceMapping')
    .some((one) => one.region === resource.region && (textAt(one, 'functionName') ?? '').endsWith(name));
  if (!isConsumer) return NEVER;
  const invocations = ordersOf(regionOf(resource), context);
  return { ...NEVER, invocations, seconds: invocations * context.workload.handlerSeconds };
}

/** A function may work on a schedule and for requests, too; what only a run or an operator calls is no month's cost. */
function lambda(resource: GraphResource, context: Context): readonly Charge[] {
  const reasons = [scheduled(resource, context), requested(resource, context), consumed(resource, context)];
  return reasons.flatMap((runs) => (runs.invocations === 0 ? [] : chargesOf(resource, runs, context)));
}

function chargesOf(resource: GraphResource, runs: Runs, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  // Checks are there so that one region can take over from the other.
  const isForChecks = !runs.isScheduled && serviceOf(resource) === 'health';
  const standby = isForChecks || TICKS_FOR_TWO.has(serviceOf(resource));
  const what = runs.isScheduled ? 'functions on a schedule' : 'functions for requests and orders';
  const gigabytes = (numberAt(resource, 'memorySize') ?? 128) / 1_024;
  const line = { service: 'Lambda', what, region, standby } as const;
  const where = { region, standby, context };
  return [
    charge({ ...line, id: `lambda.${architecture(resource)}`, quantity: runs.seconds * gigabytes }),
    charge({ ...line, id: 'lambda.request', quantity: runs.invocations / 1e6 }),
    ...logs(resource, runs, where),
    traces(runs, where),
    ...calls(resource, runs, where),
  ];
}

/** Functions that one region alone would not need. */
const TICKS_FOR_TWO: ReadonlySet<string> = new Set([
  'heartbeat',
  'primary-probe',
  'replication-monitor',
  'parameter-replicator',
  'readiness',
]);

interface Where {
  readonly region: string;
  readonly standby: boolean;
  readonly context: Context;
}

function architecture(resource: GraphResource): 'x86_64' | 'arm64' {
  const architectures = resource.inputs['architectures'];
  return Array.isArray(architectures) && architectures.includes('arm64') ? 'arm64' : 'x86_64';
}

/** What it writes, and what its log group keeps of it. */
function logs(resource: GraphResource, runs: Runs, { region, standby, context }: Where): readonly Charge[] {
  const name = `/aws/lambda/${neededText(resource, 'name')}`;
  const group = context
    .all('aws:cloudwatch/logGroup:LogGroup')
    .find((one) => one.region === region && textAt(one, 'name') === name);
  const months = ((group && numberAt(group, 'retentionInDays')) ?? 30) / 30;
  const written = ((runs.invocations + runs.ticks) * context.workload.logBytes) / 1e9;
  const line = { service: 'CloudWatch', region, standby } as const;
  return [
    charge({ ...line, what: 'logs of functions', id: 'logs.ingest', quantity: written }),
    charge({ ...line, what: 'kept logs', id: 'logs.store', quantity: written * months }),
  ];
}

/** Every invocation of a schedule, because there is at most one a second; of requests a share. */
function traces({ invocations, isScheduled }: Runs, { region, standby, context }: Where): Charge {
  const quantity = (invocations * (isScheduled ? 1 : context.workload.tracedShare)) / 1e6;
  return charge({ service: 'X-Ray', what: 'traces', id: 'xray.trace', region, quantity, standby });
}

/** What the ticks of a function ask of DynamoDB and CloudWatch. */
function calls(resource: GraphResource, { ticks }: Runs, { region, standby, context }: Where): readonly Charge[] {
  const each = TICK_CALLS[serviceOf(resource)];
  if (!each || ticks === 0) return [];
  const registers = each.registers === true ? registerRegions(context) : [];
  const writes = isPrimary(region, context) ? 1 : 0;
  const service = 'DynamoDB';
  const unit = (at: string, reads: number, written: number): readonly Charge[] => [
    charge({
      service,
      what: 'reads of ticks',
      id: 'dynamodb.read',
      region: at,
      quantity: (reads * ticks) / 1e6,
      standby,
    }),
    charge({
      service,
      what: 'writes of ticks',
      id: 'dynamodb.write',
      region: at,
      quantity: (written * ticks) / 1e6,
      standby,
    }),
  ];
  return [
    ...unit(region, each.reads, each.writes),
    ...registers.flatMap((at) => unit(at, 1, writes)),
    charge({
      service: 'CloudWatch',
      what: 'requests of ticks',
      id: 'cloudwatch.request',
      region,
      quantity: (each.metricRequests * ticks) / 1_000,
      standby,
    }),
  ];
}

/** Where the registers are: primary, dr and, if there is one, the witness. */
function registerRegions({ all }: Context): readonly string[] {
  return all('aws:dynamodb/table:Table').flatMap((one) =>
    (textAt(one, 'name') ?? '').startsWith('register-') ? [regionOf(one)] : [],
  );
}

/** Kept warm all month, used or not. */
function provisioned(resource: GraphResource, { all }: Context): readonly Charge[] {
  const region = regionOf(resource);
  const name = neededText(resource, 'functionName');
  const target = all(FUNCTION).find((one) => one.region === region && name.includes(neededText(one, 'name')));
  if (!target) throw new CostError(`${resource.name} keeps ${name} warm, which is not in the graph`);
  const gigabytes = (numberAt(target, 'memorySize') ?? 128) / 1_024;
  const environments = neededNumber(resource, 'provisionedConcurrentExecutions');
  return [
    charge({
      service: 'Lambda',
      what: 'functions that are kept warm',
      id: `lambda.provisioned.${architecture(target)}`,
      region,
      quantity: environments * gigabytes * SECONDS,
    }),
  ];
}

export const COMPUTE_RULES: Readonly<Record<string, Rule>> = {
  'aws:autoscaling/group:Group': group,
  [FUNCTION]: lambda,
  'aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig': provisioned,
};
