import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';

/** Where an AWS client describes its operations, shapes and errors to itself. */
const SCHEMAS = /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;

/** A shape: an array literal whose keys are computed, which esbuild therefore takes for work that may have effects. */
const SHAPE = /^((?:export )?var \w+\$? = )(\[[^]*?\]);$/gm;

/** An error class made known to the client, so that answers of that name become instances of it. */
const ERROR = /^n\d+_registry\.registerError\(\w+\$, (\w+)\);$/gm;

/** The names of error classes in our own imports of AWS clients. */
const IMPORTED = /import \{([^}]*)\} from '@aws-sdk\/client-[\w-]+'/g;

/**
 * Leaves out of a bundle what the AWS clients know and no function of ours uses: shapes of other operations, and error classes
 * that no source names. An answer with such an error becomes the client's base error with the same name and message. Without
 * this the orchestrator's bundle, which speaks to nine services, is half as large again.
 *
 * @param names error classes that our sources name.
 */
export function trimSdk(names: ReadonlySet<string>): Plugin {
  return {
    name: 'trim-sdk',
    setup(build) {
      build.onLoad({ filter: SCHEMAS }, async ({ path: file }) => {
        const text = await readFile(file, 'utf8');
        const contents = text
          .replace(SHAPE, '$1/* @__PURE__ */ (() => ($2))();')
          .replace(ERROR, (line, name: string) => (names.has(name) ? line : ''));
        return { contents, loader: 'js' };
      });
    },
  };
}

/** Everything that sources below a folder import from AWS clients; far more than errors, which does no harm. */
export function importedNames(folder: string): ReadonlySet<string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(path.join(folder, file), 'utf8').matchAll(IMPORTED)])
    .flatMap(([, list = '']) => list.split(',').map((name) => name.replace(/^\s*(type )?/, '').trim()));
  return new Set(names);
}
