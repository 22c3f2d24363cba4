import type { Condition, ContextValues } from '../../analysis/policies/condition';
import type { Asker } from '../../analysis/policies/decide';
import { NotModelledError, type Need } from '../aws/service';
import { accountIn } from './read';

/** What the authorizer is told about a call beside caller and need. */
export interface CallContext {
  /** The endpoint's region; `global` for control planes that live in us-east-1. */
  readonly region: string;
  /** The rule, alarm, topic or API behind a call that a part of AWS makes in its own name. */
  readonly sourceArn?: string;
}

/** Everything that condition keys are answered from. */
export interface Asked {
  readonly asker: Asker;
  readonly account: string;
  readonly need: Need;
  readonly call: CallContext;
  /** The function whose own code calls; undefined when Lambda acts with its role. */
  functionArn(): string | undefined;
}

const TRUE = ['true'];
const FALSE = ['false'];

/** Keys whose value is the same in every call of one principal: decisions need not be kept apart by them. */
const SETTLED = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:securetransport',
  'kms:calleraccount',
]);

/** Whether decisions on this condition can differ between two calls of one principal for the same action and resource. */
export function varies({ name }: Condition): boolean {
  return !SETTLED.has(name);
}

/**
 * The value of a condition's key (IAM user guide, "AWS global condition context keys"). Our clients speak TLS, and so do
 * services between themselves. Keys that a call may or may not carry (`kms:`) are absent when the need does not name them.
 *
 * @throws NotModelledError when a policy asks for a key of the service itself and the service's `needs` does not tell it, or for
 *   a global key that nobody has modelled: absent would let `ForAllValues` pass.
 */
export function contextValues(condition: Condition, asked: Asked): ContextValues {
  const { asker, account, need, call } = asked;
  const isService = asker.kind === 'service';
  switch (condition.name) {
    case 'aws:securetransport':
      return TRUE;
    case 'aws:principalisawsservice':
      return isService ? TRUE : FALSE;
    case 'aws:principalservicename':
      return isService ? [asker.name] : undefined;
    case 'aws:principalarn':
      return isService ? undefined : [asker.arn];
    case 'aws:principalaccount':
    case 'kms:calleraccount':
      return isService ? undefined : [account];
    case 'aws:requestedregion':
      return [call.region === 'global' ? 'us-east-1' : call.region];
    // Set only where a part of AWS calls in its own name; what the need tells goes first, ARNs of buckets name no account.
    case 'aws:sourcearn':
      return isService ? (find(condition, need) ?? listed(call.sourceArn)) : undefined;
    case 'aws:sourceaccount':
      return isService
        ? (find(condition, need) ?? listed(call.sourceArn && (accountIn(call.sourceArn) || account)))
        : undefined;
    case 'lambda:sourcefunctionarn':
      return listed(asked.functionArn());
    default:
      return told(condition, need);
  }
}

const listed = (value: string | undefined): ContextValues => (value === undefined ? undefined : [value]);

const small = new Map<string, string>();

/** A key's name in small letters; there are a few dozen of them, and they are compared in every call. */
function inSmall(name: string): string {
  const known = small.get(name);
  if (known !== undefined) return known;
  const made = name.toLowerCase();
  small.set(name, made);
  return made;
}

/** What a need tells of a key, whose name is compared without case. */
function find({ key, name }: Condition, { context }: Need): ContextValues {
  if (context === undefined) return undefined;
  const exact = context[key];
  if (exact !== undefined) return exact;
  for (const one in context) if (inSmall(one) === name) return context[one];
  return undefined;
}

function told(condition: Condition, need: Need): ContextValues {
  const values = find(condition, need);
  if (values !== undefined) return values;
  const { key, name } = condition;
  const [service = ''] = name.split(':');
  if (service === 'aws' || (service !== 'kms' && need.action.toLowerCase().startsWith(`${service}:`))) {
    throw new NotModelledError(`iam: a policy asks for ${key}, which the need of ${need.action} does not tell`);
  }
  return undefined;
}
