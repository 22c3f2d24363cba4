import type { AlarmRow, CompositeRow, Metric, Percentage, Statistic } from '../../lib/detection/alarm-row';
import { alarmsOf, holds, parseRule } from './composite-rule';
import type { Rule } from './composite-rule';
import { datapoints, evaluationInterval, evaluationRange, judge, percentages } from './metric-alarm';
import type { AlarmState, AlarmTerms, Datapoint, Datum, LookBack } from './metric-alarm';
import { nextAction, NOTHING_OWED } from './suppressor';
import type { ActionState, SuppressionTerms } from './suppressor';

/** A metric alarm as the interpreter needs it; every AlarmRow is one. */
export type MetricAlarm = AlarmTerms & Pick<AlarmRow, 'name' | 'watches'>;

/** A composite alarm; every CompositeRow is one, without a suppressor. */
export interface CompositeAlarm extends Pick<CompositeRow, 'name' | 'rule'> {
  readonly suppressor?: SuppressionTerms & { readonly alarm: string };
}

/** What an alarm's metric has been told so far, in any order. */
export type Feed = (metricName: string, watched: Metric | Percentage, statistic: Statistic) => readonly Datum[];

/** An alarm has changed, or has acted on an earlier change; `acts` is what reaches topic and function. */
export interface AlarmEvent {
  readonly at: number;
  readonly alarm: string;
  readonly state: AlarmState;
  readonly changed: boolean;
  readonly acts: boolean;
}

/** How a board's CloudWatch behaves where the guide leaves room. */
export interface BoardSettings {
  readonly lookBack: LookBack;
  /** At which second of its interval an alarm is evaluated. @default 0 for all */
  readonly phaseOf?: (alarm: string) => number;
}

/**
 * CloudWatch's alarms of one region in whole seconds of a clock of its own: metric alarms are evaluated every 10 or 60 s,
 * composites whenever one of theirs has changed, actions happen on changes only. The same for every run with equal input.
 *
 * Left out: how long CloudWatch takes from a leg to its composite and from there to the function. Whoever adds up a chain adds
 * that term.
 */
export class AlarmBoard {
  private readonly states = new Map<string, AlarmState>();
  private readonly actions = new Map<string, ActionState>();
  private readonly rules: readonly { readonly composite: CompositeAlarm; readonly rule: Rule }[];

  /** @throws RuleError for a rule that cannot be read; Error for one that names no alarm of the board, or a later composite. */
  constructor(
    private readonly alarms: readonly MetricAlarm[],
    composites: readonly CompositeAlarm[],
    private readonly settings: BoardSettings,
  ) {
    for (const { name } of alarms) this.states.set(name, 'INSUFFICIENT_DATA');
    this.rules = composites.map((composite) => {
      const rule = parseRule(composite.rule);
      const unknown = alarmsOf(rule).filter((name) => !this.states.has(name));
      if (unknown.length > 0)
        throw new Error(`${composite.name} names alarms that do not exist: ${unknown.join(', ')}`);
      this.states.set(composite.name, 'INSUFFICIENT_DATA');
      return { composite, rule };
    });
  }

  /** @throws Error for an alarm that is not on the board. */
  stateOf(alarm: string): AlarmState {
    const state = this.states.get(alarm);
    if (state === undefined) throw new Error(`there is no alarm ${alarm}`);
    return state;
  }

  /** Lets a second happen; every second has to, in order. */
  tick(at: number, feed: Feed): readonly AlarmEvent[] {
    return [
      ...this.alarms.filter((alarm) => this.isDue(alarm, at)).flatMap((alarm) => this.evaluate(alarm, at, feed)),
      ...this.rules.flatMap(({ composite, rule }) => this.compose(composite, rule, at)),
    ];
  }

  private isDue(alarm: MetricAlarm, at: number): boolean {
    const interval = evaluationInterval(alarm);
    const phase = this.settings.phaseOf?.(alarm.name) ?? 0;
    return (((at - phase) % interval) + interval) % interval === 0;
  }

  private evaluate(alarm: MetricAlarm, at: number, feed: Feed): readonly AlarmEvent[] {
    const state = judge(alarm, this.pointsOf(alarm, at, feed), this.stateOf(alarm.name));
    return this.change(alarm.name, state) ? [{ at, alarm: alarm.name, state, changed: true, acts: true }] : [];
  }

  private pointsOf(alarm: MetricAlarm, at: number, feed: Feed): readonly Datapoint[] {
    const { watches } = alarm;
    const range = evaluationRange(alarm, this.settings.lookBack);
    const series = (metricName: string, statistic: Statistic): readonly Datapoint[] =>
      datapoints(feed(metricName, watches, statistic), statistic, alarm, at, range);
    if (!('whole' in watches)) return series(watches.metricName, watches.statistic);
    return percentages(series(watches.part, 'Sum'), series(watches.whole, 'Sum'), watches.atLeast);
  }

  private compose(composite: CompositeAlarm, rule: Rule, at: number): readonly AlarmEvent[] {
    const { name, suppressor } = composite;
    const state = holds(rule, (alarm) => this.stateOf(alarm)) ? 'ALARM' : 'OK';
    const changed = this.change(name, state);
    if (!suppressor) return changed ? [{ at, alarm: name, state, changed, acts: true }] : [];
    const moment = { at, compositeChanged: changed, suppressorRed: this.stateOf(suppressor.alarm) === 'ALARM' };
    const next = nextAction(this.actions.get(name) ?? NOTHING_OWED, moment, suppressor);
    this.actions.set(name, next.state);
    return changed || next.acts ? [{ at, alarm: name, state, changed, acts: next.acts }] : [];
  }

  private change(alarm: string, state: AlarmState): boolean {
    const changed = this.stateOf(alarm) !== state;
    this.states.set(alarm, state);
    return changed;
  }
}
