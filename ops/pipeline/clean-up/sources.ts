import { z } from 'zod';
import { CommandError, type Shell } from '../command';
import type { TaggedResource } from './decide';

const LIST_TIMEOUT_MS = 120_000;
/** Where AWS lists the resources of services without a region: Route 53's health checks and zones (assumed, as AWS Config does). */
const GLOBAL_REGION = 'us-east-1';

const taggedSchema = z.object({
  ResourceTagMappingList: z.array(
    z.object({ ResourceARN: z.string(), Tags: z.array(z.object({ Key: z.string(), Value: z.string() })) }),
  ),
});

/** Reads `aws resourcegroupstaggingapi get-resources`. */
export function parseTagged(text: string): readonly TaggedResource[] {
  return taggedSchema
    .parse(JSON.parse(text))
    .ResourceTagMappingList.flatMap(({ ResourceARN, Tags }) =>
      Tags.filter(({ Key }) => Key === 'EnvironmentSuffix').map(({ Value }) => ({ arn: ResourceARN, suffix: Value })),
    );
}

/** What is tagged, and the regions that did not answer, each with the reason. */
export interface Tagged {
  readonly resources: readonly TaggedResource[];
  readonly silent: readonly string[];
}

/** Asks every region of the stacks, and the one that lists what has no region. A region that is dark is named, not fatal. */
export async function listTagged(shell: Pick<Shell, 'read'>, regions: readonly string[]): Promise<Tagged> {
  const asked = await Promise.all([...new Set([...regions, GLOBAL_REGION])].map((region) => askRegion(shell, region)));
  return {
    resources: asked.flatMap(({ resources }) => resources),
    silent: asked.flatMap(({ silent }) => silent),
  };
}

async function askRegion(shell: Pick<Shell, 'read'>, region: string): Promise<Tagged> {
  const args = ['resourcegroupstaggingapi', 'get-resources', '--tag-filters', 'Key=EnvironmentSuffix'];
  try {
    const text = await shell.read({
      program: 'aws',
      args: [...args, '--region', region, '--output', 'json'],
      timeoutMs: LIST_TIMEOUT_MS,
    });
    return { resources: parseTagged(text), silent: [] };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { resources: [], silent: [`${region}: ${error.message}`] };
  }
}
