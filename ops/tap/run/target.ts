import { type Context, named, otherRegion } from '../context';
import { refusal, TapError } from '../errors';
import { EXIT } from '../exit-codes';
import { readRegisters } from './registers';

/**
 * The region to make active: the one that is not. Who names one is refused where that one is active already.
 *
 * @param asked the region that was named; undefined finds it.
 * @param force lets a named region through that owns the epoch: it may have got stuck on its way.
 * @throws TapError when it is active, when nobody can be asked, or when nobody knows which one is.
 */
export async function targetOf(context: Context, asked: string | undefined, force = false): Promise<string> {
  const stack = await context.stack();
  const { ownership, credentials } = await readRegisters(context, stack);
  if (credentials !== undefined) throw new TapError(EXIT.unreachable, credentials);
  if (ownership.kind === 'unknown') {
    // The orchestrator asks the registers itself, and refuses without a majority.
    if (asked !== undefined) return asked;
    const [primary, dr] = stack.regions;
    throw new TapError(
      EXIT.unreachable,
      `it is not known which region is active: ${ownership.why}\n` +
        `Say which one to make active: --to ${dr} (dr) or --to ${primary} (primary)`,
    );
  }
  const { activeRegion, epoch, released } = ownership;
  if (asked === undefined) return otherRegion(stack, activeRegion);
  if (asked === activeRegion && !released && !force) {
    throw refusal(`${named(stack, asked)} is active already, under epoch ${epoch}: there is nothing to do`);
  }
  return asked;
}
