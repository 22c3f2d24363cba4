import { Notifications } from '../../../lib/detection/notifications';
import { evaluate } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';
import { ACCOUNT, keyIn, misplaced, reachBoth, statementsOf } from '../services/two-regions';

const evaluateTopics = (alertEmails: readonly string[]): Promise<Graph> =>
  evaluate(() => {
    const { primary, dr } = reachBoth();
    for (const { role, provider } of [primary, dr]) {
      const args = { environmentSuffix: 'test', accountId: ACCOUNT, keyArn: keyIn(role), alertEmails };
      new Notifications(`alerts-${role}`, args, { provider });
    }
  });

const subscriptions = (graph: Graph) =>
  graph.all('aws:sns/topicSubscription:TopicSubscription').map(({ name, inputs }) => [name, inputs['endpoint']]);

test('each region has a topic of its own, encrypted with its own key: alarms cannot publish across regions', async () => {
  const graph = await evaluateTopics([]);
  expect(misplaced(graph)).toEqual([]);
  for (const role of ['primary', 'dr'] as const) {
    const topic = graph.one('aws:sns/topic:Topic', `alerts-${role}-topic`);
    expect(topic.inputs).toEqual({ name: 'alerts-test', kmsMasterKeyId: keyIn(role) });
  }
  expect(subscriptions(graph)).toEqual([]);
});

// EventBridge guide, "Using resource-based policies": no condition blocks in topic policies for EventBridge.
test('alarms of this account may publish, rules without a condition that they could never meet, and nobody without TLS', async () => {
  const graph = await evaluateTopics([]);
  const topicArn = `arn:aws:sns:eu-central-2:${ACCOUNT}:alerts-test`;
  expect(statementsOf(graph.one('aws:sns/topicPolicy:TopicPolicy', 'alerts-dr-policy').inputs['policy'])).toEqual([
    {
      Sid: 'AlarmsOfThisAccount',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: topicArn,
      Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    },
    {
      Sid: 'Rules',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: topicArn,
    },
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: topicArn,
      Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:PrincipalIsAWSService': 'false' } },
    },
  ]);
});

test('taking one address off the list leaves the others’ subscriptions alone, or people would have to confirm again', async () => {
  const before = subscriptions(await evaluateTopics(['first@example.com', 'second@example.com']));
  const after = subscriptions(await evaluateTopics(['second@example.com']));
  expect(after).toHaveLength(2);
  expect(before).toEqual(expect.arrayContaining(after));
});
