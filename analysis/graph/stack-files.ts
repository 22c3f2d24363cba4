import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** The project's name and one stack's configuration as `pulumi up` would hand it to the program. */
export interface StackConfiguration {
  readonly project: string;
  readonly stack: string;
  /** `project:key` to text; lists as JSON. */
  readonly config: Readonly<Record<string, string>>;
}

const scalar = z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]);
const declaration = z.object({ default: scalar.optional(), value: scalar.optional() }).loose();
const projectFile = z.object({
  name: z.string(),
  config: z.record(z.string(), z.union([scalar, declaration])).optional(),
});
const stackFile = z.object({ config: z.record(z.string(), scalar).nullish() });

/** The names of all stacks that have a file, in name order. */
export function stackNames(root: string): string[] {
  return readdirSync(root)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/**
 * Reads `Pulumi.yaml` and one stack file.
 * @throws Error naming the stacks there are, when this one has no file.
 */
export function readStack(root: string, stack: string): StackConfiguration {
  const names = stackNames(root);
  if (!names.includes(stack)) {
    throw new Error(`there is no Pulumi.${stack}.yaml; stacks with a file: ${names.join(', ')}`);
  }
  const project = projectFile.parse(parse(readFileSync(path.join(root, 'Pulumi.yaml'), 'utf8')));
  const own = stackFile.parse(parse(readFileSync(path.join(root, `Pulumi.${stack}.yaml`), 'utf8')) ?? {});
  const config: Record<string, string> = {};
  const put = (key: string, value: z.infer<typeof scalar>): void => {
    config[key.includes(':') ? key : `${project.name}:${key}`] =
      typeof value === 'string' ? value : JSON.stringify(value);
  };
  for (const [key, declared] of Object.entries(project.config ?? {})) {
    const value =
      typeof declared === 'object' && !Array.isArray(declared) ? (declared.value ?? declared.default) : declared;
    if (value !== undefined) put(key, value);
  }
  for (const [key, value] of Object.entries(own.config ?? {})) put(key, value);
  return { project: project.name, stack, config };
}
