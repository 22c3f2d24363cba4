import { z } from 'zod';

import { ConfigError, parseConfig } from '../../lib/config/parse';
import type { TapConfig } from '../../lib/config/schema';

/** Values by key without namespace. */
export type Values = Readonly<Record<string, string>>;

/** The least that a stack has to set. */
export const LEAST: Values = {
  environment: 'dev',
  environmentSuffix: 'dev',
  domain: 'example.com',
  databaseSecretName: 'trading/database',
};

/** Parses the least configuration with some values changed, as stack dev unless told otherwise. */
export function configured(values: Values = {}, stack = 'dev'): TapConfig {
  const entries = Object.entries({ ...LEAST, ...values }).map(([key, value]) => [`tap:${key}`, value] as const);
  return parseConfig(Object.fromEntries(entries), { project: 'tap', stack });
}

/** What is wrong with a configuration, one sentence per fault; none when nothing is. */
export function problemsOf(parse: () => unknown): readonly string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Runs the commands of a message as Pulumi would: `config set`, `config rm`, both with `--path 'key[item]'` for a list. */
export function obey(message: string, values: Values): Values {
  const commands = message.matchAll(
    /pulumi config (set|rm) (--path ')?tap:(\w+)(?:\[(\d+)\]')?(?: ([^ ]+?))?(?=\. |$)/g,
  );
  const changed = new Map(Object.entries(values));
  for (const [, verb, inList, key = '', item, value = ''] of commands) {
    if (inList) {
      const list = z.array(z.string()).parse(JSON.parse(changed.get(key) ?? '[]'));
      list.splice(Number(item), 1, ...(verb === 'set' ? [value] : []));
      changed.set(key, JSON.stringify(list));
    } else if (verb === 'set') changed.set(key, value);
    else changed.delete(key);
  }
  return Object.fromEntries(changed);
}
