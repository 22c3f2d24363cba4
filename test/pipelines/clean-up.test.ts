import fc from 'fast-check';
import { carryOut, LONGEST_STACK_MS } from '../../ops/pipeline/clean-up/carry-out';
import { decideCleanUp, type Findings } from '../../ops/pipeline/clean-up/decide';
import { lookAgain, type LookAgainPorts } from '../../ops/pipeline/clean-up/look-again';
import { renderCleanUp } from '../../ops/pipeline/clean-up/render';
import { listTagged, parseTagged } from '../../ops/pipeline/clean-up/sources';
import { pullRequestOf } from '../../ops/pipeline/stack-name';
import type { ListedStack } from '../../ops/pipeline/stacks';
import type { TearDownEnd } from '../../ops/pipeline/tear-down';
import { failed, FakeShell } from './fake-shell';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-03-10T02:41:00.000Z');
const stack = (name: string, hoursAgo: number, lockedHoursAgo?: number): ListedStack => ({
  name,
  lastUpdate: NOW - hoursAgo * HOUR,
  lockedAt: lockedHoursAgo === undefined ? undefined : NOW - lockedHoursAgo * HOUR,
});
const decide = (findings: Partial<Findings>) =>
  decideCleanUp({ stacks: [], openPullRequests: new Set(), tagged: [], now: NOW, hours: 24, ...findings });
const arn = (name: string): string => `arn:aws:sqs:eu-central-1:123456789012:${name}`;

describe('what is leaked', () => {
  test('a stack whose pull request is not open, and which nobody has updated for a day', () => {
    const { destroy, keep } = decide({
      stacks: [
        stack('pr-1', 24),
        stack('pr-2', 23.9),
        stack('pr-3', 100),
        stack('pr-4', 100, 2),
        stack('pr-5', 30, 25),
      ],
      openPullRequests: new Set([3]),
    });
    expect(destroy).toEqual([
      // The lock of a job that was killed keeps nothing alive: none lives for 24 hours.
      { stack: 'pr-5', why: 'its pull request is not open; last update 30 h ago' },
      { stack: 'pr-1', why: 'its pull request is not open; last update 24 h ago' },
    ]);
    expect(Object.fromEntries(keep.map((one) => [one.stack, one.why]))).toEqual({
      'pr-2': 'its pull request is not open; last update 23 h ago, which is less than 24 h',
      'pr-3': 'its pull request is open',
      'pr-4': 'a job has locked it 2 h ago, which is less than 24 h',
    });
  });

  test('the oldest goes first, because there may be no time for all', () => {
    const { destroy } = decide({ stacks: [stack('pr-9', 30), stack('pr-10', 90), stack('pr-2', 30)] });
    expect(destroy.map((one) => one.stack)).toEqual(['pr-10', 'pr-2', 'pr-9']);
  });

  test.each(['dev', 'us', 'pr', 'pr-12-keep', 'pr-0', 'xpr-1'])(
    '%s is no stack of a pull request: it is not even listed, however old it is',
    (name) => {
      expect(decide({ stacks: [stack(name, 9_999)] })).toMatchObject({ destroy: [], keep: [] });
    },
  );

  const anyStack = fc.record({
    name: fc.oneof(
      fc.nat(30).map((n) => `pr-${n}`),
      fc.constantFrom('dev', 'us', 'pr', 'pr-x'),
      fc.string(),
    ),
    lastUpdate: fc.integer({ min: NOW - 100 * HOUR, max: NOW }),
    lockedAt: fc.option(fc.integer({ min: NOW - 100 * HOUR, max: NOW }), { nil: undefined }),
  });

  test('whatever is listed: nothing open, young, busy or not of a pull request is destroyed, and nothing is forgotten', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyStack, { selector: ({ name }) => name }),
        fc.array(fc.nat(30)),
        fc.integer({ min: 7, max: 72 }),
        (stacks, open, hours) => {
          const { destroy, keep } = decide({ stacks, openPullRequests: new Set(open), hours });
          for (const { stack: name } of destroy) {
            const found = stacks.find((one) => one.name === name);
            const number = pullRequestOf(name);
            expect(number !== undefined && !open.includes(number)).toBe(true);
            expect(NOW - (found?.lockedAt ?? 0)).toBeGreaterThanOrEqual(hours * HOUR);
            expect(NOW - (found?.lastUpdate ?? NOW)).toBeGreaterThanOrEqual(hours * HOUR);
          }
          const ruled = [...destroy, ...keep].map((one) => one.stack).sort();
          expect(ruled).toEqual(
            stacks
              .map(({ name }) => name)
              .filter((name) => pullRequestOf(name) !== undefined)
              .sort(),
          );
        },
      ),
    );
  });
});

describe('resources without a stack', () => {
  const tagged = (suffix: string, ...names: readonly string[]) => names.map((name) => ({ arn: arn(name), suffix }));

  test('are reported by suffix, each once, although two regions may list it', () => {
    const { orphans } = decide({
      tagged: [...tagged('pr-8', 'b-pr-8', 'a-pr-8'), ...tagged('pr-8', 'a-pr-8'), ...tagged('pr-6', 'c-pr-6')],
    });
    expect(orphans).toEqual([
      { suffix: 'pr-6', arns: [arn('c-pr-6')] },
      { suffix: 'pr-8', arns: [arn('a-pr-8'), arn('b-pr-8')] },
    ]);
  });

  test('are never destroyed: no order of deletion is known, and somebody may have put them there', () => {
    expect(decide({ tagged: tagged('pr-8', 'a-pr-8') }).destroy).toEqual([]);
  });

  test('are not those of a stack, of an open pull request (its stack may be younger than the list), or of anybody else', () => {
    const { orphans } = decide({
      stacks: [stack('pr-1', 100)],
      openPullRequests: new Set([2]),
      tagged: [...tagged('pr-1', 'x'), ...tagged('pr-2', 'y'), ...tagged('dev', 'z'), ...tagged('pr', 'v')],
    });
    expect(orphans).toEqual([]);
  });

  test('do not include keys, which wait for their deletion for a week; they are counted', () => {
    const key = { arn: 'arn:aws:kms:eu-central-1:123456789012:key/abc', suffix: 'pr-8' };
    expect(decide({ tagged: [key] })).toMatchObject({ orphans: [], keysWaiting: 1 });
  });
});

test('the plan is printed with a reason for everything, and long lists are cut', () => {
  const names = Array.from({ length: 22 }, (_, index) => ({
    arn: arn(`queue-${String(index).padStart(2, '0')}`),
    suffix: 'pr-8',
  }));
  const lines = renderCleanUp(decide({ stacks: [stack('pr-1', 48)], tagged: names }));
  expect(lines.slice(0, 5)).toEqual([
    'leaked, to be destroyed: 1',
    '  pr-1: its pull request is not open; last update 48 h ago',
    'left alone: none',
    'resources without a stack, for a person to look at (docs/pipelines.md, "Resources without a stack"):',
    '  pr-8: 22',
  ]);
  expect(lines.at(-1)).toBe('    and 2 more');
});

describe('what the tools say', () => {
  test('aws: only the tag EnvironmentSuffix counts', () => {
    const Tags = [
      { Key: 'Name', Value: 'pr-9' },
      { Key: 'EnvironmentSuffix', Value: 'pr-8' },
    ];
    expect(parseTagged(JSON.stringify({ ResourceTagMappingList: [{ ResourceARN: arn('q'), Tags }] }))).toEqual([
      { arn: arn('q'), suffix: 'pr-8' },
    ]);
  });

  test.each(['{}', '[]', '{"message":"Bad credentials"}'])(
    '%s is not an answer, and never passes for an empty one',
    (text) => {
      expect(() => parseTagged(text)).toThrow();
    },
  );

  test('every region is asked once, and the one of services without a region; a dark one is named and does not stop the night', async () => {
    const empty = '{"ResourceTagMappingList":[]}';
    const command = (region: string): string =>
      `aws resourcegroupstaggingapi get-resources --tag-filters Key=EnvironmentSuffix --region ${region}`;
    const shell = new FakeShell(
      [command('eu-central-1'), empty],
      [command('eu-central-2'), failed('Could not connect')],
      [command('us-east-1'), empty],
    );
    const { silent } = await listTagged(shell, ['eu-central-1', 'eu-central-2', 'us-east-1']);
    expect(shell.ran).toHaveLength(3);
    expect(silent).toEqual([expect.stringMatching(/^eu-central-2: [^]*Could not connect/)]);
  });
});

describe('the second look at one stack, because the plan is hours old when its turn comes', () => {
  const look = (touched: boolean, ports: Partial<LookAgainPorts>): Promise<string | undefined> =>
    lookAgain(
      'pr-7',
      { hours: 24, touched },
      { stack: async () => stack('pr-7', 30), openPullRequests: async () => new Set(), now: () => NOW, ...ports },
    );

  test('finds it leaked still', async () => {
    expect(await look(false, {})).toBeUndefined();
  });

  test.each<readonly [string, Partial<LookAgainPorts>, string]>([
    ['opened again', { openPullRequests: async () => new Set([7]) }, 'its pull request is open'],
    [
      'deployed since, and closed again',
      { stack: async () => stack('pr-7', 1) },
      'its pull request is not open; last update 1 h ago, which is less than 24 h',
    ],
    [
      'under work, before the first checkpoint is written',
      { stack: async () => stack('pr-7', 30, 0.1) },
      'a job has locked it 0 h ago, which is less than 24 h',
    ],
    ['destroyed since', { stack: async () => undefined }, 'it is gone: another job has destroyed it'],
  ])('leaves it alone when it was %s', async (_, ports, why) => {
    expect(await look(false, ports)).toBe(why);
  });

  test('after a first attempt of our own the age of the state is ours: only an open pull request stops the second', async () => {
    const young = { stack: async () => stack('pr-7', 0) };
    expect(await look(true, young)).toBeUndefined();
    expect(await look(true, { ...young, openPullRequests: async () => new Set([7]) })).toBe('its pull request is open');
  });

  test('asks for the clock after the answers, which may take minutes', async () => {
    let now = NOW;
    const late = async (): Promise<ListedStack> => {
      now = NOW + HOUR;
      return stack('pr-7', 23.5);
    };
    expect(await look(false, { stack: late, now: () => now })).toBeUndefined();
  });

  test.each<Partial<LookAgainPorts>>([
    { stack: () => Promise.reject(new Error('HTTP 503')) },
    { openPullRequests: () => Promise.reject(new Error('HTTP 503')) },
  ])('without an answer it is an error, and no old one is taken', async (ports) => {
    await expect(look(false, ports)).rejects.toThrow('HTTP 503');
  });

  test('is never about a stack of another name', async () => {
    const ports = {
      stack: async () => stack('dev', 999),
      openPullRequests: async () => new Set<number>(),
      now: () => NOW,
    };
    expect(await lookAgain('dev', { hours: 24, touched: true }, ports)).toBe('it is no stack of a pull request');
  });
});

describe('carrying it out', () => {
  const ruled = ['pr-1', 'pr-2', 'pr-3', 'pr-4'].map((name) => ({ stack: name, why: 'leaked' }));

  test('goes on after a failure, after an error and after a stack that is not leaked any more, and names each', async () => {
    const said: string[] = [];
    const destroy = async (name: string): Promise<TearDownEnd> => {
      if (name === 'pr-1') return { end: 'failed', why: 'the state is locked' };
      if (name === 'pr-2') throw new Error('AccessDenied');
      return name === 'pr-3' ? { end: 'kept', why: 'its pull request is open' } : { end: 'gone' };
    };
    const result = await carryOut(ruled, Infinity, { destroy, now: () => 0, say: (line) => void said.push(line) });
    expect(result).toEqual({
      destroyed: ['pr-4'],
      kept: [{ stack: 'pr-3', why: 'its pull request is open' }],
      failed: [
        { stack: 'pr-1', why: 'the state is locked' },
        { stack: 'pr-2', why: 'AccessDenied' },
      ],
      left: [],
    });
    expect(said).toEqual([
      'pr-1: NOT destroyed: the state is locked',
      'pr-2: NOT destroyed: AccessDenied',
      'pr-3: left alone after all: its pull request is open',
      'pr-4: destroyed',
    ]);
  });

  test('begins nothing that could outlast the job: a destroy that is killed leaves a lock', async () => {
    let now = 0;
    const destroy = async (): Promise<TearDownEnd> => {
      now += HOUR;
      return { end: 'gone' };
    };
    const deadline = LONGEST_STACK_MS + HOUR;
    const { destroyed, left } = await carryOut(ruled, deadline, { destroy, now: () => now, say: () => undefined });
    expect(destroyed).toEqual(['pr-1', 'pr-2']);
    expect(left).toEqual(['pr-3', 'pr-4']);
  });
});
