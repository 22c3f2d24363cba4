import { StoreUnavailableError } from '../../../fleet/service/errors';
import type { OrderItem, Ports, Session } from '../../../fleet/service/ports';

/** A log line as it would stand in the journal. */
export interface Line {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Stores in memory that can be taken away, and a clock that stands still until it is moved. */
export class FakePlatform {
  readonly sessions = new Map<string, Session>();
  readonly orders = new Map<string, readonly OrderItem[]>();
  readonly site = new Map<string, string>([['rtc/site/index.html', '<h1>Trading</h1>']]);
  readonly lines: Line[] = [];
  /** Names of stores that do not answer. */
  readonly down = new Set<'sessions' | 'orders' | 'site'>();
  /** How often each store was asked. */
  readonly asked = { probe: 0, site: 0 };
  time = Date.parse('2026-11-24T03:51:00.500Z');
  /** Holds back every answer of the orders table until it is settled. */
  hold: Promise<void> = Promise.resolve();
  private ids = 0;

  readonly ports: Ports = {
    sessions: {
      create: (session) => this.ask('sessions', () => void this.sessions.set(session.sessionId, session)),
      find: (sessionId) => this.ask('sessions', () => this.sessions.get(sessionId)),
      remove: (sessionId) => this.ask('sessions', () => void this.sessions.delete(sessionId)),
      probe: () => {
        this.asked.probe += 1;
        return this.ask('sessions', () => undefined);
      },
    },
    orders: {
      itemsOf: (orderId) => this.hold.then(() => this.ask('orders', () => this.orders.get(orderId) ?? [])),
    },
    site: {
      read: (key) => {
        this.asked.site += 1;
        const text = this.site.get(key);
        return this.ask('site', () => (text === undefined ? undefined : { body: Buffer.from(text) }));
      },
    },
    log: { write: (level, message, fields) => void this.lines.push({ level, message, ...fields }) },
    now: () => this.time,
    newId: () => `00000000-0000-4000-8000-${String(++this.ids).padStart(12, '0')}`,
  };

  private ask<T>(store: 'sessions' | 'orders' | 'site', answer: () => T): Promise<T> {
    if (!this.down.has(store)) return Promise.resolve(answer());
    return Promise.reject(new StoreUnavailableError(`the ${store} store`, new Error('timed out')));
  }
}
