import { alarmsOf, holds, parseRule, RuleError } from '../../analysis/alarms/composite-rule';
import { AlarmBoard } from '../../analysis/alarms/interpreter';
import { datapoints, evaluationRange, judge, LOOK_BACKS, percentages } from '../../analysis/alarms/metric-alarm';
import { nextAction, NOTHING_OWED } from '../../analysis/alarms/suppressor';
import type { AlarmState, AlarmTerms, Datum } from '../../analysis/alarms/metric-alarm';

const terms = (more: Partial<AlarmTerms> = {}): AlarmTerms => ({
  comparison: 'GreaterThanThreshold',
  threshold: 0.5,
  periodSeconds: 300,
  evaluationPeriods: 3,
  noData: 'missing',
  ...more,
});

/** The guide's notation: oldest first, 0 is good, X is bad, - is missing. */
const points = (text: string) =>
  text
    .split(' ')
    .reverse()
    .map((mark) => (mark === '-' ? undefined : mark === 'X' ? 1 : 0));

const KEPT = 'INSUFFICIENT_DATA' as const;

describe('missing data, as in the tables of the CloudWatch guide', () => {
  const columns = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
  const judged = (text: string, datapointsToAlarm: number, current: AlarmState = 'OK') =>
    columns.map((noData) => judge(terms({ noData, datapointsToAlarm }), points(text), current));

  test.each([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', ['INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', 'kept', 'ALARM', 'OK']],
  ])('3 of 3: %s', (text, states) => {
    // Whatever the state was before, only where it says so does it count.
    expect(judged(text, 3, 'OK')).toEqual(states.map((state) => (state === 'kept' ? 'OK' : state)));
    expect(judged(text, 3, 'ALARM')).toEqual(states.map((state) => (state === 'kept' ? 'ALARM' : state)));
  });

  test.each([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', ['ALARM', 'kept', 'ALARM', 'OK']],
  ])('2 of 3: %s', (text, states) => {
    expect(judged(text, 2)).toEqual(states.map((state) => (state === 'kept' ? 'OK' : state)));
  });

  test.each(['- - - - X', '- - - X -'])('%s does not alarm yet: the next point may be good', (text) => {
    expect(judge(terms({ noData: 'missing' }), points(text), KEPT)).toBe(KEPT);
  });

  test('the newest real points decide, however old: an alarm keeps judging the last data it got', () => {
    expect(judge(terms({ noData: 'breaching' }), points('0 0 0 - -'), 'OK')).toBe('OK');
    expect(judge(terms({ noData: 'notBreaching' }), points('X X X - -'), 'OK')).toBe('ALARM');
  });
});

describe('datapoints', () => {
  const data: readonly Datum[] = [
    { at: 1, value: 2, visibleAt: 4 },
    { at: 9, value: 4, visibleAt: 12 },
    { at: 10, value: 9, visibleAt: 13 },
  ];

  test('periods end at the evaluation and know what could be seen by then', () => {
    expect(datapoints(data, 'Sum', { periodSeconds: 10 }, 10, 2)).toEqual([2, undefined]);
    expect(datapoints(data, 'Sum', { periodSeconds: 10 }, 13, 2)).toEqual([13, 2]);
    expect(datapoints(data, 'Sum', { periodSeconds: 10 }, 31, 2)).toEqual([undefined, undefined]);
  });

  test.each([
    ['Average', 5],
    ['Maximum', 9],
    ['Minimum', 2],
    ['SampleCount', 3],
    ['Sum', 15],
  ] as const)('%s', (statistic, value) => {
    expect(datapoints(data, statistic, { periodSeconds: 60 }, 20, 1)).toEqual([value]);
  });

  test('a share needs a whole that is large enough, and both of its series', () => {
    expect(percentages([1, 1, 1, undefined], [4, 5, 20, 9], 5)).toEqual([0, 20, 5, undefined]);
  });

  test('an evaluation looks back further than its periods: 5 points for 3 in the guide, up to two minutes of 10 s', () => {
    expect(evaluationRange(terms(), LOOK_BACKS.shortest)).toBe(5);
    expect(evaluationRange(terms({ periodSeconds: 60 }), LOOK_BACKS.longest)).toBe(5);
    expect(evaluationRange(terms({ periodSeconds: 10, evaluationPeriods: 2 }), LOOK_BACKS.longest)).toBe(12);
  });
});

describe('a rule', () => {
  const states: Readonly<Record<string, AlarmState>> = { a: 'ALARM', b: 'OK', c: 'INSUFFICIENT_DATA' };
  const value = (rule: string) => holds(parseRule(rule), (alarm) => states[alarm] ?? 'OK');

  test.each([
    ['ALARM(a)', true],
    ['ALARM("b")', false],
    ['OK(b) AND INSUFFICIENT_DATA(c)', true],
    ['ALARM(b) AND ALARM(b) OR ALARM(a)', true],
    ['ALARM(b) AND (ALARM(b) OR ALARM(a))', false],
    ['NOT ALARM(b) AND NOT (ALARM(a) AND OK(b))', false],
    ['TRUE AND NOT FALSE', true],
    ['((ALARM( "a" )))', true],
  ])('%s', (rule, expected) => {
    expect(value(rule)).toBe(expected);
  });

  test('may name an alarm by its ARN, and says whom it asks', () => {
    const arn = 'arn:aws:cloudwatch:eu-central-2:123456789012:alarm:probe-failed-dev';
    expect(alarmsOf(parseRule(`ALARM(${arn}) AND (OK(b) OR NOT OK(b))`))).toEqual([arn, 'b']);
  });

  test.each(['', 'ALARM(a', 'ALARM(a) ALARM(b)', 'BREACHING(a)', 'ALARM(a) AND', '(ALARM(a)', 'ALARM(a) & OK(b)'])(
    'is refused when CloudWatch would refuse it: %s',
    (rule) => {
      expect(() => parseRule(rule)).toThrow(RuleError);
    },
  );
});

describe('the actions of a composite with a suppressor, as in the examples of the guide', () => {
  /** Times at which it acts, with a wait of 2 and an extension of 3; the numbers are the times of changes. */
  const acts = (composite: readonly number[], suppressor: readonly number[], waitSeconds = 2): readonly number[] => {
    let state = NOTHING_OWED;
    const redAt = (at: number) => suppressor.filter((change) => change <= at).length % 2 === 1;
    return Array.from({ length: 20 }, (_, at) => at).filter((at) => {
      const moment = { at, compositeChanged: composite.includes(at), suppressorRed: redAt(at) };
      const next = nextAction(state, moment, { waitSeconds, extensionSeconds: 3 });
      state = next.state;
      return next.acts;
    });
  };

  test.each<[string, readonly number[], readonly number[], readonly number[]]>([
    ['1: not suppressed after the wait', [2], [], [4]],
    ['2: suppressed before the wait is over', [2], [3], []],
    ['3: a change discards the wait and starts another', [2, 3], [], [5]],
    ['4: the suppressor was red before', [2], [1], []],
    ['5: not suppressed after the extension', [2], [3, 6], [9]],
    ['6: a change during the extension starts a wait', [2, 7], [3, 6], [9]],
  ])('%s', (_, composite, suppressor, expected) => {
    expect(acts(composite, suppressor)).toEqual(expected);
  });

  test('without a wait it acts at once, and not at all when nothing has changed', () => {
    expect(acts([2], [], 0)).toEqual([2]);
    expect(acts([], [3, 6], 0)).toEqual([]);
  });
});

describe('a board', () => {
  const watches = { namespace: 'n', metricName: 'm', dimensions: {}, statistic: 'Maximum' } as const;
  const fast = { ...terms({ periodSeconds: 10, evaluationPeriods: 1, noData: 'notBreaching' }), name: 'fast', watches };
  const slow = { ...fast, name: 'slow', periodSeconds: 60 };
  const always = (value: number) => () => Array.from({ length: 200 }, (_, at) => ({ at, value, visibleAt: at }));

  test('evaluates an alarm of high resolution every 10 s and every other once a minute', () => {
    const board = new AlarmBoard([fast, slow], [], { lookBack: LOOK_BACKS.shortest, phaseOf: () => 7 });
    const changes = Array.from({ length: 70 }, (_, at) => board.tick(at, always(at < 10 ? 0 : 1))).flat();
    expect(changes.map(({ at, alarm, state }) => [at, alarm, state])).toEqual([
      [7, 'fast', 'OK'],
      [7, 'slow', 'OK'],
      [17, 'fast', 'ALARM'],
      [67, 'slow', 'ALARM'],
    ]);
  });

  test('a composite follows in the same second, and acts on changes only', () => {
    const both = { name: 'both', rule: 'ALARM(fast) AND NOT ALARM(slow)' };
    const board = new AlarmBoard([fast, slow], [both], { lookBack: LOOK_BACKS.shortest });
    const events = Array.from({ length: 61 }, (_, at) => board.tick(at, always(1))).flat();
    expect(events.filter(({ alarm }) => alarm === 'both').map(({ at, state, acts }) => [at, state, acts])).toEqual([
      [0, 'OK', true],
    ]);
    expect(board.stateOf('slow')).toBe('ALARM');
  });

  test('refuses a composite on an alarm that is not there: CloudWatch would take it and never be red', () => {
    const composite = { name: 'c', rule: 'ALARM(fast) AND ALARM(gone)' };
    expect(() => new AlarmBoard([fast], [composite], { lookBack: LOOK_BACKS.shortest })).toThrow(
      'c names alarms that do not exist: gone',
    );
  });
});
