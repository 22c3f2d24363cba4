import { NotModelledError, notModelled } from '../service';
import type { Graph, GraphResource, Value, Values } from '../../../analysis/graph/graph';
import type { Call, Wire, WireFields } from '../service';

/** One text of a call's input; undefined when it is absent. */
export function optionalText(call: Call, field: string): string | undefined {
  const value = call.input[field];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : notModelled(call, `${field} that is no text`);
}

/** One text that our handlers always send. */
export function requiredText(call: Call, field: string): string {
  return optionalText(call, field) ?? notModelled(call, `a call without ${field}`);
}

/** Nothing that a handler asks for may be passed over in silence. */
export function onlyKnown(call: Call, known: ReadonlySet<string>): void {
  for (const field in call.input) {
    if (!known.has(field) && call.input[field] !== undefined) notModelled(call, field);
  }
}

export function isFields(value: Wire): value is WireFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Date || value instanceof Uint8Array);
}

/** One text of a resource's inputs; undefined when it is absent. */
export function textIn(values: Values, key: string): string | undefined {
  const value: Value = values[key];
  return typeof value === 'string' ? value : undefined;
}

/** One number of a resource's inputs, or the provider's default. */
export function numberIn(values: Values, key: string, otherwise: number): number {
  const value: Value = values[key];
  return typeof value === 'number' ? value : otherwise;
}

/** @throws NotModelledError for a resource without a region. */
export function regionOf(resource: GraphResource): string {
  if (resource.region === undefined) throw new NotModelledError(`${resource.urn} is in no region`);
  return resource.region;
}

/** @throws NotModelledError for a key that is named by its alias or id: policies name ARNs. */
export function keyArnOf(value: string | undefined, whose: string): string | undefined {
  if (value === undefined || value.includes(':key/')) return value;
  throw new NotModelledError(`${whose} names its key as ${value}, and not by its ARN`);
}

/** Reads a graph's settings once, however many worlds are made of it: they are never changed. */
export function oncePerGraph<T extends object>(read: (graph: Graph) => T): (graph: Graph) => T {
  const known = new WeakMap<Graph, T>();
  return (graph) => {
    let settings = known.get(graph);
    if (settings === undefined) {
      settings = read(graph);
      known.set(graph, settings);
    }
    return settings;
  };
}

/**
 * The account that the stack is in, as its own ARNs have it.
 * @throws NotModelledError for a stack without any.
 */
export function accountOf(graph: Graph): string {
  for (const { outputs } of graph.resources) {
    const account = /^arn:aws:[^:]*:[^:]*:(\d{12}):/.exec(textIn(outputs, 'arn') ?? '')?.[1];
    if (account !== undefined) return account;
  }
  throw new NotModelledError('a stack in which no ARN names the account');
}
