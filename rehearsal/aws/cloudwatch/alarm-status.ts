import type { AlarmState } from '../../../analysis/alarms/metric-alarm';
import type { AlarmDefinition } from './alarm-definition';

/** A state and why; time in milliseconds since 1970. */
export interface Standing {
  readonly state: AlarmState;
  readonly reason: string;
  readonly at: number;
}

/** Where an alarm stands. */
export interface AlarmStatus<D extends AlarmDefinition = AlarmDefinition> {
  readonly definition: D;
  now: Standing;
  /** The one before. */
  before: Standing;
  /** By a fault: whatever the data say, it stays. */
  stuck: boolean;
}

/** An alarm has changed. */
export interface StateChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly region: string;
  readonly alarm: string;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
}

/** The states of all alarms of all regions. */
export class AlarmStatuses {
  private readonly byPlace = new Map<string, AlarmStatus>();
  private readonly listeners: ((change: StateChange, status: AlarmStatus) => void)[] = [];

  /** Adds an alarm with the state that it begins with. */
  add<D extends AlarmDefinition>(definition: D, start: Standing): AlarmStatus<D> {
    const status = { definition, now: start, before: start, stuck: false };
    this.byPlace.set(`${definition.region}/${definition.name}`, status);
    return status;
  }

  find(region: string, alarm: string): AlarmStatus | undefined {
    return this.byPlace.get(`${region}/${alarm}`);
  }

  /** @throws Error for an alarm that the region does not have. */
  get(region: string, alarm: string): AlarmStatus {
    const status = this.find(region, alarm);
    if (!status) throw new Error(`there is no alarm ${alarm} in ${region}`);
    return status;
  }

  all(region: string): readonly AlarmStatus[] {
    return [...this.byPlace.values()].filter(({ definition }) => definition.region === region);
  }

  listen(listener: (change: StateChange, status: AlarmStatus) => void): void {
    this.listeners.push(listener);
  }

  /** Takes a new state; the one that it has already changes nothing. */
  change(status: AlarmStatus, state: AlarmState, reason: () => string, at: number): boolean {
    if (status.now.state === state) return false;
    status.before = status.now;
    status.now = { state, reason: reason(), at };
    const { region, name } = status.definition;
    const change = { at, region, alarm: name, from: status.before.state, to: state, reason: status.now.reason };
    for (const listener of this.listeners) listener(change, status);
    return true;
  }
}
