import { html } from './markup';
import type { Content, Markup } from './markup';
import { count } from './words';

/** A part of the page that the contents lead to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Content;
}

export function section({ id, title, content }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${title}</h2>
    ${content}
  </section>`;
}

/** A column's heading; numbers stand to the right. */
export interface Column {
  readonly head: string;
  readonly kind?: 'number' | 'nowrap';
}

/** A row; the first cell names it. */
export interface Row {
  readonly cells: readonly Content[];
  readonly bad?: boolean;
}

/** A table that scrolls by itself where the screen is narrow. */
export function tableOf(caption: string, columns: readonly Column[], rows: readonly Row[]): Markup {
  const cell = (content: Content, index: number): Markup => {
    const kind = columns[index]?.kind ?? '';
    return index === 0
      ? html`<th scope="row" class="${kind}">${content}</th>`
      : html`<td class="${kind}">${content}</td>`;
  };
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ head, kind = '' }) => html`<th scope="col" class="${kind}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ cells, bad }) =>
            html`<tr class="${bad ? 'bad' : ''}">
              ${cells.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export const note = (content: Content): Markup => html`<p class="note">${content}</p>`;

/** Shows the first of many, and says how many there are beyond. */
export function firstOf<T>(all: readonly T[], most: number, show: (shown: readonly T[]) => Content): Content {
  const rest = all.length - most;
  return [show(all.slice(0, most)), rest > 0 && note(`and ${count(rest)} more, all of them in the JSON document`)];
}

/** What few need to see, folded. */
export function folded(title: string, content: Content): Markup {
  return html`<details>
    <summary>${title}</summary>
    ${content}
  </details>`;
}
