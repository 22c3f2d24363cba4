import type { Graph, GraphResource } from '../../analysis/graph/graph';

/**
 * The rounds in which Pulumi's engine deletes a whole stack (pulumi, pkg/resource/deploy/step_generator.go:
 * ScheduleDeletes): one after the other, everything of one round at the same time. What needs nothing goes in the last
 * round, what needs only that in the one before it, and so on, so that the longest way down comes first. A resource
 * needs what it depends on, its provider and its parent.
 *
 * @returns what exists in AWS; the latest registered first within a round.
 */
export function roundsOf(graph: Graph): readonly (readonly GraphResource[])[] {
  const heights = new Map<string, number>();
  const heightOf = (urn: string): number => {
    const known = heights.get(urn);
    if (known !== undefined) return known;
    const { dependencies, provider, parent } = graph.get(urn);
    const needed = [
      ...dependencies,
      ...(provider === undefined ? [] : [provider]),
      ...(parent === undefined ? [] : [parent]),
    ];
    const height = 1 + Math.max(0, ...needed.map(heightOf));
    heights.set(urn, height);
    return height;
  };
  const rounds = new Map<number, GraphResource[]>();
  for (const resource of [...graph.created].reverse()) {
    const height = heightOf(resource.urn);
    rounds.set(height, [...(rounds.get(height) ?? []), resource]);
  }
  return [...rounds].sort(([a], [b]) => b - a).map(([, round]) => round);
}
