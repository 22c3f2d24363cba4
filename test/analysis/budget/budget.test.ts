import { budgetOf, describedIn, renderBudget } from '../../../analysis/budget/budget';
import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { readStack, stackNames } from '../../../analysis/graph/stack-files';
import { ASSUMPTIONS } from '../../../lib/budget/assumptions';
import { rowOf } from '../../../lib/budget/chains';
import { walk } from '../../../lib/budget/longest-path';
import { valueAt } from '../../../lib/budget/resources';
import { MEASURES } from '../../../lib/budget/types';
import { ROOT } from '../../../lib/bundles';
import { parseConfig } from '../../../lib/config';
import { report } from '../../../ops/plan';
import { everyStory, phases } from '../detection-series';
import { ALARM, TARGETS, withInputs } from './support';
import type { Budget, Chain } from '../../../analysis/budget/budget';
import type { TapConfig } from '../../../lib/config';
import type { Graph } from '../../../analysis/graph/graph';

const graphs = new Map<string, Graph>();
let dev: Graph;
let budget: Budget;

beforeAll(async () => {
  for (const stack of stackNames(ROOT)) graphs.set(stack, await evaluateStack(stack));
  dev = graphOf('dev');
  budget = budgetOf(dev, TARGETS);
}, 180_000);

function graphOf(stack: string): Graph {
  const graph = graphs.get(stack);
  if (!graph) throw new Error(`${stack} was not evaluated`);
  return graph;
}

function configOf(stack: string): TapConfig {
  const { project, config } = readStack(ROOT, stack);
  return parseConfig(config, { project, stack });
}

function chain(id: string, of: Budget = budget): Chain {
  const found = of.chains.find((one) => one.id === id);
  if (!found) throw new Error(`no chain ${id}`);
  return found;
}

const SILENT = 'detection-peer-dr-heartbeat-silent';

describe('the budget of dev', () => {
  test('is these figures: whoever changes them by a change of the program says so here', () => {
    const figures = budget.chains.map(({ id, seconds, target, breakEvenPromotion }) => [
      id,
      seconds.best,
      seconds.expected,
      seconds.worst,
      target.seconds,
      breakEvenPromotion,
    ]);
    expect(figures).toEqual([
      ['region-lost', 78, 172.6, 294, 300, 186],
      ['region-half-open', 78, 172.6, 294, 300, 186],
      ['database-alone', 123.9, 233.8, 355.5, 360, 184.5],
      ['processing-alone', 123.9, 228.8, 355.5, 360, 184.5],
    ]);
  });

  test('says what every promotion of design.md, section 4, would make of it', () => {
    const table = budget.table.map(({ promotionSeconds, chains }) => [
      promotionSeconds,
      ...chains.map(({ worst, meets }) => `${worst} ${meets ? 'met' : 'missed'}`),
    ]);
    expect(table).toEqual([
      [120, '234 met', '285.4 met', '346.9 met', '346.9 met'],
      [180, '294 met', '294 met', '355.5 met', '355.5 met'],
      [240, '354 missed', '354 missed', '415.5 missed', '415.5 missed'],
      [300, '414 missed', '414 missed', '475.5 missed', '475.5 missed'],
    ]);
  });

  test('breaks even where it says: with that promotion the target is met, with a little more it is not', () => {
    for (const { id, breakEvenPromotion } of budget.chains) {
      if (breakEvenPromotion === undefined) continue;
      const meets = (promotion: number) => rowOf(promotion, budget.chains).chains.find((one) => one.id === id)?.meets;
      expect([id, meets(breakEvenPromotion), meets(breakEvenPromotion + 0.1)]).toEqual([id, true, false]);
    }
  });

  test('has DNS beside the path: a dead region by its check, a half-open one by the run (design.md section 4)', () => {
    const dns = (id: string) => chain(id).beside.find(({ says }) => says.startsWith('DNS answers'))?.seconds.worst;
    expect([dns('region-lost'), dns('region-half-open')]).toEqual([106, 220.4]);
    for (const { critical } of budget.chains)
      expect(critical.worst.map(({ step }) => step)).not.toContain('clients here');
  });

  test('the database may lose what the guards allow, and no store more than the target', () => {
    expect(budget.losses.map(({ store, seconds, strength }) => [store, seconds.worst, strength])).toEqual([
      ['database (Aurora)', 60, 'enforced'],
      ['orders not yet in dr (DynamoDB)', 30, 'watched'],
      ['objects with replication time control (S3)', 900, 'evidence'],
    ]);
  });

  test('is one JSON document, without a number that JSON has not', () => {
    expect(JSON.parse(JSON.stringify(budget))).toEqual(JSON.parse(JSON.stringify(budget, noOddNumbers)));
    expect(renderBudget(budget).join('\n')).toContain('given promotion <= 180 s');
  });

  test('takes less than 20 ms', () => {
    const times = Array.from({ length: 10 }, () => {
      const started = performance.now();
      budgetOf(dev, TARGETS);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(20);
  });
});

function noOddNumbers(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('JSON has no such number');
  return value;
}

describe.each(stackNames(ROOT))('stack %s', (stack) => {
  test('meets its targets in the worst case, or nothing fails over by itself', () => {
    const { allowed, misses } = budgetOf(graphOf(stack), configOf(stack));
    expect({ allowed, missed: misses.map(({ chain: id }) => id) }).toEqual({
      allowed: true,
      missed: [],
    });
  });

  test('every term comes from somewhere: a property that the graph has, a constant, or a named assumption', () => {
    const graph = graphOf(stack);
    const resources = describedIn(graph);
    const { chains, losses } = budgetOf(graph, configOf(stack));
    const terms = chains.flatMap(({ steps }) => steps.flatMap((step) => step.terms));
    expect(terms.filter(({ origins }) => origins.length === 0)).toEqual([]);
    for (const origin of [...terms, ...losses].flatMap(({ origins }) => origins)) {
      if (origin.kind === 'assumption') expect(Object.keys(ASSUMPTIONS)).toContain(origin.id);
      if (origin.kind !== 'resource') continue;
      const { type, name, region, property, value } = origin;
      expect(graph.one(type, name).region).toBe(region);
      const found = resources.find((one) => one.type === type && one.name === name);
      expect([name, property, found && valueAt(found, property)]).toEqual([name, property, value]);
    }
  });

  test('best <= expected <= worst, of every term and every chain', () => {
    const { chains, losses } = budgetOf(graphOf(stack), configOf(stack));
    const terms = chains.flatMap(({ steps }) => steps.flatMap((step) => step.terms));
    const ranges = [...terms, ...chains, ...losses, ...chains.flatMap(({ beside }) => beside)];
    const wrong = ranges.filter(({ seconds: { best, expected, worst } }) => best > expected || expected > worst);
    expect(wrong).toEqual([]);
  });

  test('a longer term never shortens a chain', () => {
    for (const { steps, id } of budgetOf(graphOf(stack), configOf(stack)).chains) {
      const last = steps.at(-1)?.id ?? '';
      const before = walk(steps).at(last);
      for (const [index, step] of steps.entries()) {
        const longer = step.terms.map((one) => ({
          ...one,
          seconds: { best: one.seconds.best + 7, expected: one.seconds.expected + 7, worst: one.seconds.worst + 7 },
        }));
        const after = walk(steps.with(index, { ...step, terms: longer })).at(last);
        for (const measure of MEASURES)
          expect([id, step.id, after[measure] >= before[measure]]).toEqual([id, step.id, true]);
      }
    }
  });
});

describe('detection in the budget and the alarm interpreter, which runs the same alarms second by second', () => {
  const gone = { orderTakes: (at: number) => (at >= -1 ? undefined : 1), renews: (at: number) => at < 0 };
  const withoutDatabase = { orderTakes: gone.orderTakes, writable: (at: number) => at < 0 };
  const detected = (id: string) => walk(chain(id).steps).at('detected');

  test.each([3, 10])('a dead region is seen within it, with %i s from a value to the alarm', (delivery) => {
    const called = everyStory(gone, 80, phases([0, 4, 8]), delivery).map((story) => story.called ?? Infinity);
    expect(Math.min(...called)).toBeGreaterThanOrEqual(detected('region-lost').best);
    expect(Math.max(...called)).toBeLessThanOrEqual(detected('region-lost').worst);
  });

  test.each([3, 10])('a database that is gone is seen within it, with %i s from a value to the alarm', (delivery) => {
    const offsets = phases([0, 4, 9], [0, 6]);
    const called = everyStory(withoutDatabase, 190, offsets, delivery).map((story) => story.called ?? Infinity);
    expect(Math.min(...called)).toBeGreaterThanOrEqual(detected('database-alone').best);
    expect(Math.max(...called)).toBeLessThanOrEqual(detected('database-alone').worst);
  });
});

describe('a target that is missed', () => {
  const slow = (): Graph => withInputs(dev, ALARM, SILENT, { period: 60 });

  test('fails npm start and names the alarm whose period somebody lengthened, by how much, and what would help', () => {
    const { text, met } = report({ graph: slow(), config: configOf('dev'), seconds: 1, json: false });
    expect(met).toBe(false);
    expect(text).toContain('region-lost: worst case 394.0 s is 94.0 s above rtoSeconds 300');
    const verdict = text.slice(text.indexOf('region-lost: worst case'));
    expect(verdict.split('\n')[1]).toContain(`140.0 s from ${SILENT} (eu-central-2): threshold 20, period 60`);
    expect(text).toContain(`would meet it: period of ${SILENT} 60 -> 10 (294.0 s)`);
  });

  test('is one in JSON as well', () => {
    const { text, met } = report({ graph: slow(), config: configOf('dev'), seconds: 1, json: true });
    expect(met).toBe(false);
    expect(JSON.parse(text)).toMatchObject({ budget: { allowed: false } });
  });

  test.each([
    ['the probe', 'detection-peer-dr-probe-failed', { period: 30, evaluationPeriods: 4 }, 'region-lost'],
    [
      'the patience with an unhealthy region',
      'detection-peer-dr-heartbeat-unhealthy',
      { evaluationPeriods: 12 },
      'database-alone',
    ],
    ['the switch of DNS', 'detection-failover-active-failover-active', { period: 300 }, 'region-half-open'],
  ])('%s: the blame is its alarm', (_, alarm, inputs, id) => {
    const misses = budgetOf(withInputs(dev, ALARM, alarm, inputs), TARGETS).misses;
    const miss = misses.find(({ chain: found }) => found === id);
    expect(miss?.blame[0]?.name).toBe(alarm);
    expect(miss?.remedies.map(({ name }) => name)).toContain(alarm);
  });

  test('is only told where nothing fails over by itself', async () => {
    const graph = await evaluateStack('dev', {
      overrides: { failoverMode: 'alert-only', heartbeatIntervalSeconds: '20' },
    });
    const { allowed, misses, failoverMode } = budgetOf(graph, TARGETS);
    expect({ allowed, failoverMode }).toEqual({ allowed: true, failoverMode: 'alert-only' });
    expect(misses.map(({ chain: id }) => id)).toContain('region-lost');
    expect(graph.warnings.join('\n')).toContain('worst case 334.0 s is 34.0 s above rtoSeconds 300');
  });

  test('may be a loss: an alarm that pages only above the target', () => {
    const tables = dev
      .all(ALARM)
      .filter(({ inputs, region }) => inputs['namespace'] === 'AWS/DynamoDB' && region === 'eu-central-1');
    const [first] = tables.filter(({ inputs }) => inputs['metricName'] === 'ReplicationLatency');
    const changed = withInputs(dev, ALARM, first?.name ?? '', { threshold: 90_000 });
    expect(budgetOf(changed, TARGETS).misses).toMatchObject([
      { chain: 'orders not yet in dr (DynamoDB)', bySeconds: 30, blame: [{ name: first?.name }] },
    ]);
  });
});

describe('what the budget does not understand is an error and no guess', () => {
  test.each<[string, string, Record<string, unknown>, string]>([
    [
      'a rule with more than AND and OR',
      'aws:cloudwatch/compositeAlarm:CompositeAlarm',
      { alarmRule: 'NOT ALARM("probe-failed-dev")' },
      'only ALARM, AND and OR',
    ],
    [
      'a leg that does not exist',
      'aws:cloudwatch/compositeAlarm:CompositeAlarm',
      { alarmRule: 'ALARM("nobody")' },
      'names nobody',
    ],
    ['a trigger that calls nobody', 'aws:cloudwatch/compositeAlarm:CompositeAlarm', { alarmActions: [] }, 'finds 0'],
  ])('%s', (_, type, inputs, message) => {
    const changed = withInputs(dev, type, 'detection-peer-dr-failover-trigger', inputs as never);
    expect(() => budgetOf(changed, TARGETS)).toThrow(message);
  });

  test('a leg of which nobody has said what it sees', () => {
    const changed = withInputs(dev, ALARM, SILENT, { metricName: 'Mood' });
    expect(() => budgetOf(changed, TARGETS)).toThrow('nobody has said what Mood sees');
  });
});
