import { build } from 'esbuild';
import { evaluateStack } from '../../../../analysis/graph/evaluate-stack';
import { text, type Graph } from '../../../../analysis/graph/graph';
import { Authorizer } from '../../../../rehearsal/iam/authorizer';
import { compileHandlers, compileLibraries } from '../../../../rehearsal/runtime/code';
import { OWN_SOURCES } from '../../../../rehearsal/runtime/own-sources';
import { Runtime } from '../../../../rehearsal/runtime/runtime';
import type { World } from '../../../../rehearsal/world/world';

/** What all scenes of a test file share: making it takes seconds. */
export interface Stage {
  readonly graph: Graph;
  readonly runtime: Runtime;
  readonly authorizer: Authorizer;
  /** The role that an operator takes: the command has its rights and no others. */
  readonly operatorRole: string;
  /** Whose turn it is. */
  playing?: World;
}

/** The command's name among the functions of the runtime. */
export const TAP = 'tap';

/** Packages that no handler imports. */
const PACKAGES = ['commander', 'zod'];

/** The platform of stack dev with its real handlers, and the command beside them. */
export async function setStage(): Promise<Stage> {
  const [graph, code, tap, packages] = await Promise.all([
    evaluateStack('dev'),
    compileHandlers(),
    compileTap(),
    compileLibraries([PACKAGES]),
  ]);
  return {
    graph,
    runtime: new Runtime({
      functions: { ...code.functions, [TAP]: tap },
      libraries: [...code.libraries, ...packages],
    }),
    authorizer: new Authorizer(graph),
    operatorRole: text(graph.outputs, 'operatorRoleArn'),
  };
}

async function compileTap(): Promise<string> {
  const { outputFiles } = await build({ ...OWN_SOURCES, entryPoints: ['test/rehearsal/tap/support/entry.ts'] });
  return outputFiles[0]?.text ?? '';
}
