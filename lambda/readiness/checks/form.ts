import { FACT_WORDS, type FactName, type Facts, type Gathered, type Policy } from '../facts';

/**
 * A blocker is certain to make a promotion impossible (before a deployment: the deployment); everything else that is wrong is a
 * warning.
 */
export type Severity = 'blocker' | 'warning';

/**
 * Where a check can run: `graph` from the evaluated program alone, `account` before a deployment, `live` on a deployed stack,
 * `scheduled` there every five minutes by the function `readiness`, with no other rights than those its own checks use.
 */
export type Place = 'graph' | 'account' | 'live' | 'scheduled';

/** What a check says. `behind` names the failed check without which this one cannot be judged. */
export type Verdict =
  | { readonly state: 'ok' }
  | { readonly state: 'failed'; readonly found: readonly string[] }
  | { readonly state: 'unknown'; readonly why: string; readonly behind?: string };

/** One thing that has to be so for a region to take over. */
export interface Check {
  /** kebab-case; never reused for another meaning, because it is stored. */
  readonly id: string;
  readonly looksAt: string;
  readonly severity: Severity;
  readonly where: readonly Place[];
  readonly why: string;
  /** A command or a place. */
  readonly fix: string;
  /** Checks earlier in the list: while one of them fails this one is not judged. */
  readonly dependsOn: readonly string[];
  readonly reads: readonly FactName[];
  /** Never throws, whatever is known. */
  readonly judge: (gathered: Gathered, policy: Policy) => Verdict;
}

/** A check as it is written down. */
export interface CheckRow<Name extends FactName> extends Omit<Check, 'judge' | 'reads' | 'dependsOn'> {
  /** @default none */
  readonly dependsOn?: readonly string[];
  readonly reads: readonly Name[];
  /** What is wrong, a sentence each without a full stop; nothing when all is well. */
  readonly judge: (facts: Pick<Facts, Name>, policy: Policy) => readonly string[] | NotSaid;
}

/** A source answered, and said nothing about this. */
export interface NotSaid {
  readonly notSaid: string;
}

/** Makes a check of a row: with a fact missing it is unknown, and the row's own judgement is only asked with all of them. */
export function check<const Name extends FactName>(row: CheckRow<Name>): Check {
  const { reads, judge, dependsOn = [] } = row;
  return {
    ...row,
    dependsOn,
    judge(gathered, policy) {
      const values = Object.fromEntries(reads.flatMap((name) => knownOf(gathered, name)));
      if (!hasAll(values, reads))
        return { state: 'unknown', why: reads.flatMap((name) => gap(gathered, name)).join('; ') };
      const found = judge(values, policy);
      if ('notSaid' in found) return { state: 'unknown', why: found.notSaid };
      return found.length === 0 ? { state: 'ok' } : { state: 'failed', found };
    },
  };
}

/** What is wrong, if anything is: spares rows the empty list. */
export function wrongWhen(isWrong: boolean, sentence: string): readonly string[] {
  return isWrong ? [sentence] : [];
}

/** A sentence for each entry that is wrong. */
export function eachWrong<T>(
  entries: Readonly<Record<string, T>>,
  isWrong: (value: T, name: string) => boolean,
  sentence: (name: string, value: T) => string,
): readonly string[] {
  return Object.entries(entries)
    .filter(([name, value]) => isWrong(value, name))
    .map(([name, value]) => sentence(name, value));
}

function knownOf(gathered: Gathered, name: FactName): [FactName, Facts[FactName]][] {
  const fact = gathered[name];
  return fact?.known === true ? [[name, fact.value]] : [];
}

/** Each value was put there under its own name, so that with all names there it has their types. */
function hasAll<Name extends FactName>(
  values: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): values is Pick<Facts, Name> {
  return names.every((name) => values[name] !== undefined);
}

function gap(gathered: Gathered, name: FactName): readonly string[] {
  const fact = gathered[name];
  if (fact === undefined) return [`${FACT_WORDS[name]}: nobody has asked`];
  return fact.known ? [] : [`${FACT_WORDS[name]}: ${fact.why}`];
}
