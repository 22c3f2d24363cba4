import { Duplex } from 'node:stream';
import type { Clock } from '../kernel/clock';
import type { Passage } from '../network/network';
import { Lane } from './lane';
import type { PgServer } from './server';
import type { Session } from './session';

/** What a socket needs of the world around it. */
export interface SocketPorts {
  readonly clock: Clock;
  /** What becomes of one message between the socket's owner and a server. */
  path(direction: 'answer' | 'request', server: PgServer): Passage;
  /** Who answers at a host and port now; undefined: the name does not resolve. */
  server(host: string, port: number): PgServer | undefined;
  /** Continues the owner's code: at once, later while the owner is frozen, never when it is dead. */
  resume(work: () => void): void;
  /** Whether what the owner sends leaves it. @default always */
  mayLeave?(): boolean;
  /**
   * Round trips between TCP's own and the client's first message: with 3, those of TLS 1.3 (SSLRequest, handshake) and
   * one that SCRAM needs more than the modelled password exchange. @default 3
   */
  readonly handshakes?: number;
}

/** When a lost SYN is sent again for the first time, in milliseconds (RFC 6298, section 2). */
const FIRST_SYN_MS = 1_000;

/** How long a resolver takes to say that there is no such name, in milliseconds. */
const RESOLVER_MS = 2;

/**
 * What node-postgres takes for a net.Socket: its option `stream` returns one. A connection over TCP as far as a client
 * can tell it: bytes arrive in order and late, are sent again when they are lost, and a black hole says nothing.
 */
export class PgSocket extends Duplex {
  private server: PgServer | undefined;
  private session: Session | undefined;
  private requests: Lane | undefined;
  private answers: Lane | undefined;
  private connected = false;
  private said: 'fin' | 'nothing' = 'nothing';
  private early: (() => void)[] = [];

  constructor(private readonly ports: SocketPorts) {
    super({ allowHalfOpen: false });
  }

  connect(port: number, host: string): this {
    if (!this.mayLeave()) return this;
    const server = this.ports.server(host, port);
    if (!server) {
      this.ports.clock.after(RESOLVER_MS, () => this.break('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`));
      return this;
    }
    this.server = server;
    const { ports } = this;
    const { clock } = ports;
    const request = (): Passage => (server.state === 'silent' ? { kind: 'lost' } : ports.path('request', server));
    const failed = (code: string): void => this.break(code, `connect ${code} ${host}:${port}`);
    const syn = new Lane(clock, request, (code) => failed(code === 'ECONNRESET' ? 'ECONNREFUSED' : code), FIRST_SYN_MS);
    this.requests = syn;
    this.answers = new Lane(
      clock,
      () => ports.path('answer', server),
      (code) => this.broken(code),
    );
    syn.send(() => this.arrived(server, request, failed));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /**
   * The owner is dead: nothing of it is told anything any more.
   *
   * @param closed whether its operating system is still there to close the connection; else the server is left to find
   * out.
   */
  vanish(closed: boolean): void {
    this.answers?.close();
    if (closed) this.sayFin();
    else this.requests?.close();
    this.said = 'fin';
    this.answers = undefined;
  }

  override _read(): void {
    // Bytes are pushed when they arrive.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.whenConnected(() => {
      this.send([chunk]);
      done();
    });
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: () => void): void {
    this.whenConnected(() => {
      this.send(chunks.map(({ chunk }) => chunk));
      done();
    });
  }

  override _final(done: () => void): void {
    this.whenConnected(() => {
      this.sayFin();
      done();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.sayFin();
    this.answers?.close();
    this.early = [];
    done(error);
  }

  private mayLeave(): boolean {
    return this.ports.mayLeave?.() ?? true;
  }

  private whenConnected(work: () => void): void {
    if (this.connected) work();
    else this.early.push(work);
  }

  /** The SYN is at the server. */
  private arrived(server: PgServer, request: () => Passage, failed: (code: string) => void): void {
    const session = server.accept({
      deliver: (bytes, afterMs, delivered) => this.answers?.send(() => this.hear(bytes, delivered), afterMs),
      close: () => this.answers?.send(() => this.ports.resume(() => this.push(null))),
      reset: () => this.answers?.send(() => this.broken('ECONNRESET')),
    });
    if (!session) {
      this.answers?.send(() => failed('ECONNREFUSED'));
      return;
    }
    this.session = session;
    this.requests = new Lane(this.ports.clock, request, (code) => this.broken(code));
    // Closed while it was connecting.
    if (this.said === 'fin') return session.disconnected();
    this.handshake(this.ports.handshakes ?? 3);
  }

  private handshake(left: number): void {
    this.answers?.send(() => {
      if (left === 0) return this.ports.resume(() => this.open());
      this.requests?.send(() => this.handshake(left - 1));
    });
  }

  private open(): void {
    if (this.destroyed) return;
    this.connected = true;
    this.emit('connect');
    const waiting = this.early;
    this.early = [];
    for (const work of waiting) work();
  }

  private send(chunks: readonly Buffer[]): void {
    const { session, server } = this;
    if (!session || !this.mayLeave()) return;
    const arrive = (): void => {
      // It went silent while this was on its way: as good as lost.
      if (server?.state === 'silent') return this.requests?.send(arrive);
      // A process that is there now knows nothing of a connection to the one before.
      if (session.closed) return this.answers?.send(() => this.broken('ECONNRESET'));
      for (const chunk of chunks) session.receive(chunk);
    };
    this.requests?.send(arrive);
  }

  private hear(bytes: Buffer, delivered: (() => void) | undefined): void {
    this.ports.resume(() => {
      if (this.destroyed) return;
      delivered?.();
      this.push(bytes);
    });
  }

  private sayFin(): void {
    if (this.said === 'fin') return;
    this.said = 'fin';
    const { session } = this;
    if (session) this.requests?.send(() => session.disconnected());
    else if (!this.connected) this.requests?.close();
  }

  private broken(code: string): void {
    this.break(code, `read ${code}`);
  }

  private break(code: string, message: string): void {
    this.ports.resume(() => {
      if (this.destroyed) return;
      this.said = 'fin';
      this.requests?.close();
      this.destroy(Object.assign(new Error(message), { code }));
    });
  }
}
