import { createJournal, type JournalEntry } from '../../../lambda/failover-orchestrator/journal';
import { createJournalItems } from '../../../lambda/failover-orchestrator/journal-items';
import { readState, writeState } from '../../../lambda/failover-orchestrator/run-form';
import { createCurrentRun } from '../../../lambda/shared/current-run';
import { fakeTable } from './support/fake-table';
import { accepted, after, NOW, observed, won } from './support/run';

function setUp() {
  const table = fakeTable();
  let ids = 0;
  const journal = createJournal(table.client, 'journal-dev', () => `write-${(ids += 1)}`);
  return { table, journal };
}

function entry(change: Partial<JournalEntry> = {}): JournalEntry {
  return {
    owner: 'one',
    ownedUntil: NOW + 30_000,
    revision: 1,
    state: after([observed()]).state,
    alerts: [{ key: 'k', subject: 's', text: 't' }],
    closed: false,
    ...change,
  };
}

const CALL = { at: NOW, call: 'RDSClient.DescribeDBClustersCommand', region: 'eu-central-2', ms: 12, outcome: 'ok' };

describe('the run that stands', () => {
  test('is found as it was written', async () => {
    const { journal } = setUp();
    expect(await journal.read()).toBeUndefined();
    expect(await journal.write(entry({ lastFailoverAt: NOW - 1 }), undefined)).toBe('written');
    expect(await journal.read()).toEqual({ ...entry({ lastFailoverAt: NOW - 1 }), runId: 'run-1', ended: false });
  });

  test('is begun by one of two that begin at once', async () => {
    const { journal } = setUp();
    expect(await journal.write(entry(), undefined)).toBe('written');
    expect(await journal.write(entry({ owner: 'two' }), undefined)).toBe('refused');
  });

  test('is taken over by one of two, and the owner before learns of it with its next write', async () => {
    const { journal } = setUp();
    await journal.write(entry(), undefined);
    expect(await journal.write(entry({ owner: 'two', revision: 2 }), entry())).toBe('written');
    expect(await journal.write(entry({ owner: 'three', revision: 2 }), entry())).toBe('refused');
    expect(await journal.write(entry({ revision: 2 }), entry())).toBe('refused');
    expect(await journal.read()).toMatchObject({ owner: 'two', revision: 2 });
  });

  test('is not written twice from the same state: the owner itself may come too late', async () => {
    const { journal } = setUp();
    await journal.write(entry(), undefined);
    expect(await journal.write(entry({ revision: 2 }), entry())).toBe('written');
    expect(await journal.write(entry({ revision: 2, closed: true }), entry())).toBe('refused');
    expect(await journal.read()).toMatchObject({ revision: 2, closed: false });
  });

  test('a write whose answer was lost is its own confirmation when the SDK repeats it', async () => {
    const { journal, table } = setUp();
    await journal.write(entry(), undefined);
    table.loseAnswers(1);
    expect(await journal.write(entry({ revision: 2 }), entry())).toBe('written');
    expect(table.sent.filter(({ text }) => text.includes('"write-2"'))).toHaveLength(2);
  });

  test('a table that does not answer is an error, not a refusal: nobody may conclude anything from it', async () => {
    const { journal, table } = setUp();
    table.failRequests(2);
    await expect(journal.write(entry(), undefined)).rejects.toMatchObject({ name: 'InternalServerError' });
  });

  test('of an older release that has ended never stands in the way', async () => {
    const { journal, table } = setUp();
    await journal.write(entry({ state: { ...entry().state, phase: 'ended', outcome: 'DONE' } }), undefined);
    table.put({ ...table.item('current', 'current'), pk: 'current', sk: 'current', state: '{"version":0}' });
    const found = await journal.read();
    expect(found).toMatchObject({ ended: true, runId: 'run-1', revision: 1 });
    expect(found).not.toHaveProperty('state');
  });

  test('that nobody can read any more and that has not ended is an error: it may be in the middle of its steps', async () => {
    const { journal, table } = setUp();
    await journal.write(entry(), undefined);
    table.put({ ...table.item('current', 'current'), pk: 'current', sk: 'current', state: '{"version":0}' });
    await expect(journal.read()).rejects.toThrow('the state of a run is malformed');
  });

  test('tells the reconciler what it needs, and nothing that changes with a release', async () => {
    const { journal, table } = setUp();
    await journal.write(entry(), undefined);
    expect(await createCurrentRun(table.client, 'journal-dev').read()).toEqual({
      runId: 'run-1',
      phase: 'claiming',
      startedAt: NOW,
      ownedUntil: NOW + 30_000,
      closed: false,
    });
  });
});

describe('the history of a run', () => {
  test('has every revision once, with what had been called before it', async () => {
    const { journal, table } = setUp();
    await journal.write(entry(), undefined);
    await journal.write(entry({ revision: 2 }), entry(), [CALL]);
    expect(await journal.history('run-1')).toEqual([
      { revision: 1, owner: 'one', calls: [] },
      { revision: 2, owner: 'one', calls: [CALL] },
    ]);
    expect(readState(String(table.item('run#run-1', '0000000002')?.['state']))).toEqual(entry().state);
  });

  test('has also the revision whose writer died before it was copied', async () => {
    const { journal, table } = setUp();
    await journal.write(entry(), undefined);
    table.put({ ...table.item('current', 'current'), pk: 'current', sk: 'current', owner: 'dead', revision: 2 });
    await journal.write(entry({ owner: 'two', revision: 3 }), { owner: 'dead', revision: 2 });
    expect((await journal.history('run-1')).map(({ revision, owner }) => `${revision} ${owner}`)).toEqual([
      '1 one',
      '2 dead',
      '3 two',
    ]);
  });

  test('is never written over', async () => {
    const { table } = setUp();
    const items = createJournalItems(table.client, 'journal-dev');
    expect(await items.putOnce({ pk: 'run#1', sk: '1', text: 'first' })).toBe(true);
    expect(await items.putOnce({ pk: 'run#1', sk: '1', text: 'second' })).toBe(false);
    expect(table.item('run#1', '1')).toMatchObject({ text: 'first' });
  });
});

test('wishes are kept beside each other, and the last acceptance counts', async () => {
  const { journal } = setUp();
  expect(await journal.wishes('run-1')).toEqual({});
  await journal.wish('run-1', { accepted: { who: 'ada', lossMs: 90_000 } });
  await journal.wish('run-1', { abortBy: 'bob' });
  await journal.wish('run-1', { accepted: { who: 'ada', lossMs: Infinity } });
  expect(await journal.wishes('run-1')).toEqual({ abortBy: 'bob', accepted: { who: 'ada', lossMs: Infinity } });
  expect(await journal.history('run-1')).toEqual([]);
});

describe('a state', () => {
  test('survives being written and read, an acceptance of any loss included', () => {
    const { state } = after([observed(), won(), accepted()], { accepted: { who: 'ada', lossMs: Infinity } });
    expect(readState(writeState(state))).toEqual(state);
  });

  test('keeps what this release does not know of', () => {
    const { state } = after([]);
    const later = { ...state, note: 'x', steps: { ...state.steps, promote: { ...state.steps.promote, hint: 'y' } } };
    expect(readState(writeState(later))).toEqual(later);
  });

  test.each(['', '{}', '[]', writeState(after([]).state).replace('observing', 'thinking')])('is not %j', (text) => {
    expect(() => readState(text)).toThrow('the state of a run is malformed');
  });
});
