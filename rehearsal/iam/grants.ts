import { grantId } from '../../analysis/policies/decide';
import type { Statement } from '../../analysis/policies/document';

/** One statement and the resource of the graph that carries it. */
export interface HeldStatement {
  readonly statement: Statement;
  /** Who gets something by it: a role's name; empty in a resource's policy, whose statements name their principals. */
  readonly role: string;
  /** Type and logical name of the resource to change. */
  readonly blame: string;
}

/** The smallest thing that can be granted: one action on one resource to one holder, patterns as the policy has them. */
export interface Grant {
  /** Unique in a graph, and the same in every process that evaluates the same stack. */
  readonly id: string;
  /** The role's name, or the principal that a resource's policy names. */
  readonly holder: string;
  readonly sid: string;
  readonly action: string;
  readonly resource: string;
  readonly blame: string;
  /** What it belongs to: grants of one statement could be split. */
  readonly statement: string;
}

/** Every grant of some statements, in their order; a Deny grants nothing. */
export function grantsOf(held: readonly HeldStatement[]): readonly Grant[] {
  return held.flatMap(({ statement, role, blame }) => {
    if (statement.effect === 'Deny') return [];
    const principals = statement.principals ?? [undefined];
    return principals.flatMap((principal) =>
      statement.actions.flatMap((action) =>
        statement.resources.map((resource) => ({
          id: grantId(statement, principal, action.text, resource.text),
          holder: principal?.value ?? role,
          sid: statement.sid,
          action: action.text,
          resource: resource.text,
          blame,
          statement: statement.label,
        })),
      ),
    );
  });
}
