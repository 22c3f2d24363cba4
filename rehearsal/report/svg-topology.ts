import { html } from './markup';
import type { Content, Markup } from './markup';
import { at, box, figure, fit, line, text } from './svg-parts';
import type { Copied, Topology, TopologyRegion } from './topology';
import {
  COLUMN,
  heightOf,
  keyOf,
  NAMES_TOP,
  PANEL,
  place,
  registerHeight,
  ROW,
  rowsOf,
  WIDTH,
} from './topology-layout';
import type { Placed, Places } from './topology-layout';

/** Both regions and the witness, what flows between them, and the way of a failover; from the graph. */
export function topologySvg(topology: Topology): Markup {
  const rows = topology.regions.map((region) => rowsOf(region, topology));
  const heights = [0, 1, 2, 3].map((index) => Math.max(...rows.map((own) => heightOf(own[index]))));
  const panelHeight = 40 + heights.reduce((sum, height) => sum + height + ROW.gap, 0) + registerHeight(topology) + 12;
  const bottom = PANEL.top + panelHeight;
  const places: Places = new Map(
    topology.regions.flatMap((region, index) => place(region, rows[index] ?? [], heights, { topology, bottom })),
  );
  const [primary, dr] = ['primary', 'dr'].map(
    (role) => topology.regions.find((region) => region.role === role)?.region ?? '',
  );
  return figure(
    {
      id: 'topology',
      title: `Topology: primary ${primary ?? ''} and dr ${dr ?? ''}`,
      says: described(topology),
      width: WIDTH,
      height: bottom + (topology.witness ? 108 : 46),
    },
    [
      defs,
      topology.regions.map((region) => panel(region, panelHeight)),
      names(topology),
      flows(topology, places),
      copies(topology, places),
      failoverPath(topology, places),
      [...places.values()].map(block),
      witness(topology, bottom),
      legend(bottom + (topology.witness ? 98 : 34)),
    ],
  );
}

function described({ trigger, databases, tables, buckets, witness: third }: Topology): string {
  const copied = (what: string, all: readonly Copied[]): string =>
    all.map(({ from, to, names: list }) => `${list.length} ${what} from ${from} to ${to}`).join(', ');
  return [
    copied('database', databases),
    copied('global tables', tables),
    copied('buckets', buckets),
    trigger && `alarm ${trigger.alarm} in ${trigger.region} calls ${trigger.calls}`,
    third && `witness register in ${third.region}`,
  ]
    .filter(Boolean)
    .join('; ');
}

const defs = html`<defs
  >${[
    ['flow', 'arrow-flow'],
    ['copy', 'arrow-copy'],
    ['path', 'arrow-path'],
  ].map(
    ([name, kind]) =>
      html`<marker
        id="head-${name}"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerUnits="userSpaceOnUse"
        markerWidth="10"
        markerHeight="10"
        orient="auto-start-reverse"
        ><path d="M0 0L8 4L0 8z" class="${kind}"
      /></marker>`,
  )}</defs
>`;

function block({ head, lines, acts, x, y, width, height }: Placed): Markup {
  const most = Math.floor(width / 6.9);
  return html`<g
    >${box(x, y, width, height, acts ? 'block acts' : 'block', [head, ...lines].join('; '))}${text(x + 12, y + 19, fit(head, most), 'strong')}${lines.map((each, index) => text(x + 12, y + 19 + (index + 1) * ROW.line, fit(each, most), 'faint'))}</g
  >`;
}

function panel({ role, region }: TopologyRegion, height: number): Markup {
  const x = PANEL.left[role];
  return html`${box(x, PANEL.top, PANEL.width, height, `panel ${role}`)}${text(x + 18, PANEL.top + 25, role, `role ${role}-text`)}${text(x + (role === 'dr' ? 50 : 92), PANEL.top + 25, region, 'faint')}`;
}

/** Clients, and what Route 53 tells them. */
function names({ names: all, regions }: Topology): Content {
  const shown = all.slice(0, 4);
  const height = 30 + shown.length * 17 + 8;
  const middle = WIDTH / 2;
  return [
    box(middle - 70, 8, 140, 30, 'client'),
    text(middle, 28, 'clients', 'mid strong'),
    flow(`M${middle} 38V${NAMES_TOP - 2}`),
    box(60, NAMES_TOP, WIDTH - 120, height, 'block'),
    text(76, NAMES_TOP + 20, 'Route 53', 'strong'),
    shown.map(({ name, answers }, index) =>
      text(
        76,
        NAMES_TOP + 40 + index * 17,
        fit(
          `${name}: ${answers.map(({ role, region, check }) => `${role} ${region ?? '?'} (${check})`).join('; ')}`,
          150,
        ),
        'faint',
      ),
    ),
    regions.map(({ role, api }) => {
      if (!api) return undefined;
      const x = apiMiddle(role);
      const d = `M${x} ${NAMES_TOP + height}V${PANEL.top + 38}`;
      return role === 'dr' ? path(d, 'path dashed', 'head-path') : flow(d);
    }),
  ];
}

const apiMiddle = (role: TopologyRegion['role']): number =>
  role === 'primary'
    ? PANEL.left.primary + COLUMN.inset + COLUMN.width - 14
    : PANEL.left.dr + PANEL.width - COLUMN.inset - COLUMN.width / 2;

function path(d: string, kind: string, head: string, both = false): Markup {
  return html`<path
    d="${d}"
    class="${kind}"
    marker-end="url(#${head})"
    ${both ? html` marker-start="url(#${head})"` : undefined}
  />`;
}

const flow = (d: string): Markup => path(d, 'flow', 'head-flow');

/** Orders inside a region: API to queue and tables, consumers to the database. */
function flows({ regions }: Topology, places: Places): Content {
  return regions.map(({ role }) => {
    const get = (row: number, side: 'outer' | 'inner'): Placed | undefined => places.get(keyOf(role, row, side));
    const [api, queue, tables, database] = [get(0, 'outer'), get(1, 'outer'), get(0, 'inner'), get(1, 'inner')];
    return [
      api && queue && flow(`M${at(api.x + 36)} ${at(api.y + api.height)}V${at(queue.y - 2)}`),
      api && tables && across(api, tables, 24),
      queue && database && across(queue, database, 24),
    ];
  });
}

function across(from: Placed, to: Placed, down: number): Markup {
  const y = at(from.y + down);
  return to.x > from.x
    ? flow(`M${at(from.x + from.width)} ${y}H${at(to.x - 2)}`)
    : flow(`M${at(from.x)} ${y}H${at(to.x + to.width + 2)}`);
}

/** What one region sends the other. */
function copies({ databases, tables, buckets, regions }: Topology, places: Places): Content {
  const roleOf = (name: string): string => regions.find(({ region }) => region === name)?.role ?? '';
  const between = (row: number, says: string, both: boolean, from: string): Content => {
    const [left, right] = ['primary', 'dr'].map((role) => places.get(keyOf(role, row, 'inner')));
    if (!left || !right) return undefined;
    const y = left.y + left.height / 2;
    const [start, end] = [left.x + left.width + 3, right.x - 3];
    const d = roleOf(from) === 'dr' ? `M${at(end)} ${at(y)}H${at(start)}` : `M${at(start)} ${at(y)}H${at(end)}`;
    return [path(d, 'copy', 'head-copy', both), text((start + end) / 2, y - 8, says, 'mid copy-text')];
  };
  const [firstTables, firstDatabase, firstBuckets] = [tables[0], databases[0], buckets[0]];
  return [
    firstTables && between(0, 'last writer wins', true, firstTables.from),
    firstDatabase && between(1, 'storage replication', false, firstDatabase.from),
    firstBuckets && between(2, 'replication', buckets.length > 1, firstBuckets.from),
  ];
}

/** From the alarm to the orchestrator, and from there to the database, the fleet and DNS. */
function failoverPath({ trigger, regions, names: all }: Topology, places: Places): Content {
  const region = regions.find((one) => one.region === trigger?.region);
  if (!trigger || !region) return undefined;
  const get = (row: number, side: 'outer' | 'inner'): Placed | undefined => places.get(keyOf(region.role, row, side));
  const [alarm, orchestrator, database, fleet] = [get(3, 'outer'), get(3, 'inner'), get(1, 'inner'), get(2, 'outer')];
  if (!alarm || !orchestrator) return undefined;
  const isRight = alarm.x > orchestrator.x;
  const inner = isRight ? orchestrator.x + orchestrator.width : orchestrator.x;
  const outer = isRight ? alarm.x : alarm.x + alarm.width;
  const bus = (inner + outer) / 2;
  const start = orchestrator.y + 34;
  const top = NAMES_TOP + 30 + Math.min(4, all.length) * 17 + 8;
  const branch = (y: number, x: number): Markup => path(`M${at(bus)} ${at(y)}H${at(x)}`, 'path', 'head-path');
  const badge = (number: number, x: number, y: number): Markup =>
    html`<circle cx="${at(x)}" cy="${at(y)}" r="9" class="badge" />${text(x, y + 4, String(number), 'mid badge-text')}`;
  const toDatabase = database && database.y + database.height - 14;
  const toFleet = fleet && fleet.y + 24;
  return [
    path(`M${at(outer)} ${at(orchestrator.y + 14)}H${at(inner + (isRight ? 2 : -2))}`, 'path', 'head-path'),
    line(inner, start, bus, start, 'path'),
    path(`M${at(bus)} ${at(start)}V${at(top + 2)}`, 'path', 'head-path'),
    toDatabase !== undefined && branch(toDatabase, inner + (isRight ? 2 : -2)),
    toFleet !== undefined && branch(toFleet, outer - (isRight ? 2 : -2)),
    badge(1, bus, orchestrator.y + 14),
    toDatabase !== undefined && badge(2, bus, toDatabase),
    badge(3, bus, top + 22),
    toFleet !== undefined && badge(4, bus, toFleet),
  ];
}

function witness({ witness: third, regions }: Topology, bottom: number): Content {
  if (!third) return undefined;
  const middle = WIDTH / 2;
  const y = bottom + 14;
  return [
    regions.map(({ role }) => {
      const x = PANEL.left[role] + PANEL.width / 2;
      return path(
        `M${at(x)} ${at(bottom - 14)}V${at(y + 26)}H${at(role === 'primary' ? middle - 152 : middle + 152)}`,
        'majority',
        'head-copy',
        true,
      );
    }),
    box(middle - 150, y, 300, 54, 'block'),
    text(middle, y + 22, `witness ${third.region}`, 'mid strong'),
    text(middle, y + 40, `${third.tables.join(', ')}: two of three registers decide`, 'mid faint'),
  ];
}

function legend(y: number): Content {
  const parts = [
    ['flow', 'orders'],
    ['copy', 'replication'],
    ['majority', 'epoch and lease, by majority'],
    ['path', 'failover: 1 alarm calls the orchestrator, 2 promotes, 3 moves DNS, 4 raises the fleet'],
  ] as const;
  let x = 20;
  return parts.map(([kind, says]) => {
    const from = x;
    x += 60 + says.length * 6.6;
    return [line(from, y - 4, from + 28, y - 4, kind), text(from + 36, y, says, 'faint')];
  });
}
