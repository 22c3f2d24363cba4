import { part } from '../ask';
import { type Context, regionFrom, type Stack } from '../context';
import { refusal, TapError } from '../errors';
import { EXIT } from '../exit-codes';
import { askOrchestrator, type RunAnswer } from '../orchestrator';

/** How long a region may take to say which run stands in it, in milliseconds. */
const LOOK_MS = 9_000;

/** The runs that have not ended, and the regions that do not say. */
export interface Standing {
  readonly runs: readonly RunAnswer[];
  readonly silent: readonly string[];
}

/** Asks both orchestrators, or one of them, which run stands. A region that is lost is named, and the other one still counts. */
export async function findStanding(context: Context, stack: Stack, option: string | undefined): Promise<Standing> {
  const regions = option === undefined ? stack.regions : [regionFrom(stack, '--region', option)];
  const found = await Promise.all(
    regions.map(async (region) => ({
      region,
      answer: await part(LOOK_MS, region, () => askOrchestrator(context, region, { action: 'status' })),
    })),
  );
  const silent = found.flatMap(({ region, answer }) => (answer.ok ? [] : [`${region}: ${answer.why}`]));
  if (silent.length === regions.length) {
    const reasons = new Set(found.flatMap(({ answer }) => (answer.ok ? [] : [answer.why])));
    // What both say is about who asks, and not about a region.
    throw new TapError(EXIT.unreachable, (reasons.size === 1 ? [...reasons] : silent).join('\n'));
  }
  const runs = found.flatMap(({ answer }) =>
    answer.ok && answer.value.kind === 'run' && answer.value.phase !== 'ended' ? [answer.value] : [],
  );
  return { runs, silent };
}

/** The one run that stands; undefined when none does. @throws TapError when there are two, since nobody can tell which is meant. */
export function theOne({ runs }: Standing): RunAnswer | undefined {
  if (runs.length > 1) {
    const each = runs.map(({ runId, region }) => `${runId} in ${region}`).join(' and ');
    throw refusal(`two runs stand: ${each}. Say which: --region REGION`);
  }
  return runs[0];
}
