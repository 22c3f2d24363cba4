import { createVantage, type Dns } from '../../../lambda/shared/vantage';

const gone = () => Promise.reject(new Error('gone'));
const never = () => new Promise<never>(() => undefined);

describe('the vantage record', () => {
  const SERVERS = ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net', '127.0.0.1:5300'];
  const vantage = (texts: Dns['textsOf'], addressesOf: Dns['addressesOf'] = async (host) => [`address of ${host}`]) => {
    const asked: string[] = [];
    const resolved: string[] = [];
    const dns: Dns = {
      addressesOf: (host) => (resolved.push(host), addressesOf(host)),
      textsOf: (record, server) => (asked.push(`${record} of ${server}`), texts(record, server)),
    };
    return { port: createVantage(dns, 'vantage.dev.example.com', SERVERS), asked, resolved };
  };

  test('is asked of every name server of the zone, and never of a cache', async () => {
    const { port, asked, resolved } = vantage(async () => ['up']);
    expect(await port.read()).toBe('up');
    expect(asked.sort()).toEqual([
      'vantage.dev.example.com of 127.0.0.1:5300',
      'vantage.dev.example.com of address of ns-1.awsdns-01.com',
      'vantage.dev.example.com of address of ns-2.awsdns-02.net',
    ]);
    await port.read();
    expect(resolved).toEqual(['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net']);
  });

  test.each([
    [
      'the first answer counts',
      async (_: string, server: string) => (server.includes('ns-2') ? ['down'] : never()),
      'down',
    ],
    ['one that fails does not', async (_: string, server: string) => (server.includes('127') ? ['up'] : gone()), 'up'],
    ['an answer of another form is none', async () => ['maybe'], 'unknown'],
    ['no answer at all', gone, 'unknown'],
  ])('%s', async (_, texts, expected) => {
    expect(await vantage(texts).port.read()).toBe(expected);
  });

  test('does without name servers that have no address', async () => {
    const { port, asked } = vantage(
      async () => ['up'],
      async () => [],
    );
    expect(await port.read()).toBe('up');
    expect(asked).toEqual(['vantage.dev.example.com of 127.0.0.1:5300']);
  });
});
