import type * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';

/** What every piece of a VPC needs to know: whose child it is, which VPC it is in, how it is called. */
export interface VpcPart {
  readonly parent: pulumi.Resource;
  /** The component's logical name, which starts the logical names of its children. */
  readonly name: string;
  readonly environmentSuffix: string;
  readonly vpcId: pulumi.Output<string>;
}

/**
 * Lambda's network interfaces outlive their function by up to 45 minutes (Lambda guide, VPC), and AWS deletes no subnet or
 * security group that one of them still uses: the provider's own limits, 20 and 15 minutes, would fail a destroy.
 */
export const OUTLIVES_FUNCTIONS = { customTimeouts: { delete: '45m' } } as const;

/** The only name that AWS shows for a piece of a VPC is a tag. */
export function nameTag(
  { environmentSuffix }: Pick<VpcPart, 'environmentSuffix'>,
  resource: string,
): { readonly Name: string } {
  return { Name: physicalName('tag', resource, environmentSuffix) };
}
