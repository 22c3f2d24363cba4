import { z } from 'zod';
import { TapError, usageError } from '../errors';
import { EXIT, type ExitCode } from '../exit-codes';
import type { Report } from '../preflight/finding';
import { loadPorts } from '../preflight/load';
import type { PreflightPorts } from '../preflight/ports';
import { reportLines } from '../preflight/render';
import { defineVerb, type Verb } from '../verb';

const CODES: Readonly<Record<Report['outcome'], ExitCode>> = {
  ready: EXIT.done,
  refused: EXIT.refused,
  unknown: EXIT.unreachable,
};

/** The verb by its ports: those of this machine, or of a test. */
export function preflightWith(load: () => PreflightPorts): Verb {
  return defineVerb({
    name: 'preflight',
    summary: 'before "pulumi up": find what would stop a deployment half way',
    description:
      'Evaluates the program of Pulumi.<stack>.yaml on this machine, and asks AWS whether the account can take what it would ' +
      'create: regions, zones, the database secret, the hosted zone, what AWS offers in each region, and every quota with what ' +
      'is used of it. The stack may be deployed already or not at all; its outputs are not needed. Only reads, with the ' +
      'credentials of whoever deploys, in 30 seconds at most. A failed blocker ends with exit code 3, and a blocker that ' +
      'nobody could look at with 4: the text names the right that is missing. Warnings end with 0.',
    examples: [
      ['npx tap preflight --stack dev', 'of the stack in Pulumi.dev.yaml'],
      ['npx tap preflight --stack dev && pulumi up --stack dev', 'deploy only when nothing is in the way'],
      ['npx tap preflight --stack dev --json', 'every check for a program, those that are ok as well'],
    ],
    declare: (command) => command,
    form: z.object({}),
    async run({ machine, terminal, stackOption }) {
      const ports = load();
      const stack = chosen(ports, stackOption);
      const graph = await ports.evaluate(stack).catch((error: unknown) => {
        throw notEvaluated(stack, error);
      });
      const report = await ports.look(graph, machine.now);
      for (const line of reportLines(terminal, report, machine.now())) terminal.line(line);
      terminal.result(report);
      return CODES[report.outcome];
    },
  });
}

export const preflight = preflightWith(() => loadPorts().PORTS);

/** Before a deployment there is no stack to find out: it has to be named. */
function chosen(ports: PreflightPorts, given: string | undefined): string {
  const stacks = ports.stacks();
  const known = `stacks with a file: ${stacks.join(', ')}`;
  if (given === undefined) throw usageError(`preflight takes --stack NAME; ${known}`);
  if (!stacks.includes(given))
    throw usageError(`--stack ${given} is not allowed: there is no Pulumi.${given}.yaml; ${known}`);
  return given;
}

/** A wrong value, or a build that is missing or not of these sources: certain, and found before AWS is asked. */
function notEvaluated(stack: string, error: unknown): TapError {
  const says = error instanceof Error ? error.message : String(error);
  return new TapError(EXIT.refused, `stack ${stack} cannot be deployed: ${says}`, { cause: error });
}
