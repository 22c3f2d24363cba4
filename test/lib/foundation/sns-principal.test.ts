import { snsPrincipal } from '../../../lib/foundation/sns-principal';

test.each([
  ['both regions open: the general principal', 'us-east-1', 'us-east-2', 'sns.amazonaws.com'],
  ['into an opt-in region: the receiver', 'eu-central-1', 'eu-central-2', 'sns.eu-central-2.amazonaws.com'],
  ['out of an opt-in region: the sender', 'eu-central-2', 'eu-central-1', 'sns.eu-central-2.amazonaws.com'],
  ['between two opt-in regions: the receiver', 'eu-south-1', 'eu-central-2', 'sns.eu-central-2.amazonaws.com'],
  ['within an opt-in region: the general principal', 'eu-central-2', 'eu-central-2', 'sns.amazonaws.com'],
])('%s (%s to %s)', (_, topicRegion, targetRegion, principal) => {
  expect(snsPrincipal(topicRegion, targetRegion)).toBe(principal);
});
