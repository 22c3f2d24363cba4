import { Graph } from '../../analysis/graph/graph';
import type { GraphResource, Values } from '../../analysis/graph/graph';
import type { SourceChange } from '../runtime/code';

/** A stack with something wrong in it. Pure. @throws Error when the graph no longer has what is changed. */
export type GraphChange = (graph: Graph) => Graph;

/** A fault that somebody could have made in a handler, an alarm, a policy or a record, and the scenario that shows it. */
export interface PlantedFault {
  readonly name: string;
  /** What is wrong, in one sentence for people. */
  readonly story: string;
  /** In the sources of handlers. */
  readonly sources?: readonly SourceChange[];
  /** In the resources. */
  readonly graph?: GraphChange;
  readonly caughtBy: {
    /** By its name in a pack. */
    readonly scenario: string;
    /** Of these runs one is enough: where chance decides whether the fault is met, there are several. */
    readonly seeds: readonly string[];
    /** One of the run's violations has to say this. */
    readonly violation: RegExp;
  };
}

/**
 * Texts of one source replaced by others, one after the other.
 * @param file below the project's root; one change has all that is planted in it.
 * @throws Error from the change when the source does not have a text exactly once: a planted fault must not rot unseen.
 */
export function replaced(file: string, ...texts: readonly (readonly [text: string, by: string])[]): SourceChange {
  return {
    file,
    change: (source) =>
      texts.reduce((left, [text, by]) => {
        const found = left.split(text).length - 1;
        if (found !== 1) throw new Error(`${file} has ${found} times what a planted fault replaces: ${text}`);
        return left.replace(text, () => by);
      }, source),
  };
}

/**
 * The inputs of some resources changed.
 * @param which of the type, by region and logical name.
 * @param change gives the new inputs; undefined when these have nothing to change.
 * @throws Error from the change when no resource had anything to change.
 */
export function rewired(
  type: string,
  which: (resource: GraphResource) => boolean,
  change: (inputs: Values) => Values | undefined,
): GraphChange {
  return (graph) => {
    let changed = 0;
    const resources = graph.resources.map((resource) => {
      if (resource.type !== type || !which(resource)) return resource;
      const inputs = change(resource.inputs);
      if (inputs === undefined) return resource;
      changed += 1;
      return { ...resource, inputs };
    });
    if (changed === 0) throw new Error(`no resource of type ${type} has what a planted fault changes`);
    return new Graph(graph.project, graph.stack, resources, graph.invokes, graph.outputs, graph.warnings);
  };
}
