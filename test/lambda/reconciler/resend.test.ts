import fc from 'fast-check';
import {
  FEW_MESSAGES,
  needsMessage,
  type OpenOrder,
  pauseAfter,
  type QueueSeen,
} from '../../../lambda/reconciler/resend';

const SECOND = 1_000;
const MINUTE = 60_000;
const RECEIVED = Date.UTC(2026, 10, 26, 3, 0);
const VALIDITY = 15 * MINUTE;

/** What the API's own message leaves behind. */
const original = { firstAt: RECEIVED, lastAt: RECEIVED, times: 0 };
const orderWith = (sent: OpenOrder['sent']): OpenOrder => ({
  receivedAt: RECEIVED,
  validUntil: RECEIVED + VALIDITY,
  sent,
});
const order = () => orderWith(original);
const long: QueueSeen = { messages: 5_000, fromApi: 5_000, reached: undefined };
const short: QueueSeen = { messages: FEW_MESSAGES, fromApi: FEW_MESSAGES, reached: undefined };
const silent: QueueSeen = { messages: undefined, fromApi: undefined, reached: undefined };
const at = (seconds: number) => RECEIVED + seconds * SECOND;
const again = (times: number, seconds: number) => orderWith({ firstAt: RECEIVED, lastAt: at(seconds), times });

describe('an order without a row', () => {
  test.each<readonly [string, OpenOrder, QueueSeen, number, boolean]>([
    ['that never had a message here gets one, however long the queue', orderWith(undefined), long, 20, true],
    ['gets one at once where the queue is short: its own is not in it', order(), short, 20, true],
    ['gets no second one within a minute also where the queue is short', again(1, 20), short, 79, false],
    ['gets a second one a minute later where the queue is short', again(1, 20), short, 80, true],
    ['gets none while its own may wait in a long queue', order(), long, 300, false],
    ['gets none while the queue has not come past its own', order(), { ...long, reached: at(60) }, 300, false],
    ['gets one when the queue has come past its own', order(), { ...long, reached: at(61) }, 300, true],
    [
      'is not sent twice because the queue came past its first message',
      again(1, 300),
      { ...long, reached: at(200) },
      400,
      false,
    ],
    [
      'gets one where the queue holds only what the reconciler itself has sent',
      order(),
      { ...long, fromApi: 0 },
      20,
      true,
    ],
    ['gets its first one at once where the queue says nothing', order(), silent, 20, true],
    ['gets its third one two minutes after its second where the queue says nothing', again(2, 100), silent, 219, false],
    ['gets its third one then', again(2, 100), silent, 220, true],
    ['gets a last one four minutes before its end, whatever the queue holds', order(), long, 660, true],
    ['gets the last one once', again(1, 665), long, 800, false],
    ['is reported expired by one message after its end', again(3, 400), long, 2_000, true],
  ])('%s', (_, some, queue, seconds, due) => {
    expect(needsMessage(some, queue, at(seconds))).toBe(due);
  });

  test('is given half of a validity that is short', () => {
    const brief: OpenOrder = { receivedAt: RECEIVED, validUntil: at(120), sent: original };
    expect([59, 60].map((seconds) => needsMessage(brief, long, at(seconds)))).toEqual([false, true]);
  });

  test('waits twice as long after each message, and never more than eight minutes', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((times) => pauseAfter(times) / SECOND)).toEqual([0, 60, 120, 240, 480, 480, 480]);
  });
});

/** What the queue says at each sweep of one order, which comes 60 to 70 s after the last one that took it. */
const visits = fc.array(
  fc.record({
    gapSeconds: fc.integer({ min: 60, max: 70 }),
    messages: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
    ownShare: fc.double({ min: 0, max: 1, noNaN: true }),
    reachedSeconds: fc.option(fc.integer({ min: -300, max: 900 }), { nil: undefined }),
  }),
  { minLength: 15, maxLength: 15 },
);

/** The moments, in seconds after its receipt, at which an order that never gets a row is sent. */
function sendings(
  said: readonly {
    gapSeconds: number;
    messages?: number | undefined;
    ownShare: number;
    reachedSeconds?: number | undefined;
  }[],
  validity: number,
): readonly number[] {
  const sent: number[] = [];
  let known = original;
  let seconds = 20;
  for (const { gapSeconds, messages, ownShare, reachedSeconds } of said) {
    const queue: QueueSeen = {
      messages,
      fromApi: messages === undefined ? undefined : Math.floor(messages * ownShare),
      reached: reachedSeconds === undefined ? undefined : at(reachedSeconds),
    };
    const some = { receivedAt: RECEIVED, validUntil: at(validity), sent: known };
    if (needsMessage(some, queue, at(seconds))) {
      sent.push(seconds);
      known = { ...known, lastAt: at(seconds), times: known.times + 1 };
    }
    seconds += gapSeconds;
  }
  return sent;
}

describe('whatever the queue says', () => {
  test('an order whose message is lost gets another one with time to spare', () => {
    fc.assert(
      fc.property(visits, fc.integer({ min: 300, max: 900 }), (said, validity) => {
        const least = Math.min(240, validity / 2) - 70;
        expect(sendings(said, validity).filter((seconds) => seconds <= validity - least)).not.toHaveLength(0);
      }),
    );
  });

  test('an order that waits in a long queue costs at most six messages more in fifteen minutes', () => {
    const alwaysLong = visits.map((said) => said.map((one) => ({ ...one, messages: 5_000, ownShare: 1 })));
    fc.assert(
      fc.property(alwaysLong, (said) => {
        expect(sendings(said, 900).length).toBeLessThanOrEqual(6);
      }),
    );
  });

  test('an order in a queue that works through its messages in turn costs none', () => {
    // The queue has come as far as what was sent `wait` seconds ago; SQS may be a minute out of turn.
    fc.assert(
      fc.property(fc.integer({ min: 90, max: 650 }), fc.integer({ min: 0, max: 60 }), (wait, disorder) => {
        for (let seconds = 20; seconds < wait; seconds += 10) {
          const reached = at(seconds - wait + disorder);
          expect(needsMessage(order(), { ...long, reached }, at(seconds))).toBe(false);
        }
      }),
    );
  });
});
