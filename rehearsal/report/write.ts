import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderHtml } from './html';
import type { CostSection } from './html-cost';
import { renderJson } from './json';
import type { RehearsalReport, Replay } from './report';
import { renderTerminal } from './terminal';

/** Where the report was written. */
export interface WrittenReport {
  readonly html: string;
  readonly json: string;
  readonly text: string;
}

/** Writes the page, the document and the text into a folder that is made when it is not there. @throws Error of the file system. */
export function writeReport(
  folder: string,
  report: RehearsalReport,
  options: { readonly replay?: Replay; readonly cost?: CostSection } = {},
): WrittenReport {
  const paths = {
    html: join(folder, 'rehearsal.html'),
    json: join(folder, 'rehearsal.json'),
    text: join(folder, 'rehearsal.txt'),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(paths.html, renderHtml(report, options));
  writeFileSync(paths.json, renderJson(report, options));
  writeFileSync(paths.text, renderTerminal(report, options));
  return paths;
}
