import type { Clock } from '../kernel/clock';
import type { Names } from '../aws/ports';

/** How a resolver treats what it has learned. */
export type ResolverKind =
  /** It keeps an answer for its TTL, as RFC 1035 says. */
  | { readonly kind: 'honest' }
  /** It keeps an answer for at least so long, whatever the TTL says; clients with a cache of their own do the same. */
  | { readonly kind: 'sticky'; readonly keepsMs: number };

/**
 * For how long a resolver keeps that there is no such name: the smaller of TTL and minimum of the zone's SOA record (RFC 2308),
 * 900 s and 86,400 s in a zone of Route 53 (Route 53 guide, "NS and SOA records that Amazon Route 53 creates for a public hosted
 * zone").
 */
export const NEGATIVE_TTL_MS = 900_000;

interface Kept {
  readonly values: readonly string[] | undefined;
  readonly until: number;
}

/** A client's recursive resolver. The way to the name servers, and its loss, are the network's. */
export class Resolver {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly names: Pick<Names, 'addresses'>,
    private readonly kind: ResolverKind = { kind: 'honest' },
  ) {}

  /** Whether the next question of this name goes to the name servers. */
  mustAsk(host: string): boolean {
    const kept = this.kept.get(host);
    return kept === undefined || this.clock.now() >= kept.until;
  }

  /** What an alias or address record says, from memory or asked now. Undefined: no such name. */
  resolve(host: string): readonly string[] | undefined {
    const now = this.clock.now();
    const kept = this.kept.get(host);
    if (kept && now < kept.until) return kept.values;
    const answer = this.names.addresses(host);
    this.kept.set(host, { values: answer?.values, until: now + this.keepsMs(answer?.ttlSeconds) });
    return answer?.values;
  }

  /** Forgets everything, as a restarted client does. */
  flush(): void {
    this.kept.clear();
  }

  private keepsMs(ttlSeconds: number | undefined): number {
    const ttlMs = ttlSeconds === undefined ? NEGATIVE_TTL_MS : ttlSeconds * 1_000;
    return this.kind.kind === 'sticky' && ttlSeconds !== undefined ? Math.max(ttlMs, this.kind.keepsMs) : ttlMs;
  }
}
