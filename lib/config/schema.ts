import { asText, type Check, type Declared, type KeyFacts } from './key';
import { capacityKeys } from './keys/capacity';
import { deploymentKeys } from './keys/deployment';
import { operationKeys } from './keys/operation';

const KEYS = { ...deploymentKeys, ...capacityKeys, ...operationKeys };

/** The name of a configuration key. */
export type ConfigKey = keyof typeof KEYS;

/** The checked value of every key. */
export type ConfigValues = {
  readonly [K in ConfigKey]: (typeof KEYS)[K] extends Declared<infer T> ? T : never;
};

/** What an operator may choose about a stack, checked. One field per key of Pulumi.yaml, under the same name. */
export interface TapConfig extends ConfigValues {
  /** What is worth a second look and stops nothing; shown once, before the first resource. */
  readonly warnings: readonly string[];
}

/** Every configuration key with its check and facts: the one source of Pulumi.yaml, the documentation and {@link TapConfig}. */
const SCHEMA: { readonly [K in ConfigKey]: Declared<ConfigValues[K]> } = KEYS;

/** The keys in the order in which they are documented. */
export const CONFIG_KEYS: readonly ConfigKey[] = Object.keys(SCHEMA).filter(isConfigKey);

/** Is this a key of ours? */
export function isConfigKey(name: string): name is ConfigKey {
  return Object.hasOwn(SCHEMA, name);
}

/** What Pulumi.yaml, the documentation and the messages say of a key. */
export function keyFacts(key: ConfigKey): KeyFacts {
  return SCHEMA[key];
}

/** The check of a key's text. */
export function checkOf<K extends ConfigKey>(key: K): Check<ConfigValues[K]> {
  return SCHEMA[key].check;
}

/** The text that stands for a key where the operator set nothing. */
export function defaultText(key: ConfigKey): string {
  return asText(keyFacts(key).default);
}

/** The text of every key: the operator's, else the default. */
export type Texts = (key: ConfigKey) => string;

/** The values of some keys, or undefined when one of their texts is wrong. */
export function checkedValues<K extends ConfigKey>(
  keys: readonly K[],
  texts: Texts,
): Pick<ConfigValues, K> | undefined {
  const values: PartialValues = {};
  for (const key of keys) {
    const parsed = checkOf(key).safeParse(texts(key));
    if (parsed.success) values[key] = parsed.data;
  }
  return hasAll(values, keys) ? values : undefined;
}

type PartialValues = { -readonly [K in ConfigKey]?: ConfigValues[K] };

/** No check gives undefined, so a value that is undefined is one whose text was wrong. */
function hasAll<K extends ConfigKey>(
  values: PartialValues,
  keys: readonly K[],
): values is PartialValues & Pick<ConfigValues, K> {
  return keys.every((key) => values[key] !== undefined);
}
