import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../lib/bundles';
import { checks } from '../../lambda/readiness/checks/checks';
import { PAGE, readinessPage } from '../../scripts/readiness-doc';

describe('docs/readiness.md', () => {
  const page = readFileSync(path.join(ROOT, PAGE), 'utf8');

  test('is what the list says, so that nobody edits the page alone', () => {
    expect(page).toBe(readinessPage());
  });

  test('has a section for every check, with its reason and its remedy', () => {
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(checks.map(({ id }) => id));
  });

  test('leads only to sections of the alarms’ page that exist', () => {
    const alarms = readFileSync(path.join(ROOT, 'docs', 'alarms.md'), 'utf8');
    const anchors = [...alarms.matchAll(/^#+ Alarm: (.*)$/gm)].map(
      ([, name = '']) => `alarm-${name.replaceAll(' ', '-')}`,
    );
    const led = [...page.matchAll(/docs\/alarms\.md#([\w-]+)/g)].map(([, anchor = '']) => anchor);
    expect(led.length).toBeGreaterThan(0);
    expect(led.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });
});
