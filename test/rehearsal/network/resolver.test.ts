import { createVantage } from '../../../lambda/shared/vantage';
import type { Names } from '../../../rehearsal/aws/ports';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Resolver, type ResolverKind } from '../../../rehearsal/network/resolver';
import { AuthoritativeServers } from '../../../rehearsal/network/resolver-authoritative';

/** Name servers whose answer can be changed, and that count who asks. */
class FakeNames implements Names {
  value = 'primary.example.com';
  asked = 0;

  addresses(host: string): ReturnType<Names['addresses']> {
    this.asked += 1;
    return host === 'api.example.com' ? { values: [this.value], ttlSeconds: 60 } : undefined;
  }

  texts(record: string): ReturnType<Names['texts']> {
    return record === 'vantage.example.com' ? { values: ['up'], ttlSeconds: 5 } : undefined;
  }
}

function bench(kind?: ResolverKind) {
  const clock = new VirtualClock(0);
  const names = new FakeNames();
  const resolver = new Resolver(clock, names, kind);
  const at = async (seconds: number): Promise<readonly string[] | undefined> => {
    await clock.run(seconds * 1_000);
    return resolver.resolve('api.example.com');
  };
  return { clock, names, resolver, at };
}

describe('a resolver', () => {
  it('keeps an answer for its TTL and asks again afterwards (RFC 1035)', async () => {
    const { names, at, resolver } = bench();
    expect(resolver.mustAsk('api.example.com')).toBe(true);
    expect(await at(0)).toEqual(['primary.example.com']);
    names.value = 'dr.example.com';
    expect(resolver.mustAsk('api.example.com')).toBe(false);
    expect(await at(59.9)).toEqual(['primary.example.com']);
    expect(names.asked).toBe(1);
    expect(await at(60)).toEqual(['dr.example.com']);
  });

  it('may ignore the TTL, and then keeps it longer but never shorter', async () => {
    const sticky = bench({ kind: 'sticky', keepsMs: 300_000 });
    await sticky.at(0);
    sticky.names.value = 'dr.example.com';
    expect(await sticky.at(299)).toEqual(['primary.example.com']);
    expect(await sticky.at(300)).toEqual(['dr.example.com']);
    const short = bench({ kind: 'sticky', keepsMs: 1_000 });
    await short.at(0);
    await short.at(59);
    expect(short.names.asked).toBe(1);
  });

  it('keeps that there is no such name for 900 s (RFC 2308; Route 53 guide, NS and SOA records)', async () => {
    for (const kind of [{ kind: 'honest' }, { kind: 'sticky', keepsMs: 5_000_000 }] as const) {
      const { clock, names, resolver } = bench(kind);
      expect(resolver.resolve('nobody.example.com')).toBeUndefined();
      await clock.run(899_000);
      expect(resolver.resolve('nobody.example.com')).toBeUndefined();
      expect(names.asked).toBe(1);
      await clock.run(900_000);
      resolver.resolve('nobody.example.com');
      expect(names.asked).toBe(2);
    }
  });

  it('forgets everything when it starts again', async () => {
    const { names, at, resolver } = bench();
    await at(0);
    resolver.flush();
    await at(1);
    expect(names.asked).toBe(2);
  });
});

describe('the name servers of a zone, asked without a cache', () => {
  const hosts = ['ns-1.awsdns-0.com', 'ns-2.awsdns-3.co.uk'];

  it('are found by their addresses and answer with texts in one piece', () => {
    const servers = new AuthoritativeServers(new FakeNames(), hosts);
    expect(hosts.map((host) => servers.addressesOf(host))).toEqual([['198.51.100.1'], ['198.51.100.2']]);
    expect([servers.addressesOf('ns-9.awsdns-9.org'), servers.authoritative('nobody')]).toEqual([undefined, undefined]);
    expect([servers.isServer('198.51.100.2'), servers.isServer('198.51.100.3')]).toEqual([true, false]);
    expect(() => new AuthoritativeServers(new FakeNames(), Array.from({ length: 255 }, String))).toThrow('too many');
  });

  it('are what the orchestrator asks for the opinion of the checkers', async () => {
    const servers = new AuthoritativeServers(new FakeNames(), hosts);
    const dns = {
      addressesOf: async (host: string) => servers.addressesOf(host) ?? [],
      textsOf: async (record: string, server: string) => {
        if (!servers.isServer(server)) throw new Error('nobody listens');
        return servers.authoritative(record) ?? [];
      },
    };
    expect(await createVantage(dns, 'vantage.example.com', hosts).read()).toBe('up');
    expect(await createVantage(dns, 'nobody.example.com', hosts).read()).toBe('unknown');
  });
});
