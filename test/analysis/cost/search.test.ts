import { renderCost } from '../../../analysis/cost/render';
import { MOST_EVALUATIONS } from '../../../analysis/cost/knobs';
import { overridesOf, searchCost } from '../../../analysis/cost/search';
import { budgetOf } from '../../../analysis/budget/budget';
import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { readStack } from '../../../analysis/graph/stack-files';
import { ROOT } from '../../../lib/bundles';
import { parseConfig } from '../../../lib/config';
import { costReport, main } from '../../../ops/plan';
import { withInputs } from '../budget/support';
import type { CostSearch } from '../../../analysis/cost/search';
import type { TapConfig } from '../../../lib/config';
import type { Graph } from '../../../analysis/graph/graph';

const { project, stack, config: raw } = readStack(ROOT, 'dev');
const config = parseConfig(raw, { project, stack });
const lines: string[] = [];
/** Keys that are evaluated by the program: one of the trigger and one that saves. The others take half a minute and add nothing here. */
const REAL = new Set(['probeIntervalSeconds', 'canaryIntervalMinutes']);
let graph: Graph;
let search: CostSearch;

beforeAll(async () => {
  graph = await evaluateStack('dev');
  search = await searchCost({
    config,
    graph,
    evaluate: (overrides) =>
      Object.keys(overrides).some((key) => REAL.has(key))
        ? evaluateStack('dev', { overrides })
        : Promise.resolve(graph),
    progress: (line) => lines.push(line),
  });
}, 300_000);

describe('the search over dev, with the program itself', () => {
  test('the cheapest configuration meets the budget, is not dearer, and the program takes it with its own targets (X11)', async () => {
    const { cheapest, given } = search;
    expect(cheapest?.meets).toBe(true);
    expect(cheapest?.usd).toBeLessThanOrEqual(given.usd);
    const proven = await evaluateStack('dev', { overrides: overridesOf(cheapest?.changes ?? []) });
    const { allowed, misses } = budgetOf(proven, config);
    expect([allowed, misses]).toEqual([true, []]);
  }, 120_000);

  test('saves the canaries that no trigger waits for, and leaves the legs of the trigger alone', () => {
    expect(search.cheapest?.changes.map(({ key, to }) => [key, to])).toEqual([['canaryIntervalMinutes', 5]]);
  });

  test('knows the price of a second: what slower detection saves, and that it misses the target (X11)', () => {
    const probe = search.trades.find(({ change }) => change.key === 'probeIntervalSeconds');
    expect([probe?.change.to, probe?.seconds.region, probe?.measured, probe?.meets]).toEqual([20, 23, 'region', false]);
    expect(probe?.usd).toBeLessThan(0);
    expect(probe?.usdPerSecond).toBeCloseTo(-(probe?.usd ?? 0) / 23, 9);
  });

  test('evaluates as often as it says, tells every time, and never more than promised', () => {
    expect(lines).toHaveLength(search.evaluations);
    expect(search.evaluations).toBeLessThanOrEqual(MOST_EVALUATIONS + 1);
    expect(lines[0]).toBe('evaluation 1: probeIntervalSeconds 10 -> 20');
  });

  test('the text has the sum, the split, the exchange, the keys to set and what was supposed', () => {
    const { text, met } = costReport({ graph, config, search, json: false });
    expect(met).toBe(true);
    expect(text).toMatch(/^tap\/dev: [\d,]+\.\d\d USD a month, list prices, on demand$/m);
    expect(text).toMatch(/^ +[\d,.]+ {2}primary eu-central-1$/m);
    expect(text).toMatch(/^ +[\d,.]+ {2}global {2}witness eu-west-1, Route 53$/m);
    expect(text).toContain('  pulumi config set tap:canaryIntervalMinutes 5 --stack dev');
    expect(text).toMatch(/probeIntervalSeconds 10 -> 20 .* \+23\.0 .* region {2}misses a target/);
    expect(text).toContain('GB in each Aurora cluster');
    expect(text.split('\n').filter((line) => line.length > 260)).toEqual([]);
  });

  test('as JSON it is the whole search, sources and all', () => {
    const { text } = costReport({ graph, config, search, json: true });
    expect(JSON.parse(text)).toMatchObject({ project: 'tap', stack: 'dev', cost: { evaluations: search.evaluations } });
    expect(text).toContain('aws-price-watcher');
  });
});

describe('a search whose evaluations do otherwise', () => {
  const search1 = (of: TapConfig, evaluate: (overrides: Readonly<Record<string, string>>) => Promise<Graph>) =>
    searchCost({ config: of, graph, evaluate, progress: () => undefined });

  test('a change that the program refuses is told with its first line, and the rest goes on', async () => {
    const found = await search1(config, (overrides) =>
      'fleetDrSize' in overrides
        ? Promise.reject(new Error('fleetDrSize is 2; allowed is less\nmore'))
        : Promise.resolve(graph),
    );
    expect(found.refused.map(({ changes: [one], why }) => [one?.key, why])).toEqual([
      ['fleetDrSize', 'fleetDrSize is 2; allowed is less'],
    ]);
    expect(found.cheapest?.changes).toEqual([]);
    expect(renderCost(found, { project, stack, regions: { primary: 'a', dr: 'b', global: 'c' } })).toContain(
      'fleetDrSize 2: not taken: fleetDrSize is 2; allowed is less',
    );
  });

  test('an answer that the program refuses with its own targets is none', async () => {
    const cheaper = withoutCanaries(graph);
    const found = await search1(config, (overrides) =>
      'rtoSeconds' in overrides ? Promise.resolve(cheaper) : Promise.reject(new Error('The worst case misses')),
    );
    expect(found.cheapest?.changes).toEqual([]);
    expect(found.refused.at(-1)?.why).toBe('The worst case misses');
  });

  test('savings that meet alone and miss together: the smallest one is left out', async () => {
    const slow = withInputs(graph, 'aws:cloudwatch/metricAlarm:MetricAlarm', 'detection-peer-dr-probe-failed', {
      evaluationPeriods: 30,
      datapointsToAlarm: 30,
    });
    // What a change saves, by its key; three together are too slow.
    const cheaper = withoutCanaries(graph);
    const sizes: number[] = [];
    const found = await search1(config, (overrides) => {
      const keys = Object.keys(overrides).filter((key) => !/^(rto|databaseRto|orderValidity)Seconds$/.test(key));
      sizes.push(keys.length);
      return Promise.resolve(keys.length > 5 ? slow : cheaper);
    });
    // Seven single changes, then all seven, six and five together, and the proof.
    expect(sizes).toEqual([1, 1, 1, 1, 1, 1, 1, 7, 6, 5, 1]);
    expect(found.cheapest?.meets).toBe(true);
  });

  test('the given configuration misses and nothing helps: there is no cheapest', async () => {
    const strict = { ...config, rtoSeconds: 100 };
    const found = await search1(strict, () => Promise.resolve(graph));
    expect([found.given.meets, found.cheapest]).toEqual([false, undefined]);
    expect(renderCost(found, { project, stack, regions: { primary: 'a', dr: 'b', global: 'c' } })).toContain(
      'no configuration that was tried meets every target in the worst case',
    );
  });
});

function withoutCanaries(of: Graph): Graph {
  return of
    .all('aws:synthetics/canary:Canary')
    .reduce<Graph>(
      (less, { type, name }) => withInputs(less, type, name, { schedule: { expression: 'rate(60 minutes)' } }),
      of,
    );
}

describe('npm start -- --cost', () => {
  test('with --json and a rehearsal is refused before anything is evaluated', async () => {
    await expect(main(['--cost', '--json', '--runs', '3'])).rejects.toThrow(
      '--cost --json prints one document and rehearses nothing; leave out --json or --runs 3',
    );
  });

  test('with runs that are no number is refused', async () => {
    await expect(main(['--cost', '--runs', 'few'])).rejects.toThrow(
      '--runs is few; allowed are whole numbers from 0 on',
    );
  });

  test('for a stack without a file names those that have one', async () => {
    await expect(main(['--cost', '--stack', 'none'])).rejects.toThrow('stacks with a file: dev, local, pr, us');
  });

  test('is in the help', async () => {
    const said = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await main(['--help']);
    expect(said.mock.calls.flat().join('\n')).toMatch(/--cost +instead of the plan: what the stack costs a month/);
    said.mockRestore();
  });
});
