import type { Condition, ContextValues } from './condition';
import type { Principal, Statement } from './document';

/** Who asks: a role, by its ARN, or a part of AWS in its own name. */
export type Asker =
  | { readonly kind: 'role'; readonly arn: string; readonly account: string }
  | { readonly kind: 'service'; readonly name: string };

/** What is asked. */
export interface Question {
  readonly asker: Asker;
  readonly action: string;
  readonly resource: string;
}

/** The values of the request that conditions look at. */
export type Context = (condition: Condition) => ContextValues;

/** A statement that is about this question, if its conditions hold. */
export interface Candidate {
  readonly statement: Statement;
  /** The most specific pair of action and resource that matches. */
  readonly grant: string;
  /** `delegated`: it names the account, which leaves the decision to the identity's policies. */
  readonly reach: 'direct' | 'delegated';
  readonly specificity: number;
}

/** What was decided: by which grants, or why not. */
export type Decision =
  { readonly allowed: true; readonly by: readonly string[] } | { readonly allowed: false; readonly why: string };

/** How identity and resource policies come together. */
export type Combination =
  /** Either of them is enough: the rule within one account. */
  | 'either'
  /** The resource's policy must take part: keys of KMS and trust policies of roles. */
  | 'resource-must-allow';

/** One pair of an action and a resource that a statement grants, to one principal. */
export function grantId(
  statement: Statement,
  principal: Principal | undefined,
  action: string,
  resource: string,
): string {
  return [statement.label, ...(principal ? [principal.value] : []), action, resource].join(' ');
}

/** The statements about a question, the most specific first: what they grant is what a call is set down to. */
export function candidatesFor(statements: readonly Statement[], question: Question): readonly Candidate[] {
  return statements
    .flatMap((statement) => candidate(statement, question) ?? [])
    .sort((one, other) => other.specificity - one.specificity);
}

function candidate(statement: Statement, { asker, action, resource }: Question): Candidate | undefined {
  const who = reached(statement.principals, asker);
  if (who === undefined) return undefined;
  const best = (patterns: Statement['actions'], value: string) =>
    patterns
      .filter((pattern) => pattern.matches(value))
      .reduce<Statement['actions'][number] | undefined>(
        (found, pattern) => (found && found.specificity >= pattern.specificity ? found : pattern),
        undefined,
      );
  const [does, to] = [best(statement.actions, action), best(statement.resources, resource)];
  if (does === undefined || to === undefined) return undefined;
  return {
    statement,
    grant: grantId(statement, who.principal, does.text, to.text),
    reach: who.reach,
    specificity: does.specificity + to.specificity,
  };
}

interface Reached {
  readonly principal: Principal | undefined;
  readonly reach: Candidate['reach'];
}

/**
 * Whether a statement is about this asker. An account as principal stands for its administrator: it hands the decision to IAM
 * and lets nobody in by itself (IAM user guide, "Principal", account principals; KMS guide, "Default key policy").
 */
function reached(principals: Statement['principals'], asker: Asker): Reached | undefined {
  if (principals === undefined) return { principal: undefined, reach: 'direct' };
  const named = asker.kind === 'role' ? asker.arn : asker.name;
  const type = asker.kind === 'role' ? 'aws' : 'service';
  const direct = principals.find(({ kind, value }) => kind === 'everyone' || (kind === type && value === named));
  if (direct) return { principal: direct, reach: 'direct' };
  if (asker.kind === 'service') return undefined;
  const account = principals.find(({ value }) => value === `arn:aws:iam::${asker.account}:root`);
  return account && { principal: account, reach: 'delegated' };
}

/** Whether every condition of a statement holds. */
function holds({ statement }: Candidate, context: Context): boolean {
  return statement.conditions.every((condition) => condition.holds(context(condition)));
}

/**
 * Decides a question of one account (IAM user guide, "Policy evaluation logic"): an explicit deny wins; else one allow is
 * enough, the identity's or the resource's; else it is denied. Keys and roles only admit what their own policy admits (KMS
 * guide, "Key policies"; IAM user guide, "Trust policies").
 */
export function decide(
  identity: readonly Candidate[],
  resource: readonly Candidate[],
  asker: Asker,
  combination: Combination,
  context: Context,
): Decision {
  const about = [...identity, ...resource];
  const deny = about.find((one) => one.statement.effect === 'Deny' && holds(one, context));
  if (deny) return { allowed: false, why: `${deny.statement.label} denies it` };
  const allows = (list: readonly Candidate[], reach: Candidate['reach']): string | undefined =>
    list.find((one) => one.statement.effect === 'Allow' && one.reach === reach && holds(one, context))?.grant;
  const own = asker.kind === 'role' ? allows(identity, 'direct') : undefined;
  const direct = allows(resource, 'direct');
  if (combination === 'either' || asker.kind === 'service') {
    const by = own ?? direct;
    return by === undefined ? { allowed: false, why: nearMiss(about, asker, context) } : { allowed: true, by: [by] };
  }
  if (direct !== undefined) return { allowed: true, by: [direct] };
  const delegated = allows(resource, 'delegated');
  if (delegated === undefined) return { allowed: false, why: "the resource's own policy does not admit it" };
  if (own === undefined) return { allowed: false, why: nearMiss(identity, asker, context) };
  return { allowed: true, by: [own, delegated] };
}

/** Says which statement would have allowed it, and what it asks for. */
function nearMiss(about: readonly Candidate[], asker: Asker, context: Context): string {
  const near = about.find(({ statement, reach }) => statement.effect === 'Allow' && reach === 'direct');
  const condition = near?.statement.conditions.find((one) => !one.holds(context(one)));
  if (near === undefined || condition === undefined) {
    return asker.kind === 'role'
      ? 'no statement allows it'
      : `no statement of the resource's policy names ${asker.name}`;
  }
  const asked = context(condition)?.join(', ') ?? 'absent';
  const { operator, key, values } = condition;
  return `${near.statement.label} would allow it, but ${key} is ${asked} and must be ${operator} ${values.join(' or ')}`;
}
