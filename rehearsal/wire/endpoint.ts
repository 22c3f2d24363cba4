import type { ServiceName } from '../aws/service';
import type { Endpoint } from './wire';

/** Endpoint prefixes that are not the service's name. */
const PREFIXES: Readonly<Record<string, ServiceName>> = {
  autoscaling: 'autoscaling',
  dynamodb: 'dynamodb',
  lambda: 'lambda',
  monitoring: 'cloudwatch',
  rds: 'rds',
  secretsmanager: 'secretsmanager',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
};

const known = new Map<string, Endpoint>();

/**
 * Which service and region a host name is (AWS general reference, "Service endpoints").
 * @throws Error for a host that is no endpoint of a modelled service.
 */
export function endpointOf(hostname: string): Endpoint {
  const found = known.get(hostname) ?? parse(hostname);
  known.set(hostname, found);
  return found;
}

function parse(hostname: string): Endpoint {
  if (hostname === 'route53.amazonaws.com') return { service: 'route53', region: 'global' };
  const bucket = /(?:^|\.)s3\.([a-z0-9-]+)\.amazonaws\.com$/.exec(hostname)?.[1];
  if (bucket !== undefined) return { service: 's3', region: bucket };
  const [, prefix = '', region = ''] = /^([a-z0-9]+)\.([a-z0-9-]+)\.amazonaws\.com$/.exec(hostname) ?? [];
  const service = PREFIXES[prefix];
  if (service === undefined) throw new Error(`${hostname} is not the endpoint of a modelled service`);
  return { service, region };
}
