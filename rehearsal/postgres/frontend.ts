import { NotModelledError } from '../aws/service';
import type { Row } from './content';
import { SqlError } from './sql-error';
import type { Column, Query, Statement } from './statement';
import { ANSWERS, rowDescription, type MessageReader } from './wire';

/** Descriptions of the columns of a query: they are the same all the time. */
const descriptions = new WeakMap<readonly Column[], Buffer>();

/** RowDescription, or NoData. */
export function described(columns: readonly Column[] | undefined): Buffer {
  if (!columns) return ANSWERS.noData;
  const found = descriptions.get(columns);
  if (found) return found;
  const made = rowDescription(columns);
  descriptions.set(columns, made);
  return made;
}

const LIMIT_COLUMNS: readonly Column[] = [{ name: 'set_config', type: 25, size: -1, modifier: -1 }];

/** What a statement's rows look like; undefined: it has none. */
export function columnsOf(statement: Statement): readonly Column[] | undefined {
  if (statement.kind === 'limits') return LIMIT_COLUMNS;
  return statement.kind === 'query' ? statement.columns : undefined;
}

/** No text of PostgreSQL has it: refused where a parameter's encoding is verified (`pg_any_to_server`, mbutils.c). */
const NUL = '\0';

/** Values as their columns take them. @throws SqlError of class 22. */
export function parametersOf({ parameters }: Query, values: Row): Row {
  if (values.length !== parameters.length) {
    throw new SqlError('08P01', `bind message supplies ${values.length} parameters`);
  }
  return values.map((value, index) => {
    if (value === null) return null;
    if (value.includes(NUL)) throw new SqlError('22021', 'invalid byte sequence for encoding "UTF8": 0x00');
    return parameters[index]?.(value) ?? value;
  });
}

/** The values of a Bind: portal, statement, formats, values; results are in text. */
export function bindValues(reader: MessageReader): Row {
  if (reader.cString() !== '' || reader.cString() !== '') throw new NotModelledError('PostgreSQL: a named portal');
  const formats = reader.int16();
  for (let index = 0; index < formats; index += 1) {
    if (reader.int16() !== 0) throw new NotModelledError('PostgreSQL: a binary parameter');
  }
  const values: (string | null)[] = [];
  const count = reader.int16();
  for (let index = 0; index < count; index += 1) values.push(reader.value());
  return values;
}

/** The text of a Parse. */
export function parseText(reader: MessageReader): string {
  if (reader.cString() !== '') throw new NotModelledError('PostgreSQL: a named statement');
  return reader.cString();
}
