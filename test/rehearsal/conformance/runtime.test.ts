import { createServer, request as httpRequest } from 'node:http';
import { runInThisContext } from 'node:vm';
import type { Container } from '../../../rehearsal/runtime/container';
import type { DnsQuestion } from '../../../rehearsal/runtime/ports';
import type { Handler } from '../../../rehearsal/runtime/runtime';
import { containerOf, CONTEXT, fixed, newClock, outsideOf, runtimeOf, START, watch } from './support';

// What an execution environment is to the code in it (Lambda developer guide, "Lambda execution environment lifecycle").

/** Begins an invocation, as Lambda does, in an event of the clock. */
function invoke(container: Container, handler: Handler, event: unknown = {}) {
  container.thaw();
  return watch(
    new Promise((resolve, reject) => {
      container.resume(() => void handler(event, CONTEXT).then(resolve, reject));
    }),
  );
}

describe('code in an execution environment', () => {
  test('has the time, the chance and the variables of its environment, and its region’s clock may be wrong', async () => {
    const clock = newClock();
    const runtime = runtimeOf(`
      const { randomUUID } = require('node:crypto');
      exports.handler = async () => {
        const before = Date.now();
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const passed = new Date().getTime() - before;
        return { before, passed, chance: [Math.random(), randomUUID()], variable: process.env.SAMPLE };
      };`);
    const play = async () => {
      const parts = { runtime, random: fixed(0.25), env: { SAMPLE: 'its own' }, skew: () => 4_000 };
      const container = containerOf(clock, parts);
      const at = clock.now();
      const seen = invoke(container, runtime.load('sample', container));
      await clock.run(at + 1_500);
      return { at, answer: seen.result };
    };
    const uuid = '40000000-4000-4000-8000-000040000000';
    for (const { at, answer } of [await play(), await play()]) {
      expect(answer).toEqual({ before: at + 4_000, passed: 1_500, chance: [0.25, uuid], variable: 'its own' });
    }
  });

  test('is frozen between invocations: a timer that came due meanwhile happens at the next one', async () => {
    const clock = newClock();
    const runtime = runtimeOf(`
      const ticks = [];
      exports.handler = async () => {
        const found = [...ticks];
        setTimeout(() => ticks.push(Date.now()), 1000);
        await new Promise((resolve) => setTimeout(resolve, 10));
        return found;
      };`);
    const container = containerOf(clock, { runtime });
    const handler = runtime.load('sample', container);
    const first = invoke(container, handler);
    await clock.run(START + 10);
    container.freeze();
    await clock.run(START + 60_000);
    const second = invoke(container, handler);
    await clock.run(START + 60_010);
    expect([first.result, second.result]).toEqual([[], [START + 60_000]]);
  });

  test('never goes on when its environment was killed, and its connections end', async () => {
    const clock = newClock();
    const log: string[] = [];
    const outside = outsideOf({ log: (_from, line) => log.push(line) });
    const runtime = runtimeOf(
      `exports.handler = async () => {
        console.log('before');
        await new Promise((resolve) => setTimeout(resolve, 1000));
        console.log('after');
      };`,
      outside,
    );
    const container = containerOf(clock, { runtime });
    let connections = 1;
    container.whenDead(() => (connections -= 1));
    const seen = invoke(container, runtime.load('sample', container));
    await clock.run(START + 500);
    container.kill();
    await clock.run(START + 5_000);
    expect({ log, over: seen.over, connections }).toEqual({ log: ['before'], over: false, connections: 0 });
  });

  test('hears late where it is slow, one word after the other, also when it is quick again', async () => {
    const clock = newClock();
    const slow = { ms: 250 };
    const container = containerOf(clock, { slowerMs: () => slow.ms });
    const heard: (readonly [string, number])[] = [];
    const say = (word: string, at: number): void => {
      clock.at(START + at, () => container.hear(() => heard.push([word, clock.now() - START])));
    };
    say('first', 0);
    say('second', 100);
    clock.at(START + 150, () => (slow.ms = 0));
    say('third', 200);
    say('fourth', 400);
    await clock.run(START + 1_000);
    expect(heard).toEqual([
      ['first', 250],
      ['second', 350],
      ['third', 350],
      ['fourth', 400],
    ]);
  });

  test('dies where a crash is planted: what it would send does not leave, what it would hear it does not see', async () => {
    const play = async (where: 'hears' | 'sends' | undefined) => {
      const clock = newClock();
      const log: string[] = [];
      const outside = outsideOf({
        log: (_from, line) => log.push(line),
        web: (_from, _request, _connection, done) => {
          log.push('sent');
          clock.after(5, () => done({ kind: 'answered', answer: { status: 200, body: '' } }));
        },
      });
      const runtime = runtimeOf(
        `const { request } = require('node:http');
        exports.handler = async () => {
          console.log('before');
          await new Promise((resolve) => request('http://a.example/', {}, resolve).end());
          console.log('after');
        };`,
        outside,
      );
      const container = containerOf(clock, { runtime, crashes: (_container, crossing) => crossing === where });
      invoke(container, runtime.load('sample', container));
      await clock.run(START + 1_000);
      return log;
    };
    expect(await play('sends')).toEqual(['before']);
    expect(await play('hears')).toEqual(['before', 'sent']);
    expect(await play(undefined)).toEqual(['before', 'sent', 'after']);
  });
});

/** The events of one request in their order, and its answer: the same text runs in Node itself and in a rehearsal. */
const EVENTS = `
  async function events(request, url) {
    const told = [];
    let body = '';
    await new Promise((resolve) => {
      const asked = request(url, { method: 'POST', agent: false }, (response) => {
        told.push('answer ' + response.statusCode);
        response.setEncoding('utf8');
        response.on('data', (part) => (body += part));
        response.on('end', () => {
          told.push('end ' + body);
          resolve();
        });
      });
      asked.on('error', (error) => {
        told.push(error.name + ' ' + error.code);
        resolve();
      });
      asked.on('socket', (socket) => {
        told.push('socket ' + socket.connecting);
        socket.on('connect', () => told.push('connect'));
      });
      asked.end('{}');
    });
    return told;
  }`;

describe('node:http in a rehearsal', () => {
  test('tells of socket, connection and answer in the order of Node’s own client', async () => {
    const server = createServer((_request, response) => response.writeHead(201).end('done'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const events: unknown = runInThisContext(`(${EVENTS})`);
    if (!isEvents(events)) throw new TypeError('no function');
    const real = [await events(httpRequest, `http://127.0.0.1:${port}/`)];
    await new Promise((resolve) => server.close(resolve));
    real.push(await events(httpRequest, `http://127.0.0.1:${port}/`));

    const clock = newClock();
    const outside = outsideOf({
      web: (_from, { url }, connection, done) => {
        const there = url.host === 'there.example';
        clock.after(1, () => {
          if (there) connection.connected();
          clock.after(1, () =>
            done(
              there
                ? { kind: 'answered', answer: { status: 201, body: 'done' } }
                : { kind: 'failed', code: 'ECONNREFUSED' },
            ),
          );
        });
      },
    });
    const runtime = runtimeOf(
      `const events = ${EVENTS};
      const { request } = require('node:http');
      exports.handler = async () => [await events(request, 'http://there.example/'), await events(request, 'http://gone.example/')];`,
      outside,
    );
    const container = containerOf(clock, { runtime });
    const seen = invoke(container, runtime.load('sample', container));
    await clock.run(START + 100);
    expect(seen.result).toEqual(real);
    expect(real).toEqual([
      ['socket true', 'connect', 'answer 201', 'end done'],
      ['socket true', 'Error ECONNREFUSED'],
    ]);
  });
});

function isEvents(value: unknown): value is (request: typeof httpRequest, url: string) => Promise<readonly string[]> {
  return typeof value === 'function';
}

describe('node:dns in a rehearsal', () => {
  test('a name server that does not answer is given up after all tries, with ETIMEOUT', async () => {
    const clock = newClock();
    const outside = outsideOf({ dns: () => undefined });
    const runtime = runtimeOf(
      `const { Resolver } = require('node:dns/promises');
      exports.handler = async () => {
        const resolver = new Resolver({ timeout: 500, tries: 2 });
        return resolver.resolveTxt('a.example').catch((error) => ({ code: error.code, at: Date.now() }));
      };`,
      outside,
    );
    const container = containerOf(clock, { runtime });
    const seen = invoke(container, runtime.load('sample', container));
    await clock.run(START + 5_000);
    expect(seen.result).toEqual({ code: 'ETIMEOUT', at: START + 1_000 });
  });

  test('a record is asked of the server that was set, a host of the own resolver', async () => {
    const clock = newClock();
    const asked: DnsQuestion[] = [];
    const outside = outsideOf({ dns: (_, question, done) => (asked.push(question), done(['answer'])) });
    const runtime = runtimeOf(
      `const { Resolver } = require('node:dns/promises');
      exports.handler = async () => {
        const resolver = new Resolver({ timeout: 500, tries: 1 });
        await resolver.resolve4('ns.example');
        resolver.setServers(['198.51.100.1']);
        await resolver.resolveTxt('a.example');
      };`,
      outside,
    );
    const container = containerOf(clock, { runtime });
    invoke(container, runtime.load('sample', container));
    await clock.run(START + 1_000);
    expect(asked).toEqual([
      { kind: 'A', name: 'ns.example', server: undefined },
      { kind: 'TXT', name: 'a.example', server: '198.51.100.1' },
    ]);
  });
});
