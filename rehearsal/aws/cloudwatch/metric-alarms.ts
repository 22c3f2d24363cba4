import { evaluationInterval, evaluationRange, judge } from '../../../analysis/alarms/metric-alarm';
import type { AlarmState, Datapoint, LookBack } from '../../../analysis/alarms/metric-alarm';
import type { Clock, Timer } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { MetricAlarmDefinition } from './alarm-definition';
import { metricsOf } from './alarm-definition';
import type { AlarmStatus } from './alarm-status';
import { pointsOf } from './metric-evaluation';
import { forget } from './metric-store';
import type { MetricStore, Series } from './metric-store';
import type { CloudWatchNature } from './nature';

/** What metric alarms ask of the rest of CloudWatch. */
export interface AlarmBoard {
  readonly clock: Clock;
  /** Takes the state, tells whoever listens, and acts on a change. */
  settle(status: AlarmStatus<MetricAlarmDefinition>, state: AlarmState, reason: () => string): void;
}

/** One alarm at work. Times in milliseconds unless the name says seconds. */
interface Run {
  readonly status: AlarmStatus<MetricAlarmDefinition>;
  readonly series: readonly Series[];
  readonly interval: number;
  readonly phase: number;
  readonly gridSeconds: number;
  readonly horizonSeconds: number;
  /** Its next evaluation; none while nothing can change it. */
  timer: Timer | undefined;
}

/** Seconds of a minute: what CloudWatch keeps metrics of standard resolution by. */
const MINUTE = 60;

/**
 * Evaluates metric alarms, each every 10 or 60 s at its own moment. An alarm whose metrics have no data in reach, and that
 * would stay what it is without them, is not evaluated until there are some: the result is the same, and most alarms watch
 * metrics that are silent as long as all is well.
 */
export class MetricAlarms {
  private readonly runs = new Map<AlarmStatus, Run>();
  private readonly watchers = new Map<Series, Run[]>();
  private readonly lookBack: LookBack;
  private readonly fineGrid: number;
  private readonly phases: Random;
  private readonly healthyBefore: number;

  constructor(
    private readonly board: AlarmBoard,
    private readonly store: MetricStore,
    private readonly nature: CloudWatchNature,
    random: Random,
  ) {
    this.lookBack = {
      extraPeriods: random.whole(nature.extraPeriods),
      highResolutionSeconds: random.between(nature.highResolutionSeconds),
    };
    this.fineGrid = random.pick(nature.highResolutionGridSeconds);
    this.phases = random.stream('phases');
    this.healthyBefore = nature.history === 'healthy' ? board.clock.now() / 1000 : -Infinity;
  }

  /** Puts an alarm to work. */
  add(status: AlarmStatus<MetricAlarmDefinition>): void {
    const { definition } = status;
    const { terms } = definition;
    const interval = evaluationInterval(terms) * 1000;
    const run: Run = {
      status,
      series: metricsOf(definition).map(({ key }) => this.store.watch(key)),
      interval,
      phase: this.phases.between(this.nature.phase) * interval,
      gridSeconds: terms.periodSeconds < MINUTE ? this.fineGrid : MINUTE,
      horizonSeconds: (evaluationRange(terms, this.lookBack) + 1) * terms.periodSeconds + MINUTE,
      timer: undefined,
    };
    this.runs.set(status, run);
    for (const series of run.series) this.watchers.set(series, [...(this.watchers.get(series) ?? []), run]);
    if (!this.mayRest(run)) this.wake(run, this.board.clock.now());
  }

  /** A value has come that alarms can see from a time on. */
  arrived(series: Series, visibleAt: number): void {
    for (const run of this.watchers.get(series) ?? []) this.wake(run, visibleAt);
  }

  /** Stops all alarms of a region. */
  silence(region: string): void {
    for (const run of this.of(region)) {
      run.timer?.cancel();
      run.timer = undefined;
    }
  }

  /** Goes on with all alarms of a region, each at its own moment. */
  restore(region: string): void {
    for (const run of this.of(region)) this.wake(run, this.board.clock.now());
  }

  /** Goes on with one alarm. */
  resume(status: AlarmStatus): void {
    const run = this.runs.get(status);
    if (run) this.wake(run, this.board.clock.now());
  }

  private of(region: string): readonly Run[] {
    return [...this.runs.values()].filter(({ status }) => status.definition.region === region);
  }

  private wake(run: Run, notBefore: number): void {
    if (run.timer) return;
    const { phase, interval } = run;
    const next = phase + Math.ceil((notBefore - phase) / interval) * interval;
    run.timer = this.board.clock.at(next, () => this.evaluate(run, next));
  }

  private evaluate(run: Run, time: number): void {
    const { status, series } = run;
    const { definition } = status;
    const at = time / 1000;
    for (const one of series) forget(one, at - run.horizonSeconds);
    run.timer = undefined;
    if (!status.stuck) {
      const { gridSeconds } = run;
      const glance = { at, gridSeconds, lookBack: this.lookBack, healthyBefore: this.healthyBefore };
      const points = pointsOf(definition, series, glance);
      const state = judge(definition.terms, points, status.now.state);
      this.board.settle(status, state, () => reasonOf(definition, points, state));
    }
    if (!this.mayRest(run)) this.wake(run, time + run.interval);
  }

  /** Would every evaluation until the next value leave the alarm as it is? */
  private mayRest({ status, series }: Run): boolean {
    if (status.stuck || series.some(({ data }) => data.length > 0)) return false;
    return judge(status.definition.terms, [], status.now.state) === status.now.state;
  }
}

/** In CloudWatch's manner: how many of the points did what. */
function reasonOf({ terms }: MetricAlarmDefinition, points: readonly Datapoint[], state: AlarmState): string {
  const real = points.filter((point) => point !== undefined).slice(0, terms.evaluationPeriods);
  const list = real.map((value) => value.toString()).join(', ');
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${points.length} datapoints were unknown.`;
  const missing = terms.evaluationPeriods - real.length;
  const treated = missing > 0 ? ` and ${missing} missing treated as ${terms.noData}` : '';
  return `Threshold Crossed: datapoints [${list}]${treated}, ${terms.comparison} ${terms.threshold} is ${state}`;
}
