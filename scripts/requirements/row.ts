/** Issues under which a requirement is open, by the first clause of their title. */
export const ISSUES = {
  regions: 'Two regions that carry an order',
  failover: 'One writer, and a failover nobody has to start',
  rehearsal: 'The rehearsal: lose a region thousands of times with the real code, in virtual time',
  operations: 'Operations: everything a person does before, during and after an incident',
  none: 'no issue yet',
} as const;

/** What shows that a requirement holds, or where the rest of it is open. */
export type Proof =
  | {
      /** A test file, from the repository's root. */
      readonly test: string;
      /** Text that stands in the file verbatim: the title of the test, or of its table. */
      readonly title: string;
    }
  | {
      readonly open: (typeof ISSUES)[keyof typeof ISSUES];
      /** What is missing; all of it, where nothing is said. */
      readonly what?: string;
    };

/** One requirement. */
export interface Row {
  readonly id: string;
  readonly text: string;
  readonly proofs: readonly Proof[];
}

/** A requirement with its proofs, in the order of the page. */
export function row(id: string, text: string, ...proofs: readonly Proof[]): Row {
  return { id, text, proofs };
}

/** A test that proves the row, or a part of it; `file` is below test/ and without `.test.ts`. */
export function proof(file: string, title: string): Proof {
  return { test: `test/${file}.test.ts`, title };
}

/** The row, or what is named of it, is open. */
export function open(issue: keyof typeof ISSUES, what?: string): Proof {
  return what === undefined ? { open: ISSUES[issue] } : { open: ISSUES[issue], what };
}
