/** One behaviour of AWS that the rehearsal models: a row of the table in docs/rehearsal.md. */
export interface ModelledBehaviour {
  /** What AWS does, in one sentence. */
  readonly behaviour: string;
  /** `exact` as documented; `simplified` leaves out what nobody here can see; `assumed` where AWS documents nothing. */
  readonly model: 'exact' | 'simplified' | 'assumed';
  /** How it is modelled, with its numbers, and what is left out. */
  readonly how: string;
  /** The page of AWS's documentation (title and guide), or the measurement, that it comes from. */
  readonly source: string;
  /** Title of the conformance test, verbatim. */
  readonly test: string;
}
