/** An error as PostgreSQL tells it (manual, appendix A): nothing of the model's own making. */
export class SqlError extends Error {
  constructor(
    /** SQLSTATE. */
    readonly code: string,
    message: string,
    /** FATAL ends the session; with the last two a statement has done what it could. */
    readonly severity: 'ERROR' | 'FATAL' | 'NOTICE' | 'WARNING' = 'ERROR',
  ) {
    super(message);
  }
}

/** PostgreSQL's word for a null in a column that takes none. */
export function notNull(table: string, column: string): SqlError {
  return new SqlError('23502', `null value in column "${column}" of relation "${table}" violates not-null constraint`);
}

export function checkFailed(table: string, constraint: string): SqlError {
  return new SqlError('23514', `new row for relation "${table}" violates check constraint "${constraint}"`);
}

/** `what`: the command as PostgreSQL names it. */
export function readOnly(what: string): SqlError {
  return new SqlError('25006', `cannot execute ${what} in a read-only transaction`);
}
