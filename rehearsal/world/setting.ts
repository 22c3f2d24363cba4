import { text } from '../../analysis/graph/graph';
import type { Graph } from '../../analysis/graph/graph';
import type { Kind } from '../traffic/submission';
import type { Location } from '../faults/fault';

/** What a run has to know of a stack as a whole; read from its resources. */
export interface Setting {
  /** Region names by home role. */
  readonly regions: Readonly<Record<Location, string>>;
  /** The name that clients know: the failover domain of the API. */
  readonly apiHost: string;
  /** The names of the regional APIs. */
  readonly regionalApiHosts: Readonly<Record<'primary' | 'dr', string>>;
  readonly zoneNameServers: readonly string[];
  /** What every physical name ends in: `-dev`. */
  readonly nameSuffix: string;
  readonly kinds: readonly Kind[];
  /** The name of the fleets' groups, one in each region; undefined without a fleet. */
  readonly fleetGroup: string | undefined;
  readonly orchestrators: Readonly<Record<'primary' | 'dr', string>>;
}

const FUNCTION = 'aws:lambda/function:Function';

/** @throws Error for a stack that no region can take over: it has nothing to rehearse. */
export function settingOf(graph: Graph): Setting {
  const orchestrators = graph
    .all(FUNCTION)
    .filter(({ inputs }) => sourceOf(inputs['code']) === 'failover-orchestrator')
    .map(({ inputs, outputs }) => ({ env: variablesOf(inputs['environment']), arn: text(outputs, 'arn') }));
  const [first] = orchestrators;
  if (!first) throw new Error('the stack has no failover orchestrator: there is nothing to rehearse');
  const primary = text(first.env, 'PRIMARY_REGION');
  const dr = text(first.env, 'DR_REGION');
  const arnIn = (region: string): string => orchestrators.find(({ arn }) => arn.split(':')[3] === region)?.arn ?? '';
  const sources = new Set(graph.all(FUNCTION).map(({ inputs }) => sourceOf(inputs['code'])));
  return {
    regions: { primary, dr, witness: text(first.env, 'WITNESS_REGION') },
    apiHost: apiHostOf(graph),
    regionalApiHosts: { primary: regionalHostOf(graph, primary), dr: regionalHostOf(graph, dr) },
    zoneNameServers: text(first.env, 'ZONE_NAME_SERVERS').split(','),
    nameSuffix: `-${text(first.env, 'ENVIRONMENT_SUFFIX')}`,
    kinds: [
      ...(sources.has('order-processor') ? (['order'] as const) : []),
      ...(sources.has('payment-validator') ? (['payment'] as const) : []),
    ],
    fleetGroup: graph.all('aws:autoscaling/group:Group')[0]?.id,
    orchestrators: { primary: arnIn(primary), dr: arnIn(dr) },
  };
}

/** The host name that two domains have, one in each region. */
function apiHostOf(graph: Graph): string {
  const names = graph.all('aws:apigateway/domainName:DomainName').map(({ inputs }) => text(inputs, 'domainName'));
  const shared = names.find((name, index) => names.indexOf(name) !== index);
  if (shared === undefined) throw new Error('the stack has no API name that both regions serve');
  return shared;
}

function regionalHostOf(graph: Graph, region: string): string {
  const shared = apiHostOf(graph);
  const found = graph
    .all('aws:apigateway/domainName:DomainName')
    .find((domain) => domain.region === region && domain.inputs['domainName'] !== shared);
  if (!found) throw new Error(`the API of ${region} has no name of its own`);
  return text(found.inputs, 'domainName');
}

function sourceOf(code: unknown): string {
  if (typeof code !== 'object' || code === null || !('path' in code) || typeof code.path !== 'string') return '';
  return code.path.slice(code.path.lastIndexOf('/') + 1);
}

function variablesOf(environment: unknown): Readonly<Record<string, string>> {
  if (typeof environment !== 'object' || environment === null || !('variables' in environment)) return {};
  const { variables } = environment;
  if (typeof variables !== 'object' || variables === null) return {};
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)]));
}
