import { text, type Graph } from '../graph/graph';
import { fieldsOf, inRegion, textOf } from './values';

/** What the readiness function of one region is told to look at: its environment, so that the graph is asked about the same things. */
export interface Subjects {
  readonly region: string;
  readonly otherRegion: string;
  readonly witnessRegion: string | undefined;
  readonly env: (key: string) => string;
  /** Several values in one key; none of an empty one. */
  readonly list: (key: string) => readonly string[];
  /** A value, or undefined where it is `none`. */
  readonly maybe: (key: string) => string | undefined;
}

const FUNCTION = 'aws:lambda/function:Function';

/** @throws Error for a region that has no readiness function. */
export function subjectsOf(graph: Graph, region: string): Subjects {
  const found = inRegion(graph, FUNCTION, region).find(({ inputs }) =>
    (textOf(fieldsOf(inputs['code'])['path']) ?? '').endsWith('/readiness'),
  );
  if (!found) throw new Error(`${region} has no function readiness`);
  const variables = fieldsOf(fieldsOf(found.inputs['environment'])['variables']);
  const env = (key: string): string => text(variables, key);
  const [primary, dr, witness] = [env('PRIMARY_REGION'), env('DR_REGION'), env('WITNESS_REGION')];
  return {
    region,
    otherRegion: region === primary ? dr : primary,
    witnessRegion: witness === 'none' ? undefined : witness,
    env,
    list: (key) => env(key).split(',').filter(Boolean),
    maybe: (key) => (env(key) === 'none' ? undefined : env(key)),
  };
}

/** The two regions that can be active, primary first; none of a stack without a readiness function. */
export function activeRegions(graph: Graph): readonly string[] {
  const [first] = graph
    .all(FUNCTION)
    .filter(({ inputs }) => (textOf(fieldsOf(inputs['code'])['path']) ?? '').endsWith('/readiness'));
  if (first?.region === undefined) return [];
  const { env } = subjectsOf(graph, first.region);
  return [env('PRIMARY_REGION'), env('DR_REGION')];
}
