import type { Client } from 'pg';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import type { Passage } from '../../../rehearsal/network/network';
import { Lane } from '../../../rehearsal/postgres/lane';
import { PgSocket } from '../../../rehearsal/postgres/socket';
import { startModel, type Model } from './model';

const passes = (ms = 1): Passage => ({ kind: 'passes', ms });
const LOST: Passage = { kind: 'lost' };
const BEGIN = `BEGIN ;
    SELECT set_config(name, '5000', true) FROM pg_settings
    WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;
const RAISE = 'UPDATE writer_epoch SET epoch = $1 WHERE epoch < $1';

async function connected(model: Model): Promise<Client> {
  const client = model.client();
  await model.until(client.connect());
  return client;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : String(error));

/** What has come of a promise by now. */
function watch(work: Promise<unknown>): { readonly result: unknown } {
  const seen: { result: unknown } = { result: 'nothing' };
  work.then(
    () => {
      seen.result = 'done';
    },
    (error: unknown) => {
      seen.result = codeOf(error);
    },
  );
  return seen;
}

describe('a connection of node-postgres', () => {
  test('begins, writes, commits and ends', async () => {
    const model = startModel();
    const client = await connected(model);
    await model.until(client.query(BEGIN));
    await model.until(client.query(RAISE, [7]));
    expect(model.content.epoch).toBe(1);
    await model.until(client.query('COMMIT'));
    expect([model.content.epoch, model.acknowledged]).toEqual([7, 1]);
    await model.until(client.end());
    expect(model.server.sessions).toBe(0);
  });

  test('takes the round trips of TCP, TLS and the log-in', async () => {
    const model = startModel({ path: () => passes(10) });
    const client = model.client();
    const seen = watch(client.connect());
    // TCP, three handshakes, start and password: 6 round trips of 20 ms.
    await model.clock.run(model.clock.now() + 119);
    expect(seen.result).toBe('nothing');
    await model.clock.run(model.clock.now() + 1);
    expect(seen.result).toBe('done');
  });

  test('hears what was sent in the order in which it was sent, however long each takes', async () => {
    const clock = new VirtualClock(0);
    const taken = [30, 1, 20, 5];
    const lane = new Lane(
      clock,
      () => passes(taken.shift()),
      () => undefined,
    );
    const heard: number[] = [];
    for (const number of [1, 2, 3, 4]) lane.send(() => heard.push(number));
    await clock.run(100);
    expect(heard).toEqual([1, 2, 3, 4]);
  });

  test('gets what was lost sent again, when the path is open again', async () => {
    let open = true;
    const model = startModel({ path: () => (open ? passes() : LOST) });
    const client = await connected(model);
    open = false;
    const seen = watch(client.query(RAISE, [2]));
    await model.clock.run(model.clock.now() + 60_000);
    expect([seen.result, model.content.epoch]).toEqual(['nothing', 1]);
    open = true;
    await model.clock.run(model.clock.now() + 60_000);
    expect([seen.result, model.content.epoch]).toEqual(['done', 2]);
  });

  test('never hears that a half-open path has committed: the commit stands and is not acknowledged', async () => {
    let answers = true;
    const model = startModel({ path: (direction) => (direction === 'request' || answers ? passes() : LOST) });
    const client = await connected(model);
    await model.until(client.query(BEGIN));
    await model.until(client.query(RAISE, [2]));
    answers = false;
    const seen = watch(client.query('COMMIT'));
    await model.clock.run(model.clock.now() + 30_000);
    expect([seen.result, model.content.epoch, model.acknowledged]).toEqual(['nothing', 2, 0]);
  });

  test('is refused, does not find its host, or hears nothing at all, as the network has it', async () => {
    const refused = startModel({ path: () => ({ kind: 'refused', ms: 1 }) });
    await expect(refused.until(refused.client().connect())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const nobody = startModel();
    nobody.server.stop('refusing');
    await expect(nobody.until(nobody.client().connect())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const unknown = startModel();
    const host = 'nowhere.example';
    await expect(unknown.until(unknown.client({ host }).connect())).rejects.toMatchObject({ code: 'ENOTFOUND' });
    const hole = startModel({ path: () => LOST });
    const seen = watch(hole.client().connect());
    await hole.clock.run(hole.clock.now() + 60_000);
    expect(seen.result).toBe('nothing');
  });

  test('breaks when the server dies, and what was not durable never will be', async () => {
    const model = startModel();
    const client = await connected(model);
    await model.until(client.query(BEGIN));
    await model.until(client.query(RAISE, [2]));
    const seen = watch(client.query('COMMIT'));
    await model.clock.run(model.clock.now() + 2);
    model.server.stop('refusing');
    await model.settle();
    expect([seen.result, model.content.epoch]).toEqual(['ECONNRESET', 1]);
  });

  test('that went silent with its server finds out when the next one hears of it', async () => {
    const model = startModel();
    const client = await connected(model);
    model.server.stop('silent');
    const seen = watch(client.query(RAISE, [2]));
    await model.clock.run(model.clock.now() + 10_000);
    expect(seen.result).toBe('nothing');
    model.server.start();
    await model.clock.run(model.clock.now() + 20_000);
    expect([seen.result, model.content.epoch]).toEqual(['ECONNRESET', 1]);
  });

  test('of a frozen environment hears nothing until it is thawed', async () => {
    const waiting: (() => void)[] = [];
    let frozen = false;
    const model: Model = startModel({
      ports: {
        resume: (work) => {
          if (frozen) return void waiting.push(work);
          model.clock.resumesHandlers();
          work();
        },
      },
    });
    const client = await connected(model);
    frozen = true;
    const seen = watch(client.query(RAISE, [2]));
    await model.settle();
    expect([seen.result, model.content.epoch, model.acknowledged]).toEqual(['nothing', 2, 0]);
    for (const work of waiting) work();
    await model.settle();
    expect([seen.result, model.acknowledged]).toEqual(['done', 1]);
  });

  test('of a dead environment is closed by its system, or left to the server’s own limits', async () => {
    for (const closed of [true, false]) {
      const model = startModel();
      const client = await connected(model);
      await model.until(client.query(BEGIN));
      await model.until(client.query(RAISE, [2]));
      model.sockets[0]?.vanish(closed);
      await model.settle();
      expect(model.server.sessions).toBe(closed ? 0 : 1);
      await model.clock.run(model.clock.now() + 5_000);
      expect([model.server.sessions, model.content.epoch]).toEqual([0, 1]);
    }
  });

  test('sends nothing that a crash comes before', async () => {
    let dead = false;
    const model = startModel({ ports: { mayLeave: () => !dead } });
    const client = await connected(model);
    dead = true;
    watch(client.query(RAISE, [2]));
    await model.settle();
    expect(model.content.epoch).toBe(1);
  });

  test('is told that TLS is there when it asks first', async () => {
    const model = startModel();
    const socket = new PgSocket({
      clock: model.clock,
      path: () => passes(),
      server: () => model.server,
      resume: (work) => work(),
    });
    const heard: string[] = [];
    socket.on('data', (bytes: Buffer) => heard.push(bytes.toString()));
    socket.once('connect', () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])));
    socket.connect(5432, 'any');
    await model.settle();
    await model.settle();
    expect(heard).toEqual(['S']);
  });

  test('ends the run with a statement that is not modelled', async () => {
    const model = startModel();
    const client = await connected(model);
    watch(client.query('SELECT now()'));
    await expect(model.settle()).rejects.toThrow('the statement "SELECT now()" is not modelled');
  });
});
