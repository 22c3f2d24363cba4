import type * as pulumi from '@pulumi/pulumi';

/** What an alias record points at: an AWS service's own DNS name and the zone of that name. */
export interface AliasTarget {
  readonly dnsName: pulumi.Output<string>;
  readonly zoneId: pulumi.Output<string>;
}
