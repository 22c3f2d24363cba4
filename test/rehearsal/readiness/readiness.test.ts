import { unmarshall } from '@aws-sdk/util-dynamodb';
import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { checksAt } from '../../../lambda/readiness/checks/checks';
import { Injector } from '../../../rehearsal/faults/injector';
import { Authorizer } from '../../../rehearsal/iam/authorizer';
import { compileHandlers } from '../../../rehearsal/runtime/code';
import { Runtime } from '../../../rehearsal/runtime/runtime';
import { World } from '../../../rehearsal/world/world';
import type { Graph } from '../../../analysis/graph/graph';
import type { HandlerCode } from '../../../rehearsal/runtime/code';

const START = Date.UTC(2026, 0, 5, 8);
const REGIONS = { primary: 'eu-central-1', dr: 'eu-central-2' } as const;
const MINUTE = 60_000;
/** Two looks of each region, whenever its schedule begins. */
const TWO_LOOKS = 11 * MINUTE;
/** What one look may cost at most: it is asked in every rehearsal, every five minutes, in both regions. */
const MOST_CALLS = 65;

let graph: Graph;
let code: HandlerCode;
beforeAll(async () => {
  [graph, code] = await Promise.all([evaluateStack('dev'), compileHandlers()]);
}, 120_000);

interface Remembered {
  readonly id: string;
  readonly state: string;
}

/** The deployed stack in the simulated AWS, with its real handlers. */
function deployed() {
  const authorizer = new Authorizer(graph);
  const world = new World({
    graph,
    runtime: new Runtime(code, { signed: false }),
    authorizer,
    seed: 'readiness',
    start: START,
  });
  const calls: { readonly from: string; readonly minute: number }[] = [];
  world.observers.add({
    call: ({ caller }) => {
      if (caller.name === 'readiness-dev')
        calls.push({ from: caller.from, minute: Math.floor((world.clock.now() - START) / MINUTE) });
    },
  });
  const item = (region: string) => {
    for (const one of world.dynamodb.items(region, 'lease-dev')) {
      const plain: Record<string, unknown> = unmarshall(JSON.parse(JSON.stringify(one)));
      if (plain['pk'] === 'readiness') return plain;
    }
    return undefined;
  };
  const red = (region: string): readonly string[] => {
    const checks: readonly Remembered[] = JSON.parse(JSON.stringify(item(region)?.['checks'] ?? []));
    return checks.filter(({ state }) => state === 'failed').map(({ id }) => id);
  };
  return { world, authorizer, calls, item, red };
}

describe('readiness on the deployed stack', () => {
  test('finds both regions of a healthy stack ready, with no right too few', async () => {
    const { world, authorizer, item } = deployed();
    await world.clock.run(START + TWO_LOOKS);
    for (const region of Object.values(REGIONS)) {
      const found = item(region);
      expect([region, found?.['blockers'], found?.['warnings']]).toEqual([region, [], []]);
      expect(found?.['checks']).toHaveLength(checksAt('scheduled').length);
    }
    expect(authorizer.takeUsage().denied).toEqual([]);
  }, 120_000);

  test('uses every right that it has', async () => {
    const { world, authorizer } = deployed();
    await world.clock.run(START + TWO_LOOKS);
    const used = new Set(authorizer.takeUsage().used);
    const own = authorizer.grants.filter(({ holder }) => holder.startsWith('readiness-'));
    expect(own.length).toBeGreaterThan(60);
    expect(own.filter(({ id }) => !used.has(id)).map(({ sid, action, resource }) => [sid, action, resource])).toEqual(
      [],
    );
  }, 120_000);

  test('costs no more calls than a rehearsal can bear', async () => {
    const { world, calls } = deployed();
    await world.clock.run(START + TWO_LOOKS);
    const looks = perMinute(calls);
    expect(looks.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...looks)).toBeLessThanOrEqual(MOST_CALLS);
  }, 120_000);

  test('sees what has become worse: a stopped consumer, an order that nobody processed, announced work', async () => {
    const { world, red, item } = deployed();
    await world.clock.run(START + 6 * MINUTE);
    expect(red(REGIONS.dr)).toEqual([]);
    const consumer = world.mappings.all.find(({ settings }) => settings.region === REGIONS.dr);
    world.mappings.setEnabled(consumer?.settings.uuid ?? '', false);
    world.sqs.deliver(`arn:aws:sqs:${REGIONS.dr}:123456789012:orders-dlq-dev`, '{}', 'sender');
    world.cloudwatch.stick(REGIONS.dr, 'maintenance-dev', 'ALARM');
    world.cloudwatch.stick(REGIONS.dr, 'probe-stopped-dev', 'ALARM');
    await world.clock.run(START + TWO_LOOKS);
    // A switchover may have stopped the consumer, and starts it again at its end.
    expect(red(REGIONS.dr)).toEqual(['probe-runs', 'no-maintenance', 'dead-letters-empty']);
    await world.clock.run(START + TWO_LOOKS + 5 * MINUTE);
    expect(red(REGIONS.dr)).toEqual(['probe-runs', 'no-maintenance', 'consumers-enabled', 'dead-letters-empty']);
    expect(item(REGIONS.dr)?.['blockers']).toEqual([]);
    // The other region looks at itself.
    expect(red(REGIONS.primary)).toEqual([]);
  }, 120_000);

  test('with primary gone, dr says what nobody can tell it, and nothing keeps it from being saved', async () => {
    const { world, item, red } = deployed();
    new Injector(world).schedule(
      [{ fault: { kind: 'region-lost', region: 'primary', how: 'dark' }, from: 0 }],
      START + 6 * MINUTE,
    );
    await world.clock.run(START + TWO_LOOKS);
    expect(item(REGIONS.dr)?.['blockers']).toEqual([]);
    expect(JSON.stringify(item(REGIONS.dr)?.['warnings'])).toContain(
      'the code of the functions in the other region is not known: TimeoutError',
    );
    expect(red(REGIONS.dr)).toContain('registers-all-answer');
  }, 120_000);
});

function perMinute(calls: readonly { readonly from: string; readonly minute: number }[]): readonly number[] {
  const counts = new Map<string, number>();
  for (const { from, minute } of calls) counts.set(`${from} ${minute}`, (counts.get(`${from} ${minute}`) ?? 0) + 1);
  return [...counts.values()];
}
