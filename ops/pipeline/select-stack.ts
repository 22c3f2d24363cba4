import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readStack, stackNames } from '../../analysis/graph/stack-files';
import { ROOT } from '../../lib/bundles';
import { parseConfig } from '../../lib/config';
import { shell, type Shell } from './command';
import { sourceStackOf, stackFileText } from './stack-file';
import { stateProblems } from './state-location';

const USAGE = `usage: node scripts/run.mjs ops/pipeline/select-stack.ts --stack NAME [--file-only]

For pipelines: writes Pulumi.NAME.yaml for this run and selects the stack, creating it where there is none. The stack pr-NUMBER
is made from Pulumi.pr.yaml with that suffix.
  --stack NAME  the stack
  --file-only   write the file and stop: enough for a plan, needs no credentials

environment: PULUMI_BACKEND_URL and PULUMI_SECRETS_PROVIDER, in a region that the stack does not lose (docs/pipelines.md)`;

/** Two small objects and one data key; a backend that takes longer is not there. */
export const SELECT_TIMEOUT_MS = 120_000;

/** What selecting touches, besides the stack files. */
export interface SelectPorts {
  readonly shell: Pick<Shell, 'read'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder with Pulumi.yaml. */
  readonly root: string;
}

/**
 * Writes the stack's file and selects the stack in Pulumi's backend. Idempotent.
 * @throws Error when the configuration or the place of the state is wrong (before anything is written or created);
 *   CommandError when Pulumi fails.
 */
export async function selectStack(stack: string, { shell, environment, root }: SelectPorts): Promise<void> {
  const secretsProvider = environment['PULUMI_SECRETS_PROVIDER'];
  const { project, config } = readStack(root, sourceStackOf(stack));
  const { primaryRegion, drRegion } = parseConfig(config, { project, stack });
  const wrong = stateProblems({
    backendUrl: environment['PULUMI_BACKEND_URL'],
    secretsProvider,
    primaryRegion,
    drRegion,
  });
  if (wrong.length > 0 || secretsProvider === undefined) {
    throw new Error(`the place of Pulumi's state is not right for stack ${stack}:\n  ${wrong.join('\n  ')}`);
  }
  writeStackFile(stack, root, secretsProvider);
  await shell.read({
    program: 'pulumi',
    args: ['stack', 'select', stack, '--create', '--secrets-provider', secretsProvider, '--non-interactive'],
    timeoutMs: SELECT_TIMEOUT_MS,
  });
}

function writeStackFile(stack: string, root: string, secretsProvider: string | undefined): void {
  const names = stackNames(root);
  const from = sourceStackOf(stack);
  if (!names.includes(from)) throw new Error(`--stack is ${stack}; allowed are pr-NUMBER, ${names.join(', ')}`);
  const source = readFileSync(path.join(root, `Pulumi.${from}.yaml`), 'utf8');
  writeFileSync(path.join(root, `Pulumi.${stack}.yaml`), stackFileText({ stack, source, secretsProvider }));
}

/** @throws Error naming what is missing. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { stack: { type: 'string' }, 'file-only': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (values.stack === undefined) throw new Error(`--stack is missing\n${USAGE}`);
  if (values['file-only']) {
    writeStackFile(values.stack, ROOT, undefined);
    console.log(`Pulumi.${values.stack}.yaml written`);
    return;
  }
  await selectStack(values.stack, { shell, environment: process.env, root: ROOT });
  console.log(`stack ${values.stack} selected`);
}
