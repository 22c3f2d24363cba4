/** The three figures of every term; never one without the others. */
export type Measure = 'best' | 'expected' | 'worst';

export const MEASURES: readonly Measure[] = ['best', 'expected', 'worst'];

/** Seconds. `best <= expected <= worst`. */
export type Range = Readonly<Record<Measure, number>>;

/** Where a number comes from. */
export type Origin = ResourceOrigin | HandlerOrigin | AssumptionOrigin;

/** A property of a resource, by its path in the resource's inputs. */
export interface ResourceOrigin {
  readonly kind: 'resource';
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  readonly region: string;
  readonly property: string;
  readonly value: number | string;
}

/** A constant that a handler declares. */
export interface HandlerOrigin {
  readonly kind: 'handler';
  readonly file: string;
  readonly constant: string;
  readonly seconds: number;
}

/** Something that we take AWS, or a client, to do; see assumptions.ts. */
export interface AssumptionOrigin {
  readonly kind: 'assumption';
  readonly id: string;
}

/** One delay on the way from the fault to the first good order. */
export interface Term {
  readonly says: string;
  /** Can be below zero where ticks may be closer together than their interval. */
  readonly seconds: Range;
  readonly origins: readonly Origin[];
}

/** Something that happens: after all of some other steps, or after the first of them, and after its own delays. */
export interface Step {
  readonly id: string;
  readonly says: string;
  readonly after: readonly string[];
  /** @default all */
  readonly join?: 'all' | 'first';
  readonly terms: readonly Term[];
  /** It may happen, so a lower bound has to count with it, and no other figure may. */
  readonly onlyBest?: boolean;
}

/** One term where it stands on a critical path. */
export interface PathTerm extends Term {
  readonly step: string;
}

/** What the operator has promised, under the names of the configuration; seconds. */
export interface Targets {
  readonly rtoSeconds: number;
  readonly databaseRtoSeconds: number;
  readonly rpoSeconds: number;
}

/** One target and the key by which it is set. */
export interface Target {
  readonly key: keyof Targets;
  readonly seconds: number;
}

/** One way from a fault to the first good order. */
export interface Chain {
  readonly id: string;
  readonly says: string;
  readonly target: Target;
  readonly seconds: Range;
  /** The longest path of each figure, in order. */
  readonly critical: Readonly<Record<Measure, readonly PathTerm[]>>;
  /** What happens beside the path, after the fault. */
  readonly beside: readonly { readonly says: string; readonly seconds: Range }[];
  /** The greatest promotion that still meets the target, in seconds; undefined when none does. */
  readonly breakEvenPromotion: number | undefined;
  /** The whole DAG, so that a reader can check the path. */
  readonly steps: readonly Step[];
}

/** How much of one store a failover may lose. */
export interface Loss {
  readonly store: string;
  readonly seconds: Range;
  /** What bounds the worst case. */
  readonly bound: string;
  /** Whether the bound is enforced, only watched by an alarm, or evidence that no target depends on. */
  readonly strength: 'enforced' | 'watched' | 'evidence';
  readonly origins: readonly Origin[];
  readonly notes: readonly string[];
}

/** What a promotion of that length would make of every chain. */
export interface PromotionRow {
  readonly promotionSeconds: number;
  readonly chains: readonly {
    readonly id: string;
    readonly expected: number;
    readonly worst: number;
    readonly meets: boolean;
  }[];
}

/** A resource's share of a critical path. */
export interface Blame {
  readonly type: string;
  readonly name: string;
  readonly region: string;
  readonly seconds: number;
  readonly properties: readonly string[];
}

/** One change by which, alone, a target would be met. */
export interface Remedy {
  readonly name: string;
  readonly property: string;
  readonly from: number | string;
  readonly to: number | string;
  /** What the worst case would be then, in seconds. */
  readonly worst: number;
}

/** A target that is not met in the worst case. */
export interface Miss {
  readonly chain: string;
  readonly target: Target;
  readonly worst: number;
  readonly bySeconds: number;
  /** Greatest share first. */
  readonly blame: readonly Blame[];
  readonly remedies: readonly Remedy[];
}

/** RTO and RPO of a stack before it is deployed. All in seconds; JSON as it stands. */
export interface Budget {
  readonly failoverMode: 'automatic' | 'alert-only';
  readonly targets: Targets;
  readonly promotionAssumed: Range;
  readonly chains: readonly Chain[];
  readonly losses: readonly Loss[];
  readonly table: readonly PromotionRow[];
  readonly misses: readonly Miss[];
  /** Whether the program may be deployed: no target is missed, or nothing fails over by itself. */
  readonly allowed: boolean;
}
