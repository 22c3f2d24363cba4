import { parseArgs } from 'node:util';
import { evaluateStack } from '../analysis/graph/evaluate-stack';
import { ROOT } from '../lib/bundles';
import { playAll } from '../rehearsal/pool/pool';
import { planOf } from '../rehearsal/packs/scenario';
import { MUST_FAIL_OVER } from '../rehearsal/packs/must-fail-over';
import { MUST_NOT_FAIL_OVER } from '../rehearsal/packs/must-not-fail-over';
import { compileHandlers } from '../rehearsal/runtime/code';

/** Provisional command line. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      stack: { type: 'string', default: 'dev' },
      scenario: { type: 'string', default: 'region-dark' },
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '1' },
      workers: { type: 'string' },
      timeline: { type: 'boolean', default: false },
    },
  });
  const started = Date.now();
  const [graph, code] = await Promise.all([evaluateStack(values.stack), compileHandlers()]);
  console.log(`evaluated and compiled in ${Date.now() - started} ms`);
  const all = [...MUST_FAIL_OVER, ...MUST_NOT_FAIL_OVER];
  const chosen = values.scenario === 'all' ? all : all.filter(({ name }) => name === values.scenario);
  const plans = Array.from({ length: Number(values.runs) }, (_, run) =>
    chosen.map((one) => planOf(one, values.stack, `${values.seed}-${run}`)),
  ).flat();
  const target = { target: 300, best: 0, worst: 1_000 };
  const bounds = {
    'A region': target,
    'A database': { ...target, target: 360 },
    'B region': target,
    'C region': target,
    'C database': target,
  };
  const { project, stack, resources, invokes, outputs } = graph;
  await playAll(
    plans,
    { root: ROOT, code, graph: { project, stack, resources, invokes, outputs }, bounds },
    (answer) => {
      if (answer.kind === 'failed') {
        console.log(`FAILED ${answer.plan.scenario} ${answer.plan.seed}\n${answer.why}`);
        return;
      }
      const { plan, rtoSeconds, counts, violations, cpuMs, failovers, traceDigest, promotionSeconds } = answer.result;
      console.log(
        `${plan.scenario} ${plan.seed}: RTO ${rtoSeconds} (promotion ${promotionSeconds}) ${JSON.stringify(failovers)} ${JSON.stringify(counts)} ${cpuMs.toFixed(0)} ms ${traceDigest.slice(0, 8)}`,
      );
      for (const violation of violations.slice(0, 12)) console.log(`   ${violation}`);
      if (values.timeline)
        for (const { at, phase, text } of answer.result.timeline)
          console.log(`   ${at.toFixed(1).padStart(7)} ${phase.padEnd(10)} ${text}`);
    },
    values.workers === undefined ? undefined : Number(values.workers),
  );
  console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`);
}
