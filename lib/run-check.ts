import * as pulumi from '@pulumi/pulumi';
import { judgeRuns } from './run-check/judge';
import { askRegion } from './run-check/journal';
import { physicalName } from './naming';
import type { TapConfig } from './config';
import type { RunReading } from './run-check/judge';

/** What has to be known of a stack to find its runs. */
export type RunCheckConfig = Pick<TapConfig, 'environmentSuffix' | 'primaryRegion' | 'drRegion' | 'deployDuringRun'>;

/** Asks one region for its run. Never rejects, and answers within 5 s. */
export type AskRegion = (region: string, journalTable: string) => Promise<RunReading>;

/**
 * Keeps `pulumi preview` and `up` away from a stack whose regions are just changing their roles (X12): before the first
 * resource it asks both regions' journals for a run that has not ended. Without an engine, in an evaluation or under mocks, nothing is
 * deployed and nothing is asked.
 *
 * @throws RunError that says who holds the stack, or why that cannot be known, and the configuration key that overrides it.
 */
export async function refuseDuringRun(
  config: RunCheckConfig,
  ask: AskRegion = askRegion,
  deploys = pulumi.runtime.hasEngine(),
): Promise<void> {
  if (!deploys) return;
  if (config.deployDuringRun === 'allow') {
    void pulumi.log.warn('deployDuringRun is allow: nobody has asked whether a failover is in progress');
    return;
  }
  const table = physicalName('DynamoDB table', 'journal', config.environmentSuffix);
  const readings = await Promise.all(
    [config.primaryRegion, config.drRegion].map(async (region) => ({ region, reading: await ask(region, table) })),
  );
  const { refusal, warning } = judgeRuns(readings);
  if (refusal !== undefined) throw new pulumi.RunError(refusal);
  if (warning !== undefined) void pulumi.log.warn(warning);
}
