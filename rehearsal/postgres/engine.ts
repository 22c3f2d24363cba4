import type { Clock, Timer } from '../kernel/clock';
import type { Content, Row, Write } from './content';
import { readInstruments, type InstrumentRow } from './content';
import { Locks, type Holder } from './locks';

/** Where a database keeps what is committed: a cluster's volume, the same one for all its instances. */
export interface Volume {
  /** What a statement sees that begins now. */
  content(): Content;
  /**
   * Makes a transaction durable, and visible at the same moment; cancelled when the instance dies before.
   *
   * @param durable is told, later, and is given what to call when the client has heard of it; never, when the volume
   * takes no writes any more.
   */
  commit(writes: readonly Write[], durable: (acknowledged: () => void) => void): Timer;
}

/** One region's row of `aurora_global_db_status()`, as far as anybody asks for it. Milliseconds; times since 1970. */
export interface GlobalStatus {
  readonly region: string;
  /** -1 in the row of the region that writes. */
  readonly rpoLagMs: number;
  /** 0 in the row of the region that writes. */
  readonly calculatedAt: number;
}

/** One instance's database. */
export interface EngineOptions {
  readonly clock: Clock;
  readonly volume: Volume;
  readonly database: string;
  readonly user: string;
  /** Asked at each connection: a secret rotates. */
  readonly password: () => string;
  /** As the server says it: `17.7`. */
  readonly version: string;
  /** How long a statement takes that waits for nothing, in milliseconds. */
  readonly statementMs: number;
  /** Readers, and every instance of a cluster that follows another region, take no writes. */
  readonly inRecovery: () => boolean;
  /** Absent: the function does not exist, as in every PostgreSQL that is not Aurora's. */
  readonly globalStatus?: () => readonly GlobalStatus[];
  /** `default_transaction_read_only`. @default false */
  readonly readOnly?: () => boolean;
}

/** One open transaction. */
export class Transaction implements Holder {
  readonly held = new Set<string>();
  readonly writes: Write[] = [];

  constructor(public readOnly: boolean) {}

  /** A row that this transaction has written and nobody else sees. */
  own(table: 'order_effects' | 'payment_effects', key: string): Row | undefined {
    for (const write of this.writes) {
      if (write.table === table && write.key === key) return write.row;
    }
    return undefined;
  }

  /** The epoch that this transaction has set. */
  ownEpoch(): number | undefined {
    for (let index = this.writes.length - 1; index >= 0; index -= 1) {
      const write = this.writes[index];
      if (write?.table === 'writer_epoch') return write.epoch;
    }
    return undefined;
  }
}

/** What the sessions of one instance have in common: its locks live and die with it. */
export class Engine {
  readonly locks: Locks<Transaction>;
  readonly instruments: ReadonlyMap<string, InstrumentRow>;

  constructor(readonly options: EngineOptions) {
    this.locks = new Locks(options.clock);
    this.instruments = readInstruments();
  }

  now(): number {
    return this.options.clock.now();
  }

  content(): Content {
    return this.options.volume.content();
  }
}
