import fc from 'fast-check';
import { RESULT_PATIENCE_MS } from '../../../lambda/reconciler/unreported';
import { MINUTE, NOW, order, SECOND, sweepWorld as world } from './support/sweep-world';

// Clients read DynamoDB, and the truth is PostgreSQL: a commit whose result item was never written - the region died between the
// two, the put failed, the message came again where nothing may be written - leaves an order that is executed and RECEIVED for ever.

const agoBy = (seconds: number) => NOW - seconds * SECOND;

/** Orders that have their row, and some of them no result item. */
function executed(ids: readonly string[], untold: readonly string[] = ids, ago = 60) {
  const swept = world(ids.map((id, index) => order(id, agoBy(ago) + index)));
  for (const id of ids) swept.settled.add(id);
  for (const id of untold) swept.untold.add(id);
  return swept;
}

describe('an order that has its row and no result', () => {
  test('is tried again after a minute, once: whoever executes it finds the row and writes the result', async () => {
    const { sweepFor, queued, untold } = executed(['told', 'untold'], ['untold']);
    await sweepFor(RESULT_PATIENCE_MS);
    expect(queued).toEqual([]);
    await sweepFor(10 * SECOND);
    expect(queued).toEqual(['untold']);
    untold.clear();
    await sweepFor(20 * MINUTE);
    expect(queued).toEqual(['untold']);
  });

  test('is left in peace when its result arrives within the minute: it was on its way from the other region', async () => {
    const { sweepFor, queued, untold } = executed(['late']);
    await sweepFor(50 * SECOND);
    untold.clear();
    await sweepFor(20 * MINUTE);
    expect(queued).toEqual([]);
  });

  test('waits for nothing: the window of the sweep moves on, and with it a switchover', async () => {
    const { sweepFor, state, sweep } = executed(['untold']);
    await sweepFor(5 * MINUTE);
    expect(await sweep()).toBe(0);
    expect(state.item.sweptThrough).toBe(state.now - 20 * SECOND);
  });

  test('is tried five times, a minute apart, and then told to a person', async () => {
    const { sweepFor, queued, telemetry } = executed(['hopeless']);
    await sweepFor(30 * MINUTE);
    expect(queued).toHaveLength(5);
    expect(telemetry.counts).toEqual({ NeedsPerson: 1 });
    expect(telemetry.errors).toHaveLength(1);
  });

  test('is not counted as tried when nobody has taken it', async () => {
    const tries: string[] = [];
    const swept = world([order('untold', agoBy(60))], {
      tryAgain: async (some) => {
        tries.push(...some.map(({ orderId }) => orderId));
        return [];
      },
    });
    swept.settled.add('untold');
    swept.untold.add('untold');
    await swept.sweepFor(20 * MINUTE);
    expect(tries.length).toBeGreaterThan(10);
    expect(swept.telemetry.counts).toEqual({});
  });

  test('is found again under another epoch, and by a new environment: an hour is looked over in turn', async () => {
    const { sweepFor, sweep, queued, state, untold } = executed(['untold'], [], 1_800);
    await sweepFor(7 * MINUTE);
    untold.add('untold');
    state.epoch = 2;
    await sweep();
    await sweepFor(8 * MINUTE);
    expect(queued[0]).toBe('untold');
  });

  test('that is of another form by now is nobody’s to try', async () => {
    const swept = world([{ ...order('bad', agoBy(60)), quantity: 0 }]);
    swept.settled.add('bad');
    swept.untold.add('bad');
    await swept.sweepFor(20 * MINUTE);
    expect([swept.loaded, swept.queued]).toEqual([['bad'], []]);
  });
});

describe('what it costs', () => {
  test('one look per order in normal operation, and no message', async () => {
    const { sweepFor, resultsAsked, queued } = executed(['a', 'b', 'c'], []);
    await sweepFor(20 * MINUTE);
    expect([resultsAsked, queued]).toEqual([['a', 'b', 'c'], []]);
  });

  test('one sweep has at most five hundred tried again, received within two minutes; the next ones the rest', async () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => `o${index}`);
    const { sweepFor, sweep, queued } = executed([...ids, 'last'], undefined, 100);
    await sweepFor(60 * SECOND);
    expect(queued).toEqual([]);
    for (const most of [500, 1_000, 1_201]) {
      await sweep();
      expect(queued).toHaveLength(most);
    }
  });

  test('those received far apart are read one slice after the other, so that the minutes between are not read', async () => {
    const swept = world([order('early', agoBy(600)), order('late', agoBy(30))]);
    for (const id of ['early', 'late']) {
      swept.settled.add(id);
      swept.untold.add(id);
    }
    swept.state.item = { setBackAt: agoBy(10), sweptThrough: agoBy(700) };
    await swept.sweepFor(60 * SECOND);
    await swept.sweep();
    expect(swept.loaded).toEqual(['early']);
    await swept.sweep();
    expect(swept.loaded).toEqual(['early', 'late']);
  });
});

test('a table that does not tell results holds up no order without a row, and is asked again', async () => {
  const { sweepFor, index, queued, table, untold, settled } = executed(['untold']);
  const { withoutResult } = index;
  index.withoutResult = () => Promise.reject(new Error('throttled'));
  table.push(order('lost', agoBy(40)));
  await sweepFor(40 * SECOND);
  expect(queued).toEqual(['lost']);
  settled.add('lost');
  index.withoutResult = withoutResult;
  untold.add('lost');
  await sweepFor(3 * MINUTE);
  expect(queued.slice(0, 3).toSorted()).toEqual(['lost', 'lost', 'untold']);
});

test('whenever results arrive within the patience, no message is sent for an order that has its row', async () => {
  const arriving = fc.array(fc.record({ ago: fc.nat(100), reports: fc.nat(5) }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(arriving, async (orders) => {
      const swept = executed(
        orders.map((_, index) => `o${index}`),
        undefined,
        90,
      );
      for (let tick = 0; tick < 40; tick += 1) {
        for (const [index, { reports }] of orders.entries()) if (reports <= tick) swept.untold.delete(`o${index}`);
        await swept.sweepFor(10 * SECOND);
      }
      expect(swept.queued).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
