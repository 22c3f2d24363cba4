import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

import { readStack, stackNames } from '../../analysis/graph/stack-files';
import { parseConfig } from '../../lib/config/parse';
import { CONFIG_KEYS, defaultText, isConfigKey } from '../../lib/config/schema';
import { configurationTables, staleFiles, withConfigSection } from '../../scripts/config-table';

const ROOT = path.join(__dirname, '../..');
const STACKS = ['dev', 'local', 'pr', 'us'];

const yaml = (file: string): unknown => parse(readFileSync(path.join(ROOT, file), 'utf8'));
const stackValues = (stack: string) =>
  z.object({ config: z.record(z.string(), z.unknown()) }).parse(yaml(`Pulumi.${stack}.yaml`)).config;
const configOf = (stack: string) => {
  const { project, config } = readStack(ROOT, stack);
  return parseConfig(config, { project, stack });
};

const projectFile = z
  .object({
    name: z.string(),
    backend: z.object({ url: z.string() }),
    runtime: z.object({ name: z.string(), options: z.record(z.string(), z.unknown()) }),
    config: z.record(
      z.string(),
      z.strictObject({
        type: z.enum(['string', 'integer', 'boolean', 'array']),
        items: z.strictObject({ type: z.literal('string') }).optional(),
        default: z.union([z.string(), z.int(), z.boolean(), z.array(z.string())]),
        description: z.string().min(20),
      }),
    ),
  })
  .loose();

describe('Pulumi.yaml', () => {
  const project = projectFile.parse(yaml('Pulumi.yaml'));

  test('declares exactly the keys of the schema, so that neither can be forgotten', () => {
    expect(Object.keys(project.config)).toEqual(CONFIG_KEYS);
  });

  test('is what the schema generates, and so are the documentation pages', () => {
    expect(staleFiles()).toEqual([]);
  });

  test('keeps its hand-written head when the section is written anew', () => {
    const text = readFileSync(path.join(ROOT, 'Pulumi.yaml'), 'utf8');
    expect(withConfigSection(text.replace(/^ {4}default: .*$/m, "    default: 'stale'"))).toBe(text);
  });

  test('gives the items of every list their type, without which Pulumi refuses the file', () => {
    const lists = Object.entries(project.config).filter(([, { type }]) => type === 'array');
    expect(lists.map(([key, { items }]) => [key, items?.type])).toEqual([
      ['tags', 'string'],
      ['alertEmails', 'string'],
      ['operatorPrincipals', 'string'],
    ]);
  });

  test('names a local backend whose directory is in the repository, because Pulumi does not make it', () => {
    expect(project.backend.url).toBe('file://./.pulumi-state');
    expect(statSync(path.join(ROOT, '.pulumi-state')).isDirectory()).toBe(true);
  });

  test('compiles the program with the settings that only transpile', () => {
    expect(project.name).toBe('tap');
    expect(project.runtime).toEqual({
      name: 'nodejs',
      options: {
        typescript: true,
        tsconfig: 'tsconfig.pulumi.json',
        nodeargs: '--stack-trace-limit=2 --max-semi-space-size=16',
      },
    });
  });
});

describe('the stack files', () => {
  test('are these', () => {
    expect(stackNames(ROOT)).toEqual(STACKS);
  });

  test.each(STACKS)('%s is right and warns of nothing', (stack) => {
    expect(configOf(stack).warnings).toEqual([]);
  });

  test.each(STACKS)('%s holds only values that differ from the defaults', (stack) => {
    const texts = readStack(ROOT, stack).config;
    const same = Object.keys(stackValues(stack)).filter((fullKey) => {
      const key = fullKey.slice('tap:'.length);
      return !fullKey.startsWith('tap:') || !isConfigKey(key) || texts[fullKey] === defaultText(key);
    });
    expect(same).toEqual([]);
  });

  test.each(STACKS)("%s passes Pulumi's own type check, which runs before the program", (stack) => {
    const { config } = projectFile.parse(yaml('Pulumi.yaml'));
    const kinds = { string: z.string(), integer: z.int(), boolean: z.boolean(), array: z.array(z.string()) };
    const wrong = Object.entries(stackValues(stack)).filter(([fullKey, value]) => {
      const declared = config[fullKey.slice('tap:'.length)];
      return !declared || !kinds[declared.type].safeParse(value).success;
    });
    expect(wrong).toEqual([]);
  });

  test('use different suffixes, so that they can share an account', () => {
    expect(new Set(STACKS.map((stack) => configOf(stack).environmentSuffix)).size).toBe(STACKS.length);
  });

  test.each([
    ['dev', 'eu-central-1', 'eu-central-2', 'eu-west-1'],
    ['us', 'us-east-1', 'us-east-2', 'us-west-2'],
  ])('%s spans %s and %s, with a witness in %s', (stack, primaryRegion, drRegion, witnessRegion) => {
    expect(configOf(stack)).toMatchObject({ primaryRegion, drRegion, witnessRegion });
  });

  test('pr is small, needs no Elastic IP and writes to nobody', () => {
    expect(configOf('pr')).toMatchObject({
      natStrategy: 'none',
      alertEmails: [],
      auroraPrimaryInstances: 1,
      auroraDrInstances: 1,
      fleetPrimarySize: 1,
      fleetDrSize: 1,
    });
  });

  test('pr takes its suffix from CI', () => {
    const { project, config } = readStack(ROOT, 'pr');
    const numbered = { ...config, 'tap:environmentSuffix': 'pr-12345' };
    expect(parseConfig(numbered, { project, stack: 'pr' }).environmentSuffix).toBe('pr-12345');
  });

  test('local replaces the database and nothing else', () => {
    const { environment, environmentSuffix, domain, databaseSecretName, ...other } = stackValuesByKey('local');
    expect([environment, environmentSuffix, domain, databaseSecretName]).not.toContain(undefined);
    expect(other).toEqual({ databaseHost: '127.0.0.1', databasePort: 15432, databaseTls: 'disable' });
  });
});

test('every key is in the documentation, once', () => {
  const tables = configurationTables('##');
  expect(CONFIG_KEYS.filter((key) => tables.split(`\n| \`${key}\` `).length !== 2)).toEqual([]);
});

function stackValuesByKey(stack: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(stackValues(stack)).map(([key, value]) => [key.slice('tap:'.length), value]),
  );
}
