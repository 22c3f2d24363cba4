import type { Compiled, Condition, ExpressionName, Path, Update } from './ast';
import { parseCondition } from './condition-parser';
import { parseProjection } from './projection';
import { parseUpdate } from './update-parser';

/** Expressions by their text: every request of a kind carries the same text. */
const conditions = {
  ConditionExpression: new Map<string, Compiled<Condition>>(),
  FilterExpression: new Map<string, Compiled<Condition>>(),
  KeyConditionExpression: new Map<string, Compiled<Condition>>(),
};
const updates = new Map<string, Compiled<Update>>();
const projections = new Map<string, Compiled<readonly Path[]>>();

/** @throws InvalidRequestError */
export function compileCondition(
  name: Exclude<ExpressionName, 'ProjectionExpression' | 'UpdateExpression'>,
  text: string,
): Compiled<Condition> {
  return once(conditions[name], text, () => parseCondition(name, text));
}

/** @throws InvalidRequestError */
export function compileUpdate(text: string): Compiled<Update> {
  return once(updates, text, () => parseUpdate(text));
}

/** @throws InvalidRequestError */
export function compileProjection(text: string): Compiled<readonly Path[]> {
  return once(projections, text, () => parseProjection(text));
}

function once<T>(known: Map<string, T>, text: string, parse: () => T): T {
  const found = known.get(text);
  if (found !== undefined) return found;
  const parsed = parse();
  known.set(text, parsed);
  return parsed;
}
