import type { Graph, GraphResource, Values } from '../../../analysis/graph/graph';
import { text } from '../../../analysis/graph/graph';
import { fields, known, number, textFields } from '../cloudwatch/inputs';
import { NotModelledError } from '../service';
import { compilePattern } from './event-pattern';
import type { EventMatcher } from './event-pattern';
import { compileTransformer } from './input-transformer';
import type { Transform } from './input-transformer';

/** What a target gets. */
export type TargetInput =
  | { readonly kind: 'event' }
  | { readonly kind: 'constant'; readonly json: string }
  | { readonly kind: 'transformed'; readonly transform: Transform };

export interface RuleTarget {
  readonly kind: 'function' | 'topic';
  readonly arn: string;
  readonly input: TargetInput;
}

export interface RuleDefinition {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  /** Milliseconds between two times; a rule with a pattern has none. */
  readonly everyMs: number | undefined;
  readonly matches: EventMatcher | undefined;
  readonly targets: readonly RuleTarget[];
}

/** The part of a graph that rules are read from. */
export type Resources = Pick<Graph, 'all'>;

export const EVENT_RULE = 'aws:cloudwatch/eventRule:EventRule';
export const EVENT_TARGET = 'aws:cloudwatch/eventTarget:EventTarget';

const read = new WeakMap<Resources, readonly RuleDefinition[]>();

/**
 * The rules of a graph with their targets, read once for all runs on it.
 *
 * @throws NotModelledError for settings, patterns, transformers and kinds of targets that the simulation does not know; Error
 *   for a target without a rule.
 */
export function ruleCatalogue(graph: Resources): readonly RuleDefinition[] {
  const before = read.get(graph);
  if (before) return before;
  const targets = new Map<string, RuleTarget[]>();
  for (const target of graph.all(EVENT_TARGET)) {
    const place = `${regionOf(target)}/${text(target.inputs, 'rule')}`;
    targets.set(place, [...(targets.get(place) ?? []), targetOf(target)]);
  }
  const rules = graph.all(EVENT_RULE).map((rule) => ruleOf(rule, targets));
  const places = new Set(rules.map(({ region, name }) => `${region}/${name}`));
  const orphans = [...targets.keys()].filter((place) => !places.has(place));
  if (orphans.length > 0) throw new Error(`targets of rules that do not exist: ${orphans.join(', ')}`);
  read.set(graph, rules);
  return rules;
}

const RULE_SETTINGS = new Set(['description', 'eventPattern', 'name', 'scheduleExpression', 'tags']);

function ruleOf(rule: GraphResource, targets: ReadonlyMap<string, readonly RuleTarget[]>): RuleDefinition {
  const { inputs, outputs } = rule;
  const name = text(inputs, 'name');
  const region = regionOf(rule);
  known(inputs, RULE_SETTINGS, `rule ${name}`);
  const arn = text(outputs, 'arn');
  const { scheduleExpression: schedule, eventPattern: pattern } = inputs;
  return {
    region,
    name,
    arn,
    account: arn.split(':')[4] ?? '',
    everyMs: schedule === undefined ? undefined : rateMs(text(inputs, 'scheduleExpression')),
    matches: pattern === undefined ? undefined : compilePattern(text(inputs, 'eventPattern')),
    targets: targets.get(`${region}/${name}`) ?? [],
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const RATE = /^rate\((\d+) (minute|hour|day)(s?)\)$/;

/**
 * Milliseconds of a rate: one is spelt without an s, more with one (EventBridge guide, "Rate expressions").
 *
 * @throws NotModelledError for everything else, cron expressions above all.
 */
export function rateMs(expression: string): number {
  const [, count, unit, plural] = RATE.exec(expression) ?? [];
  const value = Number(count);
  const ms = unit === undefined ? undefined : UNIT_MS[unit];
  if (ms === undefined || !(value > 0) || (plural === 's') !== value > 1) {
    throw new NotModelledError(`events: the schedule ${expression} is not modelled`);
  }
  return value * ms;
}

const TARGET_SETTINGS = new Set(['arn', 'input', 'inputTransformer', 'retryPolicy', 'rule']);

function targetOf({ inputs, name }: GraphResource): RuleTarget {
  known(inputs, TARGET_SETTINGS, `target ${name}`);
  refuseRetries(fields(inputs, 'retryPolicy'), name);
  const arn = text(inputs, 'arn');
  if (arn.startsWith('arn:aws:lambda:')) return { kind: 'function', arn, input: inputOf(inputs) };
  if (arn.startsWith('arn:aws:sns:')) return { kind: 'topic', arn, input: inputOf(inputs) };
  throw new NotModelledError(`events: the target ${arn} is not modelled`);
}

function inputOf(inputs: Values): TargetInput {
  const transformer = fields(inputs, 'inputTransformer');
  if (inputs['inputTransformer'] !== undefined) {
    const transform = compileTransformer(textFields(transformer, 'inputPaths'), text(transformer, 'inputTemplate'));
    return { kind: 'transformed', transform };
  }
  if (inputs['input'] === undefined) return { kind: 'event' };
  const json = text(inputs, 'input');
  JSON.parse(json);
  return { kind: 'constant', json };
}

/** Lambda's queue and SNS take what they are given, so that nothing is retried here: only the shape is looked at. */
function refuseRetries(policy: Values, name: string): void {
  known(policy, new Set(['maximumEventAgeInSeconds', 'maximumRetryAttempts']), `target ${name}`);
  for (const key of Object.keys(policy)) number(policy, key);
}

function regionOf({ region, urn }: GraphResource): string {
  if (region === undefined) throw new Error(`${urn} has no region`);
  return region;
}
