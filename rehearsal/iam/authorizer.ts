import { text, type Graph } from '../../analysis/graph/graph';
import type { Condition } from '../../analysis/policies/condition';
import { candidatesFor, decide, type Asker, type Candidate, type Decision } from '../../analysis/policies/decide';
import type { Statement } from '../../analysis/policies/document';
import type { Caller, Need } from '../aws/service';
import { contextValues, varies, type Asked, type CallContext } from './context';
import { grantsOf, type Grant, type HeldStatement } from './grants';
import { readPolicies, type GraphPolicies } from './graph-policies';
import { regionIn } from './read';
import { denialKey, mergeUsage, type Denial, type Usage } from './usage';

/** What came of asking: by which grants, or why not. */
export type Authorization = Decision;

/** One principal, action and resource: the statements about it, and the decisions so far. */
interface Matter {
  readonly asker: Asker;
  readonly identity: readonly Candidate[];
  readonly resource: readonly Candidate[];
  /** The resource's policy must take part. */
  readonly guarded: boolean;
  /** Conditions that can tell two such calls apart; without any there is one decision. */
  readonly telling: readonly Condition[];
  readonly decisions: Map<string, Kept>;
}

/** What a principal's own policies say of one action. */
interface Right {
  readonly asker: Asker;
  readonly statements: readonly Statement[];
  readonly matters: Map<string, Matter>;
}

interface Kept {
  readonly decision: Decision;
  /** In which taking of the usage it was last set down. */
  noted: number;
}

/** Objects and orders have resources of their own: beyond this many the decisions are made again. */
const MOST_KEPT = 2_000;

/**
 * IAM of the whole account, from the policies in the graph. Pure apart from its memory of decisions and of what was used, so one
 * authorizer serves all worlds of a process that have the same graph.
 */
export class Authorizer {
  /** Every grant of the graph, roles' and resources'. */
  readonly grants: readonly Grant[];
  private readonly policies: GraphPolicies;
  /** ARNs of functions by role, region and name. */
  private readonly functions = new Map<string, string>();
  private readonly rights = new Map<string, Map<string, Right>>();
  private readonly used = new Set<string>();
  private readonly refused = new Map<string, Denial>();
  private taking = 0;

  /** @throws PolicyError or NotModelledError naming the resource whose policy cannot be read. */
  constructor(graph: Graph) {
    this.policies = readPolicies(graph);
    const { identities, resources } = this.policies;
    this.grants = grantsOf([...identities.values(), ...resources.values()].flat());
    for (const { inputs, outputs, region } of graph.all('aws:lambda/function:Function')) {
      const key = functionKey(text(inputs, 'role'), region ?? '', text(outputs, 'name'));
      this.functions.set(key, text(outputs, 'arn'));
    }
  }

  /**
   * Whether a caller may do one thing; what its service then asks of a key is a need of its own. A role's call is taken for that
   * of its function's code when the caller has the function's name and is in its region.
   *
   * @throws NotModelledError when a policy asks for a condition key that the need should tell and does not.
   */
  authorize(caller: Caller, need: Need, call: CallContext): Authorization {
    const matter = this.matterOf(caller.principal, need);
    let key = '';
    if (matter.telling.length > 0) {
      const asked = this.askedBy(caller, matter.asker, need, call);
      for (const condition of matter.telling) {
        const values = contextValues(condition, asked);
        key +=
          values === undefined ? '\u0002' : `${values.length === 1 ? (values[0] ?? '') : values.join('\u0001')}\u0002`;
      }
    }
    let kept = matter.decisions.get(key);
    if (kept === undefined) {
      kept = { decision: this.decide(matter, this.askedBy(caller, matter.asker, need, call)), noted: -1 };
      if (matter.decisions.size >= MOST_KEPT) matter.decisions.clear();
      matter.decisions.set(key, kept);
    }
    if (kept.noted !== this.taking || !kept.decision.allowed) this.note(kept, caller, need);
    return kept.decision;
  }

  /**
   * Why a caller may not do all of this, in the words of an AccessDeniedException; undefined when it may. A need's region is that
   * of its resource, or the caller's own where the resource names none.
   */
  denied(caller: Caller & { readonly sourceArn?: string }, needs: readonly Need[]): string | undefined {
    const { sourceArn, from, principal } = caller;
    for (const need of needs) {
      const call = { region: regionIn(need.resource) || from, ...(sourceArn !== undefined && { sourceArn }) };
      const answer = this.authorize(caller, need, call);
      if (!answer.allowed)
        return `${principal} is not authorized to perform ${need.action} on ${need.resource}: ${answer.why}`;
    }
    return undefined;
  }

  /** As `denied`, for parts of AWS that only ask whether. */
  allows(caller: Caller & { readonly sourceArn?: string }, needs: readonly Need[]): boolean {
    return this.denied(caller, needs) === undefined;
  }

  /** What was used and refused since it was last taken. */
  takeUsage(): Usage {
    const usage = mergeUsage({ used: [...this.used], denied: [...this.refused.values()] });
    this.used.clear();
    this.refused.clear();
    this.taking += 1;
    return usage;
  }

  private decide({ asker, identity, resource, guarded }: Matter, asked: Asked): Decision {
    if (isOwnMapping(asker, asked.need)) return { allowed: true, by: [] };
    const context = (condition: Condition) => contextValues(condition, asked);
    return decide(identity, resource, asker, guarded ? 'resource-must-allow' : 'either', context);
  }

  private note(kept: Kept, { name, principal }: Caller, { action, resource }: Need): void {
    kept.noted = this.taking;
    if (kept.decision.allowed) {
      for (const id of kept.decision.by) this.used.add(id);
      return;
    }
    const denial = { caller: name, principal, action, resource, why: kept.decision.why };
    const key = denialKey(denial);
    this.refused.set(key, { ...denial, times: (this.refused.get(key)?.times ?? 0) + 1 });
  }

  private askedBy({ principal, from, name }: Caller, asker: Asker, need: Need, call: CallContext): Asked {
    const functionArn = () => this.functions.get(functionKey(principal, from, name));
    return { asker, account: this.policies.account, need, call, functionArn };
  }

  private matterOf(principal: string, { action, resource }: Need): Matter {
    const known = this.rights.get(principal)?.get(action)?.matters.get(resource);
    if (known !== undefined) return known;
    const byAction = entry(this.rights, principal, () => new Map<string, Right>());
    const right = entry(byAction, action, () => this.rightOf(principal, action));
    if (right.matters.size >= MOST_KEPT) right.matters.clear();
    const made = this.study(right, action, resource);
    right.matters.set(resource, made);
    return made;
  }

  private rightOf(principal: string, action: string): Right {
    const { account, identities } = this.policies;
    const asker: Asker = principal.startsWith('arn:')
      ? { kind: 'role', arn: principal, account }
      : { kind: 'service', name: principal };
    const own = statementsOf(identities.get(principal));
    const statements = own.filter(({ actions }) => actions.some((pattern) => pattern.matches(action)));
    return { asker, statements, matters: new Map() };
  }

  private study({ asker, statements }: Right, action: string, resource: string): Matter {
    const question = { asker, action, resource };
    const held = this.policies.resources.get(owning(resource));
    const asked = {
      asker,
      account: this.policies.account,
      need: { action, resource },
      call: { region: '' },
      functionArn: () => undefined,
    };
    // A statement that the caller or the channel rules out for good (a deny without TLS) need not be looked at again.
    const possible = ({ statement }: Candidate): boolean =>
      statement.conditions.every((condition) => varies(condition) || condition.holds(contextValues(condition, asked)));
    const identity = candidatesFor(statements, question).filter(possible);
    const about = candidatesFor(statementsOf(held), question).filter(possible);
    const conditions = [...identity, ...about].flatMap(({ statement }) => statement.conditions);
    const telling = new Map(conditions.filter(varies).map((condition) => [condition.name, condition]));
    return {
      asker,
      identity,
      resource: about,
      // A key that is not of this stack (the database secret's) is taken to leave the decision to IAM, as default key policies do.
      guarded: held !== undefined && /^(kms|sts):/.test(action),
      telling: [...telling.values()],
      decisions: new Map(),
    };
  }
}

/**
 * An event source mapping belongs to its function: Lambda invokes it without a statement in the function's policy, and needs the
 * function's role to read the source (Lambda developer guide, "How Lambda processes records from stream and queue-based event
 * sources", and "Working with resource-based IAM policies": for services that push).
 */
function isOwnMapping(asker: Asker, { action }: Need): boolean {
  return asker.kind === 'service' && asker.name === 'lambda.amazonaws.com' && action === 'lambda:InvokeFunction';
}

const statementsOf = (held: readonly HeldStatement[] = []): readonly Statement[] =>
  held.map(({ statement }) => statement);

const functionKey = (role: string, region: string, name: string): string => `${role} ${region} ${name}`;

/** The ARN that carries the policy: an object's bucket, a function without its qualifier. */
function owning(resource: string): string {
  if (resource.startsWith('arn:aws:s3:::')) return resource.split('/')[0] ?? resource;
  if (resource.startsWith('arn:aws:lambda:')) return resource.split(':').slice(0, 7).join(':');
  return resource;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
