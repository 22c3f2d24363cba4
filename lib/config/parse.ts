import { z } from 'zod';

import { problemsOf, type Issue } from './key';
import { nearest } from './nearest';
import { printable } from './printable';
import { RULES } from './rules';
import {
  checkedValues,
  checkOf,
  CONFIG_KEYS,
  defaultText,
  isConfigKey,
  keyFacts,
  type ConfigKey,
  type TapConfig,
  type Texts,
} from './schema';

/** Whose configuration is read. */
export interface ConfigSource {
  /** The project's name, which is the namespace of its keys: `tap`. */
  readonly project: string;
  readonly stack: string;
  /** Full keys (`tap:domain`) that the operator marked as secret; their values are never repeated. */
  readonly secretKeys?: readonly string[];
}

/** The configuration is wrong: everything that is wrong with it, one line each, in the operator's words. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    stack: string,
    /** One sentence per fault: key, value, what is allowed, how to set it. */
    readonly problems: readonly string[],
  ) {
    const count = problems.length === 1 ? 'one error' : `${problems.length} errors`;
    super(`The configuration of stack ${stack} has ${count}:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
  }
}

/**
 * Checks a stack's configuration and gives it its types. Values are texts, as Pulumi hands them over; what is missing takes
 * its default. Imports no Pulumi, so that it can be tested in milliseconds.
 *
 * @throws ConfigError with all faults at once.
 */
export function parseConfig(raw: Readonly<Record<string, string>>, source: ConfigSource): TapConfig {
  const { own, warnings } = sortByNamespace(raw, source.project);
  const texts: Texts = (key) => own.get(key) ?? defaultText(key);
  const values = checkedValues(CONFIG_KEYS, texts);
  const problems = [
    ...[...own.keys()].filter((name) => !isConfigKey(name)).map((name) => unknownKey(source, name)),
    ...CONFIG_KEYS.flatMap((key) => wrongValue(source, key, texts(key))),
    ...RULES.flatMap((rule) => rule(texts, source.stack)).map(({ key, problem, remedy }) =>
      sentence(source, key, texts(key), problem, remedy === undefined ? remove : set(remedy)),
    ),
  ];
  if (!values || problems.length > 0) throw new ConfigError(source.stack, problems);
  return { ...values, warnings };
}

/** Keeps our own keys, without the namespace; what others are for is their reader's business. */
function sortByNamespace(raw: Readonly<Record<string, string>>, project: string) {
  // No object: `tap:__proto__` would be none of its keys.
  const own = new Map<string, string>();
  const warnings: string[] = [];
  for (const [fullKey, value] of Object.entries(raw)) {
    const colon = fullKey.indexOf(':');
    const namespace = colon < 0 ? project : fullKey.slice(0, colon);
    if (namespace === project) own.set(fullKey.slice(colon + 1), value);
    else if (namespace === 'aws') {
      warnings.push(
        `${printable(fullKey)} is ignored: both AWS providers are explicit. Regions are ${project}:primaryRegion and ${project}:drRegion; credentials and endpoints come from the environment.`,
      );
    } else if (namespace !== 'pulumi')
      warnings.push(`${printable(fullKey)} is ignored: this program reads only ${project}:*.`);
  }
  return { own, warnings };
}

/** No key is half as long; the comparison takes its time by the length. */
const LONGEST_NAME = 100;

function unknownKey({ project, stack }: ConfigSource, name: string): string {
  const close = nearest(name.slice(0, LONGEST_NAME), CONFIG_KEYS);
  // What a shell would take apart, or nobody can type, is removed where it stands.
  const remedy = /^[\w.-]{1,100}$/.test(name)
    ? `Remove it: pulumi config rm ${project}:${name}`
    : `Remove it from Pulumi.${stack}.yaml`;
  return (
    `${project}:${printable(name)} is not a key of this program (value not shown); the nearest is ${project}:${close}. ` +
    `Allowed: the keys in docs/configuration.md. ${remedy}`
  );
}

function wrongValue(source: ConfigSource, key: ConfigKey, text: string): readonly string[] {
  const parsed = checkOf(key).safeParse(text);
  if (parsed.success) return [];
  return [sentence(source, key, text, problemsOf(parsed.error), remedyOf(key, parsed.error.issues[0]))];
}

/** How to end a fault: the command without `pulumi config`. */
type Remedy = (fullKey: string) => string;

const set =
  (value: string): Remedy =>
  (fullKey) =>
    `Set it: pulumi config set ${fullKey} ${value}`;
const remove: Remedy = (fullKey) => `Remove it: pulumi config rm ${fullKey}`;

/** Pulumi checks the type of lists: only --path stores an item of one, a JSON text is refused as a string. */
function remedyOf(key: ConfigKey, issue: Issue | undefined): Remedy {
  const { type, example } = keyFacts(key);
  if (type !== 'array') return set(example);
  const item = z.number().catch(0).parse(issue?.path[0]);
  const remedy: unknown = issue?.code === 'custom' ? issue.params?.['remedy'] : undefined;
  if (remedy === 'remove item') return (fullKey) => `Remove it: pulumi config rm --path '${fullKey}[${item}]'`;
  const setItem: Remedy = (fullKey) => `Set it: pulumi config set --path '${fullKey}[${item}]' ${example}`;
  return remedy === 'set item' ? setItem : (fullKey) => `${remove(fullKey)}. ${setItem(fullKey)}`;
}

function sentence(source: ConfigSource, key: ConfigKey, text: string, problem: string, remedy: Remedy): string {
  const { allowed, type, neverShown } = keyFacts(key);
  const fullKey = `${source.project}:${key}`;
  const hidden = neverShown === true || source.secretKeys?.includes(fullKey) === true;
  const quoted = type === 'string' || (type !== 'array' && /\s/.test(text));
  const shown = hidden ? 'wrong (value not shown)' : quoted ? `"${printable(text)}"` : printable(text);
  const reason = problem && !hidden ? `, ${problem}` : '';
  return `${fullKey} is ${text === '' ? 'not set' : shown}${reason}. Allowed: ${allowed}. ${remedy(fullKey)}`;
}
