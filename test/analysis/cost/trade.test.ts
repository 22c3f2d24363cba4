import { cheapestOf, recoveryOf, savings, accelerations, tradesOf } from '../../../analysis/cost/trade';
import type { Change } from '../../../analysis/cost/knobs';
import type { Outcome, Recovery } from '../../../analysis/cost/trade';
import type { Budget, Chain } from '../../../analysis/budget/budget';

const change = (key: Change['key'], from: number, to: number): Change => ({ key, from, to, cheaper: 'something' });

const PROBE = change('probeIntervalSeconds', 10, 20);
const CHECK = change('healthCheckIntervalSeconds', 30, 10);
const CANARY = change('canaryIntervalMinutes', 1, 5);

function outcome(changes: readonly Change[], usd: number, recovery: Partial<Recovery> = {}, meets = true): Outcome {
  return { changes, usd, recovery: { region: 290, database: 350, dns: 106, ...recovery }, meets };
}

const given = outcome([], 1_000);

describe('the price of a second', () => {
  test('dollars of the change by the seconds that it moves, dearest second first', () => {
    const trades = tradesOf(given, [
      outcome([PROBE], 991, { region: 313 }, false),
      outcome([CHECK], 1_048, { dns: 46 }),
      outcome([CANARY], 736),
    ]);
    expect(
      trades.map(({ change: { key }, usd, measured, usdPerSecond, meets }) => [
        key,
        usd,
        measured,
        usdPerSecond,
        meets,
      ]),
    ).toEqual([
      // 48 USD for 60 s less
      ['healthCheckIntervalSeconds', 48, 'dns', 0.8, true],
      // 9 USD saved for 23 s more
      ['probeIntervalSeconds', -9, 'region', 9 / 23, false],
      // No worst case moves, so a second has no price.
      ['canaryIntervalMinutes', -264, undefined, undefined, true],
    ]);
  });

  test.each([
    ['slower and dearer', outcome([PROBE], 1_010, { region: 300 })],
    ['faster and cheaper', outcome([PROBE], 990, { region: 280 })],
    ['faster for nothing', outcome([PROBE], 1_000, { region: 280 })],
  ])('what is %s is no exchange', (_, one) => {
    expect(tradesOf(given, [one])[0]?.usdPerSecond).toBeUndefined();
  });

  test('of several changes together nobody can say which one moved it', () => {
    expect(tradesOf(given, [outcome([PROBE, CANARY], 700, { region: 313 })])).toEqual([]);
  });
});

describe('which changes are tried together', () => {
  test('all that save and keep the targets, one per key, the greatest saving first', () => {
    const other = change('canaryIntervalMinutes', 1, 10);
    const fleet = change('fleetDrSize', 2, 1);
    const outcomes = [
      outcome([fleet], 980),
      outcome([CANARY], 736),
      outcome([other], 700),
      outcome([PROBE], 991, { region: 313 }, false),
      outcome([CHECK], 1_048),
    ];
    expect(savings(given, outcomes)).toEqual([other, fleet]);
  });

  test('those that shorten a worst case and lengthen none', () => {
    const outcomes = [
      outcome([CHECK], 1_048, { dns: 46 }),
      outcome([PROBE], 990, { region: 280, database: 360 }),
      outcome([CANARY], 736),
    ];
    expect(accelerations(given, outcomes)).toEqual([CHECK]);
  });
});

describe('the cheapest', () => {
  test('is the cheapest of those that meet the targets', () => {
    const canary = outcome([CANARY], 736);
    expect(cheapestOf(given, [outcome([PROBE], 10, {}, false), canary, outcome([CHECK], 1_048)])).toBe(canary);
  });

  test('is the given one when nothing is cheaper, also in a draw', () => {
    expect(cheapestOf(given, [outcome([CHECK], 1_048), outcome([CANARY], 1_000)])).toBe(given);
  });

  test('may be dearer than a given one that misses its targets', () => {
    const faster = outcome([CHECK], 1_048);
    expect(cheapestOf({ ...given, meets: false }, [faster])).toBe(faster);
  });

  test('is none when none meets the targets', () => {
    expect(cheapestOf({ ...given, meets: false }, [outcome([PROBE], 10, {}, false)])).toBeUndefined();
  });
});

describe('the worst cases of a budget', () => {
  const chain = (key: Chain['target']['key'], worst: number, dns: number): Chain => ({
    id: `${key} ${worst}`,
    says: '',
    target: { key, seconds: key === 'rtoSeconds' ? 300 : 360 },
    seconds: { best: 1, expected: 2, worst },
    critical: { best: [], expected: [], worst: [] },
    beside: [{ says: 'DNS answers with dr', seconds: { best: 1, expected: 2, worst: dns } }],
    breakEvenPromotion: undefined,
    steps: [],
  });
  const budget = (...chains: readonly Chain[]): Pick<Budget, 'chains'> & Budget => ({
    chains,
    targets: { rtoSeconds: 300, databaseRtoSeconds: 360, rpoSeconds: 60 },
    losses: [],
    misses: [],
    table: [],
    promotionAssumed: { best: 60, expected: 120, worst: 180 },
    failoverMode: 'automatic',
    allowed: true,
  });

  test('the longest chain of each target, and DNS of the region that is dead for everybody', () => {
    const { recovery, meets } = recoveryOf(
      budget(chain('rtoSeconds', 290, 106), chain('rtoSeconds', 294, 220), chain('databaseRtoSeconds', 355, 280)),
    );
    expect([recovery, meets]).toEqual([{ region: 294, database: 355, dns: 106 }, true]);
  });

  test.each([
    ['a chain above its target', chain('rtoSeconds', 301, 106)],
    ['DNS above the target, although it is beside the path', chain('rtoSeconds', 290, 301)],
  ])('%s misses', (_, one) => {
    expect(recoveryOf(budget(one)).meets).toBe(false);
  });
});
