import { computeBudget } from '../../lib/budget/budget';
import { isRead, readInputs } from '../../lib/budget/resources';
import type { Described } from '../../lib/budget/resources';
import type { Budget, Targets } from '../../lib/budget/types';
import type { Graph, GraphResource } from '../graph/graph';

export { renderBudget } from '../../lib/budget/render';
export type { Budget, Chain, Loss, Miss, PathTerm, Range, Targets, Term } from '../../lib/budget/types';

/**
 * RTO and RPO of a stack from its evaluated graph (X1).
 * @throws BudgetFactError when the graph does not say what the budget has to know.
 */
export function budgetOf(graph: Graph, { rtoSeconds, databaseRtoSeconds, rpoSeconds }: Targets): Budget {
  return computeBudget(describedIn(graph), { rtoSeconds, databaseRtoSeconds, rpoSeconds });
}

/** The graph's resources as far as the budget reads them. */
export function describedIn(graph: Graph): readonly Described[] {
  return graph.created.filter(({ type }) => isRead(type)).map(described);
}

function described({ type, name, region, inputs, id, outputs }: GraphResource): Described {
  const { arn } = outputs;
  return {
    type,
    name,
    region: region ?? '',
    inputs: readInputs(type, inputs),
    id,
    arn: typeof arn === 'string' ? arn : undefined,
  };
}
