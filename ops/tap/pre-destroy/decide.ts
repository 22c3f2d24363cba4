/** The global database as RDS describes it. */
export interface GlobalLook {
  readonly status: string;
  /** A change of roles that goes on, in RDS's words. */
  readonly change?: string;
  readonly members: readonly { readonly arn: string; readonly region: string; readonly isWriter: boolean }[];
}

/** What has to be done before `pulumi destroy` can take everything away. */
export type PreDestroy =
  /** Nothing: a plain destroy leaves nothing. */
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'wait'; readonly why: string }
  /** These clusters leave the global database, in this order: each keeps its data and stands alone. */
  | { readonly kind: 'detach'; readonly order: readonly { readonly arn: string; readonly region: string }[] };

/**
 * A destroy deletes dr's cluster first, then primary's. AWS does not let the writer go while another member is there (aws-facts.md
 * 1.6), so where dr is the writer that order fails half way and leaves most of the stack behind.
 *
 * @param look undefined when there is no global database.
 */
export function decidePreDestroy(look: GlobalLook | undefined, primaryRegion: string): PreDestroy {
  if (!look) return { kind: 'nothing', why: 'there is no global database' };
  const { status, change, members } = look;
  if (change !== undefined) return { kind: 'wait', why: `a change of roles goes on: ${change}` };
  if (members.length < 2)
    return { kind: 'nothing', why: 'the global database has no two members that could stand in each other’s way' };
  const writer = members.find(({ isWriter }) => isWriter);
  if (writer?.region === primaryRegion) return { kind: 'nothing', why: 'the writer is at home, in primary' };
  if (status !== 'available') return { kind: 'wait', why: `the global database is ${status}` };
  const order = [...members.filter(({ isWriter }) => !isWriter), ...members.filter(({ isWriter }) => isWriter)];
  return { kind: 'detach', order: order.map(({ arn, region }) => ({ arn, region })) };
}
