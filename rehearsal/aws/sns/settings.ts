import { z } from 'zod';
import { text } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';
import { keyArnOf, oncePerGraph, regionOf, textIn } from '../sqs/input';
import { isOptInRegion } from '../../../lib/config/aws-regions';
import type { GraphResource } from '../../../analysis/graph/graph';

/** One subscription of a topic. */
export interface Subscription {
  readonly arn: string;
  readonly protocol: 'email' | 'lambda' | 'sqs';
  readonly endpoint: string;
  /** Where the endpoint is: a region, or `outside`. */
  readonly place: string;
  readonly raw: boolean;
  /** Who SNS is for the receiver. */
  readonly principal: string;
}

/** One standard topic as the stack describes it. */
export interface Topic {
  readonly arn: string;
  readonly region: string;
  readonly account: string;
  readonly keyArn: string | undefined;
  readonly subscriptions: readonly Subscription[];
}

// Filters, delivery policies and dead-letter queues of a subscription are refused when they are there.
const subscriptionForm = z.strictObject({
  protocol: z.enum(['email', 'lambda', 'sqs']),
  endpoint: z.string(),
  topic: z.string(),
  rawMessageDelivery: z.boolean().default(false),
  endpointAutoConfirms: z.unknown().optional(),
  region: z.unknown().optional(),
});

/** @throws NotModelledError for a FIFO topic, or a subscription with settings that are not modelled. */
export const topicsOf = oncePerGraph((graph): readonly Topic[] => {
  const subscriptions = graph.all('aws:sns/topicSubscription:TopicSubscription');
  return graph.all('aws:sns/topic:Topic').map((resource) => {
    if (resource.inputs['fifoTopic'] === true)
      throw new NotModelledError(`${resource.urn}: FIFO topics are not modelled`);
    const arn = text(resource.outputs, 'arn');
    const region = regionOf(resource);
    return {
      arn,
      region,
      account: arn.split(':')[4] ?? '',
      keyArn: keyArnOf(textIn(resource.inputs, 'kmsMasterKeyId'), resource.urn),
      subscriptions: subscriptions
        .filter(({ inputs }) => inputs['topic'] === arn)
        .map((one) => subscriptionOf(one, arn, region)),
    };
  });
});

function subscriptionOf(resource: GraphResource, topicArn: string, topicRegion: string): Subscription {
  const parsed = subscriptionForm.safeParse(resource.inputs);
  if (!parsed.success) throw new NotModelledError(`${resource.urn}: ${z.prettifyError(parsed.error)}`);
  if (resource.region !== topicRegion)
    throw new NotModelledError(`${resource.urn}: subscribed outside the topic's region`);
  const { protocol, endpoint, rawMessageDelivery: raw } = parsed.data;
  const place = protocol === 'email' ? 'outside' : (endpoint.split(':')[3] ?? '');
  const arn = `${topicArn}:${resource.id}`;
  return { arn, protocol, endpoint, place, raw, principal: principalFor(topicRegion, place) };
}

/**
 * The service principal that delivers across regions (SNS guide, "Cross-region delivery"): with an opt-in region on either side
 * its regional one; with two, the receiver's.
 */
export function principalFor(topicRegion: string, place: string): string {
  if (place === topicRegion || place === 'outside') return 'sns.amazonaws.com';
  if (isOptInRegion(place)) return `sns.${place}.amazonaws.com`;
  return isOptInRegion(topicRegion) ? `sns.${topicRegion}.amazonaws.com` : 'sns.amazonaws.com';
}
