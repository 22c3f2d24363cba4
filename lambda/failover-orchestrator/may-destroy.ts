import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { CurrentRun, RunHead } from '../shared/current-run';
import { PlatformError } from '../shared/errors';
import type { Telemetry } from '../shared/telemetry';
import { type Answered, answered } from './answered';
import { destroyRefusal } from './destroy-guard';
import type { GlobalDatabase } from './global-database';
import { ANSWER_MS } from './observe';

/** What the stack's guard asks (lib/recovery/destroy-guard.ts). */
export const destroyInput = z.object({ action: z.literal('may-destroy') });
export type DestroyInput = z.input<typeof destroyInput>;

/**
 * The question as it arrives: the AWS provider adds what happens to the guard itself under `tf` (resource
 * aws_lambda_invocation, `lifecycle_scope = "CRUD"`).
 */
export const destroyQuestion = z.extend(destroyInput, {
  tf: z.object({ action: z.enum(['create', 'update', 'delete']) }),
});
export type DestroyQuestion = z.output<typeof destroyQuestion>;

/** The answer; the provider keeps the first one in the state. A refusal is an error: only that stops a destroy. */
export interface DestroyAnswer {
  /** `standing`: nothing is being deleted. */
  readonly kind: 'standing' | 'may-destroy';
}

/** Whoever destroys the stack has to do something else first; nothing was deleted. */
export class DestroyRefusedError extends PlatformError {
  override readonly name = 'DestroyRefusedError';
  /** The provider prints the whole of Lambda's answer: the message is for a person, and a trace would bury it. */
  override readonly stack = '';
}

/** Who is asked before a stack is destroyed. */
export interface MayDestroyPorts {
  readonly region: string;
  readonly otherRegion: string;
  readonly database: Pick<GlobalDatabase, 'look'>;
  readonly runs: { readonly here: CurrentRun; readonly there: CurrentRun };
  readonly sleep: (ms: number) => Promise<void>;
  readonly telemetry: Pick<Telemetry, 'info' | 'warn'>;
}

/**
 * Each is asked that often, with a pause in milliseconds: a throttled call must not refuse a destroy. 16 s at the
 * longest.
 */
const ROUNDS = 3;
const PAUSE_MS = 2_000;

/**
 * Answers for the stack's guard, which is deleted before everything else (N8): a destroy that would stop half way is
 * stopped there, with everything still standing. Creating and changing the guard is always allowed: an `up` never waits
 * for it (X5).
 *
 * @throws DestroyRefusedError naming the command that comes first.
 */
export function createMayDestroy(ports: MayDestroyPorts): (question: DestroyQuestion) => Promise<DestroyAnswer> {
  const { region, otherRegion, database, runs, telemetry } = ports;

  async function ask<T>(what: string, question: () => Promise<T>): Promise<Answered<T>> {
    for (let round = 1; ; round += 1) {
      const heard = await answered(ANSWER_MS, what, question);
      if (heard.ok || round === ROUNDS) return heard;
      await ports.sleep(PAUSE_MS);
    }
  }

  return async ({ tf }) => {
    if (tf.action !== 'delete') return { kind: 'standing' };
    const [look, here, there] = await Promise.all([
      ask('RDS', () => database.look()),
      ask('the journal', () => standing(runs.here)),
      ask(`the journal of ${otherRegion}`, () => standing(runs.there)),
    ]);
    const refusal = destroyRefusal({
      region,
      otherRegion,
      database: look,
      runs: [
        { region, run: here },
        { region: otherRegion, run: there },
      ],
    });
    if (refusal === undefined) {
      telemetry.info('the stack may be destroyed');
      return { kind: 'may-destroy' };
    }
    telemetry.warn('a destroy was refused', { refusal });
    throw new DestroyRefusedError(refusal);
  };
}

/** A table that is gone has no run: a destroy before this one has come that far. */
async function standing(run: CurrentRun): Promise<RunHead | undefined> {
  try {
    return await run.read();
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
