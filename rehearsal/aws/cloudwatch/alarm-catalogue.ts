import { alarmsOf, parseRule } from '../../../analysis/alarms/composite-rule';
import type { Rule } from '../../../analysis/alarms/composite-rule';
import type { Graph, GraphResource, Value } from '../../../analysis/graph/graph';
import { text } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';
import { alarmNameOf } from './alarm-definition';
import type { AlarmAction, AlarmDefinition, CompositeAlarmDefinition, MetricAlarmDefinition } from './alarm-definition';
import { readTerms, readWatched } from './metric-alarm-reader';
import { flag, isValues, known, number, texts } from './inputs';

/** All alarms of a graph, in its order. */
export interface AlarmCatalogue {
  readonly metric: readonly MetricAlarmDefinition[];
  readonly composite: readonly CompositeAlarmDefinition[];
}

/** The part of a graph that alarms are read from. */
export type Resources = Pick<Graph, 'all'>;

export const METRIC_ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm';
export const COMPOSITE_ALARM = 'aws:cloudwatch/compositeAlarm:CompositeAlarm';

const read = new WeakMap<Resources, AlarmCatalogue>();

/**
 * The alarms of a graph, read once for all runs on it.
 *
 * @throws NotModelledError for a setting that the simulation does not know; RuleError for a rule that CloudWatch would refuse;
 *   Error for a composite that names an alarm its region does not have.
 */
export function alarmCatalogue(graph: Resources): AlarmCatalogue {
  const before = read.get(graph);
  if (before) return before;
  const catalogue = {
    metric: graph.all(METRIC_ALARM).map(metricAlarm),
    composite: graph.all(COMPOSITE_ALARM).map(compositeAlarm),
  };
  refuseUnknownChildren(catalogue);
  read.set(graph, catalogue);
  return catalogue;
}

const COMMON = ['alarmDescription', 'actionsEnabled', 'alarmActions', 'okActions', 'insufficientDataActions', 'tags'];
const METRIC_SETTINGS = new Set([
  ...COMMON,
  ...[
    'name',
    'comparisonOperator',
    'datapointsToAlarm',
    'dimensions',
    'evaluationPeriods',
    'metricName',
    'metricQueries',
  ],
  ...['namespace', 'period', 'statistic', 'threshold', 'treatMissingData'],
]);
const COMPOSITE_SETTINGS = new Set([...COMMON, 'alarmName', 'alarmRule', 'actionsSuppressor']);

function metricAlarm(resource: GraphResource): MetricAlarmDefinition {
  const { inputs } = resource;
  const name = text(inputs, 'name');
  known(inputs, METRIC_SETTINGS, `alarm ${name}`);
  const region = regionOf(resource);
  const { watches, periodSeconds } = readWatched(inputs, region, name);
  return { kind: 'metric', name, ...common(resource), terms: readTerms(inputs, periodSeconds, name), watches };
}

function compositeAlarm(resource: GraphResource): CompositeAlarmDefinition {
  const { inputs } = resource;
  const name = text(inputs, 'alarmName');
  known(inputs, COMPOSITE_SETTINGS, `alarm ${name}`);
  const ruleText = text(inputs, 'alarmRule');
  const rule = byName(parseRule(ruleText));
  const suppressor = suppressorOf(inputs['actionsSuppressor'], name);
  return { kind: 'composite', name, ...common(resource), rule, ruleText, children: alarmsOf(rule), suppressor };
}

/** A rule may name an alarm by its ARN; its states are kept by name. */
function byName(rule: Rule): Rule {
  switch (rule.kind) {
    case 'all':
    case 'any':
      return { kind: rule.kind, of: rule.of.map(byName) };
    case 'not':
      return { kind: 'not', of: byName(rule.of) };
    case 'is':
      return { ...rule, alarm: alarmNameOf(rule.alarm) };
    case 'constant':
      return rule;
  }
}

function suppressorOf(value: Value, name: string): CompositeAlarmDefinition['suppressor'] {
  if (value === undefined || value === null) return undefined;
  if (!isValues(value)) throw new TypeError(`the suppressor of ${name} is no object`);
  return {
    alarm: alarmNameOf(text(value, 'alarm')),
    waitSeconds: number(value, 'waitPeriod'),
    extensionSeconds: number(value, 'extensionPeriod'),
  };
}

function common(resource: GraphResource) {
  const { inputs, outputs } = resource;
  const arn = text(outputs, 'arn');
  const enabled = flag(inputs, 'actionsEnabled', true);
  const actions = (key: string): readonly AlarmAction[] => (enabled ? texts(inputs, key).map(actionOf) : []);
  return {
    region: regionOf(resource),
    arn,
    account: arn.split(':')[4] ?? '',
    description: inputs['alarmDescription'] === undefined ? undefined : text(inputs, 'alarmDescription'),
    actionsEnabled: enabled,
    alarmActions: texts(inputs, 'alarmActions'),
    actions: {
      ALARM: actions('alarmActions'),
      OK: actions('okActions'),
      INSUFFICIENT_DATA: actions('insufficientDataActions'),
    },
  };
}

function actionOf(arn: string): AlarmAction {
  if (arn.startsWith('arn:aws:lambda:')) return { kind: 'function', arn };
  if (arn.startsWith('arn:aws:sns:')) return { kind: 'topic', arn };
  throw new NotModelledError(`cloudwatch: the alarm action ${arn} is not modelled`);
}

function regionOf({ region, urn }: GraphResource): string {
  if (region === undefined) throw new Error(`${urn} has no region`);
  return region;
}

function refuseUnknownChildren({ metric, composite }: AlarmCatalogue): void {
  const place = ({ region, name }: Pick<AlarmDefinition, 'name' | 'region'>): string => `${region}/${name}`;
  const all = new Set([...metric, ...composite].map(place));
  for (const { region, name, children, suppressor } of composite) {
    const asked = suppressor ? [...children, suppressor.alarm] : children;
    const unknown = asked.filter((child) => !all.has(place({ region, name: child })));
    if (unknown.length > 0) throw new Error(`${name} names alarms that ${region} does not have: ${unknown.join(', ')}`);
  }
}
