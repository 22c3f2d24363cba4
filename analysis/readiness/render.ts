import { checks, scoreOf, type Result } from './readiness';

/**
 * What the checks found, region by region: what is wrong with its reason and its remedy, and how many are well.
 *
 * @returns lines for a terminal.
 */
export function renderReadiness(
  regions: readonly { readonly region: string; readonly results: readonly Result[] }[],
): readonly string[] {
  return ['readiness, as far as the program alone tells', ...regions.flatMap(regionLines)];
}

function regionLines({
  region,
  results,
}: {
  readonly region: string;
  readonly results: readonly Result[];
}): readonly string[] {
  const { ok, failed, unknown } = scoreOf(results);
  const wrong = unknown === 0 ? `${failed} not` : `${failed} not, ${unknown} not known`;
  return [`  ${region}: ${ok} of ${results.length} checks are ok, ${wrong}`, ...results.flatMap(resultLines)];
}

function resultLines({ id, severity, verdict }: Result): readonly string[] {
  switch (verdict.state) {
    case 'ok':
      return [];
    case 'unknown':
      return [`    ?  ${id}: ${verdict.why}`];
    case 'failed': {
      const { why = '', fix = '' } = checks.find((one) => one.id === id) ?? {};
      return [`    ${severity} ${id}: ${verdict.found.join('; ')}`, `       why: ${why}`, `       fix: ${fix}`];
    }
  }
}
