import path from 'node:path';
import { z } from 'zod';
import { Graph } from '../../analysis/graph/graph';
import { stackOptions } from '../../analysis/graph/stack-options';
import { ROOT } from '../../lib/bundles';
import { outside } from './outside/ask';
import type * as real from '../../analysis/graph/evaluate-stack';
import type { EvaluateStackOptions } from '../../analysis/graph/stack-options';

export type { EvaluateStackOptions } from '../../analysis/graph/stack-options';

/**
 * Stands where analysis/graph/evaluate-stack.ts stands (`moduleNameMapper` in jest.config.js) and gives the same graph: the
 * same program with the same options, loaded once per worker of jest instead of once per test file, and evaluated once for
 * the same sources and configuration. An evaluation that is told functions runs in place.
 */
export async function evaluateStack(stack: string, options: EvaluateStackOptions = {}): Promise<Graph> {
  const { lookups, ...plain } = options;
  if (lookups) return inPlace().evaluateStack(stack, options);
  const found = await outside('evaluate-program', stackOptions(stack, plain));
  const { project, resources, invokes, outputs, warnings } = parsed(found);
  return new Graph(project, stack, resources, invokes, outputs, warnings);
}

const inPlace = () => jest.requireActual<typeof real>(path.join(ROOT, 'analysis', 'graph', 'evaluate-stack.ts'));

/** Written by the same sources, so only its outline is looked at. */
const outline = z.custom<Graph>(
  (value) => z.object({ resources: z.array(z.object({ urn: z.string() })) }).safeParse(value).success,
);

const parsed = (text: string): Graph => outline.parse(JSON.parse(text));
