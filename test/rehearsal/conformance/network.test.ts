import type { Answer, Call, Service } from '../../../rehearsal/aws/service';
import { answered } from '../../../rehearsal/aws/service';
import { Conditions } from '../../../rehearsal/faults/conditions';
import type { ServiceTrouble } from '../../../rehearsal/faults/conditions';
import { Random } from '../../../rehearsal/kernel/random';
import { AuthoritativeServers } from '../../../rehearsal/network/resolver-authoritative';
import { Resolver } from '../../../rehearsal/network/resolver';
import { Endpoints } from '../../../rehearsal/world/endpoints';
import { Gateway } from '../../../rehearsal/world/gateway';
import { drawNature } from '../../../rehearsal/world/nature';
import type { HttpResult } from '../../../rehearsal/aws/ports';
import type { WireRequest, WireResponse } from '../../../rehearsal/wire/wire';
import { containerOf, HERE, newClock, START, THERE } from './support';

const every = (ms: number) => ({ least: ms, most: ms });
const REGIONS = new Set([HERE, THERE]);

function conditionsOf(random = new Random('test')): Conditions {
  const nature = { withinRegionMs: every(1), betweenRegionsMs: every(10), outsideMs: every(30) };
  return new Conditions(nature, random, REGIONS);
}

/** What a handler's calls of SQS go through; the service answers at once and counts what it has done. */
function gateway({ denied = () => undefined }: { readonly denied?: () => string | undefined } = {}) {
  const clock = newClock();
  const conditions = conditionsOf();
  const done: Call[] = [];
  const sqs: Service = {
    name: 'sqs',
    needs: () => [],
    handle: (call, reply) => {
      done.push(call);
      reply(answered({ MessageId: 'm-1' }));
    },
  };
  const names = { addresses: () => undefined, texts: () => undefined };
  const heard: (Answer | 'no answer')[] = [];
  const nobody: Service = { ...sqs, handle: () => expect('this service').toBe('called') };
  const services = {
    autoscaling: nobody,
    cloudwatch: nobody,
    dynamodb: nobody,
    lambda: nobody,
    rds: nobody,
    route53: nobody,
    s3: nobody,
    secretsmanager: nobody,
    sns: nobody,
    sqs,
    ssm: nobody,
  };
  const endpoints = new Endpoints({ clock, network: conditions, fronts: [], isDark: () => false });
  const made = new Gateway({
    clock,
    conditions,
    services,
    endpoints,
    nameServers: new AuthoritativeServers(names, []),
    resolver: () => new Resolver(clock, names),
    socket: () => ({}),
    put: () => undefined,
    denied,
    onCall: (_call, answer) => heard.push(answer),
    onLog: () => undefined,
  });
  const container = containerOf(clock);
  return {
    clock,
    conditions,
    done,
    heard,
    /** Sends a message to a region's queue; when the connection stood and the answer came, in milliseconds from now. */
    send: (region: string, kept = false) => {
      const sentAt = clock.now();
      const seen: { connected?: number; at?: number; status?: number | string; code?: unknown } = {};
      const connection = { kept, connected: () => void (seen.connected = clock.now() - sentAt) };
      made.call(container, request(region), connection, (result) => {
        seen.at = clock.now() - sentAt;
        seen.status = result === 'refused' ? result : result.statusCode;
        if (result !== 'refused') seen.code = codeOf(result.body);
      });
      return seen;
    },
  };
}

function request(region: string): WireRequest {
  return {
    method: 'POST',
    hostname: `sqs.${region}.amazonaws.com`,
    path: '/',
    headers: { 'x-amz-target': 'AmazonSQS.SendMessage' },
    body: '{"QueueUrl":"q","MessageBody":"m"}',
  };
}

function codeOf(body: WireResponse['body']): unknown {
  if (!(body instanceof Uint8Array)) throw new TypeError('an error has no stream');
  const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
  return typeof parsed === 'object' && parsed !== null && '__type' in parsed ? parsed.__type : undefined;
}

const MINUTE_MS = 60_000;

describe('a message', () => {
  test('takes a time of its own, drawn from the range of its way', () => {
    const nature = drawNature(new Random('test')).network;
    const conditions = new Conditions(nature, new Random('test'), REGIONS);
    const ways = [
      [HERE, HERE, nature.withinRegionMs],
      [HERE, THERE, nature.betweenRegionsMs],
      ['outside', HERE, nature.outsideMs],
      [HERE, 'global', nature.outsideMs],
    ] as const;
    for (const [from, to, { least, most }] of ways) {
      const times = Array.from({ length: 200 }, () => {
        const passage = conditions.pass(from, to);
        return passage.kind === 'passes' ? passage.ms : NaN;
      });
      expect(Math.min(...times)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...times)).toBeLessThanOrEqual(most);
      expect(new Set(times).size).toBeGreaterThan(100);
    }
  });

  test('on a new connection waits for two round trips, TCP’s and that of TLS 1.3, and on a kept one for none', async () => {
    const { clock, send } = gateway();
    const [fresh, kept] = [send(THERE), send(THERE, true)];
    await clock.run(START + MINUTE_MS);
    expect(fresh).toMatchObject({ connected: 50, at: 60, status: 200 });
    expect(kept).toEqual({ at: 20, status: 200 });
  });

  test('that is lost is noticed by nobody but who waits; one that is refused is told at once', async () => {
    const { clock, conditions, send, done } = gateway();
    const heal = conditions.trouble({ from: HERE, to: THERE, effect: 'lost' });
    const lost = send(THERE, true);
    await clock.run(START + MINUTE_MS);
    heal();
    conditions.trouble({ to: THERE, effect: 'refused' });
    const refused = send(THERE);
    await clock.run(START + 2 * MINUTE_MS);
    expect([lost, refused]).toEqual([{}, { at: 10, status: 'refused' }]);
    expect(done).toEqual([]);
  });

  test('to a half-open region is heard on a kept connection and never answered; a new connection never stands', async () => {
    const { clock, conditions, send, done } = gateway();
    conditions.trouble({ from: THERE, effect: 'lost' });
    const [kept, fresh] = [send(THERE, true), send(THERE)];
    await clock.run(START + MINUTE_MS);
    expect([kept, fresh]).toEqual([{}, {}]);
    expect(done).toHaveLength(1);
  });

  test('inside a region passes whatever is wrong around it', async () => {
    const { clock, conditions, send } = gateway();
    conditions.trouble({ from: HERE, effect: 'lost' });
    conditions.trouble({ to: HERE, effect: 'lost' });
    const inside = send(HERE, true);
    await clock.run(START + MINUTE_MS);
    expect(inside).toEqual({ at: 2, status: 200 });
  });

  test('on a slow way takes longer by what is drawn for it', async () => {
    const { clock, conditions, send } = gateway();
    conditions.trouble({ from: THERE, effect: { slowerMs: every(1_000) } });
    const seen = send(THERE, true);
    await clock.run(START + MINUTE_MS);
    expect(seen.at).toBe(1_020);
  });
});

describe('a call of a service that is in trouble', () => {
  const play = async (effect: ServiceTrouble['effect']) => {
    const { clock, conditions, send, done, heard } = gateway();
    const heal = conditions.serviceTrouble({ service: 'sqs', region: THERE, effect });
    const [there, here] = [send(THERE, true), send(HERE, true)];
    await clock.run(START + MINUTE_MS);
    heal();
    const after = send(THERE, true);
    await clock.run(START + 2 * MINUTE_MS);
    expect([here.status, after.status]).toEqual([200, 200]);
    return { status: there.status, code: there.code, done: done.length - 2, heard: heard[1] };
  };

  test('is throttled, refused, left without an answer, or done without one', async () => {
    expect(await play('throttled')).toMatchObject({ status: 400, code: 'ThrottlingException', done: 0 });
    expect(await play('unavailable')).toMatchObject({ status: 503, code: 'InternalFailure', done: 0 });
    expect(await play('silent')).toEqual({ status: undefined, code: undefined, done: 0, heard: 'no answer' });
    expect(await play('done-silently')).toEqual({ status: undefined, code: undefined, done: 1, heard: 'no answer' });
  });
});

test('a call that no policy allows is refused before the service does anything', async () => {
  const { clock, send, done } = gateway({ denied: () => 'nothing allows it' });
  const seen = send(HERE, true);
  await clock.run(START + MINUTE_MS);
  expect(seen).toMatchObject({ status: 400, code: 'AccessDeniedException' });
  expect(done).toEqual([]);
});

test('a request from outside is answered by the front of its address, and by nobody where the region is dark', async () => {
  const clock = newClock();
  const conditions = conditionsOf();
  const dark = new Set<string>();
  const address = `d-sample.execute-api.${THERE}.amazonaws.com`;
  const endpoints = new Endpoints({
    clock,
    network: conditions,
    fronts: [
      {
        serves: (one) => one === address,
        request: (_address, { path }, done) => void clock.after(5, () => done({ status: 200, body: path })),
      },
    ],
    isDark: (region) => dark.has(region),
  });
  const ask = (): { at?: number; result?: HttpResult } => {
    const [seen, askedAt] = [{}, clock.now()];
    const asked = { method: 'GET', host: 'api.example', path: '/health' };
    endpoints.send('outside', address, asked, (result) => Object.assign(seen, { at: clock.now() - askedAt, result }));
    return seen;
  };
  const good = ask();
  await clock.run(START + MINUTE_MS);
  dark.add(THERE);
  const dead = ask();
  await clock.run(START + 2 * MINUTE_MS);
  const answer = { status: 200, body: '/health' };
  expect(good).toEqual({ at: 185, result: { kind: 'answered', answer, connectMs: 120 } });
  expect(dead).toEqual({});
});
