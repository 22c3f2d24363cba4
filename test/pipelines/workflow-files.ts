import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const ROOT = path.join(__dirname, '../..');

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const concurrency = z.object({ group: z.string(), 'cancel-in-progress': z.boolean() });
const step = z.object({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  shell: z.string().optional(),
  with: z.record(z.string(), scalar).default({}),
  env: z.record(z.string(), scalar).default({}),
  'continue-on-error': z.boolean().default(false),
  'timeout-minutes': z.number().optional(),
});
const job = z.object({
  if: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), scalar).default({}),
  environment: z.string().optional(),
  permissions: permissions.optional(),
  concurrency: concurrency.optional(),
  'timeout-minutes': z.number().optional(),
  steps: z.array(step).default([]),
});
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions,
  defaults: z.object({ run: z.object({ shell: z.string() }) }).optional(),
  jobs: z.record(z.string(), job),
});
const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ required: z.boolean().default(false), description: z.string() })),
  runs: z.object({ using: z.literal('composite'), steps: z.array(step) }),
});

export type Step = z.infer<typeof step>;
export type Job = z.infer<typeof job>;

/** A workflow, or the steps of a composite action as one job without a name. */
export interface WorkflowFile {
  /** From the root: `.github/workflows/main.yml`. */
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly shell: string | undefined;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A composite action of this repository. */
export interface ActionFile {
  readonly file: string;
  readonly text: string;
  readonly inputs: Readonly<Record<string, { readonly required: boolean }>>;
  readonly steps: readonly Step[];
}

/** @throws ZodError for a form that the rules would not see through: an unknown form is not passed over. */
export function readWorkflow(file: string, text: string): WorkflowFile {
  const { on, permissions, defaults, jobs } = workflowSchema.parse(parse(text));
  return { file, text, on, permissions, shell: defaults?.run.shell, jobs };
}

export function readAction(file: string, text: string): ActionFile {
  const { inputs, runs } = actionSchema.parse(parse(text));
  return { file, text, inputs, steps: runs.steps };
}

const WORKFLOWS = '.github/workflows';
const ACTIONS = '.github/actions';

export const workflows: readonly WorkflowFile[] = readdirSync(path.join(ROOT, WORKFLOWS))
  .sort()
  .map((name) => `${WORKFLOWS}/${name}`)
  .map((file) => readWorkflow(file, readFileSync(path.join(ROOT, file), 'utf8')));

export const actions: readonly ActionFile[] = readdirSync(path.join(ROOT, ACTIONS))
  .sort()
  .map((name) => `${ACTIONS}/${name}/action.yml`)
  .map((file) => readAction(file, readFileSync(path.join(ROOT, file), 'utf8')));

/** @throws Error when there is none of that name. */
export function workflow(name: string): WorkflowFile {
  const found = workflows.find(({ file }) => file === `${WORKFLOWS}/${name}.yml`);
  if (!found) throw new Error(`there is no workflow ${name}`);
  return found;
}
