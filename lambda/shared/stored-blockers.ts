/** When what a readiness check has stored, minutes ago, may refuse a failover. */
export type StoredWord =
  /** Nobody else is asked before a failover. */
  | 'always'
  /** The orchestrator sees the same in its own look at RDS, whenever that answers. */
  | 'while RDS is silent'
  /** A guard of its own asks the same of the present moment. */
  | 'never';

/**
 * The scheduled checks whose failure stands in the way of a failover. An answer of minutes ago must not refuse what an answer of
 * now lets through: readiness runs every 5 minutes, and what it found may have been over a moment later. People see all of
 * them, whatever stands here.
 */
export const STORED_BLOCKERS: Readonly<Record<string, { readonly refuses: StoredWord; readonly why: string }>> = {
  'registers-majority': {
    refuses: 'never',
    why: 'the guard `register` asks the registers now; a region that was cut off when readiness ran reaches them again',
  },
  'global-cluster-present': { refuses: 'while RDS is silent', why: 'the look describes the global cluster' },
  'cluster-present': { refuses: 'while RDS is silent', why: 'the look describes the cluster' },
  'global-cluster-member-here': {
    refuses: 'while RDS is silent',
    why: 'the look reads the members of the global cluster',
  },
  'cluster-promotable': { refuses: 'while RDS is silent', why: 'the look reads the status of the cluster' },
  'engine-version-equal': { refuses: 'while RDS is silent', why: 'the look reads both versions' },
  'instance-promotable': {
    refuses: 'always',
    why: 'the look counts the instances and does not see how they are; what keeps one from working lasts for longer than 5 minutes',
  },
  'secret-present': {
    refuses: 'always',
    why: 'nobody asks for the secret before a failover; one that was deleted stays away until a person brings it back',
  },
};

/** What the check `instance-promotable` and the orchestrator's look both say, word for word. */
export const NO_INSTANCE = 'the database cluster here has no instance';

/** One check that has failed, with what it found. */
export interface StoredBlocker {
  readonly id: string;
  readonly found: readonly string[];
}

/** What of the stored blockers counts now. @param rdsAnswers whether the orchestrator's own look at RDS was answered. */
export function standingBlockers(stored: readonly StoredBlocker[], rdsAnswers: boolean): readonly string[] {
  return stored.flatMap(({ id, found }) => {
    const refuses = STORED_BLOCKERS[id]?.refuses ?? 'always';
    if (refuses === 'never' || (refuses === 'while RDS is silent' && rdsAnswers)) return [];
    return rdsAnswers ? found.filter((sentence) => sentence !== NO_INSTANCE) : found;
  });
}
