import { renderHtml } from '../../../rehearsal/report/html';
import { goodRuns, losing, report, run, TOPOLOGY } from './fixture';

const EVIL = `<script>alert("1 & 2")</script>'`;

/** Every text that comes from elsewhere is hostile. */
const hostile = report({
  project: EVIL,
  stack: EVIL,
  regions: { primary: EVIL, dr: EVIL, witness: EVIL },
  results: [
    ...goodRuns(),
    run(
      900,
      { scenario: EVIL, seed: EVIL },
      { violations: [EVIL], timeline: [{ at: 1, phase: 'detect', text: EVIL }] },
    ),
    losing(901, { ageAtFault: 70, lag: 80 }),
  ],
  narrated: run(0, { scenario: EVIL, seed: EVIL }, { timeline: [{ at: 1, phase: 'detect', text: `${EVIL}\u0000` }] }),
  packs: [{ name: EVIL, says: EVIL, expectation: 'fails-over', scenarios: [EVIL] }],
  topology: {
    ...TOPOLOGY,
    names: [{ name: EVIL, answers: [{ role: EVIL, region: EVIL, check: EVIL }] }],
    witness: { region: EVIL, tables: [EVIL] },
  },
  fidelity: [{ behaviour: EVIL, model: 'exact', how: EVIL, source: 'https://docs.aws.amazon.com/page', test: EVIL }],
});

/** Complains about the first tag that does not close what is open, or an attribute without quotes. */
function malformed(page: string): string | undefined {
  const open: string[] = [];
  const body = page.replace('<!doctype html>', '').replace(/<style>[^<]*<\/style>/, '');
  const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|<|&(?!(?:amp|lt|gt|quot|#39);)/g;
  for (const [whole, closes, name, , empty] of body.matchAll(tag)) {
    if (name === undefined) return `${whole} that is not a tag or an entity`;
    if (closes === '/') {
      const last = open.pop();
      if (last !== name) return `</${name}> closes <${last ?? 'nothing'}>`;
    } else if (empty !== '/') open.push(name);
  }
  return open.length > 0 ? `<${open.join('> <')}> is open at the end` : undefined;
}

const pages: readonly [string, string][] = [
  ['in order', renderHtml(report())],
  ['with hostile texts', renderHtml(hostile)],
  ['without any run', renderHtml(report({ results: [], narrated: run(0, {}, { timeline: [] }), packs: [] }))],
];

describe.each(pages)('the page of a report %s', (_name, page) => {
  test('is well-formed', () => {
    expect(malformed(page)).toBeUndefined();
  });

  test('loads nothing: no script, no attribute with an address, no import, no url of the style but its own markers', () => {
    expect(page).not.toMatch(/<(script|link|iframe|img|object|embed|base|image|use)\b/i);
    expect(page).not.toMatch(/\s(src|srcset|data|action|poster|xlink:href)=/i);
    expect(page).not.toMatch(/@import/);
    expect(
      [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href).filter((href) => !href?.startsWith('#')),
    ).toEqual([]);
    expect(
      [...page.matchAll(/url\(([^)]*)\)/g)].map(([, url]) => url).filter((url) => !url?.startsWith('#head-')),
    ).toEqual([]);
    expect(page).not.toMatch(/\son\w+=/i);
  });

  test('no two elements have one id, and every reference leads to one', () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...page.matchAll(/(?:aria-labelledby|href)="#?([^"]*)"/g)].flatMap(
      ([, list]) => list?.split(' ') ?? [],
    );
    expect(references.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('every drawing has a title and a description', () => {
    const drawings = page.match(/<svg\b[\s\S]*?<\/svg>/g) ?? [];
    expect(drawings.length).toBeGreaterThan(2);
    for (const drawing of drawings) expect(drawing).toMatch(/^<svg[^>]*role="img"[\s\S]*?<title id="[\s\S]*<desc id="/);
  });

  test('holds no coordinate that is not a number', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });
});

test('the verdict is in the title and before everything else', () => {
  expect(renderHtml(report())).toContain('<title>PASS: rehearsal of tap/dev</title>');
  const page = renderHtml(hostile);
  expect(page).toMatch(/<title>FAIL: /);
  expect(page.indexOf('class="verdict fail"')).toBeLessThan(page.indexOf('<main>'));
  expect(page.indexOf('id="violations"')).toBeLessThan(page.indexOf('id="topology"'));
});

test('both colour schemes, print and small screens are provided for', () => {
  const page = renderHtml(report());
  for (const media of ['prefers-color-scheme:dark', '@media print', 'max-width:600px', 'width=device-width']) {
    expect(page).toContain(media);
  }
});

test('stays below 300 kB for ten thousand runs of which many lose something or fail', () => {
  const runs = Array.from({ length: 10_000 }, (_, index) =>
    index % 5 === 0
      ? losing(index)
      : run(index, {}, index % 7 === 0 ? { violations: ['planted'], timeline: [] } : { timeline: [] }),
  );
  const fidelity = Array.from({ length: 150 }, (_, index) => ({
    behaviour: 'b'.repeat(120),
    model: 'simplified' as const,
    how: 'h'.repeat(200),
    source: 's'.repeat(100),
    test: `t${index}`.padEnd(100),
  }));
  expect(Buffer.byteLength(renderHtml(report({ results: runs, fidelity })))).toBeLessThan(300_000);
});

test('a scenario that nobody ran has no row of dashes: it is named below, folded', () => {
  const page = renderHtml(report());
  const folded = /<summary>The scenarios that were not run<\/summary>\s*(.*?)<\/details>/s.exec(page)?.[1];
  expect(folded).toContain('must-not-fail-over: dr-side-partition');
  expect(page.replace(folded ?? '', '')).not.toContain('dr-side-partition');
});
