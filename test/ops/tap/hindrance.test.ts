import type { RunAnswer } from '../../../ops/tap/orchestrator';
import { EXIT } from '../../../ops/tap/exit-codes';
import { hindranceOf } from '../../../ops/tap/run/activate';

type Says = RunAnswer['verdicts'][number]['says'];

const asked = (verdicts: Readonly<Record<string, Says>>) =>
  hindranceOf({ verdicts: Object.entries(verdicts).map(([guard, says]) => ({ guard, says, why: 'because' })) });

/** Each exit code means what the help texts and the first page of the runbooks say. */
describe('what the guards hold against a failover, and the exit code', () => {
  test('nothing, when all say yes', () => {
    expect(asked({ register: 'yes', loss: 'yes' })).toBeUndefined();
  });

  test('3: a guard has said no, whatever else is not known', () => {
    expect(asked({ register: 'ask-again', readiness: 'no', loss: 'person' })).toMatchObject({
      code: EXIT.refused,
      stops: true,
      lines: ['A guard says no: readiness.'],
    });
  });

  test('4: without a majority of the registers the loss is not known either, and accepting it does not help', () => {
    expect(asked({ register: 'ask-again', loss: 'person' })).toEqual({
      code: EXIT.unreachable,
      stops: true,
      lines: [
        'Not known yet: register. The run asks again for a minute, and is refused when that does not help.',
        'The loss has to be accepted: add --accept-loss SECONDS, or --accept-loss unknown.',
      ],
    });
  });

  test('4, and it may be tried: the run asks again by itself', () => {
    expect(asked({ register: 'ask-again', loss: 'yes' })).toMatchObject({ code: EXIT.unreachable, stops: false });
  });

  test('5: everything is known, and a person has to accept the loss', () => {
    expect(asked({ register: 'yes', loss: 'person' })).toMatchObject({ code: EXIT.waiting, stops: true });
  });
});
