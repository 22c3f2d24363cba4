import type { Policy, QuotaName } from '../../lambda/readiness/facts';
import type { Graph } from '../graph/graph';
import { subjectsOf } from './subjects';
import { fieldsOf, numberOf } from './values';

/** Which resources count against which quota, and whether the quota is the account's or each region's. */
const COUNTED: Readonly<Record<QuotaName, { readonly type: string; readonly per: 'account' | 'region' }>> = {
  vpcs: { type: 'aws:ec2/vpc:Vpc', per: 'region' },
  'internet-gateways': { type: 'aws:ec2/internetGateway:InternetGateway', per: 'region' },
  'elastic-ips': { type: 'aws:ec2/eip:Eip', per: 'region' },
  'iam-roles': { type: 'aws:iam/role:Role', per: 'account' },
  's3-buckets': { type: 'aws:s3/bucket:Bucket', per: 'account' },
  'health-checks': { type: 'aws:route53/healthCheck:HealthCheck', per: 'account' },
  'db-clusters': { type: 'aws:rds/cluster:Cluster', per: 'region' },
  'api-domains': { type: 'aws:apigateway/domainName:DomainName', per: 'region' },
};

/**
 * What the facts about one region are compared with, from the evaluated program.
 *
 * @param here the region that would take over: before a deployment, dr.
 * @param now milliseconds since 1970.
 */
export function graphPolicy(graph: Graph, here: string, now: number): Policy {
  const { region, otherRegion, witnessRegion, env, maybe } = subjectsOf(graph, here);
  const orchestratorArn = maybe('ORCHESTRATOR_ARN');
  return {
    now,
    here: { region, clusterArn: env('OWN_CLUSTER_ARN') },
    there: { region: otherRegion, clusterArn: env('OTHER_CLUSTER_ARN') },
    rpoMs: Number(env('RPO_SECONDS')) * 1_000,
    fleetFloor: maybe('FLEET_GROUP') === undefined ? 0 : Number(env('FLEET_FLOOR')),
    concurrencyNeeded: Number(env('CONCURRENCY_NEEDED')),
    requestsPerSecond: requestsPerSecond(graph),
    ...(orchestratorArn !== undefined && { trigger: { alarmArn: env('TRIGGER_ALARM_ARN'), orchestratorArn } }),
    regions: [env('PRIMARY_REGION'), env('DR_REGION'), ...(witnessRegion === undefined ? [] : [witnessRegion])],
    setsApiLoggingRole: graph.all('aws:apigateway/account:Account').length > 0,
    demands: demandsOf(graph),
  };
}

/** The highest throttle of any stage. */
function requestsPerSecond(graph: Graph): number {
  const rates = graph
    .all('aws:apigateway/methodSettings:MethodSettings')
    .map(({ inputs }) => numberOf(fieldsOf(inputs['settings'])['throttlingRateLimit']) ?? 0);
  return Math.max(0, ...rates);
}

/** How much of each quota the stack takes, by region, or by `global` for what is counted for the account. */
export function demandsOf(graph: Graph): Policy['demands'] {
  return Object.fromEntries(
    Object.entries(COUNTED).map(([name, { type, per }]) => {
      const counts: Record<string, number> = {};
      for (const { region = 'global' } of graph.all(type)) {
        const place = per === 'account' ? 'global' : region;
        counts[place] = (counts[place] ?? 0) + 1;
      }
      return [name, counts];
    }),
  );
}
