import { holds } from '../../../analysis/alarms/composite-rule';
import type { AlarmState } from '../../../analysis/alarms/metric-alarm';
import { nextAction, NOTHING_OWED } from '../../../analysis/alarms/suppressor';
import type { ActionState, Suppression } from '../../../analysis/alarms/suppressor';
import type { Clock, Timer } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { CompositeAlarmDefinition } from './alarm-definition';
import type { AlarmStatus, AlarmStatuses, StateChange } from './alarm-status';
import { longTime } from './aws-time';
import type { CloudWatchNature } from './nature';

/** What composite alarms ask of the rest of CloudWatch. */
export interface CompositeBoard {
  readonly clock: Clock;
  readonly statuses: AlarmStatuses;
  isDark(region: string): boolean;
  /** @param heldBy what has held the action back until now. */
  act(status: AlarmStatus, heldBy: Suppression['kind']): void;
}

/** One composite at work. */
interface Run {
  readonly status: AlarmStatus<CompositeAlarmDefinition>;
  actions: ActionState;
  /** The end of a wait or an extension. */
  expiry: Timer | undefined;
  /** Why the rule last said something else. */
  reason: string;
}

/**
 * Evaluates composite alarms whenever an alarm of theirs, or their suppressor, has changed, and acts on changes only, as the
 * suppressor allows (CloudWatch guide, "Combining alarms" and "Suppressing composite alarm actions").
 */
export class CompositeAlarms {
  private readonly runs: Run[] = [];
  private readonly above = new Map<string, Run[]>();

  constructor(
    private readonly board: CompositeBoard,
    private readonly nature: Pick<CloudWatchNature, 'compositeMs'>,
    private readonly random: Random,
  ) {}

  /** Puts an alarm to work. */
  add(status: AlarmStatus<CompositeAlarmDefinition>): void {
    const { region, children, suppressor } = status.definition;
    const run: Run = { status, actions: NOTHING_OWED, expiry: undefined, reason: 'the rule was evaluated' };
    this.runs.push(run);
    for (const child of new Set(suppressor ? [...children, suppressor.alarm] : children)) {
      const place = `${region}/${child}`;
      this.above.set(place, [...(this.above.get(place) ?? []), run]);
    }
    if (status.now.state === 'INSUFFICIENT_DATA') this.evaluateSoon(run);
  }

  /** An alarm has changed: those above it are evaluated. */
  changed({ region, alarm, to, at }: StateChange, { definition }: AlarmStatus): void {
    for (const run of this.above.get(`${region}/${alarm}`) ?? []) {
      run.reason = `${definition.arn} transitioned to ${to} at ${longTime(at)}`;
      this.evaluateSoon(run);
    }
  }

  /** Evaluates all composites of a region that had been dark. */
  restore(region: string): void {
    for (const run of this.runs) if (run.status.definition.region === region) this.evaluateSoon(run);
  }

  /** Evaluates one composite, whatever it is stuck in included. */
  resume(status: AlarmStatus): void {
    for (const run of this.runs) if (run.status === status) this.evaluateSoon(run);
  }

  /** By a fault: the composite is in this state, as if its rule said so. */
  force(status: AlarmStatus, state: AlarmState, reason: string): void {
    for (const run of this.runs) {
      if (run.status !== status) continue;
      run.reason = reason;
      this.settle(run, state);
    }
  }

  private evaluateSoon(run: Run): void {
    this.board.clock.after(this.random.between(this.nature.compositeMs), () => this.evaluate(run));
  }

  private evaluate(run: Run): void {
    const { definition, stuck, now } = run.status;
    const { region, rule } = definition;
    if (this.board.isDark(region)) return;
    const red = !stuck && holds(rule, (alarm) => this.stateOf(region, alarm));
    this.settle(run, stuck ? now.state : red ? 'ALARM' : 'OK');
  }

  private settle(run: Run, state: AlarmState): void {
    const { status } = run;
    const { clock, statuses } = this.board;
    const { region, suppressor } = status.definition;
    const compositeChanged = statuses.change(status, state, () => run.reason, clock.now());
    if (!suppressor) {
      if (compositeChanged) this.board.act(status, 'none');
      return;
    }
    const suppressorRed = this.stateOf(region, suppressor.alarm) === 'ALARM';
    const heldBy = run.actions.suppression.kind;
    const moment = { at: clock.now() / 1000, compositeChanged, suppressorRed };
    const { state: actions, acts } = nextAction(run.actions, moment, suppressor);
    run.actions = actions;
    this.expireLater(run, actions.suppression);
    if (acts) this.board.act(status, heldBy);
  }

  private expireLater(run: Run, suppression: Suppression): void {
    run.expiry?.cancel();
    run.expiry = undefined;
    if (!('until' in suppression)) return;
    // A moment later: a fraction of a millisecond too early, the period would not be over, for ever.
    run.expiry = this.board.clock.at(suppression.until * 1000 + 1, () => this.evaluate(run));
  }

  private stateOf(region: string, alarm: string): AlarmState {
    return this.board.statuses.get(region, alarm).now.state;
  }
}
