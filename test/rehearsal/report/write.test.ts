import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderHtml } from '../../../rehearsal/report/html';
import { renderJson } from '../../../rehearsal/report/json';
import { renderTerminal } from '../../../rehearsal/report/terminal';
import { writeReport } from '../../../rehearsal/report/write';
import { report } from './fixture';

test('writes page, document and text into a folder that it makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    const { html, json, text } = writeReport(join(folder, 'new', 'folder'), report());
    expect([html, json, text].map((path) => readFileSync(path, 'utf8'))).toEqual([
      renderHtml(report()),
      renderJson(report()),
      renderTerminal(report()),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
