import { Resolver } from 'node:dns/promises';
import { GetHostedZoneCommand, ListHostedZonesByNameCommand } from '@aws-sdk/client-route-53';
import type { Facts } from '../../../analysis/readiness/readiness';
import { MalformedError } from '../../../lambda/shared/errors';
import { ALWAYS_ENABLED } from './account';
import type { PreflightClients } from './clients';

/** The name servers that the world is sent to for a name; none where nobody is. */
export type NameServersOf = (domain: string) => Promise<readonly string[]>;

/** DNS as this machine sees it: 3 s for an answer of a server, two attempts. */
export const askDns: NameServersOf = async (domain) => {
  try {
    return await new Resolver({ timeout: 3_000, tries: 2 }).resolveNs(domain);
  } catch (error) {
    // Certain knowledge, of a resolver that answers: no such name, or no name servers at it.
    if (error instanceof Error && 'code' in error && ['ENOTFOUND', 'ENODATA'].includes(String(error.code))) return [];
    throw error;
  }
};

/** The public zone of a name, and whether the world is sent to it. @throws Error where either cannot be known. */
export async function readHostedZone(
  clients: PreflightClients,
  nameServersOf: NameServersOf,
  domain: string,
): Promise<Facts['hostedZone']> {
  const route53 = clients.route53(ALWAYS_ENABLED);
  // In the order of reversed names from this one on, so that all zones of the name come first.
  const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: domain, MaxItems: 100 }));
  const found = HostedZones.filter(({ Name, Config }) => Name === `${domain}.` && Config?.PrivateZone !== true);
  const [zone] = found;
  if (zone?.Id === undefined) return 'absent';
  if (found.length > 1) {
    throw new MalformedError(`there are ${found.length} public zones of ${domain}, and the deployment needs one`);
  }
  const [{ DelegationSet }, delegated] = await Promise.all([
    route53.send(new GetHostedZoneCommand({ Id: zone.Id })),
    nameServersOf(domain),
  ]);
  return { own: DelegationSet?.NameServers ?? [], delegated };
}
