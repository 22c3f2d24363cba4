import { z } from 'zod';
import { text } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';
import { keyArnOf, numberIn, regionOf, textIn } from './input';
import type { GraphResource } from '../../../analysis/graph/graph';

/** One queue as the stack describes it. Times in milliseconds. */
export interface QueueSettings {
  readonly arn: string;
  readonly url: string;
  readonly name: string;
  readonly region: string;
  readonly delayMs: number;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  /** Longest body in bytes. */
  readonly longest: number;
  readonly keyArn: string | undefined;
  readonly deadLetters: { readonly arn: string; readonly maxReceiveCount: number } | undefined;
}

/** SQS's defaults for what a queue does not say (SQS API reference, CreateQueue, "Attributes"), in seconds and bytes. */
const DEFAULTS = { delay: 0, visibility: 30, retention: 345_600, longest: 1_048_576 } as const;

const redrive = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number().int().positive() });

/** @throws NotModelledError for a FIFO queue. */
export function queueSettings(resource: GraphResource): QueueSettings {
  const { inputs, outputs } = resource;
  if (inputs['fifoQueue'] === true) throw new NotModelledError(`${resource.urn}: FIFO queues are not modelled`);
  const policy = textIn(inputs, 'redrivePolicy');
  const parsed = policy === undefined ? undefined : redrive.parse(JSON.parse(policy));
  return {
    arn: text(outputs, 'arn'),
    url: text(outputs, 'url'),
    name: text(inputs, 'name'),
    region: regionOf(resource),
    delayMs: 1_000 * numberIn(inputs, 'delaySeconds', DEFAULTS.delay),
    visibilityMs: 1_000 * numberIn(inputs, 'visibilityTimeoutSeconds', DEFAULTS.visibility),
    retentionMs: 1_000 * numberIn(inputs, 'messageRetentionSeconds', DEFAULTS.retention),
    longest: numberIn(inputs, 'maxMessageSize', DEFAULTS.longest),
    keyArn: keyArnOf(textIn(inputs, 'kmsMasterKeyId'), resource.urn),
    deadLetters: parsed && { arn: parsed.deadLetterTargetArn, maxReceiveCount: parsed.maxReceiveCount },
  };
}
