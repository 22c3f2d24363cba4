/** How long a composite alarm keeps its actions back around the changes of its suppressor, in seconds. */
export interface SuppressionTerms {
  readonly waitSeconds: number;
  readonly extensionSeconds: number;
}

/**
 * Whether a composite alarm's actions are held back, and until when.
 *
 * `waiting`: the composite changed, and the suppressor gets time to turn red. `suppressed`: it is red. `extending`: it is over,
 * and the composite gets time to turn green.
 */
export type Suppression =
  | { readonly kind: 'none' }
  | { readonly kind: 'waiting' | 'extending'; readonly until: number }
  | { readonly kind: 'suppressed' };

/** Where a composite stands: what holds its actions, and whether it has changed without acting on it. */
export interface ActionState {
  readonly suppression: Suppression;
  readonly owed: boolean;
}

/** What has happened since the last moment. */
export interface Moment {
  readonly at: number;
  readonly compositeChanged: boolean;
  readonly suppressorRed: boolean;
}

export const NOTHING_OWED: ActionState = { suppression: { kind: 'none' }, owed: false };

/**
 * The next state, and whether the composite acts now, on whatever state it is in (CloudWatch guide, "Suppressing composite
 * alarm actions", examples 1 to 6).
 */
export function nextAction(
  before: ActionState,
  moment: Moment,
  terms: SuppressionTerms,
): { readonly state: ActionState; readonly acts: boolean } {
  const owed = before.owed || moment.compositeChanged;
  const suppression = nextSuppression(before.suppression, moment, terms);
  const held = suppression.kind !== 'none';
  return { state: { suppression, owed: owed && held }, acts: owed && !held };
}

function nextSuppression(before: Suppression, moment: Moment, terms: SuppressionTerms): Suppression {
  const { at, compositeChanged, suppressorRed } = moment;
  if (suppressorRed) return { kind: 'suppressed' };
  if (before.kind === 'suppressed') return lasting('extending', at + terms.extensionSeconds, at);
  // A change discards the period that runs, a wait as well as an extension, and starts a wait.
  if (compositeChanged) return lasting('waiting', at + terms.waitSeconds, at);
  if (before.kind === 'none') return before;
  return lasting(before.kind, before.until, at);
}

function lasting(kind: 'waiting' | 'extending', until: number, at: number): Suppression {
  return at < until ? { kind, until } : { kind: 'none' };
}
