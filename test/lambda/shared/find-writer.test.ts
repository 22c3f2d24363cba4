import { findWriter, type AskableClient } from '../../../lambda/shared/find-writer';

/** An instance that is asked for its role. */
class FakeInstance implements AskableClient {
  ended = false;

  constructor(private readonly role: 'reader' | 'writer' | 'broken') {}

  query = async (): ReturnType<AskableClient['query']> => {
    if (this.role === 'broken') throw new Error('gone while it was asked');
    return { rows: [{ in_recovery: this.role === 'reader' }] };
  };

  end = async (): Promise<void> => {
    this.ended = true;
  };
}

const refused = Object.assign(new Error('password'), { code: '28P01' });

function ask(hosts: Readonly<Record<string, FakeInstance | Error>>): Promise<FakeInstance | undefined> {
  return findWriter(
    Object.keys(hosts),
    async (host) => {
      const found = hosts[host];
      if (!(found instanceof FakeInstance)) throw found ?? new Error('no such instance');
      return found;
    },
    (error) => error === refused,
  );
}

test('the instance that is in no recovery is the writer; all others are let go', async () => {
  const [reader, writer, broken] = [new FakeInstance('reader'), new FakeInstance('writer'), new FakeInstance('broken')];
  expect(await ask({ a: reader, b: new Error('dead'), c: broken, d: writer })).toBe(writer);
  expect([reader.ended, broken.ended, writer.ended]).toEqual([true, true, false]);
});

test('of two that both say so only one is kept', async () => {
  const both = [new FakeInstance('writer'), new FakeInstance('writer')] as const;
  expect(await ask({ a: both[0], b: both[1] })).toBe(both[0]);
  expect(both[1].ended).toBe(true);
});

test('a region that follows has none, and neither has one whose instances are gone', async () => {
  expect(await ask({ a: new FakeInstance('reader') })).toBeUndefined();
  expect(await ask({ a: new Error('dead') })).toBeUndefined();
  expect(await ask({})).toBeUndefined();
});

test('a refused password is told, so that the secret is read again; but not where a writer was found', async () => {
  await expect(ask({ a: refused, b: new FakeInstance('reader') })).rejects.toBe(refused);
  const writer = new FakeInstance('writer');
  expect(await ask({ a: refused, b: writer })).toBe(writer);
});
