/** What the shell learns of a command; documented in each help text and in one table, and never changed in meaning. */
export const EXIT = {
  /** Done, or there was nothing to do. */
  done: 0,
  /** It was tried, and did not succeed: a run was aborted or is stuck, a proof does not hold. */
  failed: 1,
  /** The command line, or the outputs it goes by, are wrong. Nothing was asked of AWS. */
  usage: 2,
  /** A guard, or the person at the keyboard, said no. Nothing was changed. */
  refused: 3,
  /** AWS or the platform could not be asked: no answer, no credentials, no permission, too many requests. */
  unreachable: 4,
  /** A run waits for a person, or would: the text says for what. */
  waiting: 5,
  /** Interrupted by Ctrl-C; a run goes on in its orchestrator. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table of the help texts. */
export const EXIT_TABLE: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done, or nothing to do'],
  [EXIT.failed, 'tried and not successful: a run that was aborted or is stuck, a proof that does not hold'],
  [EXIT.usage, 'wrong command line, or no outputs of a deployed stack; nothing was asked of AWS'],
  [EXIT.refused, 'refused by a guard, or not confirmed; nothing was changed'],
  [EXIT.unreachable, 'AWS or the platform did not answer, or refused the credentials'],
  [EXIT.waiting, 'a run waits for a person, or would; the text says for what'],
  [EXIT.interrupted, 'interrupted with Ctrl-C; a run that was begun goes on'],
];
