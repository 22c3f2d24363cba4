import { isOptInRegion } from '../config/aws-regions';

/**
 * Who delivers a message of a topic in one region to a queue or function in another (or the same): with an opt-in region on
 * either side it is that region's own principal; with two, the receiver's. AWS: SNS, "Cross-region delivery".
 */
export function snsPrincipal(topicRegion: string, targetRegion: string): string {
  if (topicRegion === targetRegion) return 'sns.amazonaws.com';
  const optIn = [targetRegion, topicRegion].find(isOptInRegion);
  return optIn ? `sns.${optIn}.amazonaws.com` : 'sns.amazonaws.com';
}
