import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ALL_BEHAVIOURS } from '../../rehearsal/fidelity';
import { PACKS } from '../../rehearsal/packs/packs';
import { missingTests, PAGE, rehearsalPage } from '../../scripts/rehearsal-doc';
import { FAULT_STORIES } from '../../scripts/rehearsal/faults';
import { Titles } from '../../scripts/rehearsal/titles';

const ROOT = path.join(__dirname, '../..');

describe('docs/rehearsal.md', () => {
  const page = readFileSync(path.join(ROOT, PAGE), 'utf8');

  test('is what rehearsal/ says, so that nobody edits the page alone', () => {
    expect(page).toBe(rehearsalPage());
  });

  test('names for every behaviour a test that exists', () => {
    expect(missingTests()).toEqual([]);
  });

  test('has every table of behaviours that there is', () => {
    const collected = new Set(ALL_BEHAVIOURS.map(({ behaviours }) => behaviours));
    const files = readdirSync(path.join(ROOT, 'rehearsal'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('fidelity.ts'))
      .filter((file) => file !== 'fidelity.ts');
    const forgotten = files.filter((file) => {
      const exported: unknown = jest.requireActual(path.join(ROOT, 'rehearsal', file));
      const tables: readonly unknown[] = Object.values(Object(exported));
      return !tables.every((table) => [...collected].some((one) => one === table));
    });
    expect(forgotten).toEqual([]);
    expect(collected.size).toBeGreaterThan(20);
  });

  test('has no behaviour without a source, and none twice', () => {
    const all = ALL_BEHAVIOURS.flatMap(({ behaviours }) => behaviours);
    expect(all.filter(({ source, how }) => source === '' || how === '')).toEqual([]);
    expect(new Set(all.map(({ behaviour }) => behaviour)).size).toBe(all.length);
  });

  test('tells every fault and every scenario', () => {
    const scenarios = PACKS.flatMap((pack) => pack.scenarios.map(({ name }) => name));
    const missing = [...Object.keys(FAULT_STORIES), ...scenarios].filter((name) => !page.includes(`| \`${name}\``));
    expect(missing).toEqual([]);
  });

  test('says that no figure of it is a measurement of AWS', () => {
    expect(page.replace(/\s+/g, ' ')).toContain('It is never a measurement of AWS');
  });
});

test('a title is found as it is written, and as test.each fills it in, and not when only a part of it is there', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'titles-'));
  mkdirSync(path.join(root, 'test'));
  const source = `test.each([['an unknown path']])('for %s is forbidden', () => {}); test('the region\\'s own', () => {});`;
  writeFileSync(path.join(root, 'test/sample.test.ts'), source);
  const titles = new Titles(root);
  rmSync(root, { recursive: true });
  const found = ['for an unknown path is forbidden', "the region's own", 'for a known path is forbidden', 'the region'];
  expect(found.map((title) => titles.fileOf(title))).toEqual([
    'test/sample.test.ts',
    'test/sample.test.ts',
    undefined,
    undefined,
  ]);
});
