import type { Context } from './context';
import { refusal, usageError } from './errors';

/** What was given of the ways to confirm. */
export interface Confirmation {
  readonly yes: boolean;
  readonly confirm?: string | undefined;
}

/**
 * Lets nobody do something grave by accident: on a terminal the stack's name is typed, elsewhere (a pipeline) it is given as
 * `--confirm`. `--yes` is no confirmation of these.
 *
 * @param what is done, for the question.
 * @throws TapError when it is not confirmed.
 */
export async function confirmByName(
  { terminal, stack }: Pick<Context, 'terminal' | 'stack'>,
  { confirm }: Confirmation,
  what: string,
): Promise<void> {
  const { name } = await stack();
  if (!terminal.isTerminal) {
    if (confirm === name) return;
    const problem = confirm === undefined ? 'is not confirmed' : `--confirm ${confirm} is not the stack's name`;
    throw refusal(`${what}: ${problem}; without a terminal it takes --confirm ${name}`);
  }
  const typed = await terminal.ask(`${what}.\nType the stack's name, ${name}, to go on: `);
  if (typed?.trim() !== name) throw refusal('not confirmed: nothing was changed');
}

/** `--yes` never confirms what may lose data or moves writes. Known before anything is asked. @throws TapError */
export function refuseYes({ yes }: Confirmation, verb: string): void {
  if (yes) {
    throw usageError(
      `--yes is refused for ${verb}: on a terminal the stack's name is typed, in a pipeline it takes --confirm STACK`,
    );
  }
}

/** A question with yes or no, for what can be undone. @throws TapError when the answer is no. */
export async function confirmByYes(
  { terminal }: Pick<Context, 'terminal'>,
  { yes }: Confirmation,
  what: string,
): Promise<void> {
  if (yes) return;
  if (!terminal.isTerminal) throw refusal(`${what}: is not confirmed; without a terminal it takes --yes`);
  const typed = await terminal.ask(`${what}. Go on? [y/N] `);
  if (!/^y(es)?$/i.test(typed?.trim() ?? '')) throw refusal('not confirmed: nothing was changed');
}
