import { NotModelledError } from '../aws/service';
import { Backend, type Outcome } from './backend';
import { compile } from './compile';
import type { Row } from './content';
import type { Engine } from './engine';
import { bindValues, columnsOf, described, parametersOf, parseText } from './frontend';
import { readStartup, welcome } from './login';
import { SqlError } from './sql-error';
import type { Statement } from './statement';
import { ANSWERS, AnswerWriter, errorMessage, FRONTEND, MessageReader } from './wire';

/** The way back to the client of one connection. */
export interface ClientEnd {
  /**
   * @param afterMs how long the server has worked on it.
   * @param delivered is called when the client has it.
   */
  deliver(bytes: Buffer, afterMs: number, delivered: (() => void) | undefined): void;
  /** The server closes the connection, after what it has sent. */
  close(): void;
}

/**
 * One session of the frontend/backend protocol 3.0 (PostgreSQL manual, chapter 53): start, password, simple and
 * extended query. What node-postgres does not do is not modelled: binary values, named statements and portals, COPY,
 * cancelling.
 */
export class Session {
  private readonly backend: Backend;
  private readonly answer = new AnswerWriter();
  private stage: 'closed' | 'open' | 'password' | 'startup' = 'startup';
  private user = '';
  private work: (() => void)[] = [];
  private workingMs = 0;
  private acknowledged: (() => void) | undefined;
  /** Messages are skipped until the next Sync (53.2.3). */
  private skipping = false;
  private parsed: Statement | undefined;
  private values: Row = [];
  private clientGone = false;

  constructor(
    private readonly engine: Engine,
    private readonly processId: number,
    private readonly client: ClientEnd,
    private readonly ended: () => void,
  ) {
    this.backend = new Backend(engine, { die: (error) => this.die(error) });
  }

  get closed(): boolean {
    return this.stage === 'closed';
  }

  /** Takes what a client wrote: whole messages, as node-postgres writes them. */
  receive(bytes: Buffer): void {
    if (this.stage === 'closed') return;
    let at = 0;
    while (at < bytes.length) {
      const typed = this.stage !== 'startup';
      const type = typed ? bytes[at] : undefined;
      const start = typed ? at + 1 : at;
      const length = bytes.readInt32BE(start);
      if (start + length > bytes.length) throw new NotModelledError('PostgreSQL: a message in pieces');
      const reader = new MessageReader(bytes, start + 4);
      this.message(type, reader);
      at = start + length;
    }
  }

  /** The client has closed: a backend that waits for a lock only notices when it wants to read again. */
  disconnected(): void {
    this.clientGone = true;
    if (!this.backend.busy) this.end();
  }

  /** The instance is gone, without a word to anybody. */
  crash(): void {
    if (this.stage === 'closed') return;
    this.stage = 'closed';
    this.backend.crash();
  }

  /** The session's last word, then the end. */
  die(error: SqlError): void {
    if (this.stage === 'closed') return;
    this.answer.add(errorMessage(error, 'E'));
    this.flush();
    this.end();
    this.client.close();
  }

  private end(): void {
    if (this.stage === 'closed') return;
    this.stage = 'closed';
    this.work = [];
    this.backend.close();
    this.ended();
  }

  private message(type: number | undefined, reader: MessageReader): void {
    if (this.stage === 'startup') this.startup(reader);
    else if (this.stage === 'password') this.password(reader.cString());
    else if (this.stage === 'open') this.read(type, reader);
  }

  private startup(reader: MessageReader): void {
    const start = readStartup(reader);
    if (start === 'tls') return this.client.deliver(ANSWERS.tls, 0, undefined);
    const { user, database } = start;
    this.user = user;
    if (database !== this.engine.options.database) {
      return this.die(new SqlError('3D000', `database "${database}" does not exist`, 'FATAL'));
    }
    this.stage = 'password';
    this.answer.add(ANSWERS.askPassword);
    this.flush();
  }

  private password(given: string): void {
    const { user, password, version } = this.engine.options;
    if (this.user !== user || given !== password()) {
      return this.die(new SqlError('28P01', `password authentication failed for user "${this.user}"`, 'FATAL'));
    }
    this.stage = 'open';
    this.answer.add(welcome(version, this.processId));
    this.ready();
  }

  private read(type: number | undefined, reader: MessageReader): void {
    switch (type) {
      case FRONTEND.query: {
        const statements = compile(reader.cString());
        return this.next(() => this.simple(statements, 0));
      }
      case FRONTEND.parse: {
        const text = parseText(reader);
        return this.next(() => this.parse(text));
      }
      case FRONTEND.bind: {
        const values = bindValues(reader);
        return this.next(() => this.bind(values));
      }
      case FRONTEND.describe:
        return this.next(() => this.describe());
      case FRONTEND.execute:
        return this.next(() => this.executePortal());
      case FRONTEND.sync:
        return this.next(() => this.sync());
      case FRONTEND.terminate:
        return this.next(() => {
          this.end();
          this.client.close();
        });
      case FRONTEND.flush:
        return this.next(() => this.flush());
      case undefined:
      default:
        throw new NotModelledError(`PostgreSQL: message ${type ?? 'without a type'}`);
    }
  }

  /** Messages wait for the one before. */
  private next(work: () => void): void {
    if (this.backend.busy || this.work.length > 0) this.work.push(work);
    else work();
  }

  private goOn(): void {
    if (this.clientGone) return this.end();
    while (!this.backend.busy) {
      const work = this.work.shift();
      if (!work) return;
      work();
    }
  }

  private simple(statements: readonly Statement[], index: number): void {
    const statement = statements[index];
    if (!statement) {
      if (statements.length === 0) this.answer.add(ANSWERS.emptyQuery);
      return this.settle();
    }
    this.execute(statement, [], (outcome) => {
      if (outcome instanceof SqlError) {
        this.answer.add(errorMessage(outcome, 'E'));
        return this.ready();
      }
      const columns = columnsOf(statement);
      if (columns) this.answer.add(described(columns));
      this.write(outcome);
      this.simple(statements, index + 1);
    });
  }

  private parse(text: string): void {
    if (this.skipping) return;
    const [statement, second] = compile(text);
    if (!statement || second) throw new NotModelledError('PostgreSQL: several statements in one Parse');
    this.parsed = statement;
    this.attempt(() => {
      this.backend.admit(statement);
      this.answer.add(ANSWERS.parsed);
    });
  }

  private bind(values: Row): void {
    if (this.skipping) return;
    this.attempt(() => {
      this.values = this.parsed?.kind === 'query' ? parametersOf(this.parsed, values) : values;
      this.answer.add(ANSWERS.bound);
    });
  }

  private describe(): void {
    if (this.skipping || !this.parsed) return;
    this.answer.add(described(columnsOf(this.parsed)));
  }

  private executePortal(): void {
    const { parsed } = this;
    if (this.skipping || !parsed) return;
    this.execute(parsed, this.values, (outcome) => {
      if (outcome instanceof SqlError) {
        this.skipping = true;
        this.answer.add(errorMessage(outcome, 'E'));
      } else this.write(outcome);
    });
  }

  private sync(): void {
    this.skipping = false;
    this.settle();
  }

  private settle(): void {
    this.resumable(
      (done) => this.backend.settle(done),
      (outcome) => {
        if (outcome instanceof SqlError) this.answer.add(errorMessage(outcome, 'E'));
        else this.acknowledged ??= outcome.acknowledged;
        this.ready();
      },
    );
  }

  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.backend.fail();
      this.skipping = true;
      this.answer.add(errorMessage(error, 'E'));
    }
  }

  private execute(statement: Statement, values: Row, done: (outcome: Outcome | SqlError) => void): void {
    this.workingMs += this.engine.options.statementMs;
    this.resumable((tell) => this.backend.execute(statement, values, tell), done);
  }

  /** Starts what may have to wait, and goes on with the messages behind it when it had to. */
  private resumable(
    start: (tell: (outcome: Outcome | SqlError) => void) => void,
    done: (outcome: Outcome | SqlError) => void,
  ): void {
    let started = false;
    start((outcome) => {
      done(outcome);
      if (started) this.goOn();
    });
    started = true;
  }

  private write({ tag, rows, warning, acknowledged }: Outcome): void {
    if (warning) this.answer.add(errorMessage(warning, 'N'));
    for (const row of rows) this.answer.dataRow(row);
    this.answer.commandComplete(tag);
    this.acknowledged ??= acknowledged;
  }

  private ready(): void {
    this.answer.add(ANSWERS.ready[this.backend.standing]);
    this.flush();
  }

  private flush(): void {
    const { workingMs, acknowledged } = this;
    this.workingMs = 0;
    this.acknowledged = undefined;
    if (!this.answer.empty) this.client.deliver(this.answer.take(), workingMs, acknowledged);
  }
}
