import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isMap, isScalar, parseDocument, type Document } from 'yaml';
import { z } from 'zod';

/** The project's name and one stack's configuration as `pulumi up` would hand it to the program. */
export interface StackConfiguration {
  readonly project: string;
  readonly stack: string;
  /** `project:key` to text; lists and maps as JSON. */
  readonly config: Readonly<Record<string, string>>;
}

const projectFile = z.object({ name: z.string(), config: z.record(z.string(), z.unknown()).optional() });
/** A key of Pulumi.yaml that is declared with its type, and not merely given a value. */
const declaration = z.looseObject({ type: z.string(), default: z.unknown(), value: z.unknown() }).partial();

/** The names of all stacks that have a file, in name order. */
export function stackNames(root: string): string[] {
  return readdirSync(root)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/**
 * Reads `Pulumi.yaml` and one stack file. What the values mean is not judged here.
 * @throws Error naming the stacks there are, when this one has no file; naming file and key of what cannot be read.
 */
export function readStack(root: string, stack: string): StackConfiguration {
  const names = stackNames(root);
  if (!names.includes(stack)) {
    throw new Error(`there is no Pulumi.${stack}.yaml; stacks with a file: ${names.join(', ')}`);
  }
  const { name: project, config: declared = {} } = projectFile.parse(read(root, 'Pulumi.yaml').toJS());
  const named = (key: string): string => (key.includes(':') ? key : `${project}:${key}`);
  const defaults = Object.entries(declared).flatMap(([key, given]) => {
    const value = defaultOf(given);
    return value === undefined ? [] : [[named(key), textOf(value)] as const];
  });
  const own = valuesOf(read(root, `Pulumi.${stack}.yaml`), `Pulumi.${stack}.yaml`).map(
    ([key, text]) => [named(key), text] as const,
  );
  const secrets = own.filter(([key, text]) => text === SECRET && key.startsWith(`${project}:`));
  if (secrets.length > 0) {
    throw new Error(
      `Pulumi.${stack}.yaml: only Pulumi can read ${secrets.map(([key]) => key).join(', ')}, which is encrypted. Nothing ` +
        `that this program is told is a secret: set it in plain text (pulumi config set --plaintext KEY VALUE)`,
    );
  }
  const plain = own.flatMap(([key, text]) => (text === SECRET ? [] : [[key, text] as const]));
  return { project, stack, config: Object.fromEntries([...defaults, ...plain]) };
}

function read(root: string, file: string): Document {
  const document = parseDocument(readFileSync(path.join(root, file), 'utf8'));
  const [wrong] = document.errors;
  if (wrong) throw new Error(`${file} is not YAML: ${wrong.message}`);
  return document;
}

function defaultOf(given: unknown): unknown {
  const { success, data } = declaration.safeParse(given);
  return success ? (data.value ?? data.default) : given;
}

/** Stands for a value that only Pulumi can decrypt. */
const SECRET = Symbol('secret');

/** What a stack's file says, key by key, each value as the text that Pulumi makes of it. */
function valuesOf(document: Document, file: string): readonly (readonly [string, string | typeof SECRET])[] {
  const config = document.get('config', true);
  if (config === undefined || (isScalar(config) && config.value === null)) return [];
  if (!isMap(config)) throw new Error(`${file}: config is no map of keys to values`);
  return config.items.map(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : String(key);
    // A number is handed over as it is written: 012 stays 012.
    if (isScalar(value) && typeof value.value === 'number') return [name, value.source ?? String(value.value)];
    const plain: unknown = document.createNode(value).toJS(document);
    return [name, isEncrypted(plain) ? SECRET : textOf(plain)];
  });
}

const encrypted = z.strictObject({ secure: z.string() });

/** A value, or an item of a list, that `pulumi config set --secret` has written. */
function isEncrypted(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isEncrypted);
  return encrypted.safeParse(value).success;
}

/** An empty value is an empty text, as in Pulumi. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
