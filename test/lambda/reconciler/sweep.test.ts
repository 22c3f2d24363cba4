import fc from 'fast-check';
import { ASKED_AT_ONCE } from '../../../lambda/reconciler/sweep';
import { gate } from '../support/fakes';
import { effectsAmong, MINUTE, NOW, order, SECOND, sweepWorld as world } from './support/sweep-world';

const agoBy = (seconds: number) => NOW - seconds * SECOND;

describe('in normal operation', () => {
  test('every order of the last two minutes is asked for once, and none is queued', async () => {
    const orders = [110, 90, 60, 30, 21].map((ago, index) => order(`o${index}`, agoBy(ago)));
    const { settled, sweepFor, asked, queued, state } = world(orders);
    for (const { orderId } of orders) settled.add(orderId);
    await sweepFor(MINUTE);
    expect(asked).toEqual(['o0', 'o1', 'o2', 'o3', 'o4']);
    expect(queued).toEqual([]);
    expect(state.item.sweptThrough).toBe(agoBy(-30));
  });

  test('an order younger than twenty seconds is left to its own message', async () => {
    const { sweep, asked } = world([order('young', agoBy(19)), order('old', agoBy(21))]);
    expect(await sweep()).toBe(1);
    expect(asked).toEqual(['old']);
  });

  test('an order of the other region that arrives late is found within two minutes of its receipt', async () => {
    const { sweep, table, queued, state } = world();
    await sweep();
    table.push(order('late', agoBy(100)));
    state.now += 10 * SECOND;
    await sweep();
    expect(queued).toEqual(['late']);
  });
});

test('whole orders are read only of those without a row: nearly all have theirs', async () => {
  const { sweepFor, settled, loaded } = world([order('lost', agoBy(60)), order('good', agoBy(50))]);
  settled.add('good');
  await sweepFor(30 * SECOND);
  expect(loaded).toEqual(['lost']);
});

test('an order of another form can never be executed: it is looked at once, and holds nothing up', async () => {
  const { sweep, sweepFor, loaded, queued, state, telemetry } = world([{ ...order('bad', agoBy(60)), quantity: 0 }]);
  expect(await sweep()).toBe(0);
  await sweepFor(20 * SECOND);
  expect([loaded, queued]).toEqual([['bad'], []]);
  expect(telemetry.counts).toEqual({ NeedsPerson: 1 });
  expect(state.item.sweptThrough).toBe(agoBy(10));
});

describe('an order that reappears', () => {
  test('with a region that returns is found within six minutes, however old it is by then, up to an hour', async () => {
    const { sweepFor, table, queued } = world();
    await sweepFor(MINUTE);
    table.push(order('reappeared', agoBy(3_000)));
    await sweepFor(6 * MINUTE);
    expect(queued).toContain('reappeared');
  });

  test('costs what it costs once: an order that has its row is not asked for again', async () => {
    const { sweepFor, settled, asked } = world([order('settled', agoBy(1_800))]);
    settled.add('settled');
    await sweepFor(20 * MINUTE);
    expect(asked).toEqual(['settled']);
  });
});

describe('an order without a row', () => {
  test('is queued again, and keeps the window open until it has one', async () => {
    const { sweep, sweepFor, settled, queued, state } = world([order('lost', agoBy(60)), order('good', agoBy(50))]);
    settled.add('good');
    expect(await sweep()).toBe(1);
    expect(queued).toEqual(['lost']);
    expect(state.item.sweptThrough).toBe(agoBy(60));
    settled.add('lost');
    await sweepFor(10 * SECOND);
    expect(state.item.sweptThrough).toBe(agoBy(20));
  });

  test('is given a minute before it is queued once more: a queue that does not move is not flooded', async () => {
    const { sweepFor, queued } = world([order('stuck', agoBy(60))]);
    await sweepFor(3 * MINUTE);
    expect(queued).toEqual(['stuck', 'stuck', 'stuck']);
  });

  test('is queued with the next sweep when the queue has not taken it', async () => {
    const tries: number[] = [];
    const { sweepFor } = world([order('lost', agoBy(60))], {
      tryAgain: async (some) => (tries.push(some.length), []),
    });
    await sweepFor(30 * SECOND);
    expect(tries).toEqual([1, 1, 1]);
  });

  test('holds its window open behind everything that is received meanwhile, which is swept all the same', async () => {
    const { sweepFor, table, queued, settled, state } = world([order('poison', agoBy(60))]);
    for (let minute = 1; minute <= 30; minute += 1) table.push(order(`o${minute}`, NOW + minute * MINUTE));
    await sweepFor(31 * MINUTE);
    expect(new Set(queued)).toEqual(new Set(['poison', ...Array.from({ length: 30 }, (_, i) => `o${i + 1}`)]));
    expect(state.item.sweptThrough).toBe(agoBy(60));
    for (const { orderId } of table) settled.add(orderId);
    await sweepFor(MINUTE);
    expect(state.item.sweptThrough).toBe(state.now - 30 * SECOND);
  });

  test('is queued also after its validity: the processor reports it as expired', async () => {
    const { sweep, queued, state } = world([order('expired', agoBy(7_200))]);
    state.item = { setBackAt: agoBy(10), sweptThrough: agoBy(10_000) };
    await sweep();
    expect(queued).toEqual(['expired']);
  });
});

describe('after a failover', () => {
  test('a run sets the window back, and what was received since the loss is looked for at once', async () => {
    const orders = Array.from({ length: 40 }, (_, index) => order(`o${index}`, agoBy(600 - index * 10)));
    const { sweep, queued, state } = world(orders);
    await sweep();
    state.item = { setBackAt: state.now, sweptThrough: agoBy(500) };
    state.now += 10 * SECOND;
    await sweep();
    expect(queued).toEqual(expect.arrayContaining(orders.slice(10).map(({ orderId }) => orderId)));
    expect(queued).not.toContain('o9');
  });

  test('what can still be executed comes first, when a day has to be looked through', async () => {
    const day = Array.from({ length: 1_440 }, (_, minute) => order(`o${minute}`, NOW - (1_440 - minute) * MINUTE));
    const { sweep, sweepFor, queued, state, settled, table } = world([...day, order('fresh', agoBy(30))]);
    state.item = { setBackAt: NOW, sweptThrough: NOW - 86_400_000 };
    state.pageMs = 1_500;
    await sweep();
    expect(queued.slice(0, 4)).toEqual(['o1438', 'o1439', 'fresh', 'o0']);
    // Time was over after few pages, and what was passed over is not forgotten.
    expect(state.item.sweptThrough).toBe(NOW - 86_400_000);
    state.pageMs = 100;
    for (const { orderId } of table) settled.add(orderId);
    await sweepFor(5 * MINUTE);
    expect(state.item.sweptThrough).toBeGreaterThan(state.now - MINUTE);
  });

  test('a window that is set back while a sweep is under way stays set back', async () => {
    const { sweep, state } = world([order('lost', agoBy(300))], {
      withoutEffect: async (ids) => effectsAmong(ids, new Set()),
    });
    state.item = { setBackAt: agoBy(10), sweptThrough: agoBy(30) };
    const swept = sweep();
    state.item = { setBackAt: NOW, sweptThrough: agoBy(400) };
    await swept;
    expect(state.item).toEqual({ setBackAt: NOW, sweptThrough: agoBy(400) });
  });

  test('what was seen to have a row is asked for again under another epoch: the row may be lost with its writer', async () => {
    const { sweep, settled, asked, queued, state } = world([order('confirmed', agoBy(60))]);
    settled.add('confirmed');
    await sweep();
    // The other region took over, lost some commits, and this one is active again, all within the life of one environment.
    settled.delete('confirmed');
    state.epoch = 3;
    state.now += 10 * SECOND;
    expect(await sweep()).toBe(1);
    expect(asked).toEqual(['confirmed', 'confirmed']);
    expect(queued).toEqual(['confirmed']);
  });

  test('so is it once a run has set the window back: before that, the row may be of a database that was not promoted', async () => {
    const { sweep, settled, queued, state } = world([order('confirmed', agoBy(60))]);
    settled.add('confirmed');
    await sweep();
    settled.delete('confirmed');
    state.item = { setBackAt: state.now, sweptThrough: agoBy(100) };
    await sweep();
    expect(queued).toEqual(['confirmed']);
  });

  test('a sweep that outlives its epoch tells the next one nothing', async () => {
    const held = gate();
    const { sweep, settled, asked, state } = world([order('confirmed', agoBy(60))], {
      tryAgain: async () => [],
      withoutEffect: async (ids) => {
        asked.push(...ids);
        // What was asked is answered later, when another epoch has begun.
        if (asked.length === 1) await held.opened;
        return effectsAmong(ids, settled);
      },
    });
    settled.add('confirmed');
    const outliving = sweep();
    await new Promise((resolve) => setImmediate(resolve));
    state.epoch = 3;
    await sweep();
    held.open();
    await outliving;
    state.epoch = 4;
    await sweep();
    expect(asked).toEqual(['confirmed', 'confirmed', 'confirmed']);
  });

  test('a window of years is none: nobody waits for such an order any more', async () => {
    const { sweep, state, queued } = world([
      order('ancient', NOW - 8 * 86_400_000),
      order('week', NOW - 6 * 86_400_000),
    ]);
    state.item = { setBackAt: 0, sweptThrough: 0 };
    await sweep();
    expect(queued).toEqual(['week']);
  });
});

test('a ledger that does not answer leaves the window where it is', async () => {
  const { sweep, state } = world([order('o', agoBy(60))], {
    withoutEffect: () => Promise.reject(new Error('no database')),
  });
  state.item = { setBackAt: agoBy(10), sweptThrough: agoBy(30) };
  await expect(sweep()).rejects.toThrow('no database');
  expect(state.item).toEqual({ setBackAt: agoBy(10), sweptThrough: agoBy(30) });
});

test('one sweep asks for a bounded number of orders, and the next ones for the rest', async () => {
  const burst = Array.from({ length: 12_000 }, (_, index) => order(`o${index}`, agoBy(110) + index * 5));
  const { sweep, sweepFor, asked, settled, state } = world(burst);
  for (const { orderId } of burst) settled.add(orderId);
  await sweep();
  expect(asked.length).toBeLessThanOrEqual(5_500);
  await sweepFor(20 * SECOND);
  expect(new Set(asked).size).toBe(12_000);
  expect(asked.length).toBeLessThan(12_100);
  expect(state.item.sweptThrough).toBeGreaterThan(agoBy(21));
});

describe('a pass over more than one sweep can look at', () => {
  /** Orders of the last hour, the first of which never gets a row. */
  function backlog() {
    const orders = Array.from({ length: 12_000 }, (_, index) => order(`o${index}`, agoBy(3_600) + index * 250));
    const swept = world([...orders, order('last', agoBy(150))]);
    for (const { orderId } of orders.slice(1)) swept.settled.add(orderId);
    swept.state.item = { setBackAt: agoBy(10), sweptThrough: agoBy(3_600) };
    return swept;
  }

  test('goes on where the sweep before has ended, and does not forget what that one left open', async () => {
    const { sweepFor, state, queued } = backlog();
    // Eight pages of five hundred in each sweep.
    state.pageMs = 500;
    await sweepFor(20 * SECOND);
    expect(queued).toEqual(['o0']);
    await sweepFor(20 * SECOND);
    expect(queued).toEqual(['o0', 'last']);
    expect(state.item.sweptThrough).toBe(agoBy(3_600));
  });

  test('begins anew when a run sets the window back meanwhile', async () => {
    const { sweep, sweepFor, state, table, queued } = backlog();
    table.push(order('older', agoBy(5_000)));
    await sweep();
    state.item = { setBackAt: state.now, sweptThrough: agoBy(6_000) };
    await sweepFor(10 * SECOND);
    expect(queued).toContain('older');
  });

  test('begins anew when that happens in the middle of a sweep', async () => {
    const { sweep, sweepFor, state, table, queued } = backlog();
    table.push(order('older', agoBy(5_000)));
    const swept = sweep();
    // As a run would that is no later than the sweep: the same end of the window, another moment.
    state.item = { setBackAt: agoBy(5), sweptThrough: agoBy(3_600) };
    await swept;
    state.item = { setBackAt: agoBy(4), sweptThrough: agoBy(6_000) };
    await sweepFor(10 * SECOND);
    expect(queued).toContain('older');
  });
});

test('what takes long is told until when it may begin something', async () => {
  const told: number[] = [];
  const { sweep } = world([order('o', agoBy(60))], { tryAgain: async (_, until) => (told.push(until), []) });
  await sweep();
  expect(told).toEqual([NOW + 4 * SECOND]);
});

test('a sweep begins no further page when its time is over: the next tick is due, and with it the lease', async () => {
  const { sweep, state, asked } = world(
    Array.from({ length: 4_000 }, (_, index) => order(`o${index}`, agoBy(110) + index)),
  );
  state.pageMs = 1_500;
  await sweep();
  expect(asked).toHaveLength(3 * ASKED_AT_ONCE);
});

test('however orders arrive and settle, the window never passes one without a row', async () => {
  const happening = fc.record({ ago: fc.integer({ min: 0, max: 90 }), settlesAfter: fc.integer({ min: 0, max: 20 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(happening, { maxLength: 4 }), { maxLength: 15 }), async (sweeps) => {
      const { sweep, table, settled, state } = world();
      const due = new Map<string, number>();
      for (const [number, arriving] of sweeps.entries()) {
        for (const [index, { ago, settlesAfter }] of arriving.entries()) {
          const id = `o${number}-${index}`;
          table.push(order(id, state.now - ago * SECOND));
          due.set(id, number + settlesAfter);
        }
        for (const [id, at] of due) if (at <= number) settled.add(id);
        await sweep();
        const passed = table.filter(({ receivedAt }) => Date.parse(receivedAt) < (state.item.sweptThrough ?? 0));
        expect(passed.filter(({ orderId }) => !settled.has(orderId))).toEqual([]);
        state.now += 10 * SECOND;
      }
    }),
    { numRuns: 60 },
  );
});
