import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** What Route 53's checkers say of a region. */
export type VantageWord = 'up' | 'down' | 'unknown';

/** Name resolution, uncached as far as it depends on us. */
export interface Dns {
  addressesOf(host: string): Promise<readonly string[]>;
  /** The texts of a TXT record, asked of one server only. */
  textsOf(record: string, server: string): Promise<readonly string[]>;
}

/** Where Route 53's checkers are heard. */
export interface VantagePort {
  /** Never rejects: no answer that counts is `unknown`. */
  read(): Promise<VantageWord>;
}

const TIMEOUT_MS = 2_000;
const ADDRESS_TIMEOUT_MS = 1_500;

/** DNS by node's own resolver: one attempt at each server, none of them through a cache of ours. */
export function createDns(): Dns {
  return {
    async addressesOf(host) {
      return new Resolver({ timeout: ADDRESS_TIMEOUT_MS, tries: 1 }).resolve4(host);
    },
    async textsOf(record, server) {
      const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
      resolver.setServers([server]);
      return (await resolver.resolveTxt(record)).map((chunks) => chunks.join(''));
    },
  };
}

/**
 * Asks the zone's own name servers for the record by which Route 53's checkers say `up` or `down`; the first that says either
 * counts. Their addresses are kept: they do not change, and resolving them again would make one more thing that can be lost.
 *
 * @param nameServers host names, or addresses with or without a port.
 */
export function createVantage(dns: Dns, record: string, nameServers: readonly string[]): VantagePort {
  const known = new Map<string, readonly string[]>();

  async function serversOf(nameServer: string): Promise<readonly string[]> {
    if (isAddress(nameServer)) return [nameServer];
    const addresses = known.get(nameServer) ?? (await dns.addressesOf(nameServer));
    known.set(nameServer, addresses);
    return addresses;
  }

  async function ask(nameServer: string): Promise<'up' | 'down'> {
    const [server] = await serversOf(nameServer);
    if (server === undefined) throw new Error(`${nameServer} has no address`);
    const texts = await dns.textsOf(record, server);
    if (texts.includes('up')) return 'up';
    if (texts.includes('down')) return 'down';
    throw new Error(`${nameServer} says neither up nor down`);
  }

  return {
    async read() {
      try {
        return await Promise.any(nameServers.map(ask));
      } catch {
        return 'unknown';
      }
    },
  };
}

function isAddress(nameServer: string): boolean {
  return isIP(nameServer.replace(/:\d+$/, '')) !== 0 || isIP(nameServer) !== 0;
}
