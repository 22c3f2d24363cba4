import { NotModelledError } from '../service';
import { isObject } from './event';
import type { Json, JsonObject } from './event';

/** What a target gets in place of the event. */
export type Transform = (event: JsonObject) => string;

/** `$.detail.EventID`: dots and names; EventBridge knows more of JSON path. */
const PATH = /^\$(?:\.[\w/-]+)+$/;
const VARIABLE = /<([\w.-]+)>/;

/**
 * Compiles an input transformer. A variable whose path the event does not have is left out; a text within a text is put in as
 * it is, and one that stands for itself in quotes, as JSON (EventBridge guide, "Input transformation").
 *
 * @throws NotModelledError for paths with indices or wildcards, and for the predefined variables.
 */
export function compileTransformer(paths: Readonly<Record<string, string>>, template: string): Transform {
  const steps = new Map(Object.entries(paths).map(([name, path]) => [name, stepsOf(path)]));
  const parts = template.split(VARIABLE);
  const ready = parts.map((part, index) => {
    if (index % 2 === 0) return () => part;
    const path = steps.get(part);
    if (!path) throw new NotModelledError(`events: the variable <${part}> of an input transformer is not modelled`);
    const quoted = insideQuotes(parts.slice(0, index).join(''));
    return (event: JsonObject) => written(valueAt(event, path), quoted);
  });
  return (event) => ready.map((part) => part(event)).join('');
}

function stepsOf(path: string): readonly string[] {
  if (!PATH.test(path)) throw new NotModelledError(`events: the path ${path} of an input transformer is not modelled`);
  return path.split('.').slice(1);
}

/** Is the place behind this text inside a JSON string? */
function insideQuotes(before: string): boolean {
  return (before.replace(/\\./g, '').split('"').length - 1) % 2 === 1;
}

function valueAt(event: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = event;
  for (const step of path) value = isObject(value) ? value[step] : undefined;
  return value;
}

function written(value: Json | undefined, quoted: boolean): string {
  if (value === undefined) return '';
  return quoted && typeof value === 'string' ? value : JSON.stringify(value);
}
