import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BuildError, canaryArchive, DIST, FLEET_RUNTIME, readBuild, ROOT, sourceDigest } from '../../lib/bundles';
import { buildAll } from '../../scripts/build';

const copies: string[] = [];

/** The fleet's runtime: 50 MB that no test changes. */
const RUNTIME = /\.tgz$/;

/** The sources in another folder, with the build of this one. */
function copy(): string {
  const root = mkdtempSync(path.join(os.tmpdir(), 'build-'));
  copies.push(root);
  for (const part of [
    'canary',
    'lambda',
    'fleet',
    'scripts',
    DIST,
    'package-lock.json',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(path.join(ROOT, part), path.join(root, part), { recursive: true, filter: (file) => !RUNTIME.test(file) });
  }
  symlinkSync(path.join(ROOT, FLEET_RUNTIME), path.join(root, FLEET_RUNTIME));
  mkdirSync(path.join(root, 'lib'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'));
  return root;
}

afterAll(() => {
  for (const root of copies) rmSync(root, { recursive: true, force: true });
});

const change = (root: string, file: string, text: string): void => writeFileSync(path.join(root, file), text);

describe('a build', () => {
  test('is accepted when its sources are the present ones, wherever and whenever they were written', () => {
    const root = copy();
    utimesSync(path.join(root, 'lambda/health/marker.ts'), new Date(0), new Date(0));
    expect(sourceDigest(root)).toBe(sourceDigest(ROOT));
    expect(readBuild(root)).toEqual(readBuild(ROOT));
  });

  test.each([
    ['a handler changed', 'lambda/health/marker.ts', 'export const TRADING_DATA_MARKER = "OTHER";'],
    ['a file was added', 'lambda/shared/another.ts', 'export {};'],
    ['another version of a package is locked', 'package-lock.json', '{}'],
  ])('is refused when %s: an old bundle is never deployed', (_, file, text) => {
    const root = copy();
    change(root, file, text);
    expect(() => readBuild(root)).toThrow(new BuildError('dist/ was built from other sources: run "npm run build"'));
  });

  test.each([
    ['functions/health/index.js', 'dist/functions/health/index.js'],
    ['fleet/service.tar', 'dist/fleet/service.tar'],
  ])('is refused when %s is not what it made', (file, named) => {
    const root = copy();
    change(root, path.join(DIST, file), 'tampered');
    expect(() => readBuild(root)).toThrow(`${named} is missing or not what the build made: run "npm run build"`);
  });

  test('is refused when the archive of the canaries is not what it made', () => {
    const root = copy();
    const archive = canaryArchive(readBuild(root));
    change(root, archive, 'tampered');
    expect(() => readBuild(root)).toThrow(`${archive} is missing or not what the build made: run "npm run build"`);
  });

  test('names the archive of the canaries by its content, because the provider looks at the path alone', () => {
    expect(canaryArchive({ canary: '1feceb29845aebe68efe1cf6be1ac46a73c069055af4f6e703941d4559323fe9' })).toBe(
      'dist/canary/canary-1feceb29845a.zip',
    );
  });

  test('gives the same bytes in another folder, for every function, the canaries and the fleet', async () => {
    const root = copy();
    await buildAll({ root, force: true });
    expect(readFileSync(path.join(root, DIST, 'manifest.json'), 'utf8')).toBe(
      readFileSync(path.join(ROOT, DIST, 'manifest.json'), 'utf8'),
    );
  });
});
