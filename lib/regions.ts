import type { Provider } from '@pulumi/aws/provider';

/** A region's home role: static, from configuration. Which region is *active* is runtime state and never in the program. */
export type RegionRole = 'primary' | 'dr';

/** One of the two regions, with the only provider that may create anything in it. */
export interface Region<R extends RegionRole = RegionRole> {
  readonly role: R;
  /** For example `eu-central-1`. */
  readonly name: string;
  readonly provider: Provider;
}

/** The pair. The role is part of the type, so handing over one region for the other does not compile. */
export interface Regions {
  readonly primary: Region<'primary'>;
  readonly dr: Region<'dr'>;
}

/** One value per region. */
export interface PerRegion<T> {
  readonly primary: T;
  readonly dr: T;
}

/** Makes the same thing in both regions, primary first. */
export function inBoth<T>(regions: Regions, make: (region: Region) => T): PerRegion<T> {
  return { primary: make(regions.primary), dr: make(regions.dr) };
}

/** The other region's home role. */
export function otherRole(role: RegionRole): RegionRole {
  return role === 'primary' ? 'dr' : 'primary';
}

/** Takes something out of what both regions have. */
export function ofBoth<T, U>(pair: PerRegion<T>, take: (one: T) => U): PerRegion<U> {
  return { primary: take(pair.primary), dr: take(pair.dr) };
}
