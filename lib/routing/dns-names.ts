import type { PerRegion } from '../regions';

/** Every public name of a stack. */
export interface DnsNames {
  /** What all of them end in; one wildcard certificate covers them. */
  readonly base: string;
  /** The API's name, which moves between the regions. */
  readonly api: string;
  /** The application's name, which moves between the regions. */
  readonly app: string;
  /** Names that never move. Health checks and probes ask these: the failover name answers for whichever region has it. */
  readonly regional: PerRegion<{ readonly api: string; readonly app: string }>;
  /** TXT records by which Route 53's checkers say whether a region is up. */
  readonly vantage: PerRegion<string>;
  /** The TXT record that tells people which region is active; nothing follows it. */
  readonly active: string;
}

/** The names of one stack below an existing domain. */
export function dnsNames(domain: string, environmentSuffix: string, regionNames: PerRegion<string>): DnsNames {
  const base = `${environmentSuffix}.${domain}`;
  const regionalNames = (region: string): { api: string; app: string } => ({
    api: `api-${region}.${base}`,
    app: `app-${region}.${base}`,
  });
  return {
    base,
    api: `api.${base}`,
    app: `app.${base}`,
    regional: { primary: regionalNames(regionNames.primary), dr: regionalNames(regionNames.dr) },
    vantage: { primary: `vantage-${regionNames.primary}.${base}`, dr: `vantage-${regionNames.dr}.${base}` },
    active: `active.${base}`,
  };
}
