import { randomUUID } from 'node:crypto';
import { createSleep } from '../../../../lambda/shared/ticks';
import type { Machine } from '../../../../ops/tap/context';
import { runTap } from '../../../../ops/tap/run-tap';

/** One command as a person types it into a simulated world. */
export interface Typed {
  readonly argv: readonly string[];
  /** What the test decides; time, chance and names are the world's. */
  readonly machine: Pick<Machine, 'screen' | 'outputs' | 'user' | 'save'>;
}

/** The command as the runtime of a rehearsal loads it: every global that it sees is the simulated one. */
export const handler = ({ argv, machine }: Typed): Promise<number> =>
  runTap(argv, {
    ...machine,
    now: Date.now,
    sleep: createSleep(),
    newId: randomUUID,
  });
