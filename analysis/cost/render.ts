import { NOT_COUNTED } from './free';
import { WORKLOAD_SAYS } from './workload';
import type { CostEstimate, CostLine, Place } from './estimate';
import type { CostSearch } from './search';
import type { Measured, Outcome, Trade } from './trade';

/** Whose cost is rendered. */
export interface Subject {
  readonly project: string;
  readonly stack: string;
  readonly regions: Readonly<Record<Place, string>>;
}

/** Lines that are shown one by one; the rest is one sum. */
const LARGEST = 20;

const MEASURED: Readonly<Record<Measured, string>> = {
  region: 'region lost',
  database: 'database alone',
  dns: 'DNS of a dead region',
};

/** The estimate, the price of each second and the cheapest configuration, for a terminal. */
export function renderCost(search: CostSearch, subject: Subject): string {
  return [
    ...renderEstimate(search.estimate, subject),
    '',
    ...renderTrades(search),
    '',
    ...renderCheapest(search, subject),
    '',
    ...renderSuppositions(search.estimate),
  ].join('\n');
}

/** `1,234.56`. */
export function usd(value: number): string {
  const shown = value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return shown === '-0.00' ? '0.00' : shown;
}

export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** A difference, with its sign. */
const signed = (value: number, shown: string): string => (value > 0 && !/^0(\.0+)?$/.test(shown) ? `+${shown}` : shown);

function renderEstimate(estimate: CostEstimate, { project, stack, regions }: Subject): string[] {
  const { places, standbyUsd, standbyShare, byBasis, lines } = estimate;
  const rest = lines.slice(LARGEST);
  const place = (name: Place): string => `  ${money(places[name])}  ${name.padEnd(8)}${regions[name]}`;
  return [
    `${project}/${stack}: ${usd(estimate.usd)} USD a month, list prices, on demand`,
    place('primary'),
    place('dr'),
    place('global'),
    `  ${money(standbyUsd)}  of it for the second region, ${percent(standbyShare)}: dr, the witness, checks, and replication`,
    '',
    `largest of ${lines.length} lines, USD a month:`,
    ...lines.slice(0, LARGEST).map(renderLine),
    ...(rest.length > 0
      ? [`  ${money(sum(rest))}  ${rest.length} smaller lines (--json has all, each with its source)`]
      : []),
    '',
    `how well prices are known: ${usd(byBasis.listed)} listed by AWS for the region, ${usd(byBasis.derived)} derived (~), ` +
      `${usd(byBasis.assumed)} assumed (?)`,
  ];
}

const MARKS = { listed: ' ', derived: '~', assumed: '?' } as const;

function renderLine({ usd: value, basis, place, service, what, quantity, per, usdPerUnit }: CostLine): string {
  const name = `${service}, ${what}`;
  return `  ${money(value)}${MARKS[basis]} ${place.padEnd(8)}${name.padEnd(48)} ${amount(quantity)} ${per} at ${price(usdPerUnit)}`;
}

const money = (value: number): string => usd(value).padStart(10);
const sum = (lines: readonly CostLine[]): number => lines.reduce((total, line) => total + line.usd, 0);
const amount = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });
const price = (value: number): string => String(Number(value.toPrecision(5)));

function renderTrades({ given, trades, refused, evaluations }: CostSearch): string[] {
  const { region, database, dns } = given.recovery;
  return [
    `what each second of recovery costs: the given configuration has ${seconds(region)} worst case for ${MEASURED.region}, ` +
      `${seconds(database)} for ${MEASURED.database}, ${seconds(dns)} for ${MEASURED.dns}; ${evaluations} evaluations`,
    columns(['change', 'USD a month', 'region', 'database', 'DNS', 'USD for a second']),
    ...trades.map(renderTrade),
    ...refused.map(
      ({ changes, why }) => `  ${changes.map(({ key, to }) => `${key} ${to}`).join(', ')}: not taken: ${why}`,
    ),
  ];
}

function renderTrade({ change, usd: value, seconds: by, measured, usdPerSecond, meets }: Trade): string {
  const each =
    measured === undefined
      ? 'none moves'
      : usdPerSecond === undefined
        ? 'no exchange'
        : `${usd(usdPerSecond)} ${measured}`;
  const difference = (of: number): string => signed(of, of.toFixed(1));
  return (
    columns([
      `${change.key} ${change.from} -> ${change.to}`,
      signed(value, usd(value)),
      difference(by.region),
      difference(by.database),
      difference(by.dns),
      each,
    ]) + (meets ? '' : '  misses a target')
  );
}

function columns([first = '', ...cells]: readonly string[]): string {
  return `  ${first.padEnd(38)}${cells.map((cell, index) => cell.padStart(index === 4 ? 18 : 11)).join(' ')}`;
}

const seconds = (value: number | undefined): string => (value === undefined ? 'no' : `${value.toFixed(1)} s`);

function renderCheapest({ given, cheapest, grid }: CostSearch, { project, stack }: Subject): string[] {
  const tried = `tried: ${grid.map(({ key, values }) => `${key} ${values.join(' or ')}`).join(', ')}`;
  if (!cheapest) return ['no configuration that was tried meets every target in the worst case', `  ${tried}`];
  if (cheapest.changes.length === 0) {
    return ['the given configuration is the cheapest of those that were tried and meet every target', `  ${tried}`];
  }
  const saved = given.usd - cheapest.usd;
  return [
    `the cheapest configuration that still meets every target: ${usd(cheapest.usd)} USD a month, ${difference(saved)}`,
    ...cheapest.changes.map(({ key, to }) => `  pulumi config set ${project}:${key} ${to} --stack ${stack}`),
    `  worst case ${worst(cheapest)}`,
    ...cheapest.changes.filter(({ to, from }) => to !== from).map(({ key, cheaper }) => `  ${key}: ${cheaper}`),
    `  ${tried}`,
  ];
}

const difference = (saved: number): string =>
  saved >= 0
    ? `${usd(saved)} less than the given one`
    : `${usd(-saved)} more than the given one, which misses a target`;

const worst = ({ recovery }: Outcome): string =>
  `${seconds(recovery.region)} for ${MEASURED.region}, ${seconds(recovery.database)} for ${MEASURED.database}, ` +
  `${seconds(recovery.dns)} for ${MEASURED.dns}`;

function renderSuppositions({ workload }: CostEstimate): string[] {
  return [
    'supposed, where the graph says nothing:',
    ...Object.entries(WORKLOAD_SAYS).flatMap(([key, says]) => {
      const found = Object.entries(workload).find(([name]) => name === key);
      return found ? [`  ${amount(found[1]).padStart(8)}  ${says}`] : [];
    }),
    'not counted:',
    ...NOT_COUNTED.map((line) => `  ${line}`),
  ];
}
