import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

import { PAGE, ROWS, brokenReferences, requirementsPage } from '../../scripts/requirements-doc';

const ROOT = path.join(__dirname, '../..');
const packages = z.record(z.string(), z.string());
const { dependencies, devDependencies } = z
  .object({ dependencies: packages, devDependencies: packages })
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));

const numbered = (letter: string, last: number) => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);

describe('docs/requirements.md', () => {
  test('is what the table says, so that nobody edits the page alone', () => {
    expect(readFileSync(path.join(ROOT, PAGE), 'utf8')).toBe(requirementsPage());
  });

  test('has every requirement once, N1 to X15', () => {
    expect(ROWS.map(({ id }) => id)).toEqual([
      ...numbered('N', 16),
      ...numbered('W', 5),
      ...numbered('D', 8),
      ...numbered('C', 7),
      ...numbered('M', 10),
      ...numbered('F', 8),
      ...numbered('X', 15),
    ]);
  });

  test('says of each where it is proven or where it is open', () => {
    expect(ROWS.filter(({ proofs }) => proofs.length === 0)).toEqual([]);
  });

  test('names only tests that exist, by their titles', () => {
    expect(brokenReferences(ROOT)).toEqual([]);
  });

  test('notices a test that is gone and a title that has changed', () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'requirements-'));
    mkdirSync(path.join(elsewhere, 'test/lib'), { recursive: true });
    writeFileSync(path.join(elsewhere, 'test/lib/naming.test.ts'), "test('another title', () => {});");
    const broken = brokenReferences(elsewhere);
    rmSync(elsewhere, { recursive: true });
    expect(broken).toContain('N12: there is no test/lib/config-stacks.test.ts');
    expect(broken).toContain(
      'N5: test/lib/naming.test.ts has no "ends in the whole qualifier and suffix and keeps the limit, however long the resource part is"',
    );
  });
});

test('the packages that the sources name are dependencies, with exact versions (N1)', () => {
  const all = { ...devDependencies, ...dependencies };
  const named = ['@pulumi/pulumi', '@pulumi/aws', '@pulumi/random', 'typescript', 'jest', 'ts-jest'];
  const clients = ['@aws-sdk/client-rds', '@aws-sdk/client-route-53', '@aws-sdk/client-sns'];
  expect([...named, ...clients].filter((name) => !Object.hasOwn(all, name))).toEqual([]);
  expect(Object.entries(all).filter(([, version]) => !/^(npm:\w+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual(
    [],
  );
});

test.each([
  'Pulumi.yaml',
  'Pulumi.dev.yaml',
  'package.json',
  'tsconfig.json',
  'jest.config.js',
  'bin',
  'lib',
  'lambda',
  'test',
  'cfn-outputs',
])('%s stands at the top (N2)', (name) => {
  expect(existsSync(path.join(ROOT, name))).toBe(true);
});
