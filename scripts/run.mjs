// Runs one of our TypeScript programs: `node scripts/run.mjs ops/plan.ts --stack dev`. It is bundled into one file first, our
// sources only, which takes 50 ms and starts twice as fast as compiling each file when it is loaded. It exports `main(args)`.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) throw new Error('usage: node scripts/run.mjs FILE.ts [arguments]');

// Below the project's root, where the program finds its packages and Pulumi.yaml; one folder per process, so that two
// commands at once do not write the same file.
const outfile = path.join(root, 'dist', 'run', String(process.pid), `${path.basename(entry, '.ts')}.js`);
mkdirSync(path.dirname(outfile), { recursive: true });
buildSync({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: false,
  logLevel: 'warning',
});
try {
  const { main } = createRequire(outfile)(outfile);
  rmSync(path.dirname(outfile), { recursive: true, force: true });
  await main(args);
} catch (error) {
  // Our own errors are written for whoever typed the command: their words, not a stack.
  console.error(error instanceof Error ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}` : error);
  process.exitCode = 1;
}
