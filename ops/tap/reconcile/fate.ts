/** One result of an order: what was settled, and under which epoch. */
export interface Result {
  readonly epoch: number;
  readonly verdict: string;
}

/** What became of one order. */
export interface Fate {
  /** Found after its time: reported, and not executed. */
  readonly expired: boolean;
  /** Settled under two epochs: the first commit went with the lost writer. */
  readonly redone: boolean;
  /** EXPIRED, although it was settled under another epoch: that commit went with the lost writer, and was not made again. */
  readonly settledBefore: boolean;
}

/** Judges an order by its results. An EXPIRED report is none of having it settled again: nothing was executed. */
export function fateOf(results: readonly Result[]): Fate {
  const expired = results.some(({ verdict }) => verdict === 'EXPIRED');
  const settled = results.filter(({ verdict }) => verdict !== 'EXPIRED');
  return {
    expired,
    redone: new Set(settled.map(({ epoch }) => epoch)).size > 1,
    settledBefore: expired && settled.length > 0,
  };
}
