import type { Clock, Timer } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { Alarms } from '../ports';
import type { AlarmSettings } from './check-settings';
import type { Route53Nature } from './nature';

/** What Route 53 sees of CloudWatch. */
export interface AlarmView {
  readonly alarms: Alarms;
  /** Whether metric data of a region gets to Route 53 at this moment. */
  hears(region: string): boolean;
}

/** The part of the nature that is about alarms. */
export type AlarmNature = Pick<Route53Nature, 'alarmDelayMs' | 'alarmLookMs' | 'silentPeriods'>;

/**
 * Follows the data stream behind one alarm: OK is healthy, ALARM is unhealthy, too little data is what the check says (Route 53
 * guide, "How Amazon Route 53 determines whether a health check is healthy"). A stream that no longer arrives is too little data
 * once the alarm's periods are over, whatever the alarm says in its own region.
 */
export class AlarmFollower {
  /** Healthy without a last known status (Route 53 API reference, HealthCheckConfig, InsufficientDataHealthStatus). */
  private lastKnown = true;
  private told = true;
  private coming: { readonly healthy: boolean; readonly timer: Timer } | undefined;
  private heardAt: number;
  private readonly patienceMs: number;
  private readonly delayMs: Range;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly settings: AlarmSettings,
    private readonly view: AlarmView,
    nature: AlarmNature,
    private readonly tell: (healthy: boolean) => void,
  ) {
    this.heardAt = clock.now();
    this.delayMs = nature.alarmDelayMs;
    const extra = random.whole(nature.silentPeriods);
    this.patienceMs = (settings.evaluationPeriods + extra) * settings.periodMs;
    const look = (): void => {
      this.look();
      clock.after(nature.alarmLookMs, look);
    };
    clock.after(random.whole({ least: 0, most: nature.alarmLookMs }), look);
  }

  private look(): void {
    const wanted = this.wanted();
    if (wanted === undefined || wanted === (this.coming?.healthy ?? this.told)) return;
    this.coming?.timer.cancel();
    this.coming = undefined;
    if (wanted === this.told) return;
    const timer = this.clock.after(this.random.whole(this.delayMs), () => {
      this.coming = undefined;
      this.told = wanted;
      this.tell(wanted);
    });
    this.coming = { healthy: wanted, timer };
  }

  /** What the data says now; undefined while nobody can know that it has stopped. */
  private wanted(): boolean | undefined {
    const { alarmName, region } = this.settings;
    const now = this.clock.now();
    if (!this.view.hears(region)) return now - this.heardAt < this.patienceMs ? undefined : this.insufficient();
    this.heardAt = now;
    const state = this.view.alarms.state(region, alarmName);
    if (state !== 'OK' && state !== 'ALARM') return this.insufficient();
    this.lastKnown = state === 'OK';
    return this.lastKnown;
  }

  private insufficient(): boolean {
    switch (this.settings.insufficientData) {
      case 'Healthy':
        return true;
      case 'Unhealthy':
        return false;
      case 'LastKnownStatus':
        return this.lastKnown;
    }
  }
}
