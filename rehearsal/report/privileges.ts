import type { UnusedGrant } from '../iam/report';
import type { Denial } from '../iam/usage';
import { plural } from './words';

/** One unused grant in a line, with what to change. */
export function unusedText({ holder, sid, action, resource, remedy, blame }: UnusedGrant): string {
  return `${holder} ${sid}: ${action} on ${resource}: ${remedy} in ${blame}`;
}

/** One kind of denied call in a line. */
export function deniedText({ caller, action, resource, times, why }: Denial): string {
  return `${caller}: ${action} on ${resource}, ${plural(times, 'time')}: ${why}`;
}
