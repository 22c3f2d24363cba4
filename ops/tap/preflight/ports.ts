import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import type { Graph } from '../../../analysis/graph/graph';
import { stackNames } from '../../../analysis/graph/stack-files';
import { ROOT } from '../../../lib/bundles';
import { createPreflightClients } from './clients';
import type { Report } from './finding';
import { askDns } from './hosted-zone';
import { look } from './look';

/** What preflight needs beyond the terminal. */
export interface PreflightPorts {
  /** Names of all stacks that have a file. */
  readonly stacks: () => readonly string[];
  /** Evaluates the program of a stack file. @throws Error saying what is wrong with the file, the program or the build. */
  readonly evaluate: (stack: string) => Promise<Graph>;
  /** @throws TapError when AWS refuses the credentials. */
  readonly look: (graph: Graph, now: () => number) => Promise<Report>;
}

/** This machine, its project and the account of its credentials. */
export const PORTS: PreflightPorts = {
  stacks: () => stackNames(ROOT),
  evaluate: (stack) => evaluateStack(stack),
  async look(graph, now) {
    const clients = createPreflightClients();
    try {
      return await look(graph, { clients, nameServersOf: askDns, now });
    } finally {
      clients.close();
    }
  },
};
