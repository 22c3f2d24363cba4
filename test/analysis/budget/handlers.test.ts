import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ASSUMPTIONS } from '../../../lib/budget/assumptions';
import { HANDLERS } from '../../../lib/budget/handlers';
import { ROOT } from '../../../lib/bundles';
import { stepOf } from '../../../lambda/failover-orchestrator/plan';
import { REGISTER_PATIENCE } from '../../../lambda/shared/compose-keeper';
import type { StepName } from '../../../lambda/failover-orchestrator/plan';

const withoutSpace = (text: string): string => text.replaceAll(/\s+/g, '').replaceAll(/,(?=[)\]}])/g, '');

describe('the constants of the handlers in the budget', () => {
  test.each(Object.values(HANDLERS))('$constant is what $file declares: $seconds s', ({ file, declared, seconds }) => {
    expect(withoutSpace(readFileSync(path.join(ROOT, file), 'utf8'))).toContain(withoutSpace(declared));
    const milliseconds = [...declared.matchAll(/\d[\d_]*/g)].map(([digits]) => Number(digits.replaceAll('_', '')));
    const product = milliseconds.slice(-2).reduce((total, value) => total * value, 1);
    expect([...milliseconds, product]).toContain(seconds * 1_000);
  });

  test('are those of the plan, where they can be asked for', () => {
    const planned: readonly [keyof typeof HANDLERS, StepName, 'againMs' | 'attemptMs'][] = [
      ['promoteAgain', 'promote', 'againMs'],
      ['shiftAgain', 'shift-traffic', 'againMs'],
      ['openAttempt', 'open', 'attemptMs'],
      ['openAgain', 'open', 'againMs'],
      ['raiseFloor', 'raise-floor', 'attemptMs'],
      ['verify', 'verify', 'attemptMs'],
    ];
    for (const [key, step, property] of planned) {
      expect([key, stepOf(step)[property]]).toEqual([key, HANDLERS[key].seconds * 1_000]);
    }
    const { attempts = 0, requestTimeoutMs = 0 } = REGISTER_PATIENCE;
    expect(attempts * requestTimeoutMs).toBe(HANDLERS.registerAttempts.seconds * 1_000);
  });
});

test.each(Object.entries(ASSUMPTIONS))(
  'the assumption %s is in order and says where it comes from',
  (_, assumption) => {
    const { best, expected, worst } = assumption.seconds;
    expect(best).toBeLessThanOrEqual(expected);
    expect(expected).toBeLessThanOrEqual(worst);
    expect(assumption.source.length).toBeGreaterThan(20);
  },
);
