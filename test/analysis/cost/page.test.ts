import { costSection } from '../../../ops/rehearsal/cost-section';
import { renderHtml } from '../../../rehearsal/report/html';
import { report } from '../../rehearsal/report/fixture';
import { costOf, resource } from './support';
import type { CostSearch } from '../../../analysis/cost/search';
import type { CostSection } from '../../../rehearsal/report/html-cost';

const EVIL = '<script>alert("1 & 2")</script>';

const estimate = costOf([
  resource('aws:kms/key:Key'),
  ...Array.from({ length: 20 }, (_, index) =>
    resource('aws:rds/clusterInstance:ClusterInstance', { instanceClass: 'db.r6g.large' }, 'eu-central-2', `i${index}`),
  ),
]);

function sectionOf(costed: Parameters<typeof costSection>[0]): CostSection {
  const section = costSection(costed);
  if (!section) throw new Error('no section was made');
  return section;
}

const search: CostSearch = {
  estimate,
  given: { changes: [], usd: 100, recovery: { region: 294, database: 355, dns: 106 }, meets: true },
  grid: [],
  trades: [
    {
      change: { key: 'probeIntervalSeconds', from: 10, to: 20, cheaper: EVIL },
      usd: -9,
      seconds: { region: 23, database: 0, dns: 0 },
      measured: 'region',
      usdPerSecond: 0.391,
      meets: false,
    },
  ],
  refused: [],
  cheapest: {
    changes: [{ key: 'canaryIntervalMinutes', from: 1, to: 5, cheaper: '' }],
    usd: 80,
    recovery: { region: 294, database: 355, dns: 106 },
    meets: true,
  },
  evaluations: 9,
};

test('a page without a cost has no section for it, and no way to it', () => {
  const page = renderHtml(report());
  expect(page).not.toContain('id="cost"');
  expect(page).not.toContain('What it costs');
});

test('with an estimate alone it has the sum and says how to get the rest', () => {
  const page = renderHtml(report(), { cost: sectionOf({ estimate }) });
  // 20 instances x 730 h x 0.343, and the key
  expect(page).toContain('<strong>5,008.80 USD a month</strong>');
  // All but the key of primary: 5,007.80 of 5,008.80
  expect(page).toMatch(/5,007\.80 of it,\s+100 %, for the second region/);
  expect(page).toContain('href="#cost"');
  expect(page).toContain('npm start -- --cost --runs 30');
  expect(page).not.toContain('What each second of recovery costs');
});

test('with a search it has the price of a second and the keys to set', () => {
  const page = renderHtml(report(), { cost: sectionOf(search) });
  expect(page).toContain('What each second of recovery costs');
  expect(page).toContain('probeIntervalSeconds 10 -&gt; 20');
  expect(page).toContain('0.39, misses a target');
  expect(page).toContain('<code>canaryIntervalMinutes: 5</code>');
  expect(page).toContain('80.00 USD a month, 20.00 less');
});

test('says so when nothing meets the targets, and when the given one is cheapest', () => {
  const none = renderHtml(report(), { cost: sectionOf({ ...search, cheapest: undefined }) });
  expect(none).toContain('None of those that were tried meets every target');
  const same = renderHtml(report(), { cost: sectionOf({ ...search, cheapest: search.given }) });
  expect(same).toContain('The given one, of those that were tried');
});

test('carries nothing that loads, and no text that becomes markup', () => {
  const section = sectionOf(search);
  const hostile: CostSection = {
    ...section,
    lines: section.lines.map((line) => ({ ...line, what: EVIL, source: EVIL, per: EVIL, basis: EVIL, place: EVIL })),
    notCounted: [EVIL],
    supposed: [{ says: EVIL, value: 1 }],
  };
  const page = renderHtml(report(), { cost: hostile });
  expect(page).not.toMatch(/<(script|link|iframe|img|object|embed)\b/i);
  expect(page).toContain('&lt;script&gt;');
});

test('without an estimate there is no section', () => {
  expect(costSection({})).toBeUndefined();
});
