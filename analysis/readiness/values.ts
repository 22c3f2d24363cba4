import type { Graph, GraphResource, Value, Values } from '../graph/graph';

/** The fields of a value; none of one that is no object. */
export function fieldsOf(value: Value): Values {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

/** The elements of a list, as fields. */
export function rowsOf(value: Value): readonly Values[] {
  return isList(value) ? value.map(fieldsOf) : [];
}

/** The texts of a list. */
export function textsOf(value: Value): readonly string[] {
  return isList(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function textOf(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: Value): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** All resources of a type in one region. */
export function inRegion(graph: Graph, type: string, region: string): readonly GraphResource[] {
  return graph.all(type).filter((resource) => resource.region === region);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
