import type { Timer } from '../kernel/clock';
import { NotModelledError } from '../aws/service';
import type { Row } from './content';
import { Transaction, type Engine } from './engine';
import type { Wait } from './locks';
import { readOnly, SqlError } from './sql-error';
import type { Query, Run, Statement } from './statement';
import { settingOf } from './values';

/** How a statement ended. */
export interface Outcome {
  /** For CommandComplete: `INSERT 0 1`. */
  readonly tag: string;
  readonly rows: readonly Row[];
  /** What to call when the client has this answer: it was a commit that made something durable. */
  readonly acknowledged?: () => void;
  /** A warning, or a notice, that goes before it. */
  readonly warning?: SqlError;
}

/** Where a session stands, as ReadyForQuery tells it: idle, in a transaction, in one that has failed. */
export type Standing = 'E' | 'I' | 'T';

/** What a backend tells its session of. */
export interface BackendPorts {
  /** The session ends, with this error as its last word. */
  die(error: SqlError): void;
}

const FAILED = new SqlError('25P02', 'current transaction is aborted, commands ignored until end of transaction block');
const IN_TRANSACTION = new SqlError('25001', 'there is already a transaction in progress', 'WARNING');
const NO_TRANSACTION = new SqlError('25P01', 'there is no transaction in progress', 'WARNING');

/** Executes the statements of one session: its transaction, its locks, its time limits. */
export class Backend implements Run {
  private current: Transaction | undefined;
  private block: Standing = 'I';
  /** All three time limits of the transaction, in milliseconds; 0 is none. */
  private limitMs = 0;
  private limit: Timer | undefined;
  private wait: Wait | undefined;
  private commit: Timer | undefined;
  private done: ((outcome: Outcome | SqlError) => void) | undefined;
  private query: Query | undefined;
  private ended = false;

  constructor(
    readonly engine: Engine,
    private readonly ports: BackendPorts,
  ) {}

  get standing(): Standing {
    return this.block;
  }

  /** The transaction of the statement at work. */
  get transaction(): Transaction {
    this.current ??= new Transaction(this.isReadOnly(false));
    return this.current;
  }

  /** Whether a statement waits, for a lock or for its commit. */
  get busy(): boolean {
    return this.done !== undefined;
  }

  /** @throws SqlError when a text cannot be taken in the session's state: what parsing would say. */
  admit(statement: Statement): void {
    if (this.block === 'E' && statement.kind !== 'commit' && statement.kind !== 'rollback') throw FAILED;
    if (statement.kind === 'query' && statement.global && !this.engine.options.globalStatus) {
      throw new SqlError('42883', 'function aurora_global_db_status() does not exist');
    }
  }

  /** Executes a statement; `done` is called at once, before this returns, or later. */
  execute(statement: Statement, values: Row, done: (outcome: Outcome | SqlError) => void): void {
    try {
      this.admit(statement);
      switch (statement.kind) {
        case 'begin':
          return done(this.begin(statement.readOnly));
        case 'limits':
          return done(this.setLimits(statement.ms));
        case 'commit':
          return this.end(done);
        case 'rollback':
          return done(this.rollBack());
        case 'query':
          return this.start(statement, values, done);
      }
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.done = undefined;
      this.fail();
      done(error);
    }
  }

  /** What parsing or reading parameters has failed with counts as the statement's own failure. */
  fail(): void {
    const failed = this.block !== 'I';
    this.abort();
    this.block = failed ? 'E' : 'I';
  }

  /** Commits what was done outside a block, at the end of its message. */
  settle(done: (outcome: Outcome | SqlError) => void): void {
    if (this.block === 'I' && this.current) this.end(done);
    else done({ tag: '', rows: [] });
  }

  /** The session is over: what was not committed is rolled back. */
  close(): void {
    this.ended = true;
    // What storage has already been asked to keep, it keeps.
    if (this.commit) return;
    this.abort();
  }

  /** The instance is gone: nothing that is not durable yet will be. */
  crash(): void {
    this.ended = true;
    this.commit?.cancel();
    this.limit?.cancel();
  }

  lock(name: string, mode: 'exclusive' | 'share', granted: () => void): void {
    const goOn = (): void => {
      this.wait = undefined;
      granted();
    };
    const deadlock = (): void => this.interrupt(new SqlError('40P01', 'deadlock detected'));
    const wait = this.engine.locks.take(name, mode, this.transaction, goOn, deadlock);
    if (wait) this.wait = wait;
  }

  finish(rows: readonly Row[], count = rows.length): void {
    const { query, done } = this;
    this.query = undefined;
    this.done = undefined;
    if (!query || !done) return;
    const { notice } = query;
    done({ tag: tagOf(query, count), rows, ...(notice && { warning: notice }) });
  }

  private start(query: Query, values: Row, done: (outcome: Outcome | SqlError) => void): void {
    const { transaction } = this;
    if (query.writes !== undefined && transaction.readOnly) throw readOnly(query.writes);
    this.query = query;
    this.done = done;
    query.execute(this, values);
  }

  private begin(asked: boolean): Outcome {
    const tag = 'BEGIN';
    if (this.block === 'T') {
      // What BEGIN asks for is asked of the transaction that there is.
      if (asked) this.transaction.readOnly = true;
      return { tag, rows: [], warning: IN_TRANSACTION };
    }
    if (this.current) throw new NotModelledError('PostgreSQL: BEGIN behind another statement of the same message');
    this.current = new Transaction(this.isReadOnly(asked));
    this.block = 'T';
    return { tag, rows: [] };
  }

  private isReadOnly(asked: boolean): boolean {
    const { inRecovery, readOnly: byDefault } = this.engine.options;
    return asked || inRecovery() || byDefault?.() === true;
  }

  /**
   * `set_config(name, value, true)`. With all three the same, only `transaction_timeout` is ever armed: the others are
   * where they are shorter (PostgreSQL 17, `postgres.c`); it runs from here on (`assign_transaction_timeout`).
   */
  private setLimits(ms: number): Outcome {
    const value = settingOf(ms);
    if (this.block === 'T') {
      this.limitMs = ms;
      if (ms > 0) this.limit ??= this.engine.options.clock.after(ms, () => this.outOfTime());
    }
    return { tag: 'SELECT 3', rows: [[value], [value], [value]] };
  }

  private outOfTime(): void {
    this.limit = undefined;
    // From the moment on when the commit is being made durable the limit is off (`CommitTransaction`).
    if (this.commit || this.limitMs === 0) return;
    this.ports.die(new SqlError('25P04', 'terminating connection due to transaction timeout', 'FATAL'));
  }

  /** Ends a statement that waits. */
  private interrupt(error: SqlError): void {
    const { done } = this;
    this.query = undefined;
    this.done = undefined;
    this.fail();
    done?.(error);
  }

  private end(done: (outcome: Outcome | SqlError) => void): void {
    if (this.block === 'E') return done(this.rollBack());
    const { current, block } = this;
    if (!current) return done({ tag: 'COMMIT', rows: [], ...(block === 'I' && { warning: NO_TRANSACTION }) });
    this.limit?.cancel();
    this.limit = undefined;
    if (current.writes.length === 0) {
      this.forget(current);
      return done({ tag: 'COMMIT', rows: [] });
    }
    this.done = done;
    this.commit = this.engine.options.volume.commit(current.writes, (acknowledged) => {
      this.commit = undefined;
      this.done = undefined;
      this.forget(current);
      if (!this.ended) done({ tag: 'COMMIT', rows: [], acknowledged });
    });
  }

  private rollBack(): Outcome {
    const warning = this.block === 'I' ? { warning: NO_TRANSACTION } : {};
    this.abort();
    return { tag: 'ROLLBACK', rows: [], ...warning };
  }

  private abort(): void {
    this.limit?.cancel();
    this.limit = undefined;
    this.done = undefined;
    this.query = undefined;
    const { current, wait } = this;
    this.wait = undefined;
    wait?.cancel();
    this.forget(current);
  }

  private forget(transaction: Transaction | undefined): void {
    this.current = undefined;
    this.block = 'I';
    this.limitMs = 0;
    if (transaction) this.engine.locks.release(transaction);
  }
}

/** The tag of CommandComplete (manual, 53.7). */
function tagOf({ command }: Query, count: number): string {
  if (command === 'CREATE TABLE') return command;
  return command === 'INSERT' ? `INSERT 0 ${count}` : `${command} ${count}`;
}
