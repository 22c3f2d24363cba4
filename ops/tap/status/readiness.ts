import { checks } from '../../../lambda/readiness/checks/checks';
import type { LocalItem } from '../../../lambda/shared/local-items';
import { named, type Stack } from '../context';
import { ago, duration } from '../run/times';
import type { Terminal } from '../terminal';
import type { RegionStatus } from './region';

type Item = LocalItem<'readiness'>;
type Remembered = NonNullable<Item['checks']>[number];

/** Three misses of the schedule of five minutes. */
const OLD_MS = 900_000;

/** How many names a screen has room for; `--readiness` has all. */
const NAMED = 3;

/** How many checks say what; the gravest first. */
interface Count {
  readonly red: readonly Remembered[];
  readonly unknown: readonly Remembered[];
  /** Of those that were answered, in %. Undefined when none was. */
  readonly percent?: number;
}

/** One line that says how ready a region is, with the few names that matter most and what shows all. */
export function readinessText(terminal: Terminal, item: Item | undefined, at: number): string {
  if (!item) return terminal.paint('warn', 'not looked at yet');
  const when = `looked at ${ago(item.at, at)}`;
  const old = at - item.at > OLD_MS ? terminal.paint('warn', `${when}, which is too old`) : when;
  const findings = item.blockers.length + item.warnings.length;
  if (findings === 0) return `${terminal.paint('good', 'ready')}, ${old}`;
  const isBlocked = item.blockers.length > 0;
  const word = terminal.paint(isBlocked ? 'bad' : 'warn', isBlocked ? 'not ready' : 'nothing blocks');
  // An item of an older release has no checks.
  const count = item.checks ? summary(countOf(item.checks)) : `${findings} findings`;
  return `${word}: ${count}; ${old}; all: npx tap status --readiness`;
}

function summary({ red, unknown, percent }: Count): string {
  const score = percent === undefined ? [] : [`${percent} % ok`];
  return [...score, counted('red', red), counted('unknown', unknown, red.length > 0)].join(', ');
}

/** `2 red (secret-present, engine-version-equal)`; names only where they are what matters most. */
function counted(word: string, some: readonly Remembered[], onlyCount = false): string {
  if (some.length === 0 || onlyCount) return `${some.length} ${word}`;
  const names = some.slice(0, NAMED).map(({ id }) => id);
  const more = some.length > NAMED ? `, and ${some.length - NAMED} more` : '';
  return `${some.length} ${word} (${names.join(', ')}${more})`;
}

const ORDER: ReadonlyMap<string, number> = new Map(
  [
    ...checks.filter(({ severity }) => severity === 'blocker'),
    ...checks.filter(({ severity }) => severity !== 'blocker'),
  ]
    // One that this release does not know is graver than none.
    .map(({ id }, index) => [id, index]),
);

function countOf(all: readonly Remembered[]): Count {
  const ordered = [...all].sort((one, other) => (ORDER.get(one.id) ?? 0) - (ORDER.get(other.id) ?? 0));
  const of = (state: Remembered['state']) => ordered.filter((one) => one.state === state);
  const [ok, red, unknown] = [of('ok'), of('failed'), of('unknown')];
  const answered = ok.length + red.length;
  return { red, unknown, ...(answered > 0 && { percent: Math.round((1_000 * ok.length) / answered) / 10 }) };
}

/** Everything that readiness has found in a region, one finding a line: what `--readiness` adds to the screen. */
export function readinessLines(
  terminal: Terminal,
  stack: Stack,
  { region, readiness }: RegionStatus,
  at: number,
): readonly string[] {
  const title = terminal.paint('strong', `Readiness of ${named(stack, region)}`);
  if (!readiness.ok) return [`${title}: ${terminal.paint('warn', `not known: ${readiness.why}`)}`];
  const item = readiness.value;
  if (!item) return [`${title}: ${terminal.paint('warn', 'not looked at yet')}`];
  const { red, unknown } = countOf(item.checks ?? []);
  const since = ({ id, since: from }: Remembered): string => `${id} (${duration(at - from)})`;
  return [
    `${title}, looked at ${ago(item.at, at)}`,
    ...item.blockers.map((found) => `  ${terminal.paint('bad', 'blocker')}    ${found}`),
    ...item.warnings.map((found) => `  ${terminal.paint('warn', 'warning')}    ${found}`),
    ...(red.length === 0 ? [] : [`  red        ${red.map(since).join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`  unknown    ${unknown.map(since).join(', ')}`]),
    ...(item.blockers.length + item.warnings.length === 0
      ? [`  ${terminal.paint('good', 'ready')}`]
      : ['  What each check means, and what to do: docs/readiness.md']),
  ];
}
