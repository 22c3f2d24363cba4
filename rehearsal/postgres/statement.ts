import type { Mode } from './locks';
import type { Engine, Transaction } from './engine';
import type { Row } from './content';
import type { SqlError } from './sql-error';

/** A column of an answer, as RowDescription tells it. */
export interface Column {
  readonly name: string;
  /** `pg_type.oid`. */
  readonly type: number;
  /** Bytes; negative is variable. */
  readonly size: number;
  readonly modifier: number;
}

const column = (type: number, size: number, modifier = -1) => {
  return (name: string): Column => ({ name, type, size, modifier });
};

/** Types by their OIDs (`pg_type.dat`). */
export const TYPES = {
  bool: column(16, 1),
  int8: column(20, 8),
  int4: column(23, 4),
  text: column(25, -1),
  float8: column(701, 8),
  textArray: column(1009, -1),
  timestamptz: column(1184, 8),
  void: column(2278, 4),
  // numeric(20, 8): precision and scale, and the four bytes of a header that is long gone.
  numeric: column(1700, -1, ((20 << 16) | 8) + 4),
} as const;

/**
 * A query at work: what it may use, and how it ends. Exactly one of `finish` and `fail` is called, or an SqlError is
 * thrown.
 */
export interface Run {
  readonly engine: Engine;
  readonly transaction: Transaction;
  /** Goes on with the lock, now or later; held to the transaction's end. */
  lock(name: string, mode: Mode, granted: () => void): void;
  /** @param count rows that were written; of a SELECT, the rows. */
  finish(rows: readonly Row[], count?: number): void;
}

/** A statement that reads or writes tables. */
export interface Query {
  readonly kind: 'query';
  readonly command: 'CREATE TABLE' | 'INSERT' | 'SELECT' | 'UPDATE';
  /** Set where a read-only transaction refuses it: the command as PostgreSQL then names it. */
  readonly writes?: string;
  /** Whether it needs Aurora's own function. */
  readonly global?: boolean;
  /** What it says before its end. */
  readonly notice?: SqlError;
  readonly columns: readonly Column[] | undefined;
  /** How each parameter is read. @throws SqlError of class 22. */
  readonly parameters: readonly ((text: string) => string)[];
  execute(run: Run, values: Row): void;
}

/** A statement of any kind. */
export type Statement =
  | Query
  | { readonly kind: 'begin'; readonly readOnly: boolean }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
  /** Time limits of this transaction, in milliseconds: all three the same, which is what our handlers set. */
  | { readonly kind: 'limits'; readonly ms: number };

export const text = (value: string): string => value;

/** `boolean` as PostgreSQL writes it. */
export const bool = (value: boolean): string => (value ? 't' : 'f');

/** A SELECT that locks nothing. */
export function select(columns: readonly Column[], parameters: Query['parameters'], execute: Query['execute']): Query {
  return { kind: 'query', command: 'SELECT', columns, parameters, execute };
}
