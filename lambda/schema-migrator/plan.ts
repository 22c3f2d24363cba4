/** A step as the program knows it, and as the database recorded it. */
export interface KnownStep {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** What is left to do, or which version contradicts the recorded history. */
export type MigrationPlan =
  | { readonly ok: true; readonly pending: readonly number[] }
  | { readonly ok: false; readonly version: number; readonly why: string };

/**
 * Compares the program's history with the database's: what is recorded must be the beginning of what is known. A database
 * that is ahead is an older program's error, not a reason to go back.
 */
export function planMigrations(known: readonly KnownStep[], recorded: readonly KnownStep[]): MigrationPlan {
  const recordedByVersion = new Map(recorded.map((step) => [step.version, step]));
  const unknown = recorded.find(({ version }) => !known.some((step) => step.version === version));
  if (unknown) {
    return {
      ok: false,
      version: unknown.version,
      why: `"${unknown.name}" is recorded in the database and not known to this program`,
    };
  }
  const pending: number[] = [];
  for (const step of known) {
    const before = recordedByVersion.get(step.version);
    if (!before) pending.push(step.version);
    else if (before.checksum !== step.checksum) {
      return { ok: false, version: step.version, why: `"${step.name}" was changed after it had been applied` };
    } else if (pending.length > 0) {
      return { ok: false, version: step.version, why: `"${step.name}" is recorded before version ${pending[0]} was` };
    }
  }
  return { ok: true, pending };
}
