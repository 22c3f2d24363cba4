import { z } from 'zod';
import { openStage } from './support/opened';
import { Scene } from './support/scene';

const opened = openStage();

const reportForm = z.object({
  received: z.object({ orders: z.number(), payments: z.number() }),
  missing: z.object({ orders: z.array(z.string()), payments: z.array(z.string()) }),
  expired: z.array(z.string()),
  redone: z.array(z.string()),
  settledBefore: z.array(z.string()),
  lost: z.array(z.string()),
});

/** Orders all the while, a database that is 20 s behind, and primary gone: what dr has heard of is not all in its database. */
async function failedOver(): Promise<Scene> {
  const scene = await Scene.open(opened.stage);
  scene.break({ kind: 'aurora-lag', ms: 20_000 });
  scene.traffic(1_000, 60_000);
  await scene.pass(60_000);
  scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
  return scene;
}

test('on a healthy stack nothing is missing, and nothing is changed', async () => {
  opened.healthy.traffic(1_000, 60_000);
  await opened.healthy.pass(90_000);
  const typed = await opened.healthy.tap('reconcile');
  expect(typed.code).toBe(0);
  expect(typed.out).toMatch(/^ {2}orders {4}\d\d, of which 0 without a row$/m);
  expect(typed.out).toMatch(/^ {2}lost {6}0$/m);
  expect(typed.calls.filter((call) => call.includes('PutItem'))).toEqual([]);
});

test('after a failover with loss it tells which orders were redone: the reconciler has had them executed already', async () => {
  const scene = await failedOver();
  await scene.pass(420_000);
  expect(scene.world.rds.writerRegion()).toBe(scene.dr);
  const typed = await scene.tap('reconcile --json');
  expect(typed.code).toBe(0);
  const report = reportForm.parse(JSON.parse(typed.out));
  expect(report).toMatchObject({ missing: { orders: [], payments: [] }, lost: [] });
  // What primary had settled within the lag is known by its results, and was settled again.
  expect(report.redone.length).toBeGreaterThan(0);
});

test('what the reconciler has not found is counted, sent on its way, waited for and reported', async () => {
  const scene = await failedOver();
  scene.break({ kind: 'function-broken', region: 'dr', function: 'reconciler' }, 420);
  await scene.pass(419_000);
  const counted = await scene.tap('reconcile --dry-run --json');
  const before = reportForm.parse(JSON.parse(counted.out));
  expect(before.missing.orders.length).toBeGreaterThan(0);
  expect(counted.calls.filter((call) => call.includes('PutItem'))).toEqual([]);
  await scene.pass(5_000);

  const typed = await scene.tap('reconcile', { types: ['y'] });
  expect(typed.code).toBe(0);
  expect(typed.err).toBe('Have those without a row looked for and executed. Go on? [y/N] y\n');
  expect(typed.out).toMatch(/^ {2}lost {6}0$/m);
  const after = reportForm.parse(JSON.parse((await scene.tap('reconcile --json')).out));
  expect(after.missing).toEqual({ orders: [], payments: [] });
});

test('orders that are found after their time are reported EXPIRED', async () => {
  const scene = await failedOver();
  // Longer than orders are valid by default (15 minutes).
  scene.break({ kind: 'function-broken', region: 'dr', function: 'reconciler' }, 1_300);
  await scene.pass(1_290_000);
  const typed = await scene.tap('reconcile --yes --json');
  expect(typed.code).toBe(0);
  const report = reportForm.parse(JSON.parse(typed.out));
  expect(report.missing.orders.length).toBeGreaterThan(0);
  expect(report.expired).toEqual([...report.missing.orders].sort());
  // What primary had settled within the lag has its result and no effect: not redone, because it came too late.
  expect(report.settledBefore.length).toBeGreaterThan(0);
  expect(report.redone).toEqual([]);
  expect(report.expired).toEqual(expect.arrayContaining(report.settledBefore));
  const told = await scene.tap('reconcile');
  expect(told.out).toMatch(/^ {4}of these settled in the lost region \d+: /m);
});

test('without the reconciler they stay missing, and the exit code says so', async () => {
  const scene = await failedOver();
  scene.break({ kind: 'function-broken', region: 'dr', function: 'reconciler' });
  await scene.pass(420_000);
  const typed = await scene.tap('reconcile --yes');
  expect(typed.code).toBe(1);
  expect(typed.out).toContain('The reconciler goes on with them; look at its log, and at alarm order-dlq');
});

test('while a run stands it leaves everything to it', async () => {
  const scene = await Scene.open(opened.stage);
  await scene.tap('failover', { types: ['dev'], diesAfterMs: 30_000 });
  expect((await scene.tap('reconcile')).code).toBe(3);
});

test.each([
  ['reconcile --since yesterday', '--since yesterday is not allowed: a time such as 2026-11-24T03:30:00Z'],
  [
    'reconcile --since 2020-01-01T00:00:00Z',
    '--since 2020-01-01T00:00:00Z is not allowed: a time of the last 24 hours',
  ],
])('%s is refused with what is allowed', async (line, told) => {
  const typed = await opened.healthy.tap(line);
  expect(typed).toMatchObject({ code: 2, calls: [], err: `tap: ${told}\n` });
});
