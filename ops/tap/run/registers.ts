import { createRegisterStore } from '../../../lambda/shared/register/register-store';
import { type Ownership, type RegisterView, viewOf } from '../../../lambda/shared/register/protocol';
import { part } from '../ask';
import type { Context, Stack } from '../context';
import { explainLine } from '../errors';

/** The registers together, and which of them did not answer. */
export interface Registers {
  /** Undefined when not one has answered in time. */
  readonly view?: RegisterView;
  readonly ownership: Ownership;
  /** `eu-west-1: no answer`, one for each. */
  readonly silent: readonly string[];
  /** Why nobody can be asked at all: no credentials, or none that AWS takes. */
  readonly credentials?: string;
}

/** How long the registers may take, with all attempts, in milliseconds: they are asked side by side. */
const REGISTERS_MS = 9_000;

/** Who owns writes, by majority; never rejects. */
export async function readRegisters(
  { clients, machine }: Pick<Context, 'clients' | 'machine'>,
  { quorum, outputs }: Stack,
): Promise<Registers> {
  const tables = Object.fromEntries(quorum.locations.map((location) => [location, clients.dynamodb(location)]));
  const store = createRegisterStore(tables, outputs.registerTable, quorum, machine.newId);
  const found = await part(REGISTERS_MS, 'the registers', () => store.read());
  if (!found.ok) return { ownership: { kind: 'unknown', why: found.why }, silent: [found.why] };
  const view = viewOf(found.value, quorum);
  const failed = found.value.flatMap((reading) =>
    reading.known ? [] : [{ location: reading.location, ...explainLine(reading.why) }],
  );
  const silent = failed.map(({ location, says }) => `${location}: ${says}`);
  const credentials = failed.find(({ kind }) => kind === 'credentials')?.says;
  const answered = quorum.locations.length - failed.length;
  const ownership: Ownership =
    view.ownership.kind === 'owned' || failed.length === 0
      ? view.ownership
      : {
          kind: 'unknown',
          why: `only ${answered} of ${quorum.locations.length} registers answer (${silent.join('; ')})`,
        };
  return { view, ownership, silent, ...(credentials !== undefined && { credentials }) };
}
