import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../lib/bundles';
import { fillPolicy, parseWords } from './policy-words';

const FOLDER = path.join(ROOT, '.github/iam');

const USAGE = `usage: node scripts/run.mjs ops/pipeline/fill-policy.ts POLICY WORD=value ...

Prints .github/iam/POLICY.json with its words in capitals filled in (docs/pipelines.md, "Roles without keys"). A value may hold
whatever its word allows, a slash among it. Words that the policy does not have are passed over, so that one list serves all.`;

/** @throws Error naming the policy, or every word, that is missing or wrong; then nothing is printed. */
export function main(argv: readonly string[]): void {
  const [policy, ...words] = argv;
  if (policy === undefined || policy === '--help' || policy === '-h') {
    console.log(USAGE);
    return;
  }
  const policies = readdirSync(FOLDER).map((file) => path.basename(file, '.json'));
  if (!policies.includes(policy)) throw new Error(`there is no policy ${policy}; there are ${policies.join(', ')}`);
  console.log(fillPolicy(readFileSync(path.join(FOLDER, `${policy}.json`), 'utf8'), parseWords(words)));
}
