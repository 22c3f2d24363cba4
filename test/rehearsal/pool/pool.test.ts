import { openPool } from '../../../rehearsal/pool/pool';
import type { StageData } from '../../../rehearsal/pool/messages';
import type { RunPlan } from '../../../rehearsal/judge/result';
import type { HandlerCode } from '../../../rehearsal/runtime/code';

// Threads begin before anybody knows what they will play. What goes wrong until then must neither end the process nor be lost.

const STAGE: StageData = {
  graph: { project: 'tap', stack: 'dev', resources: [], invokes: [], outputs: {} },
  bounds: {},
};
const PLAN: RunPlan = {
  stack: 'dev',
  scenario: 'region-dark',
  seed: '1',
  runClass: 'A',
  expectation: 'fails-over',
  chain: 'region',
  faults: [],
  seconds: 1,
};
const BROKEN: HandlerCode = { functions: {}, libraries: ['throw new Error("no such library")'] };
const NOTHING: HandlerCode = { functions: {}, libraries: [] };

const settled = () => new Promise((resolve) => setTimeout(resolve, 300));

test('handlers that do not compile are an error of whoever plays, however late', async () => {
  const pool = openPool(Promise.reject(new Error('lambda/heartbeat/beat.ts:1: syntax')), 1);
  await settled();
  await expect(pool.play([PLAN], STAGE, () => undefined)).rejects.toThrow('lambda/heartbeat/beat.ts:1: syntax');
  await pool.close();
});

test('a thread that died before it was asked is an error of whoever plays', async () => {
  const pool = openPool(BROKEN, 2);
  await settled();
  await expect(pool.play([PLAN], STAGE, () => undefined)).rejects.toThrow('no such library');
  await pool.close();
});

test('a pool that nobody has used closes, whether or not its handlers compile', async () => {
  await openPool(NOTHING, 2).close();
  await openPool(Promise.reject(new Error('syntax')), 1).close();
});

test('a stack that cannot be simulated is an error of whoever plays on it', async () => {
  const pool = openPool(NOTHING, 2);
  await expect(pool.play([PLAN], STAGE, () => undefined)).rejects.toThrow('iam: roles of none or of several accounts');
  await pool.close();
});
