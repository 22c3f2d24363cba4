import type { Caller, Need } from '../aws/service';
import type { Authorizer } from './authorizer';
import type { CallContext } from './context';

/** One thing that AWS itself does, with a role of ours or in its own name: no client of ours sends it. */
export interface ServiceAction {
  readonly caller: Caller;
  readonly need: Need;
  readonly call: CallContext;
  /** The page of AWS's documentation that says so. */
  readonly source: string;
}

/**
 * Checks and sets down what AWS does; what is refused is in the authorizer's usage as well.
 *
 * @returns why each refused one was refused.
 */
export function performAll(authorizer: Authorizer, actions: readonly ServiceAction[]): readonly string[] {
  return actions.flatMap(({ caller, need, call, source }) => {
    const answer = authorizer.authorize(caller, need, call);
    return answer.allowed ? [] : [`${caller.name}: ${need.action} on ${need.resource}: ${answer.why} (${source})`];
  });
}

/** Taking a role, which only the role's trust policy decides about for a part of AWS. */
export function assumption(service: string, roleArn: string, region: string, source: string): ServiceAction {
  return {
    caller: { principal: service, from: region, name: service },
    need: { action: 'sts:AssumeRole', resource: roleArn },
    call: { region },
    source,
  };
}
