import { NO_OPTIONS } from '../../support/resource-options';
import { Graph } from '../../../analysis/graph/graph';
import type { GraphResource, Values } from '../../../analysis/graph/graph';
import type { HttpResult } from '../../../rehearsal/aws/ports';
import { Route53 } from '../../../rehearsal/aws/route53/route53';
import type { AnswerChange, HealthChange, Route53Ports } from '../../../rehearsal/aws/route53/route53';
import { ROUTE53_NATURE, type Route53Nature } from '../../../rehearsal/aws/route53/nature';
import type { Call, WireFields } from '../../../rehearsal/aws/service';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';

export const START = Date.UTC(2026, 0, 1);
export const MARKER = 'VALID_TRADING_DATA';

/** One resource of a graph made by hand. */
export function resource(
  type: string,
  name: string,
  inputs: Values,
  { id = name, outputs = {}, region = 'eu-central-2' }: { id?: string; outputs?: Values; region?: string } = {},
): GraphResource {
  return {
    urn: `urn:${type}::${name}`,
    type,
    name,
    kind: 'resource',
    id,
    inputs,
    outputs: { ...inputs, ...outputs },
    secretInputs: [],
    provider: undefined,
    region,
    parent: undefined,
    dependencies: [],
    propertyDependencies: {},
    options: NO_OPTIONS,
  };
}

export function graphOf(...resources: GraphResource[]): Graph {
  return new Graph('tap', 'test', resources, [], {}, []);
}

export function check(id: string, inputs: Values): GraphResource {
  return resource('aws:route53/healthCheck:HealthCheck', id, inputs, { id });
}

export function endpointCheck(id: string, inputs: Values = {}): GraphResource {
  return check(id, {
    type: 'HTTPS_STR_MATCH',
    fqdn: 'api-eu-central-1.example.com',
    port: 443,
    resourcePath: '/health',
    searchString: MARKER,
    requestInterval: 10,
    failureThreshold: 3,
    ...inputs,
  });
}

export function alarm(name: string, inputs: Values = {}, region = 'eu-central-2'): GraphResource {
  const settings = { name, period: 60, evaluationPeriods: 1, statistic: 'Maximum', treatMissingData: 'missing' };
  return resource('aws:cloudwatch/metricAlarm:MetricAlarm', name, { ...settings, ...inputs }, { region });
}

export function alarmCheck(id: string, inputs: Values = {}): GraphResource {
  return check(id, {
    type: 'CLOUDWATCH_METRIC',
    cloudwatchAlarmName: 'switch',
    cloudwatchAlarmRegion: 'eu-central-2',
    insufficientDataHealthStatus: 'LastKnownStatus',
    ...inputs,
  });
}

export function record(name: string, inputs: Values): GraphResource {
  const { setIdentifier = '' } = inputs;
  return resource(
    'aws:route53/record:Record',
    `${name}-${String(inputs['type'])}-${String(setIdentifier)}`,
    { name, zoneId: 'ZONE', ...inputs },
    { outputs: { fqdn: name } },
  );
}

export function failover(name: string, role: 'PRIMARY' | 'SECONDARY', inputs: Values): GraphResource {
  return record(name, { setIdentifier: role, failoverRoutingPolicies: [{ type: role }], ...inputs });
}

export function balancer(dnsName: string): GraphResource {
  return resource('aws:lb/loadBalancer:LoadBalancer', dnsName, {}, { outputs: { dnsName } });
}

export function apiName(regionalDomainName: string): GraphResource {
  return resource('aws:apigateway/domainName:DomainName', regionalDomainName, {}, { outputs: { regionalDomainName } });
}

/** What the endpoint does with a request at this moment. */
export type Endpoint = (
  place: string,
  fqdn: string,
) => { readonly afterMs: number; readonly result: HttpResult } | 'silence';

export const well = (connectMs = 40, afterMs = 80): ReturnType<Endpoint> => ({
  afterMs,
  result: { kind: 'answered', answer: { status: 200, body: `{"status":"${MARKER}"}` }, connectMs },
});

export const broken = (status = 503, body = '{"status":"UNAVAILABLE"}'): ReturnType<Endpoint> => ({
  afterMs: 80,
  result: { kind: 'answered', answer: { status, body }, connectMs: 40 },
});

/** A Route 53 with nothing else around it. Times in seconds since its start. */
export class Bench {
  readonly clock = new VirtualClock(START);
  readonly health: { at: number; checkId: string; healthy: boolean }[] = [];
  readonly answers: { at: number; name: string; values: readonly string[] }[] = [];
  readonly requests: { at: number; place: string; fqdn: string }[] = [];
  readonly route53: Route53;
  endpoint: Endpoint = () => well();
  alarmState: 'ALARM' | 'INSUFFICIENT_DATA' | 'OK' | undefined = 'OK';
  heard = true;

  constructor(
    graph: Graph,
    {
      seed = 'seed',
      nature = {},
      ports = {},
    }: {
      seed?: string;
      nature?: Partial<Route53Nature>;
      ports?: Partial<Route53Ports>;
    } = {},
  ) {
    this.route53 = new Route53(
      graph,
      this.clock,
      new Random(seed),
      {
        alarms: { state: () => this.alarmState },
        hears: () => this.heard,
        probe: (place, fqdn, _path, done) => {
          this.requests.push({ at: this.seconds(), place, fqdn });
          const outcome = this.endpoint(place, fqdn);
          if (outcome !== 'silence') this.clock.after(outcome.afterMs, () => done(outcome.result));
        },
        onHealth: ({ checkId, healthy }: HealthChange) => this.health.push({ at: this.seconds(), checkId, healthy }),
        onAnswer: ({ name, values }: AnswerChange) => this.answers.push({ at: this.seconds(), name, values }),
        ...ports,
      },
      { ...ROUTE53_NATURE, ...nature },
    );
    this.route53.start();
  }

  seconds(): number {
    return (this.clock.now() - START) / 1_000;
  }

  until(seconds: number): Promise<void> {
    return this.clock.run(START + seconds * 1_000);
  }
}

export function changeCall(input: WireFields): Call {
  const caller = { principal: 'arn:aws:iam::123456789012:role/any', from: 'eu-central-2', name: 'any' };
  return { region: 'global', service: 'route53', operation: 'ChangeResourceRecordSets', input, caller };
}

export function upsert(name: string, value: string, zone = 'ZONE'): Call {
  const set = { Name: name, Type: 'TXT', TTL: 60, ResourceRecords: [{ Value: value }] };
  return changeCall({ HostedZoneId: zone, ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet: set }] } });
}
