import type { Names } from '../aws/ports';

/** The address of a name server stands in this block, which is for documentation (RFC 5737). */
const BLOCK = '198.51.100.';
const BLOCK_SIZE = 254;

/**
 * The zone's own name servers, asked without any cache, as node's `Resolver` does after `setServers`: first for the address of a
 * server, then that server for a record. The way to them, and its loss, are the network's.
 */
export class AuthoritativeServers {
  private readonly byAddress: ReadonlyMap<string, string>;
  private readonly byHost: ReadonlyMap<string, string>;

  /** @param hosts the zone's name servers, at most 254. */
  constructor(
    private readonly names: Names,
    hosts: readonly string[],
  ) {
    if (hosts.length > BLOCK_SIZE) throw new RangeError(`${hosts.length} name servers are too many`);
    const pairs = hosts.map((host, index) => [host.toLowerCase(), `${BLOCK}${index + 1}`] as const);
    this.byHost = new Map(pairs);
    this.byAddress = new Map(pairs.map(([host, address]) => [address, host]));
  }

  /** The addresses of a name server; they do not change. Undefined: it is none of this zone's. */
  addressesOf(host: string): readonly string[] | undefined {
    const address = this.byHost.get(host.toLowerCase());
    return address === undefined ? undefined : [address];
  }

  /** Whether somebody answers under this address. */
  isServer(address: string): boolean {
    return this.byAddress.has(address);
  }

  /** The texts of a TXT record at this moment, each in one piece. Undefined: no such record (ENOTFOUND, ENODATA). */
  authoritative(record: string): readonly string[] | undefined {
    return this.names.texts(record)?.values;
  }
}
