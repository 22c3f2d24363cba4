import { folded, note, tableOf } from './html-parts';
import type { Column } from './html-parts';
import { html } from './markup';
import type { Content } from './markup';

/** What the page says of a stack's cost; plain texts and numbers, so that the page knows no price. USD a month. */
export interface CostSection {
  readonly usd: number;
  readonly standbyUsd: number;
  /** Of all, 0 to 1. */
  readonly standbyShare: number;
  readonly places: readonly { readonly place: string; readonly usd: number }[];
  /** The dearest first. */
  readonly lines: readonly CostSectionLine[];
  /** What each change does; undefined when only the estimate was made. */
  readonly trades?: readonly CostSectionTrade[];
  /** Undefined with `trades` undefined, or when no configuration that was tried meets the targets. */
  readonly cheapest?: CostSectionCheapest;
  readonly supposed: readonly { readonly says: string; readonly value: number }[];
  readonly notCounted: readonly string[];
}

export interface CostSectionLine {
  readonly place: string;
  readonly what: string;
  readonly usd: number;
  readonly quantity: number;
  readonly per: string;
  readonly usdPerUnit: number;
  readonly basis: string;
  readonly source: string;
}

export interface CostSectionTrade {
  readonly change: string;
  readonly usd: number;
  readonly region: number;
  readonly database: number;
  readonly dns: number;
  /** Undefined when nothing is exchanged. */
  readonly usdPerSecond: number | undefined;
  readonly meets: boolean;
}

export interface CostSectionCheapest {
  readonly usd: number;
  readonly savedUsd: number;
  /** Configuration keys with the values to set; none: the given configuration. */
  readonly keys: readonly string[];
}

/** Lines of the bill that are not folded. */
const SHOWN = 15;

const COLUMNS: readonly Column[] = [
  { head: 'what' },
  { head: 'where', kind: 'nowrap' },
  { head: 'USD a month', kind: 'number' },
  { head: 'quantity', kind: 'number' },
  { head: 'unit' },
  { head: 'USD each', kind: 'number' },
  { head: 'price', kind: 'nowrap' },
];

/** The section's content: the sum and its parts, the dearest lines, what a second costs, and what was supposed. */
export function costContent(cost: CostSection): Content {
  return [
    html`<p>
      <strong>${usd(cost.usd)} USD a month</strong> by list prices; ${usd(cost.standbyUsd)} of it,
      ${Math.round(cost.standbyShare * 100)} %, for the second region.
      ${cost.places.map(({ place, usd: value }) => `${place} ${usd(value)}. `)}
    </p>`,
    linesTable('The dearest lines', cost.lines.slice(0, SHOWN)),
    cost.lines.length > SHOWN &&
      folded(`${cost.lines.length - SHOWN} smaller lines`, linesTable('The other lines', cost.lines.slice(SHOWN))),
    tradesContent(cost),
    folded('Where the prices come from', sources(cost.lines)),
    folded('What was supposed, and what is not counted', suppositions(cost)),
  ];
}

function linesTable(caption: string, lines: readonly CostSectionLine[]): Content {
  return tableOf(
    caption,
    COLUMNS,
    lines.map(({ what, place, usd: value, quantity, per, usdPerUnit, basis }) => ({
      cells: [what, place, usd(value), amount(quantity), per, each(usdPerUnit), basis],
    })),
  );
}

function tradesContent({ trades, cheapest }: CostSection): Content {
  if (!trades) return note('What each second costs, and the cheapest configuration: npm start -- --cost --runs 30');
  return [
    html`<h3>What each second of recovery costs</h3>`,
    tableOf(
      'Each change of one key against the given configuration: seconds of the worst case, below zero is faster',
      ['change', 'USD a month', 'region lost', 'database alone', 'DNS', 'USD for a second'].map((head, index) =>
        index === 0 ? { head } : { head, kind: 'number' as const },
      ),
      trades.map(({ change, usd: value, region, database, dns, usdPerSecond, meets }) => ({
        cells: [
          change,
          signed(value, usd(value)),
          signed(region, region.toFixed(1)),
          signed(database, database.toFixed(1)),
          signed(dns, dns.toFixed(1)),
          `${usdPerSecond === undefined ? '–' : usd(usdPerSecond)}${meets ? '' : ', misses a target'}`,
        ],
        bad: !meets,
      })),
    ),
    html`<h3>The cheapest configuration that still meets every target</h3>`,
    cheapestContent(cheapest),
  ];
}

function cheapestContent(cheapest: CostSectionCheapest | undefined): Content {
  if (!cheapest) return html`<p class="bad">None of those that were tried meets every target.</p>`;
  if (cheapest.keys.length === 0) return html`<p>The given one, of those that were tried.</p>`;
  return html`<p>${usd(cheapest.usd)} USD a month, ${usd(cheapest.savedUsd)} less:</p>
    <ul>
      ${cheapest.keys.map((key) => html`<li><code>${key}</code></li>`)}
    </ul>`;
}

function sources(lines: readonly CostSectionLine[]): Content {
  const distinct = new Map(lines.map((line) => [`${line.per} ${line.usdPerUnit} ${line.source}`, line]));
  return tableOf(
    'Each price once',
    [{ head: 'unit' }, { head: 'USD', kind: 'number' }, { head: 'how' }, { head: 'source' }],
    [...distinct.values()].map(({ per, usdPerUnit, basis, source }) => ({
      cells: [per, each(usdPerUnit), basis, source],
    })),
  );
}

function suppositions({ supposed, notCounted }: CostSection): Content {
  return [
    tableOf(
      'The load and what AWS does where the graph says nothing',
      [{ head: 'what' }, { head: 'value', kind: 'number' }],
      supposed.map(({ says, value }) => ({ cells: [says, amount(value)] })),
    ),
    html`<ul>
      ${notCounted.map((line) => html`<li>not counted: ${line}</li>`)}
    </ul>`,
  ];
}

const usd = (value: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const amount = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });
const each = (value: number): string => String(Number(value.toPrecision(5)));
const signed = (value: number, shown: string): string => (value > 0 ? `+${shown}` : shown);
