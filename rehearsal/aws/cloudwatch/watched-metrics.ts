import type { Values } from '../../../analysis/graph/graph';
import { alarmCatalogue } from './alarm-catalogue';
import type { Resources } from './alarm-catalogue';
import { metricsOf } from './alarm-definition';

/** A metric that some alarm of the graph watches. */
export interface WatchedRow {
  readonly region: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly alarms: readonly string[];
  /** Those that decide: a leg or a suppressor of a composite, read by Route 53, or with a function to call. */
  readonly deciding: readonly string[];
}

const HEALTH_CHECK = 'aws:route53/healthCheck:HealthCheck';

/** What somebody has to publish for the graph's alarms not to be blind, in the order of the alarms. */
export function watchedMetrics(graph: Resources): readonly WatchedRow[] {
  const deciding = decidingAlarms(graph);
  const rows = new Map<string, WatchedRow>();
  for (const alarm of alarmCatalogue(graph).metric) {
    for (const { key, namespace, name: metric, dimensions } of metricsOf(alarm)) {
      const { region, name } = alarm;
      const row = rows.get(key) ?? { region, namespace, metric, dimensions, alarms: [], deciding: [] };
      const decides = deciding.has(`${region}/${name}`) ? [name] : [];
      rows.set(key, { ...row, alarms: [...row.alarms, name], deciding: [...row.deciding, ...decides] });
    }
  }
  return [...rows.values()];
}

/** `region/name` of every alarm whose state decides something beyond who is told. */
export function decidingAlarms(graph: Resources): ReadonlySet<string> {
  const { metric, composite } = alarmCatalogue(graph);
  const calling = [...metric, ...composite].filter(({ actions }) =>
    Object.values(actions).some((list) => list.some(({ kind }) => kind === 'function')),
  );
  const legs = composite.flatMap(({ region, children, suppressor }) =>
    (suppressor ? [...children, suppressor.alarm] : children).map((name) => `${region}/${name}`),
  );
  const checked = graph.all(HEALTH_CHECK).flatMap(({ inputs }) => checkedAlarm(inputs));
  return new Set([...calling.map(({ region, name }) => `${region}/${name}`), ...legs, ...checked]);
}

function checkedAlarm({ cloudwatchAlarmName: name, cloudwatchAlarmRegion: region }: Values): readonly string[] {
  return typeof name === 'string' && typeof region === 'string' ? [`${region}/${name}`] : [];
}
