/**
 * Writes what can be derived from the configuration schema: docs/configuration.md, the `config` section of Pulumi.yaml and,
 * between its markers, the table in README.md. Run by `npm run docs`; a test finds what is stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { ROOT } from '../lib/bundles';
import { KEY_GROUPS, type KeyFacts } from '../lib/config/key';
import { CONFIG_KEYS, keyFacts } from '../lib/config/schema';

const README_BEGIN = '<!-- config:begin -->';
const README_END = '<!-- config:end -->';

/** A file whose text follows from the schema, wholly or in part. */
export interface Derived {
  readonly file: string;
  /** The whole text that the file should have, given the one it has. */
  readonly text: (current: string) => string;
}

/** Every file that `config-table` keeps, README.md only where there is one. */
export function derivedFiles(root = ROOT): readonly Derived[] {
  return [
    { file: 'docs/configuration.md', text: () => configurationPage() },
    { file: 'Pulumi.yaml', text: withConfigSection },
    ...(existsSync(path.join(root, 'README.md')) ? [{ file: 'README.md', text: withTables }] : []),
  ];
}

/** The files whose text is not what the schema says. */
export function staleFiles(root = ROOT): readonly string[] {
  return derivedFiles(root)
    .filter(({ file, text }) => text(read(root, file)) !== read(root, file))
    .map(({ file }) => file);
}

/** One table per group of keys: key, meaning, allowed, default. */
export function configurationTables(heading: string): string {
  return KEY_GROUPS.map((group) => {
    const rows = CONFIG_KEYS.filter((key) => keyFacts(key).group === group).map((key) => {
      const { description, allowed } = keyFacts(key);
      return [`\`${key}\``, description, allowed, shownDefault(keyFacts(key))];
    });
    return `${heading} ${group}\n\n${markdownTable([['key', 'meaning', 'allowed', 'default'], ...rows])}\n`;
  }).join('\n');
}

function shownDefault({ default: value, description }: KeyFacts): string {
  if (value === '') return description.endsWith('No default.') ? 'none: set it' : 'empty';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** Aligned as prettier aligns it, so that formatting and generating agree. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const [header = [], ...body] = escaped;
  const widths = header.map((_, column) => Math.max(3, ...escaped.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** Pulumi.yaml with its `config` section, which is the last one, written anew. */
export function withConfigSection(current: string): string {
  const head = current.split(/^config:$/m, 1)[0] ?? '';
  const keys = CONFIG_KEYS.map((key) => {
    const { type, default: value, description, allowed } = keyFacts(key);
    return [
      `  ${key}:`,
      `    type: ${type}`,
      ...(type === 'array' ? ['    items:', '      type: string'] : []),
      `    default: ${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`,
      `    description: ${quoted(`${description} Allowed: ${allowed}.`)}`,
    ].join('\n');
  });
  return `${head}config:\n${keys.join('\n')}\n`;
}

/** A YAML string in the quotes that prettier chooses. */
function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

function withTables(readme: string): string {
  const [before, rest] = readme.split(README_BEGIN);
  const after = rest?.split(README_END)[1];
  if (before === undefined || after === undefined) return readme;
  return `${before}${README_BEGIN}\n\n${configurationTables('###')}\n${README_END}${after}`;
}

function configurationPage(): string {
  return `<!-- Written by scripts/config-table.ts from lib/config; edit there, then run: npm run docs -->

# Configuration

A stack is one file, \`Pulumi.<stack>.yaml\`, with the values in which it differs from the defaults below. All keys are read
once, in \`lib/config-read.ts\`, and checked together before the first resource: a wrong value stops the program with the key, the
value, what is allowed and the command that sets it, all errors at once. An unknown key is an error.

    pulumi config set tap:primaryRegion eu-central-1 --stack dev
    pulumi config set --path 'tap:alertEmails[0]' ops@example.com --stack dev

Lists are set item by item with \`--path\`, because Pulumi stores a plain value as text and then finds that it is no list.

## Stacks

${markdownTable([
  ['file', 'what it is'],
  ['`Pulumi.dev.yaml`', 'eu-central-1 and eu-central-2, all defaults'],
  ['`Pulumi.us.yaml`', 'us-east-1 and us-east-2: Serverless v2, a NAT gateway per zone, a zone of its own'],
  [
    '`Pulumi.pr.yaml`',
    'a small stack for a pull request; CI sets its suffix: `pulumi config set tap:environmentSuffix pr-123`',
  ],
  ['`Pulumi.local.yaml`', "an emulator; the only stack that may replace Aurora's endpoint"],
])}

A new stack: \`pulumi stack init NAME\`, then the keys without a default: \`environment\`, \`environmentSuffix\`, \`domain\`,
\`databaseSecretName\`.

## State and passphrase

\`Pulumi.yaml\` names a local backend, \`file://./.pulumi-state\`. Pulumi resolves it against the directory in which it runs:
run it in the project's directory, or with \`pulumi -C <directory>\`. \`PULUMI_BACKEND_URL\` takes precedence over it; a
\`pulumi login\` does not, so for another backend set that variable or change \`backend.url\`.

With this backend Pulumi encrypts secrets with a passphrase: set \`PULUMI_CONFIG_PASSPHRASE\` (or
\`PULUMI_CONFIG_PASSPHRASE_FILE\`), or be asked. No key here is a secret; the state holds the database password, encrypted with
that passphrase, so take a real one for a stack that holds data. Evaluating a plan (\`npm start\`) needs none.

Keys of other namespaces are not read. \`aws:*\` gives a warning: both providers are explicit, and credentials and endpoints
(\`AWS_ENDPOINT_URL\`) come from the environment.

${configurationTables('##')}`;
}

function read(root: string, file: string): string {
  const full = path.join(root, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : '';
}

/** Writes every stale file. */
export function main(): void {
  const stale = staleFiles();
  for (const { file, text } of derivedFiles()) {
    if (stale.includes(file)) writeFileSync(path.join(ROOT, file), text(read(ROOT, file)));
  }
  console.log(stale.length > 0 ? `written: ${stale.join(', ')}` : 'nothing to write');
}
