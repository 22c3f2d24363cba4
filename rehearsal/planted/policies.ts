import { text } from '../../analysis/graph/graph';
import type { Values } from '../../analysis/graph/graph';

/** One statement of a policy, as far as planted faults change it. */
export interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

interface Policy {
  readonly Statement: readonly Statement[];
}

/** A policy with its statements changed; undefined when that changes nothing. */
export function withStatements(inputs: Values, change: (statement: Statement) => Statement): Values | undefined {
  const policy = JSON.parse(text(inputs, 'policy')) as Policy;
  const statements = policy.Statement.map(change);
  if (statements.every((statement, index) => statement === policy.Statement[index])) return undefined;
  return { ...inputs, policy: JSON.stringify({ ...policy, Statement: statements }) };
}

/** Some of the values; undefined when that is all of them, or none. */
export function fewer(
  values: string | readonly string[],
  isGone: (value: string) => boolean,
): readonly string[] | undefined {
  const all = listOf(values);
  const left = all.filter((value) => !isGone(value));
  return left.length === all.length || left.length === 0 ? undefined : left;
}

/** Who may query an index may query its table as well. */
export function withTablesOfIndexes(inputs: Values): Values | undefined {
  return withStatements(inputs, (statement) => {
    const resources = listOf(statement.Resource);
    const tables = resources
      .filter((one) => one.includes('/index/'))
      .map((one) => one.slice(0, one.indexOf('/index/')));
    return tables.length === 0 ? statement : { ...statement, Resource: [...resources, ...tables] };
  });
}

function listOf(values: string | readonly string[]): readonly string[] {
  return typeof values === 'string' ? [values] : values;
}
