import type { Value, Values } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';

/** @throws NotModelledError when a resource has a setting that nobody here looks at. */
export function known(inputs: Values, settings: ReadonlySet<string>, whose: string): void {
  for (const [key, value] of Object.entries(inputs)) {
    if (value !== undefined && !settings.has(key)) throw new NotModelledError(`${whose}: ${key} is not modelled`);
  }
}

/** @throws TypeError when it is no number. */
export function number(values: Values, key: string): number {
  const value = values[key];
  if (typeof value !== 'number') throw new TypeError(`${key} is not a number: ${JSON.stringify(value)}`);
  return value;
}

/** @throws TypeError when it is neither true, false nor absent. */
export function flag(values: Values, key: string, otherwise: boolean): boolean {
  const value = values[key] ?? otherwise;
  if (typeof value !== 'boolean') throw new TypeError(`${key} is not true or false: ${JSON.stringify(value)}`);
  return value;
}

/** @throws TypeError when it is no list of texts; an absent one is empty. */
export function texts(values: Values, key: string): readonly string[] {
  const value = values[key] ?? [];
  const list: readonly Value[] = Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (typeof one !== 'string') throw new TypeError(`${key} is not a list of texts: ${JSON.stringify(value)}`);
    return one;
  });
}

/** @throws TypeError when it is no object; an absent one is empty. */
export function fields(values: Values, key: string): Values {
  const value = values[key] ?? {};
  if (!isValues(value)) throw new TypeError(`${key} is not an object: ${JSON.stringify(value)}`);
  return value;
}

/** @throws TypeError when it is no object of texts; an absent one is empty. */
export function textFields(values: Values, key: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields(values, key))) {
    if (typeof value !== 'string') throw new TypeError(`${key}.${name} is not a text: ${JSON.stringify(value)}`);
    found[name] = value;
  }
  return found;
}

export function isValues(value: Value): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
