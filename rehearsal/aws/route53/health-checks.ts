import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import { AlarmFollower, type AlarmView } from './alarm-follower';
import type { CalculatedSettings, CheckSettings } from './check-settings';
import { EndpointChecks, type EndpointWatch } from './endpoint-checks';
import type { Route53Nature } from './nature';
import type { Probe } from './prober';

/** A health check has changed its status; `at` in milliseconds since 1970. */
export interface HealthChange {
  readonly at: number;
  readonly checkId: string;
  readonly name: string;
  readonly healthy: boolean;
}

interface CheckState {
  readonly settings: CheckSettings;
  /** What is found, before it is inverted. */
  found: boolean;
  /** A fault: the status that is said whatever is found. */
  stuck: boolean | undefined;
  /** The status that Route 53 says. */
  healthy: boolean;
  /** The calculated checks above it. */
  readonly above: CheckState[];
}

/** The status of every health check. */
export class HealthChecks {
  private readonly states: ReadonlyMap<string, CheckState>;
  private readonly endpoints: EndpointChecks;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    settings: readonly CheckSettings[],
    private readonly nature: Route53Nature,
    private readonly view: AlarmView,
    probe: Probe,
    private readonly onChange: (change: HealthChange) => void,
  ) {
    this.endpoints = new EndpointChecks(clock, random.stream('checkers'), nature.checkers, probe);
    this.states = new Map(settings.map((one) => [one.id, initial(one)]));
    for (const state of this.states.values()) {
      if (state.settings.kind !== 'calculated') continue;
      for (const child of state.settings.children) this.state(child).above.push(state);
    }
    for (const state of this.states.values()) {
      if (state.settings.kind !== 'calculated') continue;
      state.found = this.calculated(state.settings);
      state.healthy = said(state);
    }
  }

  /** Sends the checkers to work. */
  start(): void {
    const endpoints = new Map<string, EndpointWatch[]>();
    for (const state of this.states.values()) {
      const { settings } = state;
      const tell = (found: boolean): void => this.find(state, found);
      if (settings.kind === 'endpoint') {
        const key = `${settings.fqdn}:${settings.port}${settings.path}`;
        const endpoint = endpoints.get(key) ?? [];
        endpoint.push({ settings, tell });
        endpoints.set(key, endpoint);
      } else if (settings.kind === 'alarm') {
        const random = this.random.stream(`alarm/${settings.name}/${settings.region}`);
        new AlarmFollower(this.clock, random, settings, this.view, this.nature, tell);
      }
    }
    for (const endpoint of endpoints.values()) this.endpoints.start(endpoint);
  }

  /** @throws Error for an unknown check. */
  isHealthy(id: string): boolean {
    return this.state(id).healthy;
  }

  /** @param status undefined: as it is found again. @throws Error for an unknown check. */
  stick(id: string, status: boolean | undefined): void {
    const state = this.state(id);
    state.stuck = status;
    this.say(state);
  }

  loseCheckers(which: string | number): void {
    this.endpoints.lose(which);
  }

  regainCheckers(): void {
    this.endpoints.regain();
  }

  private state(id: string): CheckState {
    const state = this.states.get(id);
    if (!state) throw new Error(`there is no health check ${id}`);
    return state;
  }

  private calculated({ children, threshold }: CalculatedSettings): boolean {
    let healthy = 0;
    for (const child of children) if (this.state(child).healthy) healthy += 1;
    return healthy >= threshold;
  }

  private find(state: CheckState, found: boolean): void {
    state.found = found;
    this.say(state);
  }

  private say(state: CheckState): void {
    const healthy = said(state);
    if (healthy === state.healthy) return;
    state.healthy = healthy;
    const { id, name } = state.settings;
    this.onChange({ at: this.clock.now(), checkId: id, name, healthy });
    for (const above of state.above) {
      if (above.settings.kind === 'calculated') this.find(above, this.calculated(above.settings));
    }
  }
}

/** A new check counts as healthy, an inverted one as unhealthy, until there is enough data. */
function initial(settings: CheckSettings): CheckState {
  return { settings, found: true, stuck: undefined, healthy: !settings.inverted, above: [] };
}

function said({ stuck, found, settings }: CheckState): boolean {
  return stuck ?? found !== settings.inverted;
}
