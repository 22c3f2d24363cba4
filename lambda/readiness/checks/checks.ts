import { ACCOUNT_CHECKS } from './account';
import { CONTROL_CHECKS } from './control';
import { COPY_CHECKS } from './copies';
import { DATA_CHECKS } from './data';
import { DATABASE_CHECKS } from './database';
import type { Check, Place } from './form';
import { SERVICE_CHECKS } from './services';

/** Every readiness check (X7, N16), those that others depend on before them. */
export const checks: readonly Check[] = [
  ...ACCOUNT_CHECKS,
  ...DATABASE_CHECKS,
  ...COPY_CHECKS,
  ...CONTROL_CHECKS,
  ...SERVICE_CHECKS,
  ...DATA_CHECKS,
];

/** Those that can run in a place. */
export function checksAt(place: Place): readonly Check[] {
  return checks.filter(({ where }) => where.includes(place));
}
