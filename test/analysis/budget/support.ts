import { Graph } from '../../../analysis/graph/graph';
import type { Values } from '../../../analysis/graph/graph';

/** The targets of the default configuration. */
export const TARGETS = { rtoSeconds: 300, databaseRtoSeconds: 360, rpoSeconds: 60 };

export const ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm';

/** A graph in which one resource has other inputs: what a careless change of the program would make of it. */
export function withInputs(graph: Graph, type: string, name: string, inputs: Values): Graph {
  const { urn } = graph.one(type, name);
  const resources = graph.resources.map((one) =>
    one.urn === urn ? { ...one, inputs: { ...one.inputs, ...inputs } } : one,
  );
  return new Graph(graph.project, graph.stack, resources, graph.invokes, graph.outputs, graph.warnings);
}
