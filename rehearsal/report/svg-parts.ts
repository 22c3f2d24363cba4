import { html } from './markup';
import type { Content, Markup } from './markup';
import { tenth } from './words';

/** A drawing with a name and a description for those who do not see it. @param id unique on the page. */
export function figure(
  { id, title, says, width, height }: { id: string; title: string; says: string; width: number; height: number },
  content: Content,
): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${title}">
    <svg
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-labelledby="${id}-title ${id}-says"
      style="min-width:${Math.round(width * 0.78)}px"
    >
      <title id="${id}-title">${title}</title>
      <desc id="${id}-says">${says}</desc>
      ${content}
    </svg>
  </div>`;
}

/** Coordinates with at most one decimal. */
export const at = (value: number): string => tenth(value);

export function text(x: number, y: number, content: string, kind = ''): Markup {
  return html`<text x="${at(x)}" y="${at(y)}" class="${kind}">${content}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): Markup {
  return html`<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" class="${kind}" />`;
}

/** A rectangle with what a pointer over it, or a screen reader, is told. */
export function box(x: number, y: number, width: number, height: number, kind: string, says?: string): Markup {
  const title = says === undefined ? undefined : html`<title>${says}</title>`;
  return html`<rect
    x="${at(x)}"
    y="${at(y)}"
    width="${at(Math.max(0, width))}"
    height="${at(height)}"
    rx="2"
    class="${kind}"
    >${title}</rect
  >`;
}

/** Shortens what would leave its place. */
export function fit(content: string, characters: number): string {
  return content.length <= characters ? content : `${content.slice(0, Math.max(1, characters - 1))}…`;
}

/** Round numbers from 0 that a reader counts by, about `most` of them. */
export function ticks(greatest: number, most = 8): readonly number[] {
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800].find((one) => greatest / one <= most) ?? greatest;
  const all: number[] = [];
  for (let tick = 0; tick <= greatest; tick += step) all.push(tick);
  return all;
}

/** A time axis in seconds: grid, numbers below, and the way from seconds to pixels. */
export interface Axis {
  readonly x: (seconds: number) => number;
  readonly grid: Markup;
}

export function axisOf({
  left,
  right,
  top,
  bottom,
  from = 0,
  to,
}: {
  left: number;
  right: number;
  top: number;
  bottom: number;
  from?: number;
  to: number;
}): Axis {
  const x = (seconds: number): number =>
    left + ((Math.min(to, Math.max(from, seconds)) - from) / (to - from || 1)) * (right - left);
  const marks = ticks(to).filter((tick) => tick >= from);
  const grid = html`${marks.map((tick) => [line(x(tick), top, x(tick), bottom, 'grid'), text(x(tick), bottom + 16, `${tick} s`, 'tick mid')])}`;
  return { x, grid };
}
