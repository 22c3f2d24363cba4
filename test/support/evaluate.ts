export { evaluate } from '../../analysis/graph/evaluate';
export type { EvaluateOptions } from '../../analysis/graph/evaluate';
export { Graph, text } from '../../analysis/graph/graph';
export type { GraphResource, Value, Values } from '../../analysis/graph/graph';
