import { parseArgs } from 'node:util';
import { evaluateStack } from '../analysis/graph/evaluate-stack';
import { ROOT } from '../lib/bundles';
import { playAll } from '../rehearsal/pool/pool';
import type { WorkerAnswer } from '../rehearsal/pool/messages';
import { play, stageOf } from '../rehearsal/pool/worker';
import { planOf } from '../rehearsal/packs/scenario';
import { PACKS } from '../rehearsal/packs/packs';
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
      inline: { type: 'boolean', default: false },
      timeline: { type: 'boolean', default: false },
    },
  });
  const started = Date.now();
  const [graph, code] = await Promise.all([evaluateStack(values.stack), compileHandlers()]);
  console.log(`evaluated and compiled in ${Date.now() - started} ms`);
  const all = PACKS.flatMap(({ scenarios }) => scenarios);
  const chosen =
    values.scenario === 'all'
      ? all
      : all.filter(
          ({ name }) =>
            name === values.scenario ||
            PACKS.some((p) => p.name === values.scenario && p.scenarios.some((s) => s.name === name)),
        );
  const plans = Array.from({ length: Number(values.runs) }, (_, run) =>
    chosen.map((one) => planOf(one, values.stack, values.runs === '1' ? values.seed : `${values.seed}-${run}`)),
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
  const data = { root: ROOT, code, graph: { project, stack, resources, invokes, outputs }, bounds };
  const hear = (answer: WorkerAnswer): void => {
    if (answer.kind === 'failed') {
      console.log(`FAILED ${answer.plan.scenario} ${answer.plan.seed}\n${answer.why}`);
      return;
    }
    const { plan, rtoSeconds, counts, violations, cpuMs, failovers, traceDigest, promotionSeconds } = answer.result;
    const { fates, sdkCalls, submissions, doubleWrites } = counts;
    console.log(
      `${violations.length === 0 ? 'ok  ' : 'BAD '}${plan.scenario} ${plan.seed}: RTO ${rtoSeconds?.toFixed(1)} (promotion ${promotionSeconds?.toFixed(1)}) ${failovers.map((f) => `${f.at.toFixed(1)} ${f.region} ${f.epoch} ${f.outcome}`).join('; ')} | ${submissions} sent ${JSON.stringify(fates)} dw ${doubleWrites} calls ${sdkCalls} ${cpuMs.toFixed(0)} ms ${traceDigest.slice(0, 8)}`,
    );
    for (const violation of violations.slice(0, 12)) console.log(`   ${violation}`);
    if (values.timeline)
      for (const { at, phase, text } of answer.result.timeline)
        console.log(`   ${at.toFixed(1).padStart(7)} ${phase.padEnd(10)} ${text}`);
  };
  if (values.inline) {
    const stage = stageOf(data);
    for (const plan of plans) hear(await play(plan, stage));
  } else await playAll(plans, data, hear, values.workers === undefined ? undefined : Number(values.workers));
  console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`);
}
