import { NotModelledError } from '../aws/service';
import { QUERIES } from './queries';
import type { Statement } from './statement';

const LIMITS =
  /^SELECT set_config\(name, '(\d+)', true\) FROM pg_settings WHERE name IN \('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout'\)$/;

const COMMANDS: ReadonlyMap<string, Statement> = new Map<string, Statement>([
  ['BEGIN', { kind: 'begin', readOnly: false }],
  ['BEGIN READ ONLY', { kind: 'begin', readOnly: true }],
  ['COMMIT', { kind: 'commit' }],
  ['ROLLBACK', { kind: 'rollback' }],
  ...QUERIES,
]);

/** Statements by the text that they came in: handlers send the same few all the time. */
const known = new Map<string, readonly Statement[]>();

/** How a handler begins a transaction: its limits differ each time. */
const BEGIN = /^(BEGIN(?: READ ONLY)?)\s*;\s*(SELECT set_config[^;]*)$/;

/**
 * The statements of a text, which `;` parts: none of ours has one in a literal.
 * @throws NotModelledError for a statement that no function of ours sends.
 */
export function compile(text: string): readonly Statement[] {
  const found = known.get(text);
  if (found) return found;
  const begin = BEGIN.exec(text);
  if (begin) return [statement(begin[1] ?? ''), statement(begin[2] ?? '')];
  const statements = text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map(statement);
  known.set(text, statements);
  return statements;
}

function statement(text: string): Statement {
  const normal = text.trim().replace(/\s+/g, ' ');
  const command = COMMANDS.get(normal);
  if (command) return command;
  const limits = LIMITS.exec(normal);
  if (limits) return { kind: 'limits', ms: Number(limits[1]) };
  throw new NotModelledError(`PostgreSQL: the statement "${normal}" is not modelled`);
}
