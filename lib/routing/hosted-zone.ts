import * as route53 from '@pulumi/aws/route53';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';

/** Where the stack's records go. */
export interface HostedZoneArgs {
  readonly environmentSuffix: string;
  /** An existing public hosted zone. */
  readonly domain: string;
  /** What all names of the stack end in. */
  readonly baseName: string;
  /** `existing`: records go into the zone of `domain`; `delegated`: into a zone of their own below it. */
  readonly hostedZone: 'existing' | 'delegated';
}

/** Seconds; short, because a stack of its own zone comes and goes. */
const DELEGATION_TTL = 300;

/** The zone of the stack's public names (M1). Created with dr's provider, as everything of Route 53. */
export class HostedZone extends pulumi.ComponentResource {
  /** Where records are written. */
  readonly zoneId: pulumi.Output<string>;
  /** The zone's own name servers, separated by commas: whoever asks these gets no cached answer. */
  readonly nameServers: pulumi.Output<string>;

  constructor(name: string, args: HostedZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:routing:HostedZone', name, {}, opts);
    const existing = route53.getZoneOutput({ name: args.domain, privateZone: false }, { parent: this });
    const { zoneId, nameServers } =
      args.hostedZone === 'existing' ? existing : createDelegated(this, name, args, existing.zoneId);
    this.zoneId = pulumi.output(zoneId);
    this.nameServers = pulumi.output(nameServers).apply((servers) => [...servers].sort().join(','));
    this.registerOutputs({ zoneId: this.zoneId });
  }
}

function createDelegated(
  parent: pulumi.Resource,
  name: string,
  { environmentSuffix, baseName }: HostedZoneArgs,
  parentZoneId: pulumi.Output<string>,
): { readonly zoneId: pulumi.Output<string>; readonly nameServers: pulumi.Output<string[]> } {
  const zone = new route53.Zone(
    `${name}-zone`,
    {
      name: baseName,
      comment: physicalName('tag', 'trading-platform', environmentSuffix),
      // Whatever ACM or a run wrote there goes with the zone (N8).
      forceDestroy: true,
    },
    { parent },
  );
  const delegation = new route53.Record(
    `${name}-delegation`,
    { zoneId: parentZoneId, name: baseName, type: 'NS', ttl: DELEGATION_TTL, records: zone.nameServers },
    { parent },
  );
  // Whoever writes into the zone waits for its delegation: a resolver that asks too early remembers for 15 minutes (the
  // parent zone's negative TTL) that the name does not exist, and a certificate would wait for it.
  const zoneId = pulumi.all([zone.zoneId, delegation.fqdn]).apply(([id]) => id);
  return { zoneId, nameServers: zone.nameServers };
}
