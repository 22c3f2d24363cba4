import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { alarmCatalogue } from '../../../rehearsal/aws/cloudwatch/alarm-catalogue';
import { metricsOf } from '../../../rehearsal/aws/cloudwatch/alarm-definition';
import type { MetricAlarmDefinition } from '../../../rehearsal/aws/cloudwatch/alarm-definition';
import { CloudWatch } from '../../../rehearsal/aws/cloudwatch/cloudwatch';
import { decidingAlarms, watchedMetrics } from '../../../rehearsal/aws/cloudwatch/watched-metrics';
import { ruleCatalogue } from '../../../rehearsal/aws/eventbridge/rule-catalogue';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';
import type { Graph } from '../../support/evaluate';
import { recorder, START } from './support';

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateStack('dev');
}, 120_000);

test('every alarm of the dev stack can be evaluated: no setting is unknown', () => {
  const { metric, composite } = alarmCatalogue(graph);
  expect(metric).toHaveLength(graph.all('aws:cloudwatch/metricAlarm:MetricAlarm').length);
  expect(composite.map(({ name, region }) => [name, region])).toEqual([
    ['peer-lost-dev', 'eu-central-1'],
    ['failover-trigger-dev', 'eu-central-2'],
  ]);
});

/** Alarms that count values ask for silence. */
const counts = ({ watches }: MetricAlarmDefinition): boolean =>
  watches.kind === 'metric' && watches.metric.statistic === 'SampleCount';

/** Half an hour in which every watched metric is put every ten seconds, or none is. */
async function after(valueOf: (alarms: readonly MetricAlarmDefinition[]) => number | undefined) {
  const clock = new VirtualClock(START);
  const cloudwatch = new CloudWatch(graph, clock, new Random('dev'), recorder(clock).ports);
  const { metric } = alarmCatalogue(graph);
  const byKey = new Map<string, MetricAlarmDefinition[]>();
  for (const alarm of metric.filter((one) => !counts(one))) {
    const key = metricsOf(alarm)[0]?.key ?? '';
    byKey.set(key, [...(byKey.get(key) ?? []), alarm]);
  }
  for (let second = 0; second < 1800; second += 10) {
    clock.at(START + second * 1000, () => {
      for (const alarms of byKey.values()) {
        const value = valueOf(alarms);
        const [alarm] = alarms;
        if (!alarm || value === undefined) continue;
        const resolution = alarms.some(({ terms }) => terms.periodSeconds < 60) ? 1 : 60;
        for (const { namespace, name, dimensions } of metricsOf(alarm)) {
          cloudwatch.put(alarm.region, { namespace, name, dimensions, value, at: clock.now(), resolution });
        }
      }
    });
  }
  await clock.run(START + 1_800_000);
  return metric.filter(({ region, name }) => cloudwatch.state(region, name) === 'ALARM');
}

test('each of them turns red on values beyond its threshold, if it does not count them', async () => {
  const red = await after((alarms) => {
    const least = Math.min(...alarms.map(({ terms }) => terms.threshold));
    const most = Math.max(...alarms.map(({ terms }) => terms.threshold));
    return alarms.some(({ terms }) => terms.comparison === 'LessThanThreshold') ? least - 1 : most + 100;
  });
  const missed = alarmCatalogue(graph).metric.filter((alarm) => !counts(alarm) && !red.includes(alarm));
  expect(missed.map(({ region, name }) => `${region}/${name}`)).toEqual([]);
});

test('in silence those are red that take it for bad, and nobody else', async () => {
  const red = await after(() => undefined);
  const breaching = alarmCatalogue(graph).metric.filter(({ terms }) => terms.noData === 'breaching');
  expect(red.map(({ name }) => name).sort()).toEqual(breaching.map(({ name }) => name).sort());
  expect(breaching.length).toBeGreaterThan(0);
});

test('every rule of the dev stack can be run: no setting is unknown', () => {
  const rules = ruleCatalogue(graph);
  expect(rules).toHaveLength(graph.all('aws:cloudwatch/eventRule:EventRule').length);
  expect(rules.filter(({ targets }) => targets.length === 0)).toEqual([]);
  expect(rules.filter(({ everyMs, matches }) => (everyMs === undefined) === (matches === undefined))).toEqual([]);
});

test('the alarms that decide are the legs of composites, what Route 53 reads, and who calls the orchestrator', () => {
  expect([...decidingAlarms(graph)].sort()).toEqual([
    'eu-central-1/canary-peer-failed-dev',
    'eu-central-1/database-health-dev',
    'eu-central-1/heartbeat-silent-dev',
    'eu-central-1/maintenance-dev',
    'eu-central-2/canary-peer-failed-dev',
    'eu-central-2/database-health-dev',
    'eu-central-2/failover-active-dev',
    'eu-central-2/failover-trigger-dev',
    'eu-central-2/heartbeat-silent-dev',
    'eu-central-2/heartbeat-unhealthy-dev',
    'eu-central-2/maintenance-dev',
    'eu-central-2/probe-failed-dev',
  ]);
});

test('what has to be published is known by region, namespace, metric and dimensions', () => {
  const rows = watchedMetrics(graph);
  expect(rows.find(({ metric, region }) => metric === 'ProbeFailed' && region === 'eu-central-2')).toEqual({
    region: 'eu-central-2',
    namespace: 'trading-platform-dev',
    metric: 'ProbeFailed',
    dimensions: { service: 'primary-probe' },
    alarms: ['probe-failed-dev', 'probe-stopped-dev'],
    deciding: ['probe-failed-dev'],
  });
});
