import type { Part } from '../ask';
import { named, type Stack } from '../context';
import { headline } from '../run/render';
import { ago, clockTime, duration, seconds } from '../run/times';
import type { Terminal } from '../terminal';
import { fold } from './fold';
import type { PlatformStatus } from './platform';
import { readinessLines, readinessText } from './readiness';
import type { RegionStatus } from './region';

/** The one screen, line by line; `readiness` adds everything that readiness has found. */
export function statusLines(
  terminal: Terminal,
  stack: Stack,
  status: PlatformStatus,
  readiness = false,
): readonly string[] {
  const { registers, regions, at } = status;
  const active = registers.ownership.kind === 'owned' ? registers.ownership.activeRegion : undefined;
  return [
    terminal.paint('strong', `Stack ${stack.name}, ${clockTime(at)}`),
    ...ownershipLines(terminal, stack, status),
    ...regions.flatMap((region) => ['', ...regionLines(terminal, stack, region, active, at)]),
    ...(readiness ? regions.flatMap((region) => ['', ...readinessLines(terminal, stack, region, at)]) : []),
    ...nextLines(status),
  ].flatMap((line) => fold(line));
}

function ownershipLines(
  terminal: Terminal,
  stack: Stack,
  { registers, clients, at }: PlatformStatus,
): readonly string[] {
  const { ownership, view, silent } = registers;
  const all = stack.quorum.locations.length;
  const answering = view?.known.length ?? 0;
  return [
    row('active', activeText(terminal, stack, { registers, at })),
    ...(ownership.kind === 'owned' && view
      ? [row('lease', leaseText(terminal, view.leaseEnds[ownership.activeRegion], view.lastRenewal, at))]
      : []),
    row(
      'registers',
      answering === all
        ? `${all} of ${all} answer`
        : terminal.paint('warn', `${answering} of ${all} answer; ${silent.join('; ')}`),
    ),
    row('traffic', `${meantFor(stack, registers)}; ${reachedBy(terminal, stack, clients)}`),
  ];
}

function meantFor(stack: Stack, { view }: PlatformStatus['registers']): string {
  if (!view || view.known.length === 0) return 'not known where it is meant to go';
  return `meant for ${named(stack, stack.regions[view.traffic.failoverActive])}`;
}

function reachedBy(terminal: Terminal, stack: Stack, clients: PlatformStatus['clients']): string {
  if (!clients.ok) return terminal.paint('bad', `${stack.outputs.apiEndpoint} gives ${clients.why}`);
  const { status, says, region } = clients.value;
  const who = region === undefined ? 'somebody' : named(stack, region);
  return `clients reach ${who}: ${tone(terminal, status === 200, `${status} ${says}`)}`;
}

function activeText(
  terminal: Terminal,
  stack: Stack,
  { registers: { ownership } }: Pick<PlatformStatus, 'registers' | 'at'>,
): string {
  if (ownership.kind === 'unknown') return terminal.paint('bad', `not known: ${ownership.why}`);
  const { activeRegion, epoch, released, contestedBy } = ownership;
  const text = `${named(stack, activeRegion)}, epoch ${epoch}`;
  if (released) return terminal.paint('bad', `none: ${text} was given back`);
  const contested = contestedBy === undefined ? '' : terminal.paint('warn', `; epoch ${contestedBy} is being claimed`);
  return `${terminal.paint('good', text)}${contested}`;
}

function leaseText(terminal: Terminal, end: number | undefined, renewedAt: number, at: number): string {
  if (end === undefined || renewedAt === 0) return terminal.paint('warn', 'never renewed yet');
  const renewed = `renewed ${ago(renewedAt, at)}`;
  if (end <= at) return terminal.paint('bad', `over since ${duration(at - end)}: nobody may write; ${renewed}`);
  return `for another ${duration(end - at)}, ${renewed}`;
}

function regionLines(
  terminal: Terminal,
  stack: Stack,
  status: RegionStatus,
  active: string | undefined,
  at: number,
): readonly string[] {
  const { region } = status;
  const silence = silenceOf(status);
  if (silence !== undefined) {
    const title = `${named(stack, region)}${region === active ? ', active' : ''}`;
    return [`${terminal.paint('strong', title)}  ${terminal.paint('bad', `does not answer: ${silence}`)}`];
  }
  return [
    terminal.paint('strong', `${named(stack, region)}${region === active ? ', active' : ''}`),
    row(
      'health',
      told(terminal, status.health, ({ status: code, says }) => tone(terminal, code === 200, `${code} ${says}`)),
    ),
    row(
      'database',
      told(terminal, status.database, (look) => databaseText(terminal, region, look)),
    ),
    row(
      'lag',
      told(terminal, status.lag, (lag) => lagText(terminal, lag, { at, isReader: isReader(region, status) })),
    ),
    row(
      'readiness',
      told(terminal, status.readiness, (item) => readinessText(terminal, item, at)),
    ),
    row(
      'alarms',
      told(terminal, status.alarms, (red) => alarmText(terminal, red, at)),
    ),
    ...freezeLines(terminal, status, at),
    row(
      'orders',
      told(terminal, status.sweep, (item) => sweepText(item, at)),
    ),
    row(
      'last run',
      told(terminal, status.lastRun, (answer) => runText(terminal, answer, at)),
    ),
  ];
}

/** Why a region says nothing at all, where that is so: one line is enough then. */
function silenceOf({ region: _, role: __, ...parts }: RegionStatus): string | undefined {
  const all = Object.values(parts);
  const [first] = all;
  return all.every(({ ok }) => !ok) && first && !first.ok ? first.why : undefined;
}

function databaseText(
  terminal: Terminal,
  region: string,
  { status, writerRegion, change }: Extract<RegionStatus['database'], { ok: true }>['value'],
): string {
  const role = writerRegion === region ? 'writer' : `reader; the writer is in ${writerRegion ?? 'no region'}`;
  const going = change === undefined ? '' : terminal.paint('warn', `; a change of roles goes on: ${change}`);
  return `${role}; the global database is ${tone(terminal, status === 'available', status)}${going}`;
}

/** By RDS, whose word goes for all regions. */
function isReader(region: string, { database }: RegionStatus): boolean {
  return database.ok && database.value.writerRegion !== undefined && database.value.writerRegion !== region;
}

function lagText(
  terminal: Terminal,
  lag: Extract<RegionStatus['lag'], { ok: true }>['value'],
  { at, isReader: reads }: { readonly at: number; readonly isReader: boolean },
): string {
  if (lag.kind === 'writes' && reads)
    return terminal.paint('warn', 'not known: its database still takes itself for the writer');
  if (lag.kind === 'writes') return 'none: it has the writer';
  if (lag.kind === 'unknown') return terminal.paint('warn', `not known: ${lag.why}`);
  return `${seconds(lag.lagMs)} behind, calculated ${ago(lag.calculatedAt, at)}`;
}

function alarmText(
  terminal: Terminal,
  red: readonly { readonly name: string; readonly since?: number }[],
  at: number,
): string {
  if (red.length === 0) return terminal.paint('good', 'none is red');
  const each = red.map(({ name, since }) => (since === undefined ? name : `${name} (${duration(at - since)})`));
  return `${terminal.paint('bad', `${red.length} red`)}: ${each.join(', ')}`;
}

/** Nothing where nothing is frozen: a screen has only so many lines. */
function freezeLines(terminal: Terminal, { freeze }: RegionStatus, at: number): readonly string[] {
  if (!freeze.ok) return [row('frozen', terminal.paint('warn', `not known: ${freeze.why}`))];
  if (!freeze.value || freeze.value.until <= at) return [];
  const { until, who, reason } = freeze.value;
  const text = `for another ${duration(until - at)}, until ${clockTime(until)}, by ${who}: ${reason}`;
  return [row('frozen', terminal.paint('warn', text))];
}

function sweepText(item: Extract<RegionStatus['sweep'], { ok: true }>['value'], at: number): string {
  const { orders, payments } = item ?? {};
  const parts = [
    ...(orders === undefined ? [] : [`orders are in the database up to ${ago(orders, at)}`]),
    ...(payments === undefined ? [] : [`payments up to ${ago(payments, at)}`]),
  ];
  return parts.length === 0 ? 'never looked through here' : parts.join(', ');
}

function runText(
  terminal: Terminal,
  answer: Extract<RegionStatus['lastRun'], { ok: true }>['value'],
  at: number,
): string {
  switch (answer.kind) {
    case 'run':
      return headline(terminal, answer, at);
    case 'no-run':
      return 'none';
    case 'refused':
    case 'ignored':
      return answer.why;
  }
}

/** What to type next, where something stands that waits for somebody. */
function nextLines({ regions, registers }: PlatformStatus): readonly string[] {
  const next = regions.flatMap(({ region, lastRun }) => {
    if (!lastRun.ok || lastRun.value.kind !== 'run' || lastRun.value.phase === 'ended') return [];
    return lastRun.value.phase === 'waiting-for-person'
      ? [`A run in ${region} waits for a person: npx tap resume --accept-loss SECONDS, or npx tap abort`]
      : [`A run goes on in ${region}: npx tap resume shows how it gets on`];
  });
  const lost = registers.credentials === undefined ? [] : [registers.credentials];
  return next.length + lost.length === 0 ? [] : ['', ...next, ...lost];
}

function told<T>(terminal: Terminal, found: Part<T>, tell: (value: T) => string): string {
  return found.ok ? tell(found.value) : terminal.paint('warn', `not known: ${found.why}`);
}

function tone(terminal: Terminal, isGood: boolean, text: string): string {
  return terminal.paint(isGood ? 'good' : 'bad', text);
}

function row(what: string, text: string): string {
  return `  ${what.padEnd(10)} ${text}`;
}
