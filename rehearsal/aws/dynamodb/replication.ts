import type { Clock } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { DynamoDbNature } from './nature';

/** Something on its way from one region to another. */
export interface Shipment {
  readonly from: string;
  readonly to: string;
  /** True time of the write, milliseconds since 1970. */
  readonly writtenAt: number;
  arrive(): void;
}

/** One direction between two regions. */
interface Link<S> {
  lag: Range;
  frozen: boolean;
  /** Written, and not arrived: on the way or held, in the order of writing. */
  readonly pending: Set<S>;
  /** Those that came to the other end while it was closed. */
  readonly held: Set<S>;
}

/**
 * The ways between regions on which global tables replicate. Each write takes its own time, so that one may overtake another
 * ("the sequence of writes in the target region may differ", DynamoDB developer guide, "Best practices for global tables");
 * nothing is ever lost: what cannot arrive is held and comes later.
 */
export class Replication<S extends Shipment> {
  private readonly links = new Map<string, Link<S>>();
  private readonly isolated = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly nature: Pick<DynamoDbNature, 'replicationLagMs' | 'resumeMs'>,
  ) {}

  send(shipment: S): void {
    const link = this.link(shipment.from, shipment.to);
    link.pending.add(shipment);
    this.clock.after(this.random.between(link.lag), () => this.reach(link, shipment));
  }

  setLag(from: string, to: string, lag: Range): void {
    this.link(from, to).lag = lag;
  }

  freeze(from: string, to: string): void {
    this.link(from, to).frozen = true;
  }

  thaw(from: string, to: string): void {
    this.link(from, to).frozen = false;
    this.resume(from, to);
  }

  isolate(region: string): void {
    this.isolated.add(region);
  }

  rejoin(region: string): void {
    this.isolated.delete(region);
    for (const name of this.links.keys()) {
      const [from = '', to = ''] = name.split('>');
      if (from === region || to === region) this.resume(from, to);
    }
  }

  /** Written in one region and not yet in the other, in the order of writing. */
  pending(from: string, to: string): Iterable<S> {
    return this.link(from, to).pending;
  }

  private reach(link: Link<S>, shipment: S): void {
    if (this.closed(shipment.from, shipment.to)) {
      link.held.add(shipment);
      return;
    }
    link.pending.delete(shipment);
    shipment.arrive();
  }

  /** What was held follows together, in the order of writing. */
  private resume(from: string, to: string): void {
    const link = this.link(from, to);
    if (this.closed(from, to) || link.held.size === 0) return;
    const waiting = [...link.pending].filter((shipment) => link.held.has(shipment));
    link.held.clear();
    this.clock.after(this.random.between(this.nature.resumeMs), () => {
      for (const shipment of waiting) this.reach(link, shipment);
    });
  }

  private closed(from: string, to: string): boolean {
    return this.isolated.has(from) || this.isolated.has(to) || this.link(from, to).frozen;
  }

  private link(from: string, to: string): Link<S> {
    const name = `${from}>${to}`;
    let link = this.links.get(name);
    if (link === undefined) {
      link = { lag: this.nature.replicationLagMs, frozen: false, pending: new Set(), held: new Set() };
      this.links.set(name, link);
    }
    return link;
  }
}
