import { budgetOf } from '../../analysis/budget/budget';
import { evaluate } from '../../analysis/graph/evaluate';
import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { readStack, stackNames } from '../../analysis/graph/stack-files';
import { readBuild, ROOT } from '../../lib/bundles';
import { readConfig } from '../../lib/config';
import { TapStack } from '../../lib/tap-stack';
import { runThroughHost } from '../support/engine';
import type { TapConfig } from '../../lib/config';

/** A heartbeat every 20 s is allowed by itself, and makes detection too slow for 300 s. */
const TOO_SLOW = { heartbeatIntervalSeconds: '20' };

test.each(stackNames(ROOT))(
  'stack %s: the budget that the program judges itself by is the one of the graph that it registers, to the last origin',
  async (stack) => {
    const { project, config } = readStack(ROOT, stack);
    const made: { stack?: TapStack; config?: TapConfig } = {};
    const graph = await evaluate(
      () => {
        made.config = readConfig();
        made.stack = new TapStack('tap', { config: made.config, build: readBuild() });
      },
      { project, stack, config },
    );
    if (!made.stack || !made.config) throw new Error('the program made no stack');
    expect(made.stack.budget).toEqual(budgetOf(graph, made.config));
  },
  60_000,
);

describe('a stack whose worst case misses its target', () => {
  test.each([
    ['up', false],
    ['preview', true],
  ])(
    'is refused by pulumi %s before anything is created: target, worst case, blame and what is allowed',
    async (_, preview) => {
      const { errors, exitCode, graph } = await runThroughHost('dev', { preview, overrides: TOO_SLOW });
      expect(exitCode).not.toBe(0);
      expect(graph.created).toEqual([]);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain('so nothing was created');
      expect(errors[0]).toContain('region-lost: worst case 334.0 s is 34.0 s above rtoSeconds 300');
      expect(errors[0]).toContain(
        '70.0 s from detection-peer-dr-heartbeat-silent (eu-central-2): threshold 40, period 20',
      );
      expect(errors[0]).toContain(
        'Allowed: a worst case within rtoSeconds and databaseRtoSeconds, or failoverMode alert-only',
      );
      expect(errors[0]).toContain('pulumi config set tap:rtoSeconds 334; pulumi config set tap:databaseRtoSeconds 386');
    },
    60_000,
  );

  test('is deployed once it promises what it can keep', async () => {
    const overrides = { ...TOO_SLOW, rtoSeconds: '334', databaseRtoSeconds: '386' };
    expect((await evaluateStack('dev', { overrides })).created.length).toBeGreaterThan(100);
  }, 180_000);

  test('is deployed with a warning when it is alert-only: nothing fails over by itself', async () => {
    const { errors, exitCode, graph } = await runThroughHost('dev', {
      overrides: { ...TOO_SLOW, failoverMode: 'alert-only' },
    });
    expect([errors, exitCode]).toEqual([[], 0]);
    expect(graph.created.length).toBeGreaterThan(100);
  }, 180_000);
});
