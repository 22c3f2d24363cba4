import type { RunResult } from '../judge/result';
import { lostIn } from './losses';
import type { RehearsalReport } from './report';
import { FATES } from './fates';
import { plural, seconds } from './words';

/**
 * What is wrong with one run: what its judge says, and where the judge is silent what the numbers say for themselves, so that no
 * run passes a report only because nobody looked.
 */
export function wrongWith(
  result: RunResult,
  { bounds, budget }: Pick<RehearsalReport, 'bounds' | 'budget'>,
): readonly string[] {
  if (result.violations.length > 0) return result.violations;
  return [...unsafe(result, budget.targets.rpoSeconds), ...untimely(result, bounds)];
}

function unsafe(result: RunResult, rpoSeconds: number): readonly string[] {
  const { plan, counts, failovers } = result;
  const unexplained = lostIn(result, rpoSeconds).filter(({ explained }) => !explained);
  const fates = fatesOf(result);
  return [
    ...(counts.doubleWrites > 0 ? [plural(counts.doubleWrites, 'double write')] : []),
    ...(plan.expectation === 'stays' && failovers.length > 0 ? ['failed over, and nothing may'] : []),
    ...unexplained.map(
      ({ id, ageAtFault }) => `${id} is lost, ${seconds(ageAtFault)} old at the fault, and no lag explains it`,
    ),
    ...(fates === counts.acknowledged ? [] : [`${counts.acknowledged} submissions acknowledged, ${fates} with a fate`]),
    ...(plan.runClass === 'A' && counts.fates.expired > 0 ? [`${counts.fates.expired} expired in class A`] : []),
    ...(counts.denied > 0 ? [`${plural(counts.denied, 'call')} denied by policy`] : []),
  ];
}

/** Class C, and what stays where it is, makes no claim about time. */
function untimely({ plan, rtoSeconds }: RunResult, bounds: RehearsalReport['bounds']): readonly string[] {
  if (plan.runClass === 'C' || plan.expectation === 'stays') return [];
  if (rtoSeconds === undefined) return ['no good order stayed good'];
  const bound = bounds.find(({ runClass, chain }) => runClass === plan.runClass && chain === plan.chain);
  if (!bound) return [];
  const { best, worst, target } = bound;
  return [
    ...(target !== undefined && rtoSeconds >= target ? [`RTO ${seconds(rtoSeconds)}, target ${seconds(target)}`] : []),
    ...(rtoSeconds < best || rtoSeconds > worst
      ? [`RTO ${seconds(rtoSeconds)}, outside ${seconds(best)} to ${seconds(worst)}`]
      : []),
  ];
}

/** How many acknowledged submissions have a fate. */
export function fatesOf({ counts }: RunResult): number {
  return FATES.reduce((sum, fate) => sum + counts.fates[fate], 0);
}
