import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { EndpointSettings } from './check-settings';
import { CHECKER_REGIONS } from './nature';
import { Prober, type Probe } from './prober';
import { healthyShare, isGood, Opinion, type TimedAnswer } from './verdict';

/** One checker of one check: where it stands, and what it says. */
interface Vote {
  readonly checker: number;
  readonly prober: Prober;
  readonly opinion: Opinion;
}

/** One check of an endpoint, and who is told when its status changes. */
export interface EndpointWatch {
  readonly settings: EndpointSettings;
  readonly tell: (healthy: boolean) => void;
}

interface EndpointCheck {
  readonly votes: Vote[];
  healthy: boolean;
  readonly tell: (healthy: boolean) => void;
}

/** The checkers of the world and what they ask. All checks of one endpoint share each checker's requests. */
export class EndpointChecks {
  private readonly checks: EndpointCheck[] = [];
  private readonly lostPlaces = new Set<string>();
  private lostCount = 0;
  /** Which regions the modelled checkers stand in, this run. */
  private readonly places: readonly string[];

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly checkers: number,
    private readonly probe: Probe,
  ) {
    this.places = shuffled(CHECKER_REGIONS, random.stream('places'));
  }

  /** Starts the checks of one endpoint: all of them together, because they share requests. */
  start(endpoint: readonly EndpointWatch[]): void {
    const [first] = endpoint;
    if (!first) return;
    const { fqdn, path } = first.settings;
    const shortest = Math.min(...endpoint.map(({ settings }) => settings.intervalMs));
    const phases = this.random.stream(`phases/${fqdn}${path}`);
    const checks = endpoint.map(({ settings, tell }) => ({ settings, check: { votes: [], healthy: true, tell } }));
    const probers = new Map<string, Prober>();
    const turn = phases.whole({ least: 0, most: this.checkers - 1 });
    for (let checker = 0; checker < this.checkers; checker += 1) {
      // The checkers do not coordinate, but many are spread; the few modelled ones stand for them.
      const phase = Math.round(((checker + phases.next()) / this.checkers) * shortest);
      for (const { settings, check } of checks) {
        const prober = this.proberAt(this.placeOf(checker, settings), checker, probers, fqdn, path);
        const laps = Math.max(Math.floor(settings.intervalMs / shortest), 1);
        this.join(check, settings, checker, prober, phase + ((checker + turn) % laps) * shortest);
      }
    }
    for (const { check } of checks) this.checks.push(check);
  }

  /** Checkers fall silent: all of a region, or the first so many. They no longer count. */
  lose(which: string | number): void {
    if (typeof which === 'number') this.lostCount = which;
    else this.lostPlaces.add(which);
    this.regard();
  }

  /** All silent checkers come back, with the opinions they had. */
  regain(): void {
    this.lostCount = 0;
    this.lostPlaces.clear();
    this.regard();
  }

  private placeOf(checker: number, { regions }: EndpointSettings): string {
    const places = regions === undefined ? this.places : this.places.filter((place) => regions.includes(place));
    const place = places[checker % places.length];
    if (place === undefined) throw new Error(`no checker stands in ${regions?.join(', ') ?? 'the world'}`);
    return place;
  }

  private proberAt(place: string, checker: number, probers: Map<string, Prober>, fqdn: string, path: string): Prober {
    const key = `${place}/${checker}`;
    const known = probers.get(key);
    if (known) return known;
    const prober = new Prober(this.clock, place, (done) => this.probe(place, fqdn, path, done));
    probers.set(key, prober);
    return prober;
  }

  private join(
    check: EndpointCheck,
    settings: EndpointSettings,
    checker: number,
    prober: Prober,
    firstAfterMs: number,
  ): void {
    const opinion = new Opinion(settings.failureThreshold);
    check.votes.push({ checker, prober, opinion });
    const rider = {
      intervalMs: settings.intervalMs,
      take: (answer: TimedAnswer | undefined) => {
        const good = answer !== undefined && isGood(answer, settings.searchString);
        if (opinion.take(good)) this.count(check);
      },
    };
    prober.add(rider, firstAfterMs);
  }

  private isLost({ checker, prober }: Vote): boolean {
    return checker < this.lostCount || this.lostPlaces.has(prober.place);
  }

  private regard(): void {
    for (const check of this.checks) {
      for (const vote of check.votes) vote.prober.setSilent(this.isLost(vote));
      this.count(check);
    }
  }

  /** Without any checker the last status stays. */
  private count(check: EndpointCheck): void {
    let healthy = 0;
    let heard = 0;
    for (const vote of check.votes) {
      if (this.isLost(vote)) continue;
      heard += 1;
      if (vote.opinion.healthy) healthy += 1;
    }
    if (heard === 0) return;
    const now = healthyShare(healthy, heard);
    if (now === check.healthy) return;
    check.healthy = now;
    check.tell(now);
  }
}

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const left = [...list];
  return list.map(() => {
    const one = random.pick(left);
    left.splice(left.indexOf(one), 1);
    return one;
  });
}
