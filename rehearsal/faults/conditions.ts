import type { Random, Range } from '../kernel/random';
import type { Network, Passage, Place } from '../network/network';
import type { Call, ServiceError, ServiceName } from '../aws/service';

/** One way between two places that is not as it should be; places left out mean any. */
export interface PathTrouble {
  readonly from?: Place;
  readonly to?: Place;
  /** Messages disappear, are refused, or take that much longer, in milliseconds. */
  readonly effect: 'lost' | 'refused' | { readonly slowerMs: Range };
  /** Applies to this share of the messages, 1 unless told otherwise. */
  readonly share?: number;
}

/** A service that does not do what it should, for the calls that match; what is left out means any. */
export interface ServiceTrouble {
  readonly service: ServiceName;
  readonly region?: string;
  readonly operations?: readonly string[];
  /** `silent` takes the call and never answers; `done-silently` does it all the same. */
  readonly effect: 'throttled' | 'unavailable' | 'silent' | 'done-silently';
  /** Applies to this share of the calls, 1 unless told otherwise. */
  readonly share?: number;
}

/** One-way times of messages, in milliseconds. */
export interface NetworkNature {
  readonly withinRegionMs: Range;
  readonly betweenRegionsMs: Range;
  readonly outsideMs: Range;
}

/** What is wrong at the moment, and how long messages take. Faults add to it and take away again. */
export class Conditions implements Network {
  private readonly paths = new Set<PathTrouble>();
  private readonly services = new Set<ServiceTrouble>();
  private readonly skews = new Map<string, number>();

  constructor(
    private readonly nature: NetworkNature,
    private readonly random: Random,
    private readonly regions: ReadonlySet<string>,
  ) {}

  /** @returns what ends the trouble. */
  trouble(path: PathTrouble): () => void {
    this.paths.add(path);
    return () => void this.paths.delete(path);
  }

  /** @returns what ends the trouble. */
  serviceTrouble(trouble: ServiceTrouble): () => void {
    this.services.add(trouble);
    return () => void this.services.delete(trouble);
  }

  /** A region's clocks run ahead (or behind) by that many milliseconds. */
  setSkew(region: string, ms: number): void {
    this.skews.set(region, ms);
  }

  readonly skew = (region: string): number => this.skews.get(region) ?? 0;

  pass(from: Place, to: Place): Passage {
    let ms = this.random.between(this.usual(from, to));
    // A region that is cut off, slow or dark to others is well inside.
    if (from === to) return { kind: 'passes', ms };
    for (const trouble of this.paths) {
      if (trouble.from !== undefined && trouble.from !== from) continue;
      if (trouble.to !== undefined && trouble.to !== to) continue;
      if (trouble.share !== undefined && !this.random.chance(trouble.share)) continue;
      if (trouble.effect === 'lost') return { kind: 'lost' };
      if (trouble.effect === 'refused') return { kind: 'refused', ms };
      ms += this.random.between(trouble.effect.slowerMs);
    }
    return { kind: 'passes', ms };
  }

  /** What becomes of a call that has arrived, where it is not simply done. */
  troubleOf(call: Call): ServiceTrouble['effect'] | undefined {
    for (const { service, region, operations, effect, share } of this.services) {
      if (service !== call.service || (region !== undefined && region !== call.region)) continue;
      if (operations !== undefined && !operations.includes(call.operation)) continue;
      if (share === undefined || this.random.chance(share)) return effect;
    }
    return undefined;
  }

  /** Whether a whole service of a region is down. */
  isDown(service: ServiceName, region: string): boolean {
    for (const trouble of this.services) {
      const everywhere = trouble.region === undefined || trouble.region === region;
      if (trouble.service === service && everywhere && trouble.operations === undefined && trouble.share === undefined)
        return true;
    }
    return false;
  }

  private usual(from: Place, to: Place): Range {
    if (from === to) return this.nature.withinRegionMs;
    return this.regions.has(from) && this.regions.has(to) ? this.nature.betweenRegionsMs : this.nature.outsideMs;
  }
}

/** The errors that the services' own retry guides name. */
export const TROUBLE_ERRORS: Readonly<Record<'throttled' | 'unavailable', ServiceError>> = {
  throttled: { code: 'ThrottlingException', message: 'Rate exceeded', status: 400 },
  unavailable: { code: 'InternalFailure', message: 'The service is unavailable', status: 503 },
};
