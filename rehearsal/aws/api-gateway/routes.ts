import { text } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';
import { numberIn, oncePerGraph, regionOf, textIn } from '../sqs/input';
import type { Graph, GraphResource, Value, Values } from '../../../analysis/graph/graph';
import type { Throttling } from './throttle';

/** One method of a resource with its integration. */
export interface Route {
  readonly functionArn: string;
  /** What Lambda's resource policy sees as the source. */
  readonly sourceArn: string;
  readonly resourceId: string;
  /** `/orders/{orderId}` */
  readonly resourcePath: string;
  /** Milliseconds that the integration has. */
  readonly timeoutMs: number;
  readonly throttling: Throttling | undefined;
}

/** One stage of an API. */
export interface Stage {
  readonly name: string;
  readonly apiId: string;
  readonly apiName: string;
  readonly account: string;
  readonly region: string;
  readonly root: PathNode;
}

/** One level of an API's paths. */
export interface PathNode {
  readonly below: Map<string, PathNode>;
  /** `{orderId}`: the level's one variable. */
  variable: { readonly name: string; readonly node: PathNode } | undefined;
  readonly methods: Map<string, Route>;
}

/** What one custom domain name leads to. */
export interface Domain {
  readonly name: string;
  readonly region: string;
  /** What alias records name. */
  readonly address: string;
  readonly stage: Stage;
}

/** API Gateway guide, "Amazon API Gateway important notes" and quotas: an integration's time by default, milliseconds. */
const INTEGRATION_MS = 29_000;

const emptyNode = (): PathNode => ({ below: new Map(), variable: undefined, methods: new Map() });

/** @throws NotModelledError for what is not a regional API behind a custom domain name with proxy integrations. */
export const domainsOf = oncePerGraph((graph): readonly Domain[] => {
  const stages = graph.all('aws:apigateway/stage:Stage').map((resource) => stageOf(graph, resource));
  const mappings = graph.all('aws:apigateway/basePathMapping:BasePathMapping');
  return graph.all('aws:apigateway/domainName:DomainName').map((resource) => {
    const name = text(resource.inputs, 'domainName');
    const region = regionOf(resource);
    const mapping = mappings.filter((one) => one.region === region && one.inputs['domainName'] === name);
    const [only] = mapping;
    if (only === undefined || mapping.length > 1 || (textIn(only.inputs, 'basePath') ?? '') !== '') {
      throw new NotModelledError(`${resource.urn}: a domain name without exactly one mapping of the empty path`);
    }
    const { restApi, stageName } = only.inputs;
    const stage = stages.find((one) => one.apiId === restApi && one.name === stageName);
    if (stage === undefined) throw new NotModelledError(`${only.urn}: a mapping to no stage`);
    return { name, region, address: text(resource.outputs, 'regionalDomainName'), stage };
  });
});

function stageOf(graph: Graph, resource: GraphResource): Stage {
  const apiId = text(resource.inputs, 'restApi');
  const stageName = text(resource.inputs, 'stageName');
  const api = graph.all('aws:apigateway/restApi:RestApi').find(({ id }) => id === apiId);
  if (api === undefined) throw new NotModelledError(`${resource.urn}: a stage of no API`);
  const executionArn = text(resource.outputs, 'executionArn');
  const root = emptyNode();
  const places = new Map([[text(api.outputs, 'rootResourceId'), { path: '', node: root }]]);
  const resources = graph.all('aws:apigateway/resource:Resource').filter(({ inputs }) => inputs['restApi'] === apiId);
  placeResources(resources, places);
  const throttling = throttlingOf(graph, apiId, stageName);
  for (const integration of graph.all('aws:apigateway/integration:Integration')) {
    const { inputs } = integration;
    if (inputs['restApi'] !== apiId) continue;
    const resourceId = text(inputs, 'resourceId');
    const place = places.get(resourceId);
    if (place === undefined) throw new NotModelledError(`${integration.urn}: an integration of no resource`);
    const method = text(inputs, 'httpMethod');
    place.node.methods.set(method, {
      functionArn: functionOf(integration),
      sourceArn: `${executionArn}/${method}${place.path === '' ? '/' : place.path}`,
      resourceId,
      resourcePath: place.path === '' ? '/' : place.path,
      timeoutMs: numberIn(inputs, 'timeoutMilliseconds', INTEGRATION_MS),
      throttling,
    });
  }
  const account = executionArn.split(':')[4] ?? '';
  return { name: stageName, apiId, apiName: text(api.inputs, 'name'), account, region: regionOf(resource), root };
}

/** A resource may be listed before its parent. */
function placeResources(
  resources: readonly GraphResource[],
  places: Map<string, { readonly path: string; readonly node: PathNode }>,
): void {
  let left = resources;
  while (left.length > 0) {
    const later = left.filter((resource) => {
      const above = places.get(text(resource.inputs, 'parentId'));
      if (above === undefined) return true;
      const part = text(resource.inputs, 'pathPart');
      places.set(resource.id, { path: `${above.path}/${part}`, node: childOf(above.node, part, resource.urn) });
      return false;
    });
    if (later.length === left.length) throw new NotModelledError(`${later[0]?.urn ?? ''}: a resource below none`);
    left = later;
  }
}

function childOf(above: PathNode, part: string, urn: string): PathNode {
  const node = emptyNode();
  if (part.endsWith('+}')) throw new NotModelledError(`${urn}: greedy path variables are not modelled`);
  if (part.startsWith('{')) above.variable = { name: part.slice(1, -1), node };
  else above.below.set(part, node);
  return node;
}

function functionOf({ inputs, urn }: GraphResource): string {
  const arn = /:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(text(inputs, 'uri'))?.[1];
  if (inputs['type'] !== 'AWS_PROXY' || arn === undefined) {
    throw new NotModelledError(`${urn}: an integration that is no Lambda proxy`);
  }
  return arn;
}

/** The stage's settings for every method: a limit of its own for each of them. */
function throttlingOf(graph: Graph, apiId: string, stageName: string): Throttling | undefined {
  const all = graph
    .all('aws:apigateway/methodSettings:MethodSettings')
    .filter(({ inputs }) => inputs['restApi'] === apiId && inputs['stageName'] === stageName);
  const [only] = all;
  if (only === undefined) return undefined;
  if (all.length > 1 || only.inputs['methodPath'] !== '*/*') {
    throw new NotModelledError(`${only.urn}: settings of single methods are not modelled`);
  }
  const settings: Value = only.inputs['settings'];
  if (!isValues(settings)) return undefined;
  const perSecond = numberIn(settings, 'throttlingRateLimit', -1);
  return perSecond < 0 ? undefined : { perSecond, burst: numberIn(settings, 'throttlingBurstLimit', perSecond) };
}

function isValues(value: Value): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
