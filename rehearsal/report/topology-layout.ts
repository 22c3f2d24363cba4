import type { Topology, TopologyRegion } from './topology';
import { plural } from './words';

export const WIDTH = 1180;
export const PANEL = { top: 216, width: 486, left: { primary: 10, dr: 684 } } as const;
export const COLUMN = { width: 208, inset: 16 } as const;
export const ROW = { gap: 34, line: 16, head: 26, bottom: 10 } as const;
export const NAMES_TOP = 66;

/** A box of the drawing: a heading and what belongs to it. */
interface Block {
  readonly head: string;
  readonly lines: readonly string[];
  /** On the way of a failover. */
  readonly acts?: boolean;
}

/** A block and where it stands. */
export interface Placed extends Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Row {
  /** Towards the edge of the drawing: what computes. */
  readonly outer: Block | undefined;
  /** Towards the other region: what is copied. */
  readonly inner: Block | undefined;
}

export type Places = ReadonlyMap<string, Placed>;

export function rowsOf(region: TopologyRegion, { trigger }: Topology): readonly Row[] {
  const { api, queues, globalTables, database, fleet, buckets, control, alarms, topics } = region;
  const watching = trigger?.region === region.region ? trigger : undefined;
  const orchestrator = trigger && control.includes(trigger.calls) ? trigger.calls : undefined;
  const others = control.filter((name) => name !== orchestrator);
  return [
    {
      outer: api && { head: `API ${api.name}`, lines: api.functions },
      inner: globalTables.length > 0 ? { head: 'Global tables', lines: globalTables } : undefined,
    },
    {
      outer: queues[0] && { head: `Queue ${queues[0].name}`, lines: queues.flatMap(({ consumers }) => consumers) },
      inner: database && {
        head: `Aurora ${database.member}`,
        lines: [database.name, plural(database.instances, 'instance')],
        acts: watching !== undefined,
      },
    },
    {
      outer: fleet && {
        head: 'Fleet',
        lines: [fleet.name, `${fleet.running} running, at most ${fleet.most}`],
        acts: watching !== undefined,
      },
      inner: buckets > 0 ? { head: plural(buckets, 'bucket'), lines: ['copied both ways'] } : undefined,
    },
    {
      outer: watching
        ? { head: `Alarm ${watching.alarm}`, lines: watching.legs, acts: true }
        : { head: plural(alarms, 'alarm'), lines: topics.map((name) => `to topic ${name}`) },
      inner: {
        head: orchestrator ?? 'Control',
        lines: others.length > 5 ? [...others.slice(0, 4), `and ${others.length - 4} more`] : others,
        acts: watching !== undefined,
      },
    },
  ];
}

export function heightOf(row: Row | undefined): number {
  const lines = Math.max(row?.outer?.lines.length ?? 0, row?.inner?.lines.length ?? 0);
  return ROW.head + lines * ROW.line + ROW.bottom;
}

export const registerHeight = ({ regions }: Topology): number =>
  regions.some(({ regionalTables }) => regionalTables.length > 0) ? ROW.head + ROW.line + ROW.bottom : 0;

export const keyOf = (role: string, row: number, side: 'outer' | 'inner'): string => `${role} ${row} ${side}`;

export function place(
  { role, regionalTables }: TopologyRegion,
  rows: readonly Row[],
  heights: readonly number[],
  { topology, bottom }: { topology: Topology; bottom: number },
): readonly (readonly [string, Placed])[] {
  const left = PANEL.left[role];
  const near = left + COLUMN.inset;
  const far = left + PANEL.width - COLUMN.inset - COLUMN.width;
  const [outerX, innerX] = role === 'primary' ? [near, far] : [far, near];
  let y = PANEL.top + 40;
  const placed = rows.flatMap((row, index) => {
    const height = heights[index] ?? 0;
    const top = y;
    y += height + ROW.gap;
    return (['outer', 'inner'] as const).flatMap((side) => {
      const own = row[side];
      const x = side === 'outer' ? outerX : innerX;
      return own ? [[keyOf(role, index, side), { ...own, x, y: top, width: COLUMN.width, height }] as const] : [];
    });
  });
  if (regionalTables.length === 0) return placed;
  const height = registerHeight(topology);
  const register = {
    head: 'Tables of this region alone, strongly consistent',
    lines: [regionalTables.join(', ')],
    x: near,
    y: bottom - height - 14,
    width: PANEL.width - 2 * COLUMN.inset,
    height,
  };
  return [...placed, [`${role} register`, register]];
}
