import type { HttpAnswer, Web } from '../../../rehearsal/aws/ports';
import { Random } from '../../../rehearsal/kernel/random';
import { Pace } from '../../../rehearsal/traffic/pace';
import type { Kind, Submission } from '../../../rehearsal/traffic/submission';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { newClock, START } from './support';

// Clients of a run: nothing of AWS, and an ordinary client's patience. What they hear is what a run is judged by.

interface Asked {
  readonly at: number;
  readonly path: string;
  readonly body: unknown;
}

/** Clients that one endpoint answers; `undefined` is no answer at all. */
function clients(answer: (attempt: number) => HttpAnswer | undefined, kinds: readonly Kind[] = ['order']) {
  const clock = newClock();
  const asked: Asked[] = [];
  const web: Web = {
    send: (_from, _address, { path, body = '' }, done) => {
      asked.push({ at: (clock.now() - START) / 1_000, path, body: JSON.parse(body) as unknown });
      const given = answer(asked.length);
      if (given) clock.after(10, () => done({ kind: 'answered', answer: given, connectMs: 2 }));
    },
  };
  const traffic = new Traffic({
    clock,
    random: new Random('test'),
    web,
    resolvers: [{ resolve: () => ['address'] }],
    host: 'api.example',
    kinds,
  });
  return { clock, asked, traffic, run: (seconds: number) => clock.run(START + seconds * 1_000) };
}

const accepted = { status: 202, body: '{"region":"eu-central-2"}' };
const one = (traffic: Traffic): void => traffic.run(START, START + 1, () => 1_000);

describe('a client', () => {
  test('waits 5 s for an answer, tries again after pauses of up to 5 s, and gives up after ten minutes', async () => {
    const { traffic, asked, run } = clients(() => undefined);
    one(traffic);
    await run(1_000);
    const pauses = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0) - 5);
    expect(pauses[0]).toBeGreaterThanOrEqual(0.5);
    expect(pauses[0]).toBeLessThanOrEqual(1);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(5);
    expect(Math.min(...pauses.slice(5))).toBeGreaterThanOrEqual(2.5);
    expect(asked.at(-1)?.at).toBeGreaterThan(580);
    expect(asked.at(-1)?.at).toBeLessThanOrEqual(610);
    expect(traffic.submissions).toMatchObject([{ refusal: 'no answer' }]);
  });

  test('sends the same submission in each attempt, until an answer promises something', async () => {
    const { traffic, asked, run } = clients((attempt) =>
      attempt < 3 ? { status: [0, 503, 429][attempt] ?? 500, body: '' } : accepted,
    );
    one(traffic);
    await run(60);
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(traffic.submissions).toMatchObject([{ attempts: 3, acknowledgedBy: 'eu-central-2' }]);
  });

  test('takes another 4xx for the last word', async () => {
    const { traffic, asked, run } = clients(() => ({ status: 400, body: 'no such symbol' }));
    one(traffic);
    await run(60);
    expect(asked).toHaveLength(1);
    expect(traffic.submissions).toMatchObject([{ refusal: 'status 400: no such symbol' }]);
  });

  test('posts a payment that waits again until it has its verdict', async () => {
    const { traffic, asked, run } = clients(
      (attempt) => (attempt < 4 ? accepted : { status: 200, body: '{}' }),
      ['payment'],
    );
    one(traffic);
    await run(120);
    expect(asked.map(({ path }) => path)).toEqual(['/payments', '/payments', '/payments', '/payments']);
    const [payment] = traffic.submissions;
    expect(payment?.acknowledgedAt).toBeLessThan(payment?.settledAt ?? 0);
  });

  test('one in eight submissions is a payment where the stack takes both', async () => {
    const { traffic, run } = clients(() => accepted, ['order', 'payment']);
    traffic.run(START, START + 16_000, () => 1_000);
    await run(16);
    const kinds = traffic.submissions.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'payment')).toHaveLength(2);
    expect(kinds).toHaveLength(16);
  });
});

test('a burst is further orders beside the others, and payments no more than else', async () => {
  const { traffic, asked, run } = clients(() => accepted, ['order', 'payment']);
  traffic.run(START, START + 5_000, () => 1_000);
  const ended = traffic.sendMore(10);
  await run(2);
  ended();
  await run(5);
  expect(asked.filter(({ at }) => at < 2).length).toBeGreaterThanOrEqual(20);
  expect(traffic.submissions).toHaveLength(5 + 21);
  expect(traffic.submissions.filter(({ kind }) => kind === 'payment').length).toBeLessThanOrEqual(1);
});

test('clients send every second around the fault and until a minute after the recovery, and every five seconds else', () => {
  const faultAt = START + 150_000;
  const order = (id: string, seconds: number): Submission => ({
    id,
    kind: 'order',
    sentAt: faultAt + seconds * 1_000,
    attempts: 1,
  });
  const submissions = [order('bad', 130), order('good', 140)];
  const pace = new Pace(faultAt, submissions);
  pace.settled('good');
  const pauses = [-61, -60, 0, 120, 121, 146, 190, 192].map((seconds) => pace.pause(faultAt + seconds * 1_000));
  expect(pauses).toEqual([5_000, 1_000, 1_000, 1_000, 5_000, 1_000, 1_000, 5_000]);
});
