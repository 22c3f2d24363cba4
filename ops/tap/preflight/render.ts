import { clockTime } from '../run/times';
import type { Terminal, Tone } from '../terminal';
import type { Finding, Report } from './finding';

/** What was found, worst first: what would stop the deployment, what nobody could say, what is worth a second look. */
export function reportLines(terminal: Terminal, report: Report, at: number): readonly string[] {
  const { stack, regions, account, caller, findings, score } = report;
  const failed = (severity: Finding['severity']) =>
    findings.filter((one) => one.severity === severity && one.verdict.state === 'failed');
  const open = findings.filter(({ verdict }) => verdict.state === 'unknown' && verdict.behind === undefined);
  const behind = findings.filter(({ verdict }) => verdict.state === 'unknown' && verdict.behind !== undefined);
  return [
    terminal.paint('strong', `Preflight of stack ${stack}, ${clockTime(at)}`),
    row('account', account === undefined ? 'not known' : `${account}, as ${caller ?? 'somebody'}`),
    row('regions', `${regions[0]} (primary), ${regions[1]} (dr)`),
    ...group(terminal, 'bad', 'Blockers: the deployment would stop half way', failed('blocker')),
    ...group(terminal, 'warn', 'Not known', open),
    ...group(terminal, 'warn', 'Warnings: the deployment would succeed', failed('warning')),
    ...behindLines(terminal, behind),
    '',
    `${findings.length} checks: ${score.ok} ok, ${score.failed} failed, ${score.unknown} not known. ${verdict(terminal, report)}`,
  ];
}

function group(terminal: Terminal, tone: Tone, title: string, findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [];
  return ['', terminal.paint(tone, `${title} (${findings.length})`), ...findings.flatMap(findingLines)];
}

function findingLines({ id, region, severity, verdict, looksAt, why, fix }: Finding): readonly string[] {
  const title = region === undefined ? id : `${id}, ${region}`;
  switch (verdict.state) {
    case 'ok':
      return [];
    case 'unknown':
      return [`  ${title} (${severity}): ${looksAt}`, row('asked', verdict.why)];
    case 'failed':
      return [`  ${title}`, ...verdict.found.map((found) => row('found', found)), row('why', why), row('fix', fix)];
  }
}

/** One line for each cause: what is behind it would only say the same again. */
function behindLines(terminal: Terminal, findings: readonly Finding[]): readonly string[] {
  const causes = new Map<string, Set<string>>();
  for (const { id, verdict } of findings) {
    if (verdict.state !== 'unknown' || verdict.behind === undefined) continue;
    causes.set(verdict.behind, (causes.get(verdict.behind) ?? new Set()).add(id));
  }
  if (causes.size === 0) return [];
  const lines = [...causes].map(([cause, ids]) => `  behind ${cause}: ${[...ids].join(', ')}`);
  return ['', terminal.paint('dim', 'Not looked at, because something else has to be mended first'), ...lines];
}

function verdict(terminal: Terminal, { outcome, stack }: Report): string {
  switch (outcome) {
    case 'ready':
      return terminal.paint('good', `Ready: pulumi up --stack ${stack}`);
    case 'refused':
      return terminal.paint('bad', 'Not ready: mend the blockers, then look again.');
    case 'unknown':
      return terminal.paint('warn', 'Not known whether it is ready: nothing was found, and not everything was seen.');
  }
}

function row(what: string, text: string): string {
  return `    ${what.padEnd(8)} ${text}`;
}
