/** One item of the global table `sessions`: who is signed in, where it began and until when it holds. */
export interface Session {
  readonly sessionId: string;
  readonly user: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The region that wrote it; either region reads it. */
  readonly region: string;
  /** Seconds since 1970; the table's TTL attribute. */
  readonly expiresAt: number;
}

/** The global table `sessions`. Every call ends within its time limit or throws StoreUnavailableError. */
export interface SessionStore {
  /** Writes a session that does not exist yet. */
  create(session: Session): Promise<void>;
  find(sessionId: string): Promise<Session | undefined>;
  /** Succeeds also when there is none. */
  remove(sessionId: string): Promise<void>;
  /** One consistent read of a fixed key, to prove that the table answers; at most 1 s. */
  probe(): Promise<void>;
}

/** One item of an order in the global table `orders`: the order itself, or a result of one epoch in one region. */
export interface OrderItem {
  readonly sk: string;
  readonly [attribute: string]: unknown;
}

/** The global table `orders`, read only: orders are written by the orders API and its processor. */
export interface OrderReader {
  itemsOf(orderId: string): Promise<readonly OrderItem[]>;
}

/** An object of the site as it is stored. */
export interface StoredFile {
  readonly body: Uint8Array;
}

/** The prefix of the static-content bucket that holds the site. */
export interface SiteReader {
  /** @returns undefined when there is no such object. */
  read(key: string): Promise<StoredFile | undefined>;
}

/** Where log lines go: one JSON object per line. */
export interface Log {
  write(level: 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Everything outside the process that a request may touch. */
export interface Ports {
  readonly sessions: SessionStore;
  readonly orders: OrderReader;
  readonly site: SiteReader;
  readonly log: Log;
  /** Milliseconds since 1970. */
  now(): number;
  newId(): string;
}
