import { z } from 'zod';
import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { stackNames } from '../../analysis/graph/stack-files';
import { stackOptions } from '../../analysis/graph/stack-options';
import { ROOT } from '../../lib/bundles';
import { runThroughHost } from '../support/engine';
import { outside } from '../support/outside/ask';

/** What test/support/outside/budget-of-program.ts answers. */
const budgets = z.object({ own: z.unknown(), registered: z.unknown(), equal: z.boolean() });

/** A heartbeat every 20 s is allowed by itself, and makes detection too slow for 300 s. */
const TOO_SLOW = { heartbeatIntervalSeconds: '20' };

test.each(stackNames(ROOT))(
  'stack %s: the budget that the program judges itself by is the one of the graph that it registers, to the last origin',
  async (stack) => {
    const { own, registered, equal } = budgets.parse(
      JSON.parse(await outside('budget-of-program', stackOptions(stack))),
    );
    expect(own).toEqual(registered);
    expect(equal).toBe(true);
    expect(own).toHaveProperty('misses');
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
      expect(errors[0]).toContain('pulumi config set tap:rtoSeconds 334; pulumi config set tap:databaseRtoSeconds 396');
    },
    60_000,
  );

  test('is deployed once it promises what it can keep', async () => {
    const overrides = { ...TOO_SLOW, rtoSeconds: '334', databaseRtoSeconds: '396' };
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
