import { at, isPrimary, listAt, neededText, numberAt, rateMinutes, regionOf, textAt } from './charge';
import { ticking } from './ticks';
import { MINUTES, SECONDS } from './workload';
import type { GraphResource } from '../graph/graph';
import type { Context } from './charge';

/** Requests a month that reach a region's REST API, by where they come from. */
export interface ApiTraffic {
  readonly orders: number;
  readonly reads: number;
  /** Of Route 53's checkers and of canaries; all for the path of health. */
  readonly checks: number;
}

const DOMAIN = 'aws:apigateway/domainName:DomainName';
const CHECK = 'aws:route53/healthCheck:HealthCheck';
const CANARY = 'aws:synthetics/canary:Canary';
const FUNCTION = 'aws:lambda/function:Function';

/** What a region's API has to answer: clients in primary; checks, canaries and probes wherever they ask. */
export function apiTraffic(region: string, context: Context): ApiTraffic {
  const { workload } = context;
  const clients = isPrimary(region, context) ? SECONDS : 0;
  const probes = probesOf(region, context);
  return {
    orders: workload.ordersPerSecond * clients + probes,
    reads: workload.readsPerSecond * clients + probes * Math.max(0, workload.requestsPerProbe - 1),
    checks: checksOf(region, context) + canaryRequestsOf(region, context),
  };
}

/** Orders and payments a month that a region processes; probes are orders. */
export function ordersOf(region: string, context: Context): number {
  return apiTraffic(region, context).orders;
}

/** By the checkers of every endpoint check whose host is a name of the API in the region. */
function checksOf(region: string, { all, workload }: Context): number {
  const hosts = hostsOf(region, all(DOMAIN));
  return all(CHECK)
    .filter((check) => hosts.has(textAt(check, 'fqdn') ?? ''))
    .reduce((sum, check) => sum + (workload.checkers * SECONDS) / (numberAt(check, 'requestInterval') ?? 30), 0);
}

function canaryRequestsOf(region: string, { all }: Context): number {
  const hosts = [...hostsOf(region, all(DOMAIN))];
  return all(CANARY).reduce((sum, canary) => {
    const urls = textAt(canary, 'runConfig.environmentVariables.CANARY_URLS') ?? '';
    const asked = hosts.filter((host) => urls.includes(`://${host}/`)).length;
    return sum + asked * canaryRuns(canary);
  }, 0);
}

/** A name that both regions have is asked where primary is: there it resolves. */
function hostsOf(region: string, domains: readonly GraphResource[]): ReadonlySet<string> {
  const owner = new Map<string, string>();
  for (const domain of domains) {
    const host = neededText(domain, 'domainName');
    if (!owner.has(host)) owner.set(host, regionOf(domain));
  }
  return new Set([...owner].flatMap(([host, where]) => (where === region ? [host] : [])));
}

/** Runs a month. */
export function canaryRuns(canary: GraphResource): number {
  return MINUTES / rateMinutes(neededText(canary, 'schedule.expression'), canary.name);
}

/** Probes of other regions that ask for the API of this one. */
function probesOf(region: string, { all }: Context): number {
  const hosts = hostsOf(region, all(DOMAIN));
  return all(FUNCTION)
    .filter((one) => hosts.has((textAt(one, 'environment.variables.TARGET_URL') ?? '').replace('https://', '')))
    .reduce((sum, one) => sum + (ticking(one)?.ticks ?? 0), 0);
}

/** E-mail addresses of a region's topic, as the graph has them. */
export function emails(region: string, { all }: Context): number {
  return all('aws:sns/topicSubscription:TopicSubscription').filter(
    (one) => one.region === region && at(one.inputs, 'protocol') === 'email',
  ).length;
}

/** Names of the API's functions by what they answer; Lambda's proxy integrations name them. */
export function apiFunctions(region: string, { all }: Context): ReadonlySet<string> {
  return new Set(
    all('aws:apigateway/integration:Integration')
      .filter((one) => one.region === region)
      .flatMap((one) => /:function:([^/:]+)/.exec(textAt(one, 'uri') ?? '')?.[1] ?? []),
  );
}

/** Rules with time control of a replication configuration. */
export function timedRules(replication: GraphResource): number {
  return listAt(replication, 'rules').filter((rule) => at(rule, 'destination.replicationTime.status') === 'Enabled')
    .length;
}
