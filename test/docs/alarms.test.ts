import { readFileSync } from 'node:fs';
import path from 'node:path';
import { alarmTable, runbooks } from '../../analysis/alarms/table';
import { ROOT } from '../../lib/bundles';

/** The defaults of the configuration, which the page shows. */
const DEFAULTS = {
  canaryIntervalMinutes: 1,
  heartbeatIntervalSeconds: 10,
  lagCriticalSeconds: 30,
  lagSampleIntervalSeconds: 30,
  lagWarningSeconds: 1,
  probeIntervalSeconds: 10,
  rpoSeconds: 60,
};
const page = readFileSync(path.join(ROOT, 'docs', 'alarms.md'), 'utf8');
/** A table's cells without the padding that prettier adds. */
const cells = (line: string) => line.split('|').map((cell) => cell.trim());

test('every alarm leads to a section of docs/alarms.md', () => {
  const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  expect(runbooks(DEFAULTS).filter((runbook) => !anchors.includes(`alarm-${runbook}`))).toEqual([]);
});

test('the table of alarms is what the alarms are', () => {
  const [, shown = ''] = /<!-- alarms:begin -->\s*([^]*?)\s*<!-- alarms:end -->/.exec(page) ?? [];
  const rows = (table: string) => table.split('\n').slice(2).map(cells);
  expect(rows(shown)).toEqual(rows(alarmTable(DEFAULTS)));
});
