import { Engine, type EngineOptions } from './engine';
import { Session, type ClientEnd } from './session';
import { SqlError } from './sql-error';

/** The way back to a client, which can also break. */
export interface ClientLink extends ClientEnd {
  reset(): void;
}

/**
 * What an address does with segments: `listening`; `refusing`, the machine is up and nobody listens; `silent`, nothing
 * answers.
 */
export type ServerState = 'listening' | 'refusing' | 'silent';

interface Connection {
  readonly session: Session;
  readonly link: ClientLink;
}

/**
 * One PostgreSQL server: an address that clients connect to, and the engine behind it, which is a new one after each
 * start.
 */
export class PgServer {
  private engine: Engine;
  private readonly connections = new Set<Connection>();
  private processes = 0;
  private current: ServerState = 'listening';

  constructor(
    /** Where it is: a region's name. */
    readonly place: string,
    /** For the trace: the instance's identifier. */
    readonly name: string,
    private readonly options: EngineOptions,
  ) {
    this.engine = new Engine(options);
  }

  get state(): ServerState {
    return this.current;
  }

  /** Milliseconds since 1970 when it began to listen; what EngineUptime counts from. */
  private started = 0;

  get startedAt(): number {
    return this.started;
  }

  /** How many sessions there are. */
  get sessions(): number {
    return this.connections.size;
  }

  /** Takes a connection; undefined when it does not listen. */
  accept(link: ClientLink): Session | undefined {
    if (this.current !== 'listening') return undefined;
    this.processes += 1;
    const session = new Session(this.engine, this.processes, link, () => this.connections.delete(connection));
    const connection: Connection = { session, link };
    this.connections.add(connection);
    return session;
  }

  /**
   * The server process is gone: what was not durable never will be.
   *
   * @param state what its address does from now on; `silent` also keeps from its clients that their connections are
   * gone.
   */
  stop(state: Exclude<ServerState, 'listening'>): void {
    this.current = state;
    const connections = [...this.connections];
    this.connections.clear();
    for (const { session, link } of connections) {
      session.crash();
      if (state === 'refusing') link.reset();
    }
  }

  start(): void {
    if (this.current === 'listening') return;
    this.current = 'listening';
    this.started = this.options.clock.now();
    this.engine = new Engine(this.options);
  }

  /** Stops and starts in one moment: connections break, new ones are taken. */
  restart(): void {
    this.stop('refusing');
    this.start();
  }

  /** An administrator ends all sessions (`pg_terminate_backend`). */
  terminateSessions(): void {
    for (const { session } of [...this.connections]) {
      session.die(new SqlError('57P01', 'terminating connection due to administrator command', 'FATAL'));
    }
  }
}
