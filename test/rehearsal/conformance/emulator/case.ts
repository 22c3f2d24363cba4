import type { Side } from './sides';

/** One call, or a few in a row, of which the answer is compared. In their order: some change what the next ones find. */
export interface Case {
  readonly name: string;
  readonly run: (side: Side) => Promise<object>;
}
