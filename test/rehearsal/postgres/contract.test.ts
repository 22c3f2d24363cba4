import fc from 'fast-check';
import type { Client } from 'pg';
import { sampleLag } from '../../../lambda/replication-monitor/lag';
import type { Database } from '../../../lambda/shared/database';
import {
  insertOrder,
  begin,
  commit,
  migration,
  operations,
  raiseEpoch,
  readEpoch,
  readState,
  rollBack,
  shareEpoch,
} from './operations';
import type { Operation } from './operations';
import { modelSide, realSide, recorded, refusalOf, SESSIONS, watched } from './sides';
import type { Pending, RealSide, Seen, Side } from './sides';

// Why a model may stand for PostgreSQL in the rehearsal: the same statements, sent by the real driver, are answered
// the same by a real server - rows, types, row counts, SQLSTATEs, and who waits for whom. Rehearsals run thousands of
// databases in virtual time, which a real server cannot.

let real: RealSide;
const model = modelSide();

beforeAll(async () => {
  real = await realSide();
}, 60_000);
afterAll(() => real.stop());

interface Step {
  readonly session: number;
  readonly operation: Operation;
}

/** What both sides must agree on: each step's answers, and which sessions wait behind it. */
async function play(side: Side, steps: readonly Step[], sessions = SESSIONS): Promise<readonly string[]> {
  await side.begin(sessions);
  const told: string[] = [];
  const pending = new Map<number, Pending>();
  const collect = async (): Promise<void> => {
    const settled = await side.settle(pending);
    for (const session of settled) pending.delete(session);
    const tells = [...answers].filter(([session, { seen }]) => !pending.has(session) && seen.length > 0);
    for (const [session, { name, seen }] of tells) {
      told.push(`${session}: ${name} -> ${JSON.stringify(seen)}`);
      answers.delete(session);
    }
    if (pending.size > 0) told.push(`waiting: ${[...pending.keys()].sort().join()}`);
  };
  const answers = new Map<number, { readonly name: string; readonly seen: Seen[] }>();
  for (const { session, operation } of steps) {
    if (pending.has(session)) continue;
    const seen: Seen[] = [];
    answers.set(session, { name: operation.name, seen });
    pending.set(session, watched(operation.run(recorded(side.client(session), seen))));
    await collect();
    if (pending.size < sessions) continue;
    await side.untilOne(pending);
    await collect();
  }
  return told;
}

const both = async (steps: readonly Step[], sessions?: number): Promise<readonly string[]> => {
  const told = await play(real, steps, sessions);
  expect(await play(model, steps, sessions)).toEqual(told);
  return told;
};

/** How often a server that has a choice is asked, until it has made the one that the model makes always. */
const ASKED_AGAIN = 5;

/** As `both`, where the server itself leaves it to its scheduler which of two goes on first. */
const usually = async (steps: readonly Step[], sessions: number): Promise<readonly string[]> => {
  const usual = await play(model, steps, sessions);
  for (let asked = 1; asked < ASKED_AGAIN; asked += 1) {
    if (JSON.stringify(await play(real, steps, sessions)) === JSON.stringify(usual)) return usual;
  }
  return both(steps, sessions);
};

const A = (operation: Operation): Step => ({ session: 0, operation });
const B = (operation: Operation): Step => ({ session: 1, operation });
const D = (operation: Operation): Step => ({ session: 3, operation });
const C = (operation: Operation): Step => ({ session: 2, operation });

/** A counterexample tells its steps by name. */
const readable = (step: Step): Step =>
  Object.defineProperty(step, fc.toStringMethod, { value: () => `${step.session}: ${step.operation.name}` });

describe('the model answers as PostgreSQL does', () => {
  test('whatever two sessions do, in whatever order', async () => {
    const step = fc.record({ session: fc.nat(SESSIONS - 1), operation: operations });
    const steps = fc.array(step.map(readable), {
      minLength: 8,
      maxLength: 24,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        await both(sequence);
      }),
      { seed: 20_261_124, numRuns: 60, endOnFailure: true },
    );
  }, 120_000);

  test('who waits for a row is served in order, and sharing it never waits for somebody who waits', async () => {
    // PostgreSQL manual 13.3.2; that an UPDATE which finds nothing after its wait keeps the lock is nowhere in the
    // manual. The one that waited for the old row has to lock the new one too, and on a busy machine another comes before it.
    const told = await usually(
      [
        ...[A, B, C, D].map((session) => session(begin())),
        A(raiseEpoch(5)),
        B(raiseEpoch(3)),
        C(shareEpoch),
        A(commit),
        D(shareEpoch),
        B(commit),
        A(raiseEpoch(9)),
        C(commit),
        D(commit),
      ],
      4,
    );
    expect(told).toContain('waiting: 1,2');
  });

  test('those who share a row and both want to change it: the first one that waits gives way after a second', async () => {
    const told = await both([A(begin()), B(begin()), A(shareEpoch), B(shareEpoch), A(raiseEpoch(2)), B(raiseEpoch(3))]);
    expect(told.join()).toContain('40P01');
  });

  test('of two that insert the same key the second one waits, and inserts only if the first one is rolled back', async () => {
    for (const end of [commit, rollBack]) {
      await both([
        A(begin()),
        B(begin()),
        A(insertOrder('o1')),
        B(insertOrder('o1')),
        A(end),
        B(commit),
        A(insertOrder('o1')),
      ]);
    }
  });

  test('a text with no character in it is refused with 22021, whatever it was for, and the transaction is over', async () => {
    const told = await both([
      A(begin()),
      A(insertOrder('o1', 'with no character')),
      A(readEpoch),
      A(rollBack),
      A(insertOrder('o1', 'of a symbol that is none')),
      A(insertOrder('a\0b')),
      A(insertOrder('o2', 'with half a character')),
    ]);
    expect(told.join().match(/22021/g)).toHaveLength(3);
    // Half a character has no UTF-8: the driver sends U+FFFD in its place.
    expect(told.join()).toContain('a\uFFFDb');
  });

  test('a session that goes away lets go of everything', async () => {
    await ends([real, model], async (side) => {
      await side.begin();
      const [a, b] = [side.client(0), side.client(1)];
      const seen: Seen[] = [];
      await side.run(begin().run(recorded(a, seen)));
      await side.run(raiseEpoch(4).run(recorded(a, seen)));
      const waiting = watched(shareEpoch.run(recorded(b, seen)));
      expect((await side.settle(new Map([[1, waiting]]))).size).toBe(0);
      await side.disconnect(0);
      await side.run(waiting.done);
      return seen;
    });
  });

  describe('time limits', () => {
    const LIMIT_MS = 250;

    test('a transaction that idles, and one that waits, end with transaction_timeout, and the session with them', async () => {
      const told = await ends([real, model], async (side) => {
        await side.begin();
        const [a, b] = [side.client(0), side.client(1)];
        const said = [sayings(a), sayings(b)];
        const seen: Seen[] = [];
        await side.run(begin(false, 2_000).run(recorded(a, seen)));
        await side.run(raiseEpoch(4).run(recorded(a, seen)));
        await side.run(begin(false, LIMIT_MS).run(recorded(b, seen)));
        const refused = await side.run(shareEpoch.run(recorded(b, seen)).catch(refusalOf));
        // The connection's end is a message of its own.
        await side.pass(100);
        const after = await side.run(readEpoch.run(recorded(b, seen)).catch(refusalOf));
        await side.pass(2_500);
        return { seen, said: said.map((lines) => lines.at(0)), refused, after };
      });
      expect(told).toMatchObject({ refused: { code: '25P04', severity: 'FATAL' }, said: [{ code: '25P04' }, {}] });
    });

    test('what has failed is not timed any more, and what is over neither', async () => {
      await ends([real, model], async (side) => {
        await side.begin(1);
        const a = side.client(0);
        const seen: Seen[] = [];
        const run = (operation: Operation) => side.run(operation.run(recorded(a, seen)).catch(refusalOf));
        for (const operation of [begin(false, LIMIT_MS), insertOrder('o1', 'of nothing')]) await run(operation);
        await side.pass(LIMIT_MS * 2);
        for (const operation of [readEpoch, rollBack, begin(false, LIMIT_MS), commit]) await run(operation);
        await side.pass(LIMIT_MS * 2);
        await run(readEpoch);
        return seen;
      });
    });
  });

  test('a server that takes no writes says so', async () => {
    const readOnly = modelSide({ engine: { readOnly: () => true } });
    await real.begin();
    await real.trading.sql(`ALTER DATABASE ${real.trading.engine.database} SET default_transaction_read_only = on`);
    await ends([real, readOnly], async (side) => {
      await (side === real ? real.connect(1) : side.begin(1));
      const seen: Seen[] = [];
      const run = (operation: Operation) => side.run(operation.run(recorded(side.client(0), seen)).catch(refusalOf));
      for (const operation of [raiseEpoch(2), shareEpoch, insertOrder('o1'), migration]) {
        for (const each of [begin(), operation, readState, rollBack, begin(true), readState, operation, commit])
          await run(each);
      }
      return seen;
    });
    await real.trading.sql(`ALTER DATABASE ${real.trading.engine.database} RESET default_transaction_read_only`);
  });

  test('the migrator finds its own history, checksums included, and waits for another run', async () => {
    await ends([real, model], async (side) => {
      await side.begin();
      const [a, b] = [side.client(0), side.client(1)];
      const noticed: unknown[] = [];
      b.on('notice', ({ code, severity }) => noticed.push({ code, severity }));
      // Two sessions are answered at once: which of them hears it first is nobody's promise.
      const seen: readonly [Seen[], Seen[]] = [[], []];
      const step = async (client: Client, told: Seen[]): Promise<void> => {
        for (const operation of [begin(), migration])
          told.push({ result: await operation.run(recorded(client, told)) });
      };
      await side.run(step(a, seen[0]));
      const waiting = watched(step(b, seen[1]));
      expect((await side.settle(new Map([[1, waiting]]))).size).toBe(0);
      await side.run(commit.run(recorded(a, seen[0])));
      await side.run(waiting.done);
      expect(seen[1].at(-1)).toEqual({ result: { status: 'UP_TO_DATE', from: 4, to: 4, applied: [] } });
      return { seen, noticed };
    });
  });

  test('a wrong password and a database that is not there are refused', async () => {
    for (const wrong of [{ password: 'wrong' }, { database: 'nowhere' }]) {
      await ends([real, model], async (side) => {
        await side.begin(1);
        const client = side.another(wrong);
        return side.run(client.connect().then(() => 'connected', refusalOf));
      });
    }
  });

  test('aurora_global_db_status() is read where it is, and does not exist elsewhere', async () => {
    const ask = async (side: Side): Promise<unknown> => {
      await side.begin(1);
      const seen: Seen[] = [];
      const tx = recorded(side.client(0), seen);
      const database: Database = { transaction: (_limits, work) => work(tx), close: async () => undefined };
      const answers = [];
      for (const region of ['eu-central-1', 'eu-central-2', 'eu-west-1']) {
        answers.push(await side.run(sampleLag({ reader: database, region, now: () => 0 })));
      }
      return { answers, seen };
    };
    const calculated = Date.UTC(2026, 10, 24, 3, 50, 49, 328);
    const aurora = modelSide({
      engine: {
        globalStatus: () => [
          { region: 'eu-central-1', rpoLagMs: -1, calculatedAt: 0 },
          { region: 'eu-central-2', rpoLagMs: 1_090, calculatedAt: calculated },
        ],
      },
    });
    await ends([real, model], ask);
    await real.trading.sql(`CREATE FUNCTION aurora_global_db_status() RETURNS TABLE (
        aws_region text, rpo_lag_in_msec bigint, last_lag_calculation_time timestamptz)
      LANGUAGE sql AS $$ VALUES ('eu-central-1'::text, -1::bigint, '1970-01-01 00:00:00+00'::timestamptz),
        ('eu-central-2', 1090, '2026-11-24 03:50:49.328+00') $$`);
    const told = await ends([real, aurora], ask);
    await real.trading.sql('DROP FUNCTION aurora_global_db_status()');
    expect(told).toMatchObject({
      answers: [{ kind: 'writes' }, { kind: 'follows', lagMs: 1_090, calculatedAt: calculated }, { kind: 'unknown' }],
    });
  });
});

/** Everything that a client says outside a query. */
function sayings(client: Client): unknown[] {
  const said: unknown[] = [];
  client.on('error', (error) => said.push(refusalOf(error)));
  return said;
}

/** What a story ends with, which must be the same on all sides. */
async function ends<T>(sides: readonly Side[], story: (side: Side) => Promise<T>): Promise<T | undefined> {
  const ended: T[] = [];
  for (const side of sides) ended.push(await story(side));
  for (const other of ended) expect(other).toEqual(ended[0]);
  return ended[0];
}
