import { z } from 'zod';
import { NotModelledError } from '../service';
import { text } from '../../../analysis/graph/graph';
import { keyNeeds } from './access';
import { oncePerGraph, regionOf } from './input';
import type { Graph, GraphResource } from '../../../analysis/graph/graph';
import type { Caller, Need } from '../service';
import type { QueueSettings } from './queue-settings';

/** One event source mapping as the stack describes it. */
export interface MappingSettings {
  readonly uuid: string;
  readonly region: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maximumConcurrency: number;
  readonly reportsItemFailures: boolean;
  /** The role of the function: pollers use its rights. */
  readonly roleArn: string;
}

/** Invocations that one mapping makes at once, at most (Lambda guide, "Configuring scaling behavior for SQS event source mappings"). */
const MOST_CONCURRENT = 1_000;

// Left out on purpose: filters and failure destinations are refused below when they are there.
const form = z.strictObject({
  eventSourceArn: z.string(),
  functionName: z.string(),
  enabled: z.boolean().default(true),
  batchSize: z.number().int().positive().default(10),
  maximumBatchingWindowInSeconds: z.number().nonnegative().default(0),
  functionResponseTypes: z.array(z.string()).default([]),
  scalingConfig: z.object({ maximumConcurrency: z.number().int().positive() }).optional(),
  tags: z.unknown().optional(),
  region: z.unknown().optional(),
});

/** @throws NotModelledError for a source that is no queue, or a setting that is not modelled. */
export const mappingsOf = oncePerGraph((graph): readonly MappingSettings[] =>
  graph.all('aws:lambda/eventSourceMapping:EventSourceMapping').map((resource) => settingsOf(graph, resource)),
);

function settingsOf(graph: Graph, resource: GraphResource): MappingSettings {
  const parsed = form.safeParse(resource.inputs);
  if (!parsed.success) throw new NotModelledError(`${resource.urn}: ${z.prettifyError(parsed.error)}`);
  const { eventSourceArn, functionName, enabled, batchSize, ...rest } = parsed.data;
  if (!eventSourceArn.startsWith('arn:aws:sqs:'))
    throw new NotModelledError(`${resource.urn}: a source that is no queue`);
  const region = regionOf(resource);
  const consumer = graph.all('aws:lambda/function:Function').find(({ inputs, outputs, region: there }) => {
    return outputs['arn'] === functionName || (there === region && inputs['name'] === functionName);
  });
  if (consumer === undefined) throw new NotModelledError(`${resource.urn}: the stack has no function ${functionName}`);
  return {
    uuid: text(resource.outputs, 'uuid'),
    region,
    queueArn: eventSourceArn,
    functionArn: text(consumer.outputs, 'arn'),
    enabled,
    batchSize,
    windowMs: 1_000 * rest.maximumBatchingWindowInSeconds,
    maximumConcurrency: rest.scalingConfig?.maximumConcurrency ?? MOST_CONCURRENT,
    reportsItemFailures: rest.functionResponseTypes.includes('ReportBatchItemFailures'),
    roleArn: text(consumer.inputs, 'role'),
  };
}

/** Lambda guide, "Using Lambda with Amazon SQS", "Execution role permissions": what the function's role must be allowed. */
export function pollerNeedsOf({ arn, region, keyArn }: QueueSettings): readonly Need[] {
  const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  const needs = actions.map((action): Need => ({ action, resource: arn }));
  if (keyArn === undefined) return needs;
  return [...needs, ...keyNeeds(['kms:Decrypt'], keyArn, `sqs.${region}`, ['aws:sqs:arn', arn])];
}

/** The pollers, who come with the function's role. */
export function pollerOf({ roleArn, region, uuid }: MappingSettings): Caller {
  return { principal: roleArn, from: region, name: `event source mapping ${uuid}` };
}
