import { NO_OPTIONS } from '../../support/resource-options';
import { Graph } from '../../../analysis/graph/graph';
import type { GraphResource, Values } from '../../../analysis/graph/graph';
import { estimateCost } from '../../../analysis/cost/estimate';
import type { CostEstimate, CostLine } from '../../../analysis/cost/estimate';
import type { Workload } from '../../../analysis/cost/workload';

/** The regions of the hand-made graphs. */
export const PLACES = { primary: 'eu-central-1', dr: 'eu-central-2' };

/** A resource with nothing but its type, its inputs and its region. */
export function resource(type: string, inputs: Values = {}, region = 'eu-central-1', name = 'it'): GraphResource {
  return {
    urn: `urn:${region}:${type}:${name}`,
    type,
    name,
    kind: 'resource',
    id: `${name}-id`,
    inputs,
    outputs: {},
    secretInputs: [],
    provider: undefined,
    region,
    parent: undefined,
    dependencies: [],
    propertyDependencies: {},
    options: NO_OPTIONS,
  };
}

export function graphOf(...resources: readonly GraphResource[]): Graph {
  return new Graph('tap', 'hand', resources, [], {}, []);
}

/** What a hand-made graph costs. Unless it is given, there is no traffic at all. */
export function costOf(
  resources: readonly GraphResource[],
  workload: Partial<Workload> = { ordersPerSecond: 0, readsPerSecond: 0 },
): CostEstimate {
  return estimateCost(graphOf(...resources), { places: PLACES, workload });
}

/** The one line of an estimate that says this; fails naming all lines. */
export function line({ lines }: CostEstimate, what: string, region = 'eu-central-1'): CostLine {
  const found = lines.filter((one) => one.what === what && (one.region ?? 'global') === region);
  const [one] = found;
  if (one && found.length === 1) return one;
  throw new Error(
    `${found.length} lines say "${what}" in ${region}: ${lines.map((l) => `${l.what} ${l.region}`).join('; ')}`,
  );
}

/** USD a month of all lines that say this. */
export const usdOf = (estimate: CostEstimate, what: string, region = 'eu-central-1'): number =>
  estimate.lines
    .filter((one) => one.what === what && (one.region ?? 'global') === region)
    .reduce((sum, { usd }) => sum + usd, 0);

/** A function that logs under this name. */
export function lambda(
  service: string,
  variables: Record<string, string> = {},
  memorySize = 512,
  region = 'eu-central-1',
) {
  const environment = { variables: { POWERTOOLS_SERVICE_NAME: service, ...variables } };
  return resource(
    'aws:lambda/function:Function',
    { name: `${service}-dev`, memorySize, architectures: ['x86_64'], environment },
    region,
    service,
  );
}

/** A rule and its target, as the program makes them. */
export function schedule(service: string, rate: string, region = 'eu-central-1') {
  return [
    resource(
      'aws:cloudwatch/eventRule:EventRule',
      { name: `${service}-dev`, scheduleExpression: rate },
      region,
      service,
    ),
    resource(
      'aws:cloudwatch/eventTarget:EventTarget',
      { arn: `arn:aws:lambda:${region}:1:function:${service}-dev`, rule: `${service}-dev` },
      region,
      service,
    ),
  ];
}
