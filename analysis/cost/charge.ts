import { priceOf } from './prices';
import type { GraphResource, Value } from '../graph/graph';
import type { Price, PriceId } from './prices';
import type { Workload } from './workload';

/** The regions of a stack by their roles. */
export interface Places {
  readonly primary: string;
  readonly dr: string;
}

/** What a rule may look at beside its resource. */
export interface Context {
  readonly places: Places;
  readonly workload: Workload;
  /** All resources of a type. */
  readonly all: (type: string) => readonly GraphResource[];
}

/** One thing that AWS charges for, for a month. */
export interface Charge {
  readonly service: string;
  readonly what: string;
  /** Where it is charged; undefined for what belongs to no region. */
  readonly region: string | undefined;
  readonly quantity: number;
  readonly price: Price;
  /** Whether it is there only because of the second region, although it is charged elsewhere. */
  readonly standby: boolean;
}

/** What a resource of one type costs. */
export type Rule = (resource: GraphResource, context: Context) => readonly Charge[];

/** A resource that the estimate cannot read. */
export class CostError extends Error {
  override readonly name = 'CostError';
}

interface Charged {
  readonly service: string;
  readonly what: string;
  readonly id: PriceId;
  readonly region: string;
  readonly quantity: number;
  /** @default false */
  readonly standby?: boolean;
}

/** A charge by a line of the price table. */
export function charge({ service, what, id, region, quantity, standby = false }: Charged): Charge {
  return { service, what, region, quantity, price: priceOf(id, region), standby };
}

/** @throws CostError for a resource without a region. */
export function regionOf({ type, name, region }: GraphResource): string {
  if (region === undefined) throw new CostError(`${type} ${name} names no region`);
  return region;
}

export const isPrimary = (region: string, { places }: Context): boolean => region === places.primary;

/** Of a list or an object along a path of names, `schedule.expression`; undefined where there is nothing. */
export function at(value: Value, path: string): Value {
  return path.split('.').reduce<Value>((inner, key) => member(inner, key), value);
}

function member(value: Value, key: string): Value {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, key);
  return isValue(found) ? found : undefined;
}

/** What came out of a `Value` is one. */
const isValue = (found: unknown): found is Value => typeof found !== 'function' && typeof found !== 'symbol';

export function textAt({ inputs }: GraphResource, path: string): string | undefined {
  const found = at(inputs, path);
  return typeof found === 'string' ? found : undefined;
}

/** @throws CostError when it is not there. */
export function neededText(resource: GraphResource, path: string): string {
  const found = textAt(resource, path);
  if (found !== undefined) return found;
  throw new CostError(`the estimate reads ${path} of ${resource.type} ${resource.name} and finds no text`);
}

/** A number, or a text that is one. */
export function numberAt({ inputs }: GraphResource, path: string): number | undefined {
  const found = at(inputs, path);
  const value = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** @throws CostError when it is not there. */
export function neededNumber(resource: GraphResource, path: string): number {
  const found = numberAt(resource, path);
  if (found !== undefined) return found;
  throw new CostError(`the estimate reads ${path} of ${resource.type} ${resource.name} and finds no number`);
}

export function listAt({ inputs }: GraphResource, path: string): readonly Value[] {
  const found = at(inputs, path);
  return isList(found) ? found : [];
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

const UNITS: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

/**
 * Minutes between two moments of `rate(5 minutes)`.
 * @throws CostError for any other schedule: the program uses none.
 */
export function rateMinutes(expression: string, of: string): number {
  const [, many, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const minutes = Number(many) * (UNITS[unit] ?? Number.NaN);
  if (minutes > 0) return minutes;
  throw new CostError(`${of} has the schedule ${expression}; the estimate knows rate(N minutes), hours and days`);
}
