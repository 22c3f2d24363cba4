import { DATABASE_EVENTS, DatabaseEvents } from '../../../lib/detection/database-events';
import { evaluate, text } from '../../support/evaluate';
import { ACCOUNT, REGION, misplaced, reachBoth, within } from '../services/two-regions';
import type { Graph } from '../../support/evaluate';

const RULE = 'aws:cloudwatch/eventRule:EventRule';
const TARGET = 'aws:cloudwatch/eventTarget:EventTarget';
const topicIn = (region: string) => `arn:aws:sns:${region}:${ACCOUNT}:alerts-test`;

let graph: Graph;
beforeAll(async () => {
  graph = await evaluate(() => {
    const regions = reachBoth();
    for (const region of [regions.primary, regions.dr]) {
      const { role, name, provider } = region;
      new DatabaseEvents(
        `events-${role}`,
        {
          environmentSuffix: 'test',
          region,
          accountId: ACCOUNT,
          topicArn: topicIn(name),
          clusterArn: `arn:aws:rds:${name}:${ACCOUNT}:cluster:aurora-${name}-test`,
          globalClusterArn: `arn:aws:rds::${ACCOUNT}:global-cluster:aurora-global-test`,
        },
        { provider },
      );
    }
  });
});

test('every event of a failover, a switchover and the fencing is told in both regions', () => {
  expect(misplaced(graph)).toEqual([]);
  const ids = DATABASE_EVENTS.flatMap((row) => row.ids).sort();
  const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `0${from + i}`);
  expect(ids).toEqual([...span(181, 187), ...span(238, 241), '0390', '0391', '0397', '0423']);
  for (const region of Object.values(REGION)) {
    const topics = graph.all(TARGET).filter((target) => target.region === region);
    expect(topics).toHaveLength(DATABASE_EVENTS.length);
    expect(new Set(topics.map(({ inputs }) => inputs['arn']))).toEqual(new Set([topicIn(region)]));
  }
});

test('fencing is told of an instance, whichever it is; other databases of the account are not ours', () => {
  const { inputs } = graph.one(RULE, 'events-dr-old-writer-not-fenced-rule');
  expect(inputs['name']).toBe('database-old-writer-not-fenced-test');
  expect(JSON.parse(text(inputs, 'eventPattern'))).toEqual({
    source: ['aws.rds'],
    'detail-type': ['RDS DB Cluster Event', 'RDS DB Instance Event'],
    detail: {
      EventID: ['RDS-EVENT-0391'],
      SourceArn: [
        `arn:aws:rds:eu-central-2:${ACCOUNT}:cluster:aurora-eu-central-2-test`,
        `arn:aws:rds::${ACCOUNT}:global-cluster:aurora-global-test`,
        { wildcard: `arn:aws:rds:eu-central-2:${ACCOUNT}:db:aurora-*-eu-central-2-test` },
      ],
    },
  });
});

test('people read what happened and what it means, a possible double writer first of all', () => {
  const { inputs } = graph.one(TARGET, 'events-dr-old-writer-not-fenced-target');
  const transformer = within(inputs, 'inputTransformer');
  const message: unknown = JSON.parse(text(transformer, 'inputTemplate'));
  expect(message).toMatch(/^Aurora could NOT block writes to the old writer: it may have gone on writing/);
  expect(message).toMatch(/ RDS says: <message> \(<id>, <source>, <region>, <at>\)$/);
  const placeholders = String(message).match(/<(\w+)>/g) ?? [];
  expect(
    Object.keys(within(transformer, 'inputPaths'))
      .map((key) => `<${key}>`)
      .sort(),
  ).toEqual([...placeholders].sort());
});

test('no description is longer than EventBridge takes', () => {
  expect(graph.all(RULE).filter(({ inputs }) => text(inputs, 'description').length > 512)).toEqual([]);
});
