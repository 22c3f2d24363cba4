import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../lib/bundles';

/** What stands in the comment above a command that the test runs: `<!-- state: run-waits; exit: 0; types: dev -->`. */
export interface Note {
  /** The state of the simulated platform that it is typed in (test/rehearsal/runbooks/stories.ts). */
  readonly state: string;
  readonly exit: number;
  /** What is typed to the questions, in turn. */
  readonly types: readonly string[];
  /** The state that the command brings about, where it changes something that other commands go on from. */
  readonly then?: string;
  /** Whose credentials it takes; the operator's role where nothing is said. */
  readonly as?: 'administrator';
}

/** One ```sh block of a page. */
export interface Block {
  readonly page: string;
  /** Of its first command, from 1. */
  readonly line: number;
  readonly commands: readonly string[];
  /** The comment above it, as it stands there. */
  readonly comment?: string;
  /** What the page says is seen then, without its own omissions: parts between lines of `...`. */
  readonly shown: readonly (readonly string[])[];
}

const FOLDER = 'docs/runbooks';

/** Every page with commands that a person types at night. */
export const PAGES: readonly string[] = [
  'docs/alarms.md',
  ...readdirSync(path.join(ROOT, FOLDER))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `${FOLDER}/${name}`),
];

export function pageText(page: string): string {
  return readFileSync(path.join(ROOT, page), 'utf8');
}

/** Every ```sh block of a page, with the ```text block that shows what it prints. */
export function blocksOf(page: string, text = pageText(page)): readonly Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let comment: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trim();
    const fence = /^```(\w*)$/.exec(line)?.[1];
    if (fence === undefined) {
      // A comment belongs to the block that follows it, with nothing but empty lines in between.
      if (line !== '') comment = /^<!-- (.*) -->$/.exec(line)?.[1];
      // What is shown below a heading belongs to nothing above it.
      if (line.startsWith('#')) blocks.push(HEADING);
      continue;
    }
    const end = lines.findIndex((other, index) => index > at && other.trim() === '```');
    const body = lines.slice(at + 1, end).map((one) => one.trimEnd());
    const last = blocks.at(-1);
    if (fence === 'sh') {
      const commands = body.filter((one) => one.trim() !== '');
      blocks.push({ page, line: at + 2, commands, ...(comment !== undefined && { comment }), shown: [] });
    } else if (fence === 'text' && last && last !== HEADING && last.shown.length === 0) {
      blocks[blocks.length - 1] = { ...last, shown: partsOf(body) };
    }
    comment = undefined;
    at = end;
  }
  return blocks.filter((block) => block !== HEADING);
}

const HEADING: Block = { page: '', line: 0, commands: [], shown: [] };

function partsOf(body: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const line of body) {
    if (line.trim() === '...') parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts.filter((part) => part.length > 0);
}

export function isTap(command: string): boolean {
  return /^npx tap\b/.test(command);
}

/** Reads the comment above a command. @throws Error that says what is wrong with it, and where. */
export function noteOf({ page, line, comment }: Block): Note {
  const wrong = (what: string): Error => new Error(`${page}:${line}: ${what}: <!-- ${comment ?? ''} -->`);
  if (comment === undefined) throw wrong('the command has no comment that names its state and its exit code');
  const fields = new Map(
    comment.split('; ').map((field): [string, string] => {
      const [, name = '', value = ''] = /^(\w+): (.+)$/.exec(field) ?? [];
      if (!FIELDS.has(name)) throw wrong(`"${field}" is none of ${[...FIELDS].join(', ')}`);
      return [name, value];
    }),
  );
  const state = fields.get('state');
  const exit = fields.get('exit');
  if (state === undefined || exit === undefined || !/^\d+$/.test(exit)) throw wrong('state and exit are needed');
  const then = fields.get('then');
  const as = fields.get('as');
  if (as !== undefined && as !== 'administrator') throw wrong(`nobody is called ${as}`);
  return {
    state,
    exit: Number(exit),
    types: fields.get('types')?.split(', ') ?? [],
    ...(then !== undefined && { then }),
    ...(as !== undefined && { as }),
  };
}

const FIELDS = new Set(['state', 'exit', 'types', 'then', 'as']);

/** Verbs that ask services of AWS that the rehearsal does not simulate: what they print is tested where they are. */
export const TESTED_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['preflight', 'test/ops/tap/preflight-verb.test.ts'],
]);

/** Whether a command is played in the rehearsal. */
export function isPlayed(command: string): boolean {
  return isTap(command) && !TESTED_ELSEWHERE.has(/^npx tap (\S+)/.exec(command)?.[1] ?? '');
}
