import { destroyRefusal } from '../../lambda/failover-orchestrator/destroy-guard';
import { tearDown, type ReasonToStop } from '../../ops/pipeline/tear-down';
import { failed, FakeShell, type Answer } from './fake-shell';

const PREPARE = 'npx --no tap pre-destroy --stack pr-7 --confirm pr-7';
const DESTROY = 'pulumi destroy --stack pr-7 --yes --skip-preview --non-interactive --continue-on-error';
const REMOVE = 'pulumi stack rm pr-7 --yes --non-interactive';
const CANCEL = 'pulumi cancel pr-7 --yes --non-interactive';
const locked = failed(
  'error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end',
);

/** Of the nightly clean-up, where nothing speaks against going on. */
const nothing: ReasonToStop = async () => undefined;

async function run(
  reasonToStop: ReasonToStop | undefined,
  ...answers: readonly Answer[]
): Promise<{
  readonly end: string;
  readonly why: string | undefined;
  readonly ran: readonly string[];
  readonly waited: readonly number[];
}> {
  const shell = new FakeShell(...answers);
  const waited: number[] = [];
  const wait = async (ms: number): Promise<void> => void waited.push(ms);
  const ended = await tearDown({ stack: 'pr-7', reasonToStop }, { shell, wait, say: () => undefined });
  return { end: ended.end, why: ended.end === 'gone' ? undefined : ended.why, ran: shell.ran, waited };
}

describe('tearing the stack of a pull request down', () => {
  test("brings Aurora's roles home first, because a destroy with swapped roles fails half way, and removes the stack last", async () => {
    const { end, ran } = await run(undefined, [PREPARE, ''], [DESTROY, ''], [REMOVE, '']);
    expect(end).toBe('gone');
    expect(ran).toEqual([PREPARE, DESTROY, REMOVE]);
  });

  test('a half-made stack has nothing to prepare: a pre-destroy that fails does not keep it alive', async () => {
    const { why, ran } = await run(undefined, [PREPARE, failed('no outputs')], [DESTROY, ''], [REMOVE, '']);
    expect(why).toBeUndefined();
    expect(ran).toEqual([PREPARE, DESTROY, REMOVE]);
  });

  test('a destroy that fails is tried once more, a minute later, and asks AWS first what is left', async () => {
    const { why, ran, waited } = await run(
      undefined,
      [PREPARE, ''],
      [DESTROY, failed('DependencyViolation')],
      [DESTROY, ''],
      [REMOVE, ''],
    );
    expect(why).toBeUndefined();
    expect(ran).toEqual([PREPARE, DESTROY, PREPARE, `${DESTROY} --refresh`, REMOVE]);
    expect(waited).toEqual([60_000]);
  });

  test('one that fails twice is left, and its state with it: what is not destroyed must not be forgotten', async () => {
    const { why, ran } = await run(undefined, [PREPARE, ''], [DESTROY, failed('DependencyViolation')]);
    expect(why).toContain('pulumi destroy exit code 1; the log above names the resources');
    expect(ran.filter((line) => line.startsWith(DESTROY))).toHaveLength(2);
    expect(ran).not.toContain(REMOVE);
  });

  test('a stack that cannot be removed says that its resources are gone', async () => {
    const { why } = await run(undefined, [PREPARE, ''], [DESTROY, ''], [REMOVE, failed()]);
    expect(why).toBe('everything is destroyed, but pulumi stack rm exit code 1');
  });

  test('a lock is not broken while a job may be at work, and the way out is said', async () => {
    const { why, ran } = await run(undefined, [PREPARE, ''], [DESTROY, locked]);
    expect(why).toContain('"pulumi cancel pr-7", then run this again');
    expect(ran).not.toContain(CANCEL);
    expect(ran.filter((line) => line.startsWith(DESTROY))).toHaveLength(1);
  });

  test('the nightly clean-up breaks the lock of a job that was killed, once', async () => {
    const { why, ran } = await run(
      nothing,
      [PREPARE, ''],
      [DESTROY, locked],
      [DESTROY, ''],
      [CANCEL, ''],
      [REMOVE, ''],
    );
    expect(why).toBeUndefined();
    expect(ran).toEqual([PREPARE, DESTROY, CANCEL, PREPARE, `${DESTROY} --refresh`, REMOVE]);
  });

  describe('what the clean-up looks at again before a second attempt, up to an hour after the first', () => {
    const asked: boolean[] = [];
    const open: ReasonToStop = async (touched) => {
      asked.push(touched);
      return 'its pull request is open';
    };
    beforeEach(() => void asked.splice(0));

    test('a lock is not broken when there is a reason to stay: nothing was changed, and nothing has failed', async () => {
      const { end, why, ran } = await run(open, [PREPARE, ''], [DESTROY, locked]);
      expect([end, why]).toEqual(['kept', 'its pull request is open']);
      expect(ran).toEqual([PREPARE, DESTROY]);
      // The first attempt found the lock before it did anything, so that the age of the state still counts.
      expect(asked).toEqual([false]);
    });

    test('a stack that is half destroyed is not destroyed further when its pull request was opened again, and a person hears of it', async () => {
      const { end, why, ran } = await run(open, [PREPARE, ''], [DESTROY, failed('DependencyViolation')]);
      expect(end).toBe('failed');
      expect(why).toBe(
        'its pull request is open, and a first attempt to destroy pr-7 has begun and failed before. Nothing more was taken ' +
          'away; run the deployment of the pull request again, which makes what is missing',
      );
      expect(ran).toEqual([PREPARE, DESTROY]);
      expect(asked).toEqual([true]);
    });

    test('nor is its guard taken out of the state', async () => {
      const broken = failed('error: invoking Lambda Function (failover-orchestrator-pr-7): {"errorType":"Runtime"}');
      const { ran } = await run(open, [PREPARE, ''], [DESTROY, broken]);
      expect(ran).toEqual([PREPARE, DESTROY]);
    });

    test('without an answer nothing goes on', async () => {
      const silent: ReasonToStop = () => Promise.reject(new Error('HTTP 503'));
      const shell = new FakeShell([PREPARE, ''], [DESTROY, locked]);
      const ports = { shell, wait: async () => undefined, say: () => undefined };
      await expect(tearDown({ stack: 'pr-7', reasonToStop: silent }, ports)).rejects.toThrow('HTTP 503');
      expect(shell.ran).toEqual([PREPARE, DESTROY]);
    });
  });

  describe('when the stack’s guard stops the destroy', () => {
    const forget =
      'pulumi state delete urn:pulumi:pr-7::tap::tap:index:TapStack$aws:lambda/invocation:Invocation::destroy-guard --stack pr-7 --yes --non-interactive';
    const invoking = 'error: 1 error occurred:\n* invoking Lambda Function (failover-orchestrator-pr-7): ';
    const broken = failed(`${invoking}{"errorType":"Runtime.ImportModuleError","errorMessage":"Cannot find module"}`);
    // What the orchestrator says itself, and not what somebody remembers of it.
    const refusal = destroyRefusal({
      region: 'eu-central-1',
      otherRegion: 'eu-central-2',
      database: { ok: false, why: 'late' },
      runs: [],
    });
    const refused = failed(`${invoking}{"errorMessage": "${refusal}", "errorType": "Runtime.HandlerError"}`);

    test('a function that the pull request’s code has broken does not keep the stack alive', async () => {
      const { why, ran } = await run(
        undefined,
        [PREPARE, ''],
        [DESTROY, broken],
        [forget, ''],
        [DESTROY, ''],
        [REMOVE, ''],
      );
      expect(why).toBeUndefined();
      expect(ran).toEqual([PREPARE, DESTROY, forget, PREPARE, `${DESTROY} --refresh`, REMOVE]);
    });

    test('a refusal stands: the second attempt asks again, and the guard is not taken out of the way', async () => {
      const { why, ran } = await run(undefined, [PREPARE, ''], [DESTROY, refused]);
      expect(why).toContain('pulumi destroy exit code 1');
      expect(ran).toEqual([PREPARE, DESTROY, PREPARE, `${DESTROY} --refresh`]);
    });

    test('nor is a broken one where pre-destroy could not look either: half a stack would be left', async () => {
      const { ran } = await run(undefined, [PREPARE, failed('RDS cannot be asked')], [DESTROY, broken]);
      expect(ran).not.toContain(forget);
    });
  });

  test('without the Pulumi CLI nothing is tried twice', async () => {
    const missing = { ending: 'not-found', how: 'pulumi is not on the PATH' } as const;
    const { why, ran } = await run(nothing, [PREPARE, ''], [DESTROY, missing]);
    expect(why).toContain('pulumi destroy pulumi is not on the PATH');
    expect(ran).toEqual([PREPARE, DESTROY]);
  });
});
