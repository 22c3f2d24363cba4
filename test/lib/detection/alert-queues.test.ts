import { Provider } from '@pulumi/aws/provider';
import { AlertQueues } from '../../../lib/detection/alert-queues';
import { evaluate } from '../../support/evaluate';
import { ACCOUNT, keyIn, statementsOf } from '../services/two-regions';
import type { PerRegion } from '../../../lib/regions';
import type { Graph } from '../../support/evaluate';

const QUEUE = 'aws:sqs/queue:Queue';
const QUEUE_POLICY = 'aws:sqs/queuePolicy:QueuePolicy';
const SUBSCRIPTION = 'aws:sns/topicSubscription:TopicSubscription';
const ROLES = ['primary', 'dr'] as const;

const evaluateQueues = (names: PerRegion<string>): Promise<Graph> =>
  evaluate(() => {
    const reach = <R extends 'primary' | 'dr'>(role: R) => ({
      role,
      name: names[role],
      provider: new Provider(role, { region: names[role] }),
    });
    const topic = (region: string) => ({ topicArn: `arn:aws:sns:${region}:${ACCOUNT}:alerts-test` });
    new AlertQueues(
      'alerts',
      {
        environmentSuffix: 'test',
        regions: { primary: reach('primary'), dr: reach('dr') },
        keys: { primary: { keyArn: keyIn('primary') }, dr: { keyArn: keyIn('dr') } },
        topics: { primary: topic(names.primary), dr: topic(names.dr) },
      },
      {},
    );
  });

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateQueues({ primary: 'eu-central-1', dr: 'eu-central-2' });
});

const makerOf = ({ provider }: { readonly provider: string | undefined }) => provider?.split('::').at(-1);

test.each(ROLES)('the queue of %s keeps for 14 days, under its region’s key, what both topics said (M10)', (role) => {
  const queue = graph.one(QUEUE, `alerts-${role}-queue`);
  expect(makerOf(queue)).toBe(role);
  expect(queue.inputs).toMatchObject({
    name: 'alerts-test',
    messageRetentionSeconds: 1_209_600,
    kmsMasterKeyId: keyIn(role),
  });
  const to = graph.all(SUBSCRIPTION).filter(({ inputs }) => inputs['endpoint'] === queue.outputs['arn']);
  expect(to.map(({ inputs }) => inputs['topic'])).toEqual([
    `arn:aws:sns:eu-central-1:${ACCOUNT}:alerts-test`,
    `arn:aws:sns:eu-central-2:${ACCOUNT}:alerts-test`,
  ]);
});

test('a subscription is made in its topic’s region, where SNS takes it, and after the queue accepts the topic', () => {
  for (const from of ROLES) {
    for (const to of ROLES) {
      const subscription = graph.one(SUBSCRIPTION, `alerts-${from}-to-${to}`);
      expect(makerOf(subscription)).toBe(from);
      expect(subscription.inputs['protocol']).toBe('sqs');
      expect(graph.dependsOn(subscription, graph.one(QUEUE_POLICY, `alerts-${to}-policy`))).toBe(true);
    }
  }
});

test.each([
  ['an opt-in region as dr', 'eu-central-1', 'eu-central-2', ['sns.eu-central-2.amazonaws.com', 'sns.amazonaws.com']],
  ['two default regions', 'us-east-1', 'us-east-2', ['sns.amazonaws.com', 'sns.amazonaws.com']],
])(
  'only the two topics may deliver, over TLS, with %s by the names that SNS has there',
  async (_, primary, dr, services) => {
    const regional = await evaluateQueues({ primary, dr });
    const policy = regional.one(QUEUE_POLICY, 'alerts-dr-policy').inputs['policy'];
    const queueArn = `arn:aws:sqs:${dr}:${ACCOUNT}:alerts-test`;
    const deliver = (Sid: string, topicRegion: string, Service: string | undefined) => ({
      Sid,
      Effect: 'Allow',
      Principal: { Service },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:${topicRegion}:${ACCOUNT}:alerts-test` } },
    });
    expect(statementsOf(policy)).toEqual([
      deliver('AlertsOfPrimary', primary, services[0]),
      deliver('AlertsOfDr', dr, services[1]),
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: queueArn,
        Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:PrincipalIsAWSService': 'false' } },
      },
    ]);
  },
);
